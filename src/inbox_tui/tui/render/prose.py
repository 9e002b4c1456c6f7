"""The record of a case, and explanations of an assignment: the sentence first (K2, R13)."""

from datetime import datetime, tzinfo

from inbox_tui.locale import Catalogue, times
from inbox_tui.tui.render import cells
from inbox_tui.tui.render.lines import Line, Span, cut
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.render.symbols import UNICODE, Symbols
from inbox_tui.wire.models import Candidate, CaseActivity, Explanation
from inbox_tui.wire.words import Presence

NARROW = 66
"""Cells below which the table leaves presence and switch to the words of its last column."""


def activity_text(done: CaseActivity, catalogue: Catalogue) -> str:
    """Return in words what one line of a case's record says was done (K2)."""
    key = f"activity.{done.kind}"
    return catalogue.t(key) if catalogue.has(key) else cells.calm(done.kind)


def explanation_lines(
    explanation: Explanation,
    width: int,
    catalogue: Catalogue,
    *,
    now: datetime,
    zone: tzinfo,
    symbols: Symbols = UNICODE,
) -> list[Line]:
    """Return an explanation in lines of at most ``width`` cells."""
    t = catalogue.t
    sentence = cells.calm(explanation_sentence(explanation, catalogue))
    lines: list[Line] = [((text, Role.STRONG),) for text in cells.wrap(sentence, width)]
    lines.append(())
    facts = [
        (t("explain.step"), _word("step", explanation.step, catalogue)),
        (t("explain.team"), cells.calm(explanation.team or "")),
        (t("explain.method"), t(f"method.{explanation.method}") if explanation.method else ""),
        (t("explain.position"), str(explanation.queue_position or "")),
        (t("explain.at"), times.moment(explanation.at, now, zone, catalogue)),
    ]
    label = max(cells.width(name) for name, _ in facts) + 2
    for name, value in facts:
        if value:
            fact: Line = ((cells.pad(name, label), Role.MUTED), (value, Role.TEXT))
            lines.append(cut(fact, width, symbols.ellipsis))
    lines.append(())
    if not explanation.candidates:
        return [*lines, ((t("explain.none"), Role.MUTED),)]
    lines += _table(explanation, width, catalogue, symbols)
    more = explanation.candidates_total - len(explanation.candidates)
    if more > 0:
        lines.append((("  " + t("explain.more", count=more), Role.MUTED),))
    return lines


def explanation_sentence(explanation: Explanation, catalogue: Catalogue) -> str:
    """Return why a session is where it is, in the language of the screen.

    The backend's own sentence is English and says most, so it stands there, and wherever the
    fields do not tell enough for a sentence.
    """
    t = catalogue.t
    key = f"because.{explanation.step}"
    if catalogue.language == "en" or not catalogue.has(key):
        return explanation.summary
    why = t(key, team=explanation.team or "", assignee=explanation.assignee or "")
    if explanation.assignee is None:
        reason = t(f"reason.{explanation.reason}") if explanation.reason else t("list.unassigned")
        return f"{t('because.waits', reason=reason)} {why}"
    served = t("because.served", assignee=explanation.assignee)
    method = t(f"method.{explanation.method}") if explanation.method else ""
    return f"{served} {why} {f'({method})' if method else ''}".strip()


def _word(group: str, word: str, catalogue: Catalogue) -> str:
    """Return a word of the backend in the language of the screen, else as it is."""
    key = f"{group}.{word}"
    return catalogue.t(key) if catalogue.has(key) else cells.calm(word)


def _table(
    explanation: Explanation, width: int, catalogue: Catalogue, symbols: Symbols
) -> list[Line]:
    t = catalogue.t
    rows = [_cells(candidate, catalogue, symbols) for candidate in explanation.candidates]
    heads: list[Span] = [
        (t(f"explain.column.{name}"), Role.MUTED)
        for name in ("agent", "verdict", "load", "presence", "accepting", "detail")
    ]
    kept = range(6) if width >= NARROW else (0, 1, 2, 5)
    widths = [max(cells.width(row[at][0]) for row in [heads, *rows]) for at in range(6)]
    widths[0] = min(widths[0], max(8, width // 4))
    fixed = sum(widths[at] + 2 for at in kept if at != 5) + 2
    last = max(8, width - fixed)
    lines: list[Line] = []
    for number, row in enumerate([heads, *rows]):
        chosen = number > 0 and explanation.candidates[number - 1].agent == explanation.assignee
        glyph = symbols.chosen if chosen else " "
        spans: list[Span] = [(f"{glyph} ", Role.CURSOR)]
        for at in kept:
            text, role = row[at]
            if at == 5:
                first, *rest = cells.wrap(text, last)
                spans.append((first, role))
                lines.append(cut(tuple(spans), width, symbols.ellipsis))
                indent: Span = (" " * fixed, Role.TEXT)
                lines += [cut((indent, (part, role)), width, symbols.ellipsis) for part in rest]
            else:
                spans.append((cells.pad(text, widths[at], symbols.ellipsis) + "  ", role))
    return lines


def _cells(candidate: Candidate, catalogue: Catalogue, symbols: Symbols) -> list[Span]:
    t = catalogue.t
    glyph, role = {
        Presence.PRESENT: (symbols.present, Role.GOOD),
        Presence.GRACE: (symbols.grace, Role.DUE_SOON),
        Presence.ABSENT: (symbols.absent, Role.MUTED),
    }[candidate.presence]
    verdict = _word("verdict", candidate.verdict, catalogue)
    detail = candidate.detail
    if catalogue.language != "en" and catalogue.has(f"refusal.{candidate.verdict}"):
        detail = t(f"refusal.{candidate.verdict}")
    if candidate.rank is not None:
        verdict = f"{candidate.rank}. {verdict}"
    return [
        (cells.calm(candidate.agent), Role.TEXT),
        (verdict, Role.TEXT),
        (f"{candidate.open}/{candidate.limit}", Role.TEXT),
        (f"{glyph} {t(f'presence.{candidate.presence}')}", role),
        (t("explain.on") if candidate.accepting else t("explain.off"), Role.TEXT),
        (cells.calm(detail), Role.MUTED),
    ]

"""An explanation as lines: the sentence, the way to the decision, the candidates (R13).

Nothing is left out for want of room: where the columns of the candidates do not fit, each of them
takes as many lines as it needs.
"""

from datetime import datetime, tzinfo
from itertools import groupby

from inbox_tui.locale import Catalogue
from inbox_tui.tui.render import cells
from inbox_tui.tui.render.explaining import DECIDED, WAITS, Teller
from inbox_tui.tui.render.lines import Line, Span, cut, line_width
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.render.symbols import UNICODE, Symbols
from inbox_tui.wire.explanation import Candidate, Explanation, StepTaken
from inbox_tui.wire.words import Method, Presence, Priority

GAP = 2
"""Cells between two columns."""
NAME_SHARE = 4
"""A name takes at most one part in so many of the table before it is cut, with a sign."""
UNRANKED = "   "
"""Stands where others have their rank."""


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
    return _Writer(width, Teller(catalogue, now=now, zone=zone), symbols).write(explanation)


class _Writer:
    def __init__(self, width: int, teller: Teller, symbols: Symbols) -> None:
        self._width = width
        self._tell = teller
        self._t = teller.catalogue.t
        self._symbols = symbols

    def write(self, told: Explanation) -> list[Line]:
        first, more = self._tell.sentences(told)
        lines: list[Line] = [((text, Role.STRONG),) for text in cells.wrap(first, self._width)]
        if more:
            lines += [((text, Role.TEXT),) for text in cells.wrap(more, self._width)]
        lines += [(), *self._facts(told)]
        if told.steps:
            lines += [(), self._title("explain.steps"), *self._steps(told.steps)]
        lines += [(), self._title("explain.candidates"), *self._candidates(told)]
        if told.earlier:
            lines += [(), self._title("explain.decisions"), *self._decisions(told)]
        return lines

    def _title(self, key: str) -> Line:
        return cut(((self._t(key), Role.TAB_ON),), self._width, self._symbols.ellipsis)

    # What was decided, and when

    def _facts(self, told: Explanation) -> list[Line]:
        t, tell = self._t, self._tell
        usual = told.priority in (None, Priority.NORMAL)
        waits = told.how is None and not told.closed
        place = told.queue_position
        facts = [
            ("team", cells.calm(told.team or "")),
            ("rule", cells.calm(told.rule or "")),
            ("method", t(f"method.{told.method}") if told.method else ""),
            ("needs", cells.calm(", ".join([*filter(None, [told.language]), *told.skills]))),
            ("priority", "" if usual else t(f"priority.{told.priority}")),
            (
                "position",
                t("explain.position_of", position=place, length=max(place, told.queue_length))
                if place
                else "",
            ),
            ("at", "" if waits else tell.moment(told.at)),
        ]
        shown = [(t(f"explain.{name}"), value) for name, value in facts if value]
        label = max(cells.width(name) for name, _ in shown) + GAP
        lines: list[Line] = []
        for name, value in shown:
            head: Line = ((cells.pad(name, label), Role.MUTED),)
            lines += self._hanging(head, value, Role.TEXT)
        return lines

    def _hanging(self, head: Line, text: str, role: Role) -> list[Line]:
        """Return a text behind a head, going on below itself where it is longer than the line."""
        indent = line_width(head)
        room = self._width - indent
        if room < cells.WIDEST:
            return [cut((*head, (text, role)), self._width, self._symbols.ellipsis)]
        first, *rest = cells.wrap(text, room)
        below: list[Line] = [((" " * indent, Role.TEXT), (part, role)) for part in rest]
        return [(*head, (first, role)), *below]

    # The way there

    def _steps(self, steps: list[StepTaken]) -> list[Line]:
        """Return a line a step; those where nothing is set stand together in one."""
        tell, symbols = self._tell, self._symbols
        outcomes = [self._outcome(each.outcome)[0] for each in steps]
        outcome = max(map(cells.width, outcomes)) + GAP
        named = [tell.word("step", each.step) for each in steps if each.because != "none"]
        widest = max(map(cells.width, named), default=0)
        column = min(widest, max(8, self._width // 3)) + GAP
        lines: list[Line] = []
        for unset, group in groupby(steps, lambda each: each.because == "none"):
            if unset:
                text, role = self._outcome("passed")
                names = ", ".join(tell.word("step", each.step) for each in group)
                head: Line = ((cells.pad(text, outcome), role),)
                lines += self._hanging(head, self._t("explain.steps_none", steps=names), Role.MUTED)
                continue
            for each in group:
                text, role = self._outcome(each.outcome)
                word = cells.pad(tell.word("step", each.step), column - GAP, symbols.ellipsis)
                head = ((cells.pad(text, outcome), role), (word + " " * GAP, Role.TEXT))
                because = tell.because(each)
                about = cells.calm(each.name)
                said = f"{about}: {because}" if about and because else about or because
                passed = each.outcome not in (DECIDED, WAITS)
                lines += self._hanging(head, said, Role.MUTED if passed else Role.TEXT)
        return lines

    def _outcome(self, outcome: str) -> tuple[str, Role]:
        glyph, role = {
            DECIDED: (self._symbols.answered, Role.GOOD),
            WAITS: (self._symbols.ellipsis, Role.REASON),
        }.get(outcome, (self._symbols.dot, Role.MUTED))
        return f"{glyph} {self._tell.word('outcome', outcome)}", role

    # Who was looked at

    def _candidates(self, told: Explanation) -> list[Line]:
        if not told.candidates:
            if not told.candidates_kept:
                key = "explain.not_kept"
            else:
                key = "explain.none" if told.by is None else "explain.by_hand"
            return [((text, Role.MUTED),) for text in cells.wrap(self._t(key), self._width)]
        heads = self._columns(told)
        rows = [self._row(each, heads) for each in told.candidates]
        titles = [self._t(f"explain.column.{name}") for name in heads]
        titles[0] = UNRANKED + titles[0]
        widths = [
            max(cells.width(title), *(cells.width(row[at][0]) for row in rows))
            for at, title in enumerate(titles)
        ]
        widths[0] = min(widths[0], max(12, self._width // NAME_SHARE))
        if GAP + sum(widths) + GAP * (len(widths) - 1) <= self._width:
            lines = self._table(titles, rows, widths, told)
        else:
            lines = self._blocks(titles, rows, told)
        more = told.candidates_total - len(told.candidates)
        if more > 0:
            lines.append((("  " + self._t("explain.more", count=more), Role.MUTED),))
        return lines

    def _columns(self, told: Explanation) -> list[str]:
        """Return which columns have something to say."""
        names = ["agent", "verdict", "load"]
        if any(each.team_limit is not None for each in told.candidates):
            names.append("team")
        names += ["presence", "accepting"]
        if told.method is Method.ROUND_ROBIN:
            if any(each.turn is not None for each in told.candidates):
                names.append("turn")
        elif told.method in (Method.LEAST_OPEN, Method.LEAST_LOADED):
            names.append("last")
        return names

    def _row(self, each: Candidate, names: list[str]) -> list[Span]:
        glyph, presence = {
            Presence.PRESENT: (self._symbols.present, Role.GOOD),
            Presence.GRACE: (self._symbols.grace, Role.DUE_SOON),
            Presence.ABSENT: (self._symbols.absent, Role.MUTED),
        }[each.presence]
        rank = f"{each.rank}. " if each.rank is not None else UNRANKED
        team = f"{each.team_open}/{each.team_limit}" if each.team_limit is not None else ""
        last = each.last_assigned_at
        spans: dict[str, Span] = {
            "agent": (rank + cells.calm(each.agent), Role.TEXT),
            "verdict": (self._tell.verdict(each), Role.TEXT if each.rank else Role.MUTED),
            "load": (f"{each.open}/{each.limit}", Role.TEXT),
            "team": (team, Role.TEXT),
            "presence": (f"{glyph} {self._t(f'presence.{each.presence}')}", presence),
            "accepting": (self._t("explain.on" if each.accepting else "explain.off"), Role.TEXT),
            "turn": ("" if each.turn is None else f"{each.turn:g}", Role.TEXT),
            "last": (self._tell.moment(last) if last else self._t("explain.never"), Role.MUTED),
        }
        return [spans[name] for name in names]

    def _edge(self, at: int, told: Explanation) -> Span:
        chosen = told.candidates[at].agent == told.assignee
        return (cells.pad(self._symbols.chosen if chosen else "", GAP), Role.CURSOR)

    def _table(
        self, titles: list[str], rows: list[list[Span]], widths: list[int], told: Explanation
    ) -> list[Line]:
        lines: list[Line] = [
            (
                (" " * GAP, Role.TEXT),
                *(
                    (cells.pad(title, size, self._symbols.ellipsis) + " " * GAP, Role.MUTED)
                    for title, size in zip(titles, widths, strict=True)
                ),
            )
        ]
        for at, row in enumerate(rows):
            spans = [
                (cells.pad(text, size, self._symbols.ellipsis) + " " * GAP, role)
                for (text, role), size in zip(row, widths, strict=True)
            ]
            lines.append((self._edge(at, told), *spans))
        return [_trimmed(line) for line in lines]

    def _blocks(self, titles: list[str], rows: list[list[Span]], told: Explanation) -> list[Line]:
        """Return each candidate in lines of its own: the verdict, below it the numbers."""
        lines: list[Line] = []
        indent = GAP + len(UNRANKED)
        name = min(max(cells.width(row[0][0]) for row in rows), max(8, self._width // 2))
        for at, row in enumerate(rows):
            (agent, _), (verdict, role), *others = row
            head: Line = (
                self._edge(at, told),
                (cells.pad(agent, name, self._symbols.ellipsis) + " " * GAP, Role.TEXT),
            )
            lines += self._hanging(head, verdict, role)
            facts = [
                text if title == self._t("explain.column.presence") else f"{title} {text}"
                for title, (text, _) in zip(titles[2:], others, strict=True)
                if text
            ]
            lines += self._packed(facts, indent)
        return lines

    def _packed(self, facts: list[str], indent: int) -> list[Line]:
        """Return facts side by side, as many to a line as fit; none is torn."""
        dot = f" {self._symbols.dot} "
        lines: list[str] = []
        for fact in facts:
            longer = f"{lines[-1]}{dot}{fact}" if lines else ""
            if lines and indent + cells.width(longer) <= self._width:
                lines[-1] = longer
            else:
                lines.append(fact)
        blank: Span = (" " * indent, Role.TEXT)
        mark = self._symbols.ellipsis
        return [cut((blank, (line, Role.MUTED)), self._width, mark) for line in lines]

    # What was decided before

    def _decisions(self, told: Explanation) -> list[Line]:
        """Return the decisions, the newest first; the one that is shown has a sign."""
        tell = self._tell
        rows = [(0, self._t("explain.now"), "")]
        rows += [(each.decision, tell.moment(each.at), tell.brief(each)) for each in told.earlier]
        column = max(cells.width(when) for _, when, _ in rows) + GAP
        lines: list[Line] = []
        for number, when, what in rows:
            shown = number == told.decision
            glyph = self._symbols.chosen if shown else ""
            head: Line = (
                (cells.pad(glyph, GAP), Role.CURSOR),
                (cells.pad(when, column), Role.STRONG if shown else Role.MUTED),
            )
            lines += [_trimmed(line) for line in self._hanging(head, what, Role.TEXT)]
        more = told.earlier_total - len(told.earlier)
        if more > 0:
            lines.append((("  " + self._t("explain.more", count=more), Role.MUTED),))
        return lines


def _trimmed(line: Line) -> Line:
    """Return a line without the blanks at its end."""
    kept = list(line)
    while kept and not kept[-1][0].strip():
        kept.pop()
    if kept:
        kept[-1] = (kept[-1][0].rstrip(), kept[-1][1])
    return tuple(kept)

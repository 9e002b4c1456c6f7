"""A rule as a row of its list, and what the rules say to a message as lines (R2)."""

from datetime import datetime, tzinfo

from inbox_tui.locale import Catalogue, times
from inbox_tui.tui.desk import Desk
from inbox_tui.tui.render import cells
from inbox_tui.tui.render.lines import Line, columns, cut, line_width
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.render.symbols import Symbols
from inbox_tui.tui.rules.words import (
    conditions_text,
    extras_of,
    now_text,
    outcome_text,
    target_text,
)
from inbox_tui.wire.rules import Rule, RuleTrial, RuleVerdict

LEAST_EXTRAS = 16
"""Cells that priority and skills get in a row, however long the conditions are."""


def rule_row(rule: Rule, width: int, desk: Desk) -> list[Line]:
    """Return a rule in two lines: its place, switch, name and target, then what it asks."""
    t, symbols = desk.t, desk.symbols
    words = (t("rules.on"), t("rules.off"))
    switch = cells.pad(words[0] if rule.enabled else words[1], max(map(cells.width, words)))
    glyph = symbols.switch_on if rule.enabled else symbols.switch_off
    number = f"{rule.position:>2} "
    lead = f"{glyph} {switch}  "
    first: Line = (
        (number, Role.MUTED),
        (lead, Role.GOOD if rule.enabled else Role.MUTED),
        (cells.calm(rule.name), Role.STRONG if rule.enabled else Role.MUTED),
    )
    target = target_text(
        team=rule.team,
        agents=rule.agents,
        method=rule.method,
        consider=rule.consider,
        catalogue=desk.catalogue,
        symbols=symbols,
    )
    right: Line = ((f"{symbols.arrow} ", Role.MUTED), (target, Role.AGENT))
    indent: Line = ((" " * (cells.width(number) + cells.width(lead)), Role.TEXT),)
    asks = conditions_text(rule.when, desk.catalogue, symbols)
    second: Line = (*indent, (asks, Role.MUTED))
    # Where there is little room the name, and what is asked, are what one looks for.
    mark = symbols.ellipsis
    right = cut(right, max(12, width // 2), mark)
    room = max(LEAST_EXTRAS, width - line_width(second) - 1)
    extras = extras_of(rule, desk.catalogue)
    while len(extras) > 1 and cells.width(_joined(extras, symbols)) > room:
        extras.pop()
    end = cut(((_joined(extras, symbols), Role.MUTED),) if extras else (), room, mark)
    if rule.covered_by is not None:
        told = t("rules.covered", name=cells.calm(rule.covered_by))
        second, end = (*indent, (f"{symbols.unsent} {told}", Role.REASON)), ()
    return [columns(first, right, width, mark), columns(second, end, width, mark)]


def _joined(parts: list[str], symbols: Symbols) -> str:
    return f" {symbols.dot} ".join(parts)


def trial_lines(
    trial: RuleTrial,
    width: int,
    catalogue: Catalogue,
    *,
    now: datetime,
    zone: tzinfo,
    symbols: Symbols,
) -> list[Line]:
    """Return what the rules say to a message: the outcome first, then rule by rule."""
    outcome = outcome_text(trial, catalogue, symbols)
    lines: list[Line] = [((text, Role.STRONG),) for text in cells.wrap(outcome, width)]
    told = now_text(trial, catalogue)
    role = Role.GOOD if trial.assignee is not None else Role.REASON
    lines += [((text, role),) for text in cells.wrap(told, width)]
    tried = catalogue.t(
        "rules.try.tried",
        language=cells.calm(trial.tried.language or ""),
        contact=catalogue.t(f"contact_kind.{trial.tried.contact.value}"),
        at=times.moment(trial.tried.at, now, zone, catalogue),
    )
    lines += [((text, Role.MUTED),) for text in cells.wrap(tried, width)]
    lines.append(())
    name_width = max((cells.width(cells.calm(rule.name)) for rule in trial.rules), default=0)
    name_width = min(name_width, max(12, width // 3))
    for place, verdict in enumerate(trial.rules, start=1):
        lines += _verdict_lines(place, verdict, name_width, width, catalogue, symbols)
    return lines


def _verdict_lines(
    place: int,
    verdict: RuleVerdict,
    name_width: int,
    width: int,
    catalogue: Catalogue,
    symbols: Symbols,
) -> list[Line]:
    glyph, says, role = _says(verdict, catalogue, symbols)
    name = cells.pad(cells.fit(cells.calm(verdict.name), name_width, symbols.ellipsis), name_width)
    lead: Line = (
        (f"{place:>2} ", Role.MUTED),
        (f"{glyph} ", role),
        (f"{name}  ", Role.STRONG if verdict.decides else Role.TEXT),
    )
    indent = 3 + 2 + name_width + 2
    first, *rest = cells.wrap(says, max(8, width - indent))
    more = [cut(((" " * indent, Role.TEXT), (text, role)), width) for text in rest]
    return [cut((*lead, (first, role)), width, symbols.ellipsis), *more]


def _says(verdict: RuleVerdict, catalogue: Catalogue, symbols: Symbols) -> tuple[str, str, Role]:
    t = catalogue.t
    if verdict.decides:
        return symbols.chosen, t("rules.try.decides"), Role.GOOD
    if not verdict.matches:
        keys = (f"condition.{failed}" for failed in verdict.failed)
        conditions = ", ".join(t(key) for key in keys)
        return symbols.failed, t("rules.try.failed", conditions=conditions), Role.MUTED
    if not verdict.enabled:
        return symbols.switch_off, t("rules.try.is_off"), Role.MUTED
    return symbols.answered, t("rules.try.matches"), Role.MUTED

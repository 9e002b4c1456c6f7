"""Rules and business hours as the API shows them."""

from inbox_tui.backend.directory import Directory, RuleName
from inbox_tui.backend.rules.checks import covering
from inbox_tui.clock import Millis, to_datetime
from inbox_tui.errors import NotFound
from inbox_tui.hours import Calendar, to_json
from inbox_tui.hours.calendar import WEEKDAYS
from inbox_tui.wire import rules as wire


def draft_of(rule: RuleName, directory: Directory) -> wire.RuleDraft:
    """Return a stored rule as somebody would write it."""
    return wire.RuleDraft(
        name=rule.name,
        enabled=rule.enabled,
        when=rule.when,
        team=directory.slug(rule.team_id),
        agents=None if rule.team_id is not None else _nicknames(rule, directory),
        method=rule.method,
        consider=rule.consider,
        priority=rule.priority,
        skills=list(rule.skills),
    )


def rule_views(directory: Directory) -> list[wire.Rule]:
    """Return every rule in its place."""
    rules = list(directory.rules.values())
    seen = [(rule.name, rule.enabled, rule.when) for rule in rules]
    return [
        wire.Rule(
            id=rule.id,
            version=rule.version,
            position=place + 1,
            name=rule.name,
            enabled=rule.enabled,
            when=rule.when,
            team=directory.slug(rule.team_id),
            agents=None if rule.team_id is not None else _nicknames(rule, directory),
            method=rule.method,
            consider=rule.consider,
            priority=rule.priority,
            skills=list(rule.skills),
            covered_by=covering(seen, place),
        )
        for place, rule in enumerate(rules)
    ]


def rule_view(directory: Directory, rule_id: int) -> wire.Rule:
    """Return one rule in its place. Raises NotFound."""
    for rule in rule_views(directory):
        if rule.id == rule_id:
            return rule
    raise NotFound(f"There is no rule {rule_id}.")


def hours_views(directory: Directory, now: Millis) -> list[wire.Hours]:
    """Return every calendar of business hours by name."""
    return [_hours_view(directory.hours[name], now) for name in sorted(directory.hours)]


def _hours_view(calendar: Calendar, now: Millis) -> wire.Hours:
    stored = to_json(calendar)
    changes_at = calendar.next_change(now)
    return wire.Hours(
        name=calendar.name,
        timezone=calendar.timezone,
        open=calendar.is_open(now),
        changes_at=None if changes_at is None else to_datetime(changes_at),
        week={day: stored[day] for day in WEEKDAYS},
        holidays=[wire.Holiday(**holiday) for holiday in stored["holidays"]],
    )


def _nicknames(rule: RuleName, directory: Directory) -> list[str]:
    return [directory.agents[agent].nickname for agent in rule.agents]

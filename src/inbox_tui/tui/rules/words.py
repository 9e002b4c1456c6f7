"""A rule in words: what it asks, where its sessions go, and what it says to a message (R2)."""

from collections.abc import Callable, Sequence

from inbox_tui.locale import Catalogue
from inbox_tui.tui.render import cells
from inbox_tui.tui.render.symbols import Symbols
from inbox_tui.wire.rules import Conditions, Rule, RuleTrial
from inbox_tui.wire.words import Consider, Method, Priority

_LISTS = (
    "channel",
    "language",
    "category",
    "keyword",
    "tag",
    "tier",
    "business_hours",
    "outside_business_hours",
)


def conditions_text(when: Conditions, catalogue: Catalogue, symbols: Symbols) -> str:
    """Return the conditions as one line: “on line-main · in th or en · new contacts”."""
    t = catalogue.t
    parts: list[str] = []
    for key in _LISTS:
        values: Sequence[str] | None = getattr(when, key)
        if values:
            parts.append(t(f"rules.if.{key}", values=_either(_shown(key, values, t), catalogue)))
    if when.contact is not None:
        parts.append(t(f"rules.if.{when.contact.value}"))
    return cells.calm(f" {symbols.dot} ".join(parts) or t("rules.if.everything"))


def target_text(
    *,
    team: str | None,
    agents: Sequence[str] | None,
    method: Method | None,
    consider: Consider | None,
    catalogue: Catalogue,
    symbols: Symbols,
) -> str:
    """Return where sessions go: “◇ sales · least open”, or the agents."""
    t = catalogue.t
    parts = [f"{symbols.team} {team}" if team else ", ".join(agents or ())]
    if method is not None:
        parts.append(t(f"method.{method.value}"))
    if consider is Consider.ACTIVE:
        parts.append(t("rules.active"))
    return cells.calm(f" {symbols.dot} ".join(part for part in parts if part))


def extras_of(rule: Rule, catalogue: Catalogue) -> list[str]:
    """Return what a rule brings and asks besides: priority, skills."""
    t = catalogue.t
    parts: list[str] = []
    if rule.priority is not None:
        parts.append(t("rules.priority", priority=t(f"priority.{rule.priority.value}")))
    if rule.skills:
        parts.append(t("rules.skills", skills=cells.calm(", ".join(rule.skills))))
    return parts


def outcome_text(trial: RuleTrial, catalogue: Catalogue, symbols: Symbols) -> str:
    """Return in a sentence who decides about a message, and where it goes."""
    t = catalogue.t
    target = target_text(
        team=trial.team,
        agents=trial.agents,
        method=trial.method,
        consider=trial.consider,
        catalogue=catalogue,
        symbols=symbols,
    )
    if trial.priority is not Priority.NORMAL:
        priority = t("rules.priority", priority=t(f"priority.{trial.priority.value}"))
        target = f"{target} {symbols.dot} {priority}"
    match trial.step:
        case _ if trial.rule is not None:
            return t("rules.try.by_rule", name=cells.calm(trial.rule), target=target)
        case "channel_team":
            return t("rules.try.by_channel", target=target)
        case "bound_team":
            return t("rules.try.by_bound_team", target=target)
        case "workspace_pool":
            return t("rules.try.by_pool")
        case _:
            return cells.calm(trial.summary)


def now_text(trial: RuleTrial, catalogue: Catalogue) -> str:
    """Return who would get a message if it came now, or why nobody would."""
    t = catalogue.t
    if trial.assignee is not None:
        return t("rules.try.now", assignee=cells.calm(trial.assignee))
    reason = t(f"reason.{trial.reason.value}") if trial.reason else t("list.unassigned")
    return t("rules.try.waits", reason=reason)


def _shown(key: str, values: Sequence[str], t: Callable[..., str]) -> list[str]:
    if key == "category":
        return [t(f"category.{value}") for value in values]
    if key == "keyword":
        return [f"“{value}”" for value in values]
    return list(values)


def _either(values: Sequence[str], catalogue: Catalogue) -> str:
    """Return “a, b or c”."""
    if len(values) == 1:
        return values[0]
    return catalogue.t("rules.or", values=", ".join(values[:-1]), last=values[-1])

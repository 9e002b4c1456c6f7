"""Distribution rules are made, changed, moved and taken away (R2, W4).

Plain functions of one unit of work. Every change leaves one event with what was changed and by
whom (W6), which carries the new directory: whoever decides by rules hears of it at once. The order
is theirs together, so that moving a rule does not make it another version.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

import sqlalchemy as sa

from inbox_tui.backend.directory import (
    AgentName,
    Directory,
    RuleName,
    directory_of,
    people_changed,
)
from inbox_tui.backend.people.roles import supervised_teams
from inbox_tui.backend.rules.checks import Names
from inbox_tui.backend.rules.views import draft_of
from inbox_tui.backend.rules.written import read_rule
from inbox_tui.backend.workspace.reading import Faults, brief
from inbox_tui.errors import Conflict, Forbidden, Invalid, NotFound, StaleVersion
from inbox_tui.store import tables
from inbox_tui.store.work import Work
from inbox_tui.wire.codec import to_plain
from inbox_tui.wire.rules import DEFAULT, PatchRule, RuleDraft
from inbox_tui.wire.words import EventKind

RULES = tables.table(tables.Rule)
_TURNS = tables.table(tables.RuleTurn)


def check_may_change(directory: Directory, agent: AgentName) -> None:
    """Raise Forbidden unless an agent looks after everybody: rules concern all teams."""
    if supervised_teams(directory, agent) is not None:
        raise Forbidden("Rules are changed by owners, and by supervisors whom no team lists.")


def names_of(directory: Directory, rule: RuleName | None = None) -> Names:
    """Return what a rule may speak of; one that is there may go on naming whom it names."""
    agents = {agent.nickname for agent in directory.agents.values() if agent.active}
    if rule is not None:
        agents.update(directory.agents[agent].nickname for agent in rule.agents)
    return Names(agents, directory.team_slugs, directory.channel_slugs, directory.hours)


def create(work: Work, draft: RuleDraft, by: AgentName) -> int:
    """Make a rule, behind all others; return its id. Raises Forbidden, Invalid."""
    directory = directory_of(work)
    check_may_change(directory, by)
    draft = checked(draft, names_of(directory))
    _refuse_same_name(directory, draft.name, None)
    rule_id, made = insert(work, draft, directory)
    _tell(work, by.id, rule_id, {"change": "created", "name": draft.name, "fields": made})
    return rule_id


def change(work: Work, rule_id: int, patch: PatchRule, by: AgentName, version: int | None) -> None:
    """Change a rule. Raises Forbidden, NotFound, StaleVersion, Invalid.

    A change that changes nothing leaves no trace.
    """
    directory = directory_of(work)
    check_may_change(directory, by)
    rule = _rule(directory, rule_id, version)
    draft = checked(_patched(draft_of(rule, directory), patch), names_of(directory, rule))
    _refuse_same_name(directory, draft.name, rule_id)
    changed = update(work, rule, draft, directory)
    if changed:
        _tell(work, by.id, rule_id, {"change": "changed", "name": draft.name, "fields": changed})


def remove(work: Work, rule_id: int, by: AgentName, version: int | None) -> None:
    """Take a rule away, with its rotation. Raises Forbidden, NotFound, StaleVersion."""
    directory = directory_of(work)
    check_may_change(directory, by)
    rule = _rule(directory, rule_id, version)
    work.execute(sa.delete(_TURNS).where(_TURNS.c.rule_id == rule_id))
    work.execute(sa.delete(RULES).where(RULES.c.id == rule_id))
    _tell(work, by.id, rule_id, {"change": "removed", "name": rule.name})


def order(work: Work, ids: Sequence[int], by: AgentName) -> None:
    """Put all rules in this order. Raises Forbidden, Conflict when rules came or went meanwhile."""
    directory = directory_of(work)
    check_may_change(directory, by)
    if sorted(ids) != sorted(directory.rules):
        raise Conflict(
            "Rules came or went since you read them; read them again.",
            data={"ids": list(directory.rules)},
        )
    if list(ids) == list(directory.rules):
        return
    put_in_order(work, ids)
    _tell(work, by.id, None, order_data(directory, ids))


# What applying a workspace file does as well; the events are its own.


def insert(work: Work, draft: RuleDraft, directory: Directory) -> tuple[int, dict[str, Any]]:
    """Make the row of a rule behind all others; return its id and what it says, by name."""
    last = work.one(sa.select(sa.func.max(RULES.c.position)))
    position = 1 + ((last[0] if last is not None else None) or 0)
    rule_id = work.insert(tables.Rule, position=position, **_columns(draft, directory))
    return rule_id, _told(draft)


def update(work: Work, rule: RuleName, draft: RuleDraft, directory: Directory) -> dict[str, Any]:
    """Make a rule's row say what a draft says; return what is different, by name."""
    before, after = _told(draft_of(rule, directory)), _told(draft)
    changed = {key: after.get(key) for key in before | after if before.get(key) != after.get(key)}
    if changed:
        columns = {**_columns(draft, directory), "version": rule.version + 1}
        work.execute(sa.update(RULES).where(RULES.c.id == rule.id), columns)
    return changed


def put_in_order(work: Work, ids: Sequence[int]) -> None:
    """Number the rules in this order."""
    for position, rule_id in enumerate(ids, start=1):
        work.execute(
            sa.update(RULES).where(RULES.c.id == rule_id, RULES.c.position != position),
            {"position": position},
        )


def order_data(directory: Directory, ids: Sequence[int]) -> dict[str, Any]:
    """Return what the log keeps of a new order."""
    return {"change": "order", "order": [directory.rules[rule_id].name for rule_id in ids]}


def checked(draft: RuleDraft, names: Names) -> RuleDraft:
    """Return a rule as it will be kept. Raises Invalid; ``data`` has all faults in ``errors``."""
    faults = Faults({})
    table = _told(draft)
    rule = read_rule(table, (), names, {}, faults)
    if faults.found or rule is None:
        first = faults.found[0]
        raise Invalid(
            str(first),
            data={
                "path": first.path,
                "errors": [{"path": each.path, "detail": each.detail} for each in faults.found],
            },
        )
    return rule


def _patched(draft: RuleDraft, patch: PatchRule) -> RuleDraft:
    given = {each.name: getattr(patch, each.name) for each in fields(patch)}
    changes = {key: value for key, value in given.items() if value is not None}
    if "team" in changes or "agents" in changes:
        changes = {"team": None, "agents": None} | changes
    kept: dict[str, Any] = {
        key: None if value == DEFAULT else value for key, value in changes.items()
    }
    return replace(draft, **kept)


def _columns(draft: RuleDraft, directory: Directory) -> dict[str, Any]:
    return {
        "name": draft.name,
        "enabled": draft.enabled,
        "condition": _without_nulls(to_plain(draft.when)),
        "team_id": None if draft.team is None else directory.team_slugs[draft.team],
        "agents": [directory.nicknames[nickname] for nickname in draft.agents or ()],
        "method": draft.method,
        "consider": draft.consider,
        "priority": draft.priority,
        "skills": draft.skills,
    }


def _told(draft: RuleDraft) -> dict[str, Any]:
    """Return what a rule says as a table, as in a workspace file."""
    plain = _without_nulls(to_plain(draft))
    return {**plain, "when": _without_nulls(plain["when"])}


def _without_nulls(plain: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in plain.items() if value is not None}


def _rule(directory: Directory, rule_id: int, version: int | None) -> RuleName:
    rule = directory.rules.get(rule_id)
    if rule is None:
        raise NotFound(f"There is no rule {rule_id}.")
    if version is not None and version != rule.version:
        raise StaleVersion(
            f"The rule {brief(rule.name)} was changed since you read it.",
            data={"version": rule.version},
        )
    return rule


def _refuse_same_name(directory: Directory, name: str, own_id: int | None) -> None:
    if any(rule.name == name and rule.id != own_id for rule in directory.rules.values()):
        detail = f"name: there is a rule {brief(name)} already."
        raise Invalid(detail, data={"path": "name"})


def _tell(work: Work, by: int, rule_id: int | None, data: Mapping[str, Any]) -> None:
    work.append(
        EventKind.RULE_CHANGED,
        actor_id=by,
        subject_id=rule_id,
        data=data,
        directory=people_changed(work),
    )

"""How a rule is written: in a workspace file, and the same over the API (docs/workspace-file.md).

Each is read by itself, every fault noted with its place; then what rules do to each other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from inbox_tui.backend.rules.checks import Names, condition_faults, covering, target_faults
from inbox_tui.backend.workspace import reading
from inbox_tui.backend.workspace.lines import Path
from inbox_tui.backend.workspace.reading import TAGS, Check, Faults, brief, read_table
from inbox_tui.wire.rules import Conditions, RuleDraft
from inbox_tui.wire.words import Category, Consider, ContactKind, Method, Priority

_NAMES = reading.a_list(reading.a_string)

RULE: Mapping[str, Check] = {
    "name": reading.a_string,
    "enabled": reading.a_bool,
    "when": reading.a_table('when = { language = ["th"] }'),
    "team": reading.a_string,
    "agents": _NAMES,
    "method": reading.one_of(Method),
    "consider": reading.one_of(Consider),
    "priority": reading.one_of(Priority),
    "skills": TAGS,
}
"""The keys of a rule."""

WHEN: Mapping[str, Check] = {
    "channel": _NAMES,
    "language": reading.a_list(reading.a_language),
    "category": reading.a_list(reading.one_of(Category)),
    "keyword": _NAMES,
    "tag": TAGS,
    "tier": TAGS,
    "contact": reading.one_of(ContactKind),
    "business_hours": _NAMES,
    "outside_business_hours": _NAMES,
}
"""The conditions of a rule."""


_TARGETS = ("team", "agents")


def read_rule(
    table: Mapping[str, Any],
    path: Path,
    names: Names,
    enabled: Mapping[str, bool],
    faults: Faults,
) -> RuleDraft | None:
    """Return the rule that a table describes, every fault noted; None where it has no name.

    A rule is described as a whole; only whether it is ``enabled``, where the table does not say
    so, stays as it is.
    """
    values = read_table(table, path, RULE, faults)
    given = values.pop("when", {})
    conditions = read_table(given, (*path, "when"), WHEN, faults)
    if "name" not in values:
        values["name"] = ""
    draft = RuleDraft(
        **_lists(values, "agents", "skills"),
        when=Conditions(**_lists(conditions, *(WHEN.keys() - {"contact"}))),
    )
    for at, detail in condition_faults(draft.when, names):
        faults.note((*path, *at), detail)
    if all(key in values for key in _TARGETS if key in table):
        for at, detail in target_faults(draft, names):
            faults.note((*path, *at), detail)
    if not draft.name:
        return None
    if "enabled" not in values:
        draft = replace(draft, enabled=enabled.get(draft.name, True))
    return draft


def note_unreachable(placed: Sequence[tuple[Path, RuleDraft]], faults: Faults) -> None:
    """Note the rules that another one of the file, before them, leaves nothing (R2)."""
    seen = [(rule.name, rule.enabled, rule.when) for _, rule in placed]
    for place, (path, _) in enumerate(placed):
        earlier = covering(seen, place)
        if earlier is not None:
            detail = (
                f"can never be reached: {brief(earlier)} stands before it and takes every session "
                "that this one would match. Put this one first, or set enabled = false."
            )
            faults.note(path, detail)


def _lists(values: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    """Return the values with these as lists, as JSON has them."""
    return {key: list(value) if key in keys else value for key, value in values.items()}

"""Reads ``[messages]`` of a workspace file: what is sent automatically, and the texts (M8)."""

from collections.abc import Collection, Mapping
from typing import Any

from inbox_tui.backend.automatic import templates
from inbox_tui.backend.automatic.kinds import ALWAYS
from inbox_tui.backend.automatic.templates import BadTemplate
from inbox_tui.backend.sessions.opening import base_language
from inbox_tui.backend.workspace import reading
from inbox_tui.backend.workspace.lines import Path
from inbox_tui.backend.workspace.plan import MessagesPlan, TemplatePlan
from inbox_tui.backend.workspace.reading import Check, Faults, NotThat
from inbox_tui.wire.words import Automatic

_KIND = reading.one_of(Automatic)


def _switched(value: object) -> Automatic:
    kind: Automatic = _KIND(value)
    if kind in ALWAYS:
        raise NotThat(f"has {reading.brief(kind)}, which is always sent and not switched on.")
    return kind


def _a_list_of_tables(value: object) -> list[Mapping[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(table, dict) for table in value):
        raise NotThat("has to be a list of tables: [[messages.templates]].")
    return value


def _a_text(value: object) -> str:
    if not isinstance(value, str):
        raise NotThat("has to be a text in quotes.")
    return value


_MESSAGES: Mapping[str, Check] = {
    "on": reading.a_list(_switched),
    "min_gap": reading.a_duration(zero=True),
    "templates": _a_list_of_tables,
}
_TEMPLATE: Mapping[str, Check] = {
    "kind": _KIND,
    "language": lambda value: base_language(reading.a_language(value)),
    "text": _a_text,
    "channel": reading.a_string,
}
_REQUIRED = ("kind", "language", "text")


def read_messages(table: object, channels: Collection[str], faults: Faults) -> MessagesPlan:
    """Return what ``[messages]`` asks for; note what is wrong."""
    path: Path = ("messages",)
    if not isinstance(table, dict):
        faults.note(path, "has to be a table: [messages].")
        return MessagesPlan()
    values = reading.read_table(table, path, _MESSAGES, faults)
    found: dict[tuple[Any, ...], int] = {}
    plans: list[TemplatePlan] = []
    for index, each in enumerate(values.get("templates", ())):
        at: Path = (*path, "templates", index)
        plan = _template(each, at, channels, faults)
        if plan is None:
            continue
        same = found.setdefault((plan.kind, plan.language, plan.channel), index)
        if same != index:
            faults.note(at, f"is for the same messages as messages.templates[{same}].")
        plans.append(plan)
    return MessagesPlan(values.get("on"), values.get("min_gap"), tuple(plans))


def _template(
    table: Mapping[str, Any], path: Path, channels: Collection[str], faults: Faults
) -> TemplatePlan | None:
    values = reading.read_table(table, path, _TEMPLATE, faults)
    for key in _REQUIRED:
        if key not in table:
            faults.note(path, f"{key} is missing.")
    channel = values.get("channel")
    if channel is not None and channel not in channels:
        faults.note((*path, "channel"), reading.unknown("channel", channel, channels))
    if not all(key in values for key in _REQUIRED):
        return None
    try:
        text = templates.checked(values["kind"], values["text"])
    except BadTemplate as error:
        faults.note((*path, "text"), str(error))
        return None
    return TemplatePlan(values["kind"], values["language"], channel, text)

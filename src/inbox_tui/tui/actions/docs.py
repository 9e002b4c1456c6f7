"""The page of keys, made from the registry and from the bindings of the widgets."""

from collections.abc import Iterable

from textual.binding import Binding

from inbox_tui.locale import Catalogue
from inbox_tui.tui.actions.registry import ACTIONS, Group, keys_text
from inbox_tui.tui.widgets.message_log import MessageLog
from inbox_tui.tui.widgets.virtual_list import VirtualList

_HEAD = """# Keys

This page is made from the registry of actions: `python -m inbox_tui.tui.actions > docs/keys.md`.

Every action is in the palette (`Ctrl+P`) and in the help (`?`), which also says why one is not
possible at the moment. An action can be given other keys in `keys.txt` in the configuration
directory, one assignment a line, by its name below:

```
session.claim = c, f2
view.people = ctrl+o     # an empty right side takes the keys away
```

What is wrong in that file is said with its line when the inbox opens; the rest still counts.
"""


def keys_document() -> str:
    """Return the page as Markdown, in English."""
    t = Catalogue.of("en").t
    parts = [_HEAD]
    for group in Group:
        rows = [
            (keys_text(action.keys), t(action.label), action.id, t(action.help))
            for action in ACTIONS
            if action.group is group
        ]
        parts.append(_table(t(f"group.{group.value}"), rows))
    parts.append(_table("In a list", _of(VirtualList.BINDINGS)))
    parts.append(_table("In a conversation", _of(MessageLog.BINDINGS)))
    return "\n".join(parts)


def _of(bindings: Iterable[object]) -> list[tuple[str, str, str, str]]:
    return [
        (keys_text(tuple(one.key.split(","))), one.description, one.id or "", "")
        for one in bindings
        if isinstance(one, Binding)
    ]


def _table(title: str, rows: list[tuple[str, str, str, str]]) -> str:
    lines = [f"## {title}", "", "| keys | does | name | |", "| --- | --- | --- | --- |"]
    for keys, label, action_id, told in rows:
        shown = ", ".join(f"`{key}`" for key in keys.split(", "))
        lines.append(f"| {shown} | {label} | `{action_id}` | {told} |")
    return "\n".join(lines) + "\n"

"""Styles by role, from the theme's variables, each with a twin that needs no colour."""

from collections.abc import Mapping
from enum import StrEnum

from rich.style import Style

from inbox_tui.records import dataclass


class Role(StrEnum):
    """What a piece of text is. The look follows from it."""

    TEXT = "text"
    STRONG = "strong"
    MUTED = "muted"
    NAME = "name"
    UNREAD_NAME = "unread_name"
    CHANNEL = "channel"
    TIME = "time"
    AGENT = "agent"
    ME = "me"
    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    UNANSWERED = "unanswered"
    ANSWERED = "answered"
    CLOSED = "closed"
    UNREAD = "unread"
    STAR = "star"
    REASON = "reason"
    CURSOR = "cursor"
    MARK = "mark"
    HINT = "hint"
    KEY = "key"
    RULE = "rule"
    DAY = "day"
    UNREAD_RULE = "unread_rule"
    CUSTOMER = "customer"
    AUTHOR = "author"
    NOTE = "note"
    NOTE_TEXT = "note_text"
    HAPPENING = "happening"
    LINK = "link"
    GOOD = "good"
    PENDING = "pending"
    BAD = "bad"
    TAB = "tab"
    TAB_ON = "tab_on"


_COLOURS: dict[Role, tuple[str | None, str]] = {
    # role: (theme variable, attributes)
    Role.TEXT: (None, ""),
    Role.STRONG: (None, "bold"),
    Role.MUTED: ("muted", ""),
    Role.NAME: (None, ""),
    Role.UNREAD_NAME: (None, "bold"),
    Role.CHANNEL: ("muted", ""),
    Role.TIME: ("muted", ""),
    Role.AGENT: ("muted", ""),
    Role.ME: ("ink-accent", ""),
    Role.OVERDUE: ("ink-error", "bold"),
    Role.DUE_SOON: ("ink-warning", "bold"),
    Role.UNANSWERED: ("ink-accent", ""),
    Role.ANSWERED: ("muted", ""),
    Role.CLOSED: ("muted", ""),
    Role.UNREAD: ("ink-accent", "bold"),
    Role.STAR: ("ink-warning", ""),
    Role.REASON: ("ink-warning", ""),
    Role.CURSOR: ("ink-accent", "bold"),
    Role.MARK: ("ink-accent", "bold"),
    Role.HINT: ("ink-accent", "bold"),
    Role.KEY: ("ink-accent", "bold"),
    Role.RULE: ("line", ""),
    Role.DAY: ("muted", ""),
    Role.UNREAD_RULE: ("ink-accent", "bold"),
    Role.CUSTOMER: ("ink-customer", "bold"),
    Role.AUTHOR: ("ink-accent", "bold"),
    Role.NOTE: ("ink-note", "bold"),
    Role.NOTE_TEXT: ("ink-note", ""),
    Role.HAPPENING: ("muted", ""),
    Role.LINK: ("ink-accent", "underline"),
    Role.GOOD: ("ink-success", ""),
    Role.PENDING: ("muted", ""),
    Role.BAD: ("ink-error", "bold"),
    Role.TAB: ("muted", ""),
    Role.TAB_ON: ("ink-accent", "bold underline"),
}

_PLAIN: dict[Role, str] = {
    Role.STRONG: "bold",
    Role.UNREAD_NAME: "bold",
    Role.OVERDUE: "bold reverse",
    Role.DUE_SOON: "bold underline",
    Role.UNANSWERED: "bold",
    Role.UNREAD: "bold",
    Role.CURSOR: "bold",
    Role.MARK: "bold",
    Role.HINT: "bold",
    Role.KEY: "bold",
    Role.UNREAD_RULE: "bold",
    Role.CUSTOMER: "bold",
    Role.AUTHOR: "bold underline",
    Role.NOTE: "bold italic",
    Role.NOTE_TEXT: "italic",
    Role.LINK: "underline",
    Role.BAD: "bold reverse",
    Role.TAB_ON: "bold underline",
}

INKS = (
    "muted",
    "line",
    "ink-accent",
    "ink-error",
    "ink-warning",
    "ink-success",
    "ink-customer",
    "ink-note",
    "row-selected",
    "row-blurred",
)
"""The theme variables that looks need."""


@dataclass(frozen=True, eq=False)
class Looks:
    """The style of every role in one theme. ``name`` stands for the whole in cache keys."""

    name: str
    styles: Mapping[Role, Style]
    selected: Style
    blurred: Style
    """The ground of the selected row, in a focused list and in one that is not."""

    def __getitem__(self, role: Role) -> Style:
        return self.styles[role]


def looks_of(name: str, variables: Mapping[str, str]) -> Looks:
    """Return the looks of a theme from its resolved variables (``App.theme_variables``).

    A variable that the theme does not have leaves the text in the foreground colour, so that any
    of Textual's own themes stays readable.
    """
    styles = {
        role: Style.parse(f"{attributes} {_colour(variables, variable)}".strip() or "none")
        for role, (variable, attributes) in _COLOURS.items()
    }
    selected = _colour(variables, "row-selected")
    blurred = _colour(variables, "row-blurred")
    return Looks(
        name=name,
        styles=styles,
        selected=Style.parse(f"on {selected}" if selected else "reverse"),
        blurred=Style.parse(f"on {blurred}" if blurred else "underline"),
    )


def plain_looks() -> Looks:
    """Return the looks that use no colour at all (NO_COLOR)."""
    return Looks(
        name="plain",
        styles={role: Style.parse(_PLAIN.get(role, "none")) for role in Role},
        selected=Style(reverse=True),
        blurred=Style(underline=True),
    )


def _colour(variables: Mapping[str, str], name: str | None) -> str:
    value = variables.get(name, "") if name else ""
    return value if value.startswith("#") else ""

"""The registry of actions: ids, default keys, groups, and what each needs.

Labels and help are sentences of the catalogue: ``action.<id>`` and ``action.<id>.help``. The keys
here are the defaults; a key file may give others (:mod:`inbox_tui.tui.keys`).
"""

from enum import StrEnum
from typing import Final

from inbox_tui.records import dataclass


class Group(StrEnum):
    """Under which heading an action stands in the help."""

    LISTS = "lists"
    CHAT = "chat"
    SESSION = "session"
    WORK = "work"
    VIEW = "view"
    CASES = "cases"
    RULES = "rules"
    AUTOMATIC = "automatic"
    WALL = "wall"
    PEOPLE = "people"
    CODE = "code"
    CONTACTS = "contacts"
    PROGRAM = "program"


class Room(StrEnum):
    """On which screen an action can be done."""

    INBOX = "inbox"
    CASES = "cases"
    PEOPLE = "people"
    RULES = "rules"
    AUTOMATIC = "automatic"
    WALL = "wall"
    CODE = "code"
    CONTACTS = "contacts"
    ALL = "all"


class Needs(StrEnum):
    """What must be there before an action is possible; the reason it is not comes from this."""

    NOTHING = "nothing"
    LINE = "line"
    SESSION = "session"
    OPEN_SESSION = "open_session"
    FREE_SESSION = "free_session"
    CASE = "case"
    MINE_OPEN = "mine_open"
    SWITCH = "switch"
    MESSAGE = "message"
    HELD = "held"
    FILTER = "filter"
    SUPERVISOR = "supervisor"
    PICKED = "picked"
    PICKED_SERVED = "picked_served"
    COLLEAGUE = "colleague"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing a person can do.

    ``footer`` is its place there, 0 for not at all; ``everywhere`` counts while typing as well;
    ``offline`` means that it is possible without the backend.
    """

    id: str
    keys: tuple[str, ...] = ()
    group: Group
    needs: Needs = Needs.NOTHING
    room: Room = Room.INBOX
    footer: int = 0
    everywhere: bool = False
    offline: bool = False

    @property
    def label(self) -> str:
        """The catalogue's key of its name."""
        return f"action.{self.id}"

    @property
    def help(self) -> str:
        """The catalogue's key of the sentence that explains it."""
        return f"action.{self.id}.help"


def _lists() -> tuple[Action, ...]:
    names = ("mine", "unassigned", "team", "all", "starred", "closed")
    return tuple(
        Action(id=f"list.{name}", keys=(str(number),), group=Group.LISTS)
        for number, name in enumerate(names, start=1)
    )


def _wall() -> tuple[Action, ...]:
    told: tuple[tuple[str, tuple[str, ...], Needs, int], ...] = (
        ("look", ("o",), Needs.PICKED, 1),
        ("assign", ("a",), Needs.PICKED, 2),
        ("move", ("m",), Needs.PICKED, 3),
        ("take_back", ("b",), Needs.PICKED_SERVED, 4),
        ("note", ("n",), Needs.PICKED, 5),
        ("explain", ("w",), Needs.PICKED, 0),
        ("switch", ("A",), Needs.COLLEAGUE, 6),
        ("limit", ("L",), Needs.COLLEAGUE, 7),
        ("queues", ("1",), Needs.NOTHING, 0),
        ("agents", ("2",), Needs.NOTHING, 0),
        ("sessions", ("3",), Needs.NOTHING, 0),
        ("waiting", ("4",), Needs.NOTHING, 0),
        ("next_pane", ("right_square_bracket", "right"), Needs.NOTHING, 0),
        ("previous_pane", ("left_square_bracket", "left"), Needs.NOTHING, 0),
    )
    return _of_room(told, Group.WALL, Room.WALL, "wall")


def _rules() -> tuple[Action, ...]:
    told: tuple[tuple[str, tuple[str, ...], int], ...] = (
        ("edit", ("e", "enter"), 1),
        ("new", ("n",), 2),
        ("switch", ("s",), 3),
        ("try", ("t",), 4),
        ("up", ("K", "shift+up"), 5),
        ("down", ("J", "shift+down"), 6),
        ("delete", ("d",), 7),
    )
    return tuple(
        Action(id=f"rules.{name}", keys=keys, group=Group.RULES, room=Room.RULES, footer=footer)
        for name, keys, footer in told
    )


def _automatic() -> tuple[Action, ...]:
    told: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("edit", ("e", "enter")),
        ("switch", ("s",)),
        ("gap", ("i",)),
    )
    return tuple(
        Action(
            id=f"automatic.{name}",
            keys=keys,
            group=Group.AUTOMATIC,
            room=Room.AUTOMATIC,
            footer=footer,
        )
        for footer, (name, keys) in enumerate(told, start=1)
    )


def _people() -> tuple[Action, ...]:
    told: tuple[tuple[str, tuple[str, ...], Needs, int], ...] = (
        ("sessions", ("enter",), Needs.LINE, 1),
        ("code", ("c",), Needs.LINE, 2),
        ("contacts", ("b",), Needs.LINE, 3),
        ("details", ("p",), Needs.NOTHING, 4),
        ("activate", ("d",), Needs.LINE, 5),
        ("switch", ("A",), Needs.LINE, 6),
        ("limit", ("L",), Needs.LINE, 7),
        ("move_bindings", ("M",), Needs.LINE, 8),
        ("end_bindings", ("E",), Needs.LINE, 9),
        ("agents", ("1",), Needs.NOTHING, 0),
        ("teams", ("2",), Needs.NOTHING, 0),
        ("next_tab", ("right_square_bracket", "left_square_bracket"), Needs.NOTHING, 11),
    )
    return _of_room(told, Group.PEOPLE, Room.PEOPLE, "people")


def _code() -> tuple[Action, ...]:
    told: tuple[tuple[str, tuple[str, ...], Needs, int], ...] = (
        ("copy", ("c", "y"), Needs.NOTHING, 1),
        ("save", ("s",), Needs.NOTHING, 2),
        ("new", ("n",), Needs.LINE, 3),
        ("channel", ("v", "tab"), Needs.NOTHING, 4),
        ("assignee", ("t",), Needs.NOTHING, 5),
        ("change", ("e",), Needs.LINE, 6),
        ("revoke", ("d",), Needs.LINE, 7),
    )
    return _of_room(told, Group.CODE, Room.CODE, "code")


def _contacts() -> tuple[Action, ...]:
    told: tuple[tuple[str, tuple[str, ...], Needs, int], ...] = (
        ("chat", ("enter", "o"), Needs.LINE, 1),
        ("search", ("slash",), Needs.LINE, 2),
        ("bound", ("f",), Needs.LINE, 3),
        ("clear", ("x",), Needs.LINE, 4),
        ("details", ("p",), Needs.NOTHING, 5),
        ("move_binding", ("M",), Needs.LINE, 6),
        ("end_binding", ("E",), Needs.LINE, 7),
    )
    return _of_room(told, Group.CONTACTS, Room.CONTACTS, "contacts")


def _of_room(
    told: tuple[tuple[str, tuple[str, ...], Needs, int], ...], group: Group, room: Room, lead: str
) -> tuple[Action, ...]:
    return tuple(
        Action(
            id=f"{lead}.{name}",
            keys=keys,
            group=group,
            needs=needs,
            room=room,
            footer=footer,
            offline=needs is Needs.NOTHING,
        )
        for name, keys, needs, footer in told
    )


ACTIONS: Final[tuple[Action, ...]] = (
    *_lists(),
    Action(id="list.next_list", keys=("right_square_bracket",), group=Group.LISTS),
    Action(id="list.previous_list", keys=("left_square_bracket",), group=Group.LISTS),
    Action(id="list.sort", keys=("o",), group=Group.LISTS, footer=11),
    Action(id="list.search", keys=("slash",), group=Group.LISTS, footer=8),
    Action(id="list.state", keys=("f",), group=Group.LISTS),
    Action(id="list.channel", keys=("v",), group=Group.LISTS),
    Action(id="list.clear", keys=("x",), group=Group.LISTS, needs=Needs.FILTER, offline=True),
    Action(id="work.next", keys=("n",), group=Group.WORK, footer=7),
    Action(id="work.accept", keys=("A",), group=Group.WORK, needs=Needs.SWITCH, footer=12),
    Action(
        id="chat.reply",
        keys=("r", "i"),
        group=Group.CHAT,
        needs=Needs.OPEN_SESSION,
        footer=1,
        offline=True,
    ),
    Action(
        id="chat.note",
        keys=("a",),
        group=Group.CHAT,
        needs=Needs.SESSION,
        footer=2,
        offline=True,
    ),
    Action(id="chat.retry", keys=("R",), group=Group.CHAT, needs=Needs.MESSAGE),
    Action(id="chat.give_up", keys=("X",), group=Group.CHAT, needs=Needs.HELD, offline=True),
    Action(
        id="session.claim",
        keys=("c",),
        group=Group.SESSION,
        needs=Needs.FREE_SESSION,
        footer=3,
    ),
    Action(
        id="session.transfer",
        keys=("t",),
        group=Group.SESSION,
        needs=Needs.OPEN_SESSION,
        footer=4,
    ),
    Action(id="session.transfer_all", keys=("T",), group=Group.SESSION, needs=Needs.MINE_OPEN),
    Action(id="session.end", keys=("e",), group=Group.SESSION, needs=Needs.OPEN_SESSION, footer=5),
    Action(id="session.star", keys=("s",), group=Group.SESSION, needs=Needs.SESSION, footer=6),
    Action(
        id="session.priority",
        keys=("exclamation_mark",),
        group=Group.SESSION,
        needs=Needs.OPEN_SESSION,
    ),
    Action(id="session.category", keys=("y",), group=Group.SESSION, needs=Needs.OPEN_SESSION),
    Action(id="session.explain", keys=("w",), group=Group.SESSION, needs=Needs.SESSION),
    Action(id="session.case", keys=("E",), group=Group.SESSION, needs=Needs.CASE),
    Action(
        id="view.profile",
        keys=("p",),
        group=Group.VIEW,
        needs=Needs.SESSION,
        footer=9,
        offline=True,
    ),
    Action(id="view.cases", keys=("C",), group=Group.VIEW, needs=Needs.LINE),
    Action(id="view.people", keys=("P",), group=Group.VIEW),
    Action(id="view.contacts", keys=("B",), group=Group.VIEW, needs=Needs.LINE),
    Action(id="view.code", keys=("Q",), group=Group.VIEW, needs=Needs.LINE),
    Action(id="view.rules", keys=("D",), group=Group.VIEW),
    Action(id="view.automatic", keys=("M",), group=Group.VIEW),
    Action(id="view.wall", keys=("W",), group=Group.VIEW, needs=Needs.SUPERVISOR),
    Action(id="view.theme", keys=("ctrl+t",), group=Group.VIEW, room=Room.ALL, everywhere=True),
    Action(
        id="view.back",
        keys=("escape",),
        group=Group.VIEW,
        room=Room.ALL,
        footer=10,
        everywhere=True,
    ),
    Action(id="cases.search", keys=("slash",), group=Group.CASES, room=Room.CASES, footer=1),
    Action(id="cases.status", keys=("f",), group=Group.CASES, room=Room.CASES, footer=2),
    Action(id="cases.chat", keys=("o",), group=Group.CASES, room=Room.CASES, footer=3),
    *_rules(),
    *_automatic(),
    *_wall(),
    *_people(),
    *_code(),
    *_contacts(),
    Action(
        id="app.help",
        keys=("question_mark", "f1"),
        group=Group.PROGRAM,
        room=Room.ALL,
        footer=12,
    ),
    Action(id="app.palette", keys=("ctrl+p",), group=Group.PROGRAM, room=Room.ALL, everywhere=True),
    Action(
        id="app.quit", keys=("q", "ctrl+q"), group=Group.PROGRAM, room=Room.ALL, everywhere=True
    ),
)
"""Every action, in the order in which the help shows them."""


def actions_of(room: Room) -> tuple[Action, ...]:
    """Return what can be done on a screen, in the order of the registry."""
    return tuple(action for action in ACTIONS if action.room in (room, Room.ALL))


BY_ID: Final = {action.id: action for action in ACTIONS}
"""Actions by id."""


def keys_text(keys: tuple[str, ...]) -> str:
    """Return keys as people read them: ``/``, ``Ctrl+P``, ``Esc``."""
    return ", ".join(_NAMES.get(key) or _plain(key) for key in keys)


_NAMES = {
    "slash": "/",
    "question_mark": "?",
    "exclamation_mark": "!",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "escape": "Esc",
    "enter": "Enter",
    "space": "Space",
    "tab": "Tab",
}


def _plain(key: str) -> str:
    if len(key) == 1:
        return key
    return "+".join(part.title() for part in key.split("+"))

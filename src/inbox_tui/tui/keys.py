"""Keys of one's own: a small file that gives actions other keys (U1).

One assignment a line, ``session.claim = c, f2``; ``#`` begins a comment; an empty right side takes
the keys away. What is wrong is said with its line, and the rest still counts.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from textual.keys import Keys

from inbox_tui.records import dataclass, field
from inbox_tui.tui.actions.registry import ACTIONS, BY_ID, Room

_NAMED = {key.value for key in Keys} | {
    "slash",
    "question_mark",
    "exclamation_mark",
    "left_square_bracket",
    "right_square_bracket",
    "full_stop",
    "comma",
    "minus",
    "plus",
    "equals_sign",
    "colon",
    "semicolon",
    "at",
    "number_sign",
    "asterisk",
    "space",
}
_SPELLED = {
    "/": "slash",
    "?": "question_mark",
    "!": "exclamation_mark",
    "[": "left_square_bracket",
    "]": "right_square_bracket",
    ".": "full_stop",
    "-": "minus",
    "=": "equals_sign",
    ":": "colon",
    ";": "semicolon",
    "@": "at",
    "*": "asterisk",
}


@dataclass(frozen=True, slots=True)
class Keymap:
    """Keys by action, and what was wrong in the file."""

    keys: Mapping[str, tuple[str, ...]]
    problems: list[str] = field(default_factory=list)

    def of(self, action_id: str) -> tuple[str, ...]:
        """Return the keys of an action."""
        return self.keys.get(action_id, ())


def default_keymap() -> Keymap:
    """Return the keys of the registry."""
    return Keymap({action.id: action.keys for action in ACTIONS})


def load_keymap(path: Path) -> Keymap:
    """Read a key file; without one, the defaults. Never raises: problems are told."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except FileNotFoundError:
        return default_keymap()
    except (OSError, UnicodeDecodeError) as error:
        defaults = default_keymap()
        return Keymap(defaults.keys, [f"{path.name}: {error}"])
    return read_keymap(lines, path.name)


def read_keymap(lines: Iterable[str], name: str) -> Keymap:
    """Read the lines of a key file called ``name``."""
    keys = dict(default_keymap().keys)
    own: dict[str, int] = {}
    problems: list[str] = []
    for number, raw in enumerate(lines, start=1):
        line = raw.partition("#")[0].strip()
        if not line:
            continue
        where = f"{name}:{number}"
        action_id, equals, told = (part.strip() for part in line.partition("="))
        if not equals:
            problems.append(f"{where}: expected ACTION = KEYS")
        elif action_id not in BY_ID:
            problems.append(f"{where}: there is no action {action_id}")
        else:
            wanted = tuple(key for key in map(_key, told.split(",")) if key)
            wrong = [key for key in wanted if not _is_key(key)]
            problems += [f"{where}: there is no key {key}" for key in wrong]
            if not wrong:
                keys[action_id] = wanted
                own[action_id] = number
    return Keymap(_without_clashes(keys, own, name, problems), problems)


def _without_clashes(
    keys: Mapping[str, tuple[str, ...]], own: Mapping[str, int], name: str, problems: list[str]
) -> dict[str, tuple[str, ...]]:
    """Give each key to one action of a screen: an own assignment takes it from a default one."""
    taken: dict[str, list[str]] = {}
    result: dict[str, tuple[str, ...]] = {}
    for action_id in sorted(keys, key=lambda one: (one not in own, own.get(one, 0))):
        kept = []
        for key in keys[action_id]:
            others = taken.setdefault(key, [])
            other = next((one for one in others if _meet(one, action_id)), None)
            if other is None:
                others.append(action_id)
                kept.append(key)
            elif action_id in own:
                where = f"{name}:{own[action_id]}"
                problems.append(f"{where}: {key} is the key of {other} already")
        result[action_id] = tuple(kept)
    return result


def _meet(one: str, other: str) -> bool:
    """Say whether two actions can be done on the same screen."""
    rooms = {BY_ID[one].room, BY_ID[other].room}
    return len(rooms) == 1 or Room.ALL in rooms


def _key(told: str) -> str:
    told = told.strip()
    return _SPELLED.get(told, told)


def _is_key(key: str) -> bool:
    last = key.rpartition("+")[2]
    modifiers = key.split("+")[:-1]
    known = (len(last) == 1 and last.isprintable()) or last in _NAMED
    return known and all(one in ("ctrl", "shift", "alt") for one in modifiers)

"""What customers make of a code they are asked to send unchanged."""

from enum import StrEnum

from inbox_tui.records import dataclass

_START = "/start "
"""What Telegram's button puts before a code; nobody who types it by hand writes that."""


class Habit(StrEnum):
    """How somebody sends a code."""

    SENDS = "sends"
    EDITS = "edits"
    ADDS = "adds"
    FORGETS = "forgets"
    TWICE = "twice"


@dataclass(frozen=True, slots=True)
class Sending:
    """What is sent in place of the text in the box (None: that text), and how often."""

    text: str | None = None
    times: int = 1


def sending(habit: Habit, prefilled: str, *, slip: int, words: str) -> Sending:
    """Return what somebody sends who found ``prefilled`` in the message box.

    ``slip`` chooses the letter that comes out wrong, ``words`` are what is written beside the code.
    """
    code = prefilled.removeprefix(_START)
    match habit:
        case Habit.SENDS:
            return Sending()
        case Habit.TWICE:
            return Sending(times=2)
        case Habit.FORGETS:
            return Sending(times=0)
        case Habit.ADDS:
            return Sending(text=f"{words} {code}")
        case Habit.EDITS:
            return Sending(text=_slipped(code, slip))


def _slipped(code: str, slip: int) -> str:
    """Return a code with one letter wrong, none of those that say that it is a code."""
    prefix, dash, rest = code.partition("-")
    places = [at for at, letter in enumerate(rest) if letter.isalpha()]
    if not places:
        return code
    at = places[slip % len(places)]
    wrong = "a" if rest[at] != "a" else "e"
    return f"{prefix}{dash}{rest[:at]}{wrong}{rest[at + 1 :]}"

"""Reads values of a workspace file: what each may be, and how to say that it is not.

Every fault is noted with its key path and its line, and reading goes on, so that all of them are
told at once. What a fault says never has a secret in it.
"""

import difflib
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from inbox_tui.backend.workspace.lines import Path, line_of, shown
from inbox_tui.clock import Millis
from inbox_tui.errors import InvalidWorkspace
from inbox_tui.text import safe_line

T = TypeVar("T")

MOST_NAME = 100
MOST_TYPED = 40
MOST_TAG = 60
"""Characters of a name that is shown, of one that is typed, and of a tag, a tier or a skill."""

LONGEST: Millis = 3_650 * 86_400_000
"""Ten years: more is a slip of the pen."""

_UNITS: Mapping[str, Millis] = {
    "ms": 1,
    "s": 1_000,
    "m": 60_000,
    "h": 3_600_000,
    "d": 86_400_000,
    "w": 604_800_000,
}
_DURATION = re.compile(r"(?:\d+(?:ms|s|m|h|d|w))+")
_PART = re.compile(r"(\d+)(ms|s|m|h|d|w)")
_SHOWN_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in the file: where, in which line, and what."""

    path: str
    line: int | None
    detail: str

    def __str__(self) -> str:
        where = f"line {self.line}: " if self.line is not None else ""
        path = f"{self.path}: " if self.path else ""
        return f"{where}{path}{self.detail}"


class Faults:
    """Collects what is wrong. :meth:`refuse` raises it, if there is any."""

    def __init__(self, lines: dict[Path, int]) -> None:
        self._lines = lines
        self._found: list[Fault] = []

    @property
    def found(self) -> Sequence[Fault]:
        """The faults, in the order in which they were noted."""
        return self._found

    def note(self, path: Path, detail: str) -> None:
        """Note a fault at a path."""
        self._found.append(Fault(safe_line(shown(path)), line_of(self._lines, path), detail))

    def refuse(self) -> None:
        """Raise InvalidWorkspace with every fault, the first line of the file first."""
        if self._found:
            raise invalid(sorted(self._found, key=lambda fault: fault.line or 0))


def invalid(faults: list[Fault]) -> InvalidWorkspace:
    """Return the error that tells these faults."""
    first = faults[0]
    more = len(faults) - 1
    hint = None
    if more:
        hint = "Also wrong: " + "; ".join(str(fault).rstrip(".") for fault in faults[1:]) + "."
    return InvalidWorkspace(
        str(first),
        hint=hint,
        data={
            "path": first.path,
            "line": first.line,
            "errors": [
                {"path": fault.path, "line": fault.line, "detail": fault.detail} for fault in faults
            ],
        },
    )


class NotThat(ValueError):
    """A value is not what its key takes; the message is a sentence without its subject."""


Check = Callable[[Any], Any]
"""Turns a value of the file into the one that is kept. Raises NotThat."""


def read_table(
    table: Mapping[str, Any], path: Path, checks: Mapping[str, Check], faults: Faults
) -> dict[str, Any]:
    """Return the values of a table that are there and right; note the others."""
    read: dict[str, Any] = {}
    for key, value in table.items():
        check = checks.get(key)
        if check is None:
            faults.note((*path, key), unknown("key", key, checks))
            continue
        try:
            read[key] = check(value)
        except NotThat as error:
            faults.note((*path, key), str(error))
    return read


def unknown(what: str, given: str, known: Iterable[str]) -> str:
    """Say that there is no such key, agent or team, and which one may have been meant."""
    choices = list(known)
    close = difflib.get_close_matches(given, choices, n=1, cutoff=0.6)
    said = f"there is no {what} {brief(given)}"
    return f"{said}; did you mean “{close[0]}”?" if close else f"{said}."


def brief(value: object) -> str:
    """Return a value quoted for an error: safe, on one line, not endless."""
    text = safe_line(str(value))
    return f"“{text[:_SHOWN_LENGTH]}…”" if len(text) > _SHOWN_LENGTH else f"“{text}”"


def a_string(value: object, *, most: int = MOST_NAME, empty: bool = False) -> str:
    """Check a text of one line."""
    if not isinstance(value, str):
        raise NotThat("has to be a text in quotes.")
    text = safe_line(value)
    if not text and not empty:
        raise NotThat("is empty.")
    if len(text) > most:
        raise NotThat(f"is longer than {most} characters.")
    return text


def a_text(most: int) -> Check:
    """Check a text of one line, of at most so many characters."""
    return lambda value: a_string(value, most=most)


def or_nothing(check: Check) -> Check:
    """Check what may also be "", which takes back what was set; that is kept as it is."""
    return lambda value: value if value == "" else check(value)


def or_none(check: Check) -> Check:
    """Check what may also be "", which takes back what was set and is kept as None."""
    return lambda value: None if value == "" else check(value)


def fits_name(character: str) -> bool:
    """Say whether a nickname may have this character: letters of any script, with their marks."""
    return (
        character.isalnum() or character in "-_." or unicodedata.category(character).startswith("M")
    )


def fits_slug(character: str) -> bool:
    """Say whether a slug, which stands in addresses, may have this character."""
    return character.isascii() and fits_name(character)


def a_name(fits: Callable[[str], bool], reserved: Collection[str]) -> Check:
    """Check a name that people type."""

    def check(value: object) -> str:
        text = a_string(value, most=MOST_TYPED)
        if not text[0].isalnum() or not all(fits(character) for character in text):
            ascii_only = "ASCII " if fits is fits_slug else ""
            raise NotThat(
                f"{brief(text)} has to begin with a letter or digit, and have only "
                f"{ascii_only}letters, digits, “-”, “_” and “.”."
            )
        if text in reserved:
            raise NotThat(f"{brief(text)} has a meaning of its own; take another.")
        return text

    return check


def one_of(words: type[T]) -> Check:
    """Check a word of a vocabulary (a StrEnum)."""
    choices = [str(word) for word in words]  # type: ignore[attr-defined]

    def check(value: object) -> T:
        if not isinstance(value, str) or value not in choices:
            close = difflib.get_close_matches(str(value), choices, n=1, cutoff=0.6)
            meant = f"; did you mean “{close[0]}”?" if close else "."
            raise NotThat(f"has to be one of {', '.join(choices)}{meant}")
        return words(value)  # type: ignore[call-arg]

    return check


def a_whole_number(least: int, most: int) -> Check:
    """Check a whole number."""

    def check(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise NotThat(f"has to be a whole number from {least} to {most:,}.")
        return value

    return check


def a_limit(value: object) -> int | None:
    """Check a limit of open sessions; "default" is the workspace's."""
    if value == "default":
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 10_000:
        raise NotThat('has to be a whole number from 0 to 10,000, or "default".')
    return value


def a_weight(value: object) -> float:
    """Check a weight (R4)."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 100:
        raise NotThat("has to be a number over 0, at most 100.")
    return float(value)


def a_bool(value: object) -> bool:
    """Check true or false."""
    if not isinstance(value, bool):
        raise NotThat("has to be true or false.")
    return value


def a_duration(*, zero: bool = False, off: bool = False, never: bool = False) -> Check:
    """Check a duration such as "90s", "1h30m" or "7d".

    "off" is kept as 0 where ``off`` is allowed; where ``never`` is, it is None, and so is "".
    """

    def check(value: object) -> Millis | None:
        if never and value in ("off", ""):
            return None
        if off and value == "off":
            return 0
        if zero and value == 0 and not isinstance(value, bool):
            return 0
        if not isinstance(value, str) or not _DURATION.fullmatch(value):
            other = ', or "off"' if off or never else ""
            raise NotThat(f'has to be a duration such as "20s", "2m", "24h" or "7d"{other}.')
        total = sum(int(number) * _UNITS[unit] for number, unit in _PART.findall(value))
        if total == 0 and not zero:
            raise NotThat("has to be longer than nothing.")
        if total > LONGEST:
            raise NotThat("is longer than ten years.")
        return total

    return check


def a_list(check: Check) -> Check:
    """Check a list without repetition. Faults of its items are the reader's to place."""

    def check_all(value: object) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise NotThat("has to be a list in square brackets.")
        found = tuple(check(item) for item in value)
        repeated = [item for position, item in enumerate(found) if item in found[:position]]
        if repeated:
            raise NotThat(f"has {brief(repeated[0])} twice.")
        return found

    return check_all


TAGS: Check = a_list(a_text(MOST_TAG))
"""Checks a list of tags, tiers or skills."""


def a_table(written: str) -> Check:
    """Check a table, whose keys are read on their own; ``written`` is how one looks."""

    def check(value: object) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            raise NotThat(f"has to be a table: {written}.")
        return value

    return check


def a_language(value: object) -> str:
    """Check a language tag such as "th" or "zh-Hant"; kept in the case of RFC 5646, 2.1.1."""
    text = a_string(value, most=35)
    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", text):
        raise NotThat(f'{brief(text)} has to be a language code such as "th" or "en".')
    first, *parts = text.lower().split("-")
    cases: Mapping[int, Callable[[str], str]] = {2: str.upper, 4: str.title}
    return "-".join([first, *(cases.get(len(part), str)(part) for part in parts)])


def a_timezone(value: object) -> str:
    """Check a time zone's name, as the IANA database has them."""
    from zoneinfo import ZoneInfo, available_timezones

    text = a_string(value)
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        raise NotThat(unknown("time zone", text, available_timezones())) from None
    return text


def an_address(value: object) -> str:
    """Check an http or https address, or nothing."""
    text = a_string(value, most=500, empty=True).rstrip("/")
    if text:
        try:
            parts = urlsplit(text)
            fine = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.query
        except ValueError:
            fine = False
        if not fine or any(character.isspace() for character in text):
            raise NotThat("has to be an address that begins with http:// or https://.")
    return text

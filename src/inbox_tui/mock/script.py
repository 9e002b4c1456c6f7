"""What can be said: the dialogues and scenarios that ship with the program, read from their files.

A *pack* holds the customers and dialogues of one language, a *scenario* says how often who comes.
How to write one stands in ``docs/mock.md``.
"""

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from inbox_tui.errors import Invalid, NotFound
from inbox_tui.mock.habits import Habit
from inbox_tui.mock.words import FaultKind, Platform
from inbox_tui.wire.words import ContentKind

T = TypeVar("T")

LANGUAGES = ("th", "vi", "en")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One message of a customer. In a file, a plain string is a text."""

    kind: ContentKind = ContentKind.TEXT
    text: str = ""
    file_name: str | None = None
    sticker: str | None = None
    title: str | None = None
    address: str | None = None
    latitude: float = 13.7563
    longitude: float = 100.5018


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What a customer says at once, and what a good colleague answers.

    The last turn of a dialogue has no answer: it is the goodbye.
    """

    says: list[Line]
    answer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialogue:
    """A talk, and the title and tags of the case that is kept of it."""

    title: str
    turns: list[Turn]
    tags: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """The people and dialogues of one language.

    ``men`` are people who say ``endings`` in place of what is written (Thai has its particles).
    ``scanners`` are people who come by a code, and say ``scanned`` first. ``holding`` are answers
    that fit everything, ``welcome`` those to a thank-you.
    """

    language: str
    people: list[str]
    dialogues: list[Dialogue]
    impatient: list[str]
    leaves: list[str]
    holding: list[str]
    welcome: list[str]
    scanners: list[str]
    scanned: list[str]
    men: list[str] = field(default_factory=list)
    endings: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrivals:
    """How customers come: ``first`` of them ``within`` seconds, then one each ``every`` a–b s."""

    first: int = 5
    within: float = 6.0
    every: tuple[float, float] = (20.0, 40.0)
    at_once: int = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultAt:
    """A fault asked for ``at`` seconds after the start."""

    at: float
    kind: FaultKind
    count: int = 1
    method: str = "send"
    seconds: float = 1.0
    size: int = 2
    status: int = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanAt:
    """Somebody who scans a code ``at`` seconds after the start, and then asks something.

    ``whose`` is the nickname or team whose code it is, as the links are named that are handed to
    the story. ``does`` is what they make of it; ``returns`` seconds after they left they come back
    with another question. Language and platform are chosen where they are not given.
    """

    at: float
    whose: str
    does: Habit = Habit.SENDS
    returns: float | None = None
    language: str | None = None
    platform: Platform | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Who comes how often. ``platforms`` is the share of LINE in each language."""

    title: str
    arrivals: Arrivals = field(default_factory=Arrivals)
    languages: dict[str, int] = field(default_factory=lambda: {"th": 9, "vi": 6, "en": 5})
    platforms: dict[str, float] = field(default_factory=dict)
    faults: list[FaultAt] = field(default_factory=list)
    scans: list[ScanAt] = field(default_factory=list)


def scenarios() -> list[str]:
    """Return the names of the scenarios that ship with the program."""
    folder = resources.files(__package__) / "scenarios"
    return sorted(
        item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml")
    )


def scenario(name: str) -> Scenario:
    """Return a scenario by name, or from the file of that path.

    Raises NotFound, or Invalid when the file is wrong.
    """
    if name in scenarios():
        text = (resources.files(__package__) / "scenarios" / f"{name}.toml").read_text("utf-8")
    elif (path := Path(name)).suffix == ".toml" and path.is_file():
        text = path.read_text("utf-8")
    else:
        raise NotFound(
            f"There is no scenario {name!r}.", hint=f"There are: {', '.join(scenarios())}."
        )
    found = _read(text, Scenario, name)
    spoken = {scan.language for scan in found.scans if scan.language is not None}
    unknown = (set(found.languages) | spoken) - set(LANGUAGES)
    if unknown or not any(count > 0 for count in found.languages.values()):
        raise Invalid(f"{name}: languages are some of {', '.join(LANGUAGES)}.")
    low, high = found.arrivals.every
    if not 0 < low <= high:
        raise Invalid(f"{name}: arrivals.every is two numbers of seconds, the smaller first.")
    return found


@cache
def pack(language: str) -> Pack:
    """Return the people and dialogues of a language."""
    folder = resources.files(__package__) / "dialogues"
    return _read((folder / f"{language}.toml").read_text("utf-8"), Pack, f"{language}.toml")


def _read(text: str, into: type[T], name: str) -> T:
    try:
        return msgspec.convert(_lines(tomllib.loads(text)), type=into)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise Invalid(f"{name}: {error}.") from None


def _lines(value: Any) -> Any:  # noqa: ANN401 - any TOML
    """Write plain strings under ``says`` out as lines."""
    if isinstance(value, list):
        return [_lines(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: [{"text": item} if isinstance(item, str) else item for item in inner]
        if key == "says" and isinstance(inner, list)
        else _lines(inner)
        for key, inner in value.items()
    }

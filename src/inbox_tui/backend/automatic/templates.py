"""The texts of automatic messages: checked, chosen, filled in (M8). Pure.

A text is lines with variables in braces. **A line that names something of which there is nothing
to say is left out**, so that nobody reads "your wait is about" (M9); a message of which no line is
left is not sent.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from inbox_tui.backend.automatic import texts_en, texts_th, texts_vi
from inbox_tui.backend.automatic.kinds import VARIABLES
from inbox_tui.channels.port import utf16_length
from inbox_tui.text import safe_text
from inbox_tui.wire.words import Automatic

BUILT_IN: Final[Mapping[str, Mapping[Automatic, str]]] = {
    "en": texts_en.TEXTS,
    "th": texts_th.TEXTS,
    "vi": texts_vi.TEXTS,
}
"""The texts that come with the program, by language."""
LAST_RESORT: Final = "en"

MOST_TEXT: Final = 2_000
"""Characters of a template."""

ALL_CHANNELS: Final = 0
"""In place of a channel's id."""

_VARIABLE: Final = re.compile(r"\{([^{}\n]*)\}")
_BRACE: Final = re.compile(r"[{}]")

Own = Mapping[tuple[Automatic, str, int], str]
"""Texts written here, by kind, language and channel id."""

Value = str | Callable[[str], str | None] | None
"""What a variable stands for: a text, what makes one in a language, nothing to say."""


class BadTemplate(ValueError):
    """A text that cannot be a template; the message says why, in plain words."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A template filled in: its text, and the variables that had nothing to say."""

    text: str
    empty: tuple[str, ...] = ()


def checked(kind: Automatic, text: str) -> str:
    """Return a text as it is kept: safe, without blanks around it.

    Raises BadTemplate, for an unknown variable or a brace that belongs to none among others.
    """
    text = safe_text(text).strip()
    if not text:
        raise BadTemplate("The text is empty.")
    if len(text) > MOST_TEXT:
        raise BadTemplate(f"The text is too long: {len(text):,} of {MOST_TEXT:,} characters.")
    allowed = VARIABLES[kind]
    for name in _VARIABLE.findall(text):
        if name not in allowed:
            offered = ", ".join(f"{{{each}}}" for each in allowed)
            raise BadTemplate(
                f"There is no variable {{{name[:40]}}} in a message of the kind {kind}; "
                f"there are {offered}."
            )
    stray = _BRACE.search(_VARIABLE.sub("", text))
    if stray is not None:
        raise BadTemplate(
            f"A “{stray[0]}” stands alone: braces are for variables such as {{{allowed[0]}}}."
        )
    return text


def choose(kind: Automatic, languages: Sequence[str], channel_id: int, own: Own) -> tuple[str, str]:
    """Return the text for a channel, and its language.

    ``languages`` is what to look for, the best first: the customer's, then the workspace's. In each
    the own text for the channel comes first, then the own one for all, then the built-in one.
    """
    for language in languages:
        built_in = BUILT_IN.get(language, {})
        text = (
            own.get((kind, language, channel_id))
            or own.get((kind, language, ALL_CHANNELS))
            or built_in.get(kind)
        )
        if text:
            return text, language
    return BUILT_IN[LAST_RESORT][kind], LAST_RESORT


def fill(text: str, values: Mapping[str, Value], language: str) -> Filled:
    """Fill in a text; lines whose variables have nothing to say are left out."""
    said: dict[str, str] = {}
    for name in dict.fromkeys(_VARIABLE.findall(text)):
        value = values.get(name)
        said[name] = (value(language) if callable(value) else value) or ""
    lines = [
        _VARIABLE.sub(lambda found: said[found[1]], line)
        for line in text.splitlines()
        if all(said[name] for name in _VARIABLE.findall(line))
    ]
    empty = tuple(name for name, value in said.items() if not value)
    return Filled("\n".join(lines).strip(), empty)


def fit(text: str, most: int) -> str:
    """Return a text that a channel carries, which takes ``most`` UTF-16 code units.

    Whole lines fall away from the end, as long as one stays; that one is cut.
    """
    while utf16_length(text) > most and "\n" in text:
        text = text.rpartition("\n")[0].rstrip()
    if utf16_length(text) <= most:
        return text
    while text and utf16_length(text) >= most:
        text = text[: most - 1 if len(text) >= most else -1]
    return text.rstrip() + "…"

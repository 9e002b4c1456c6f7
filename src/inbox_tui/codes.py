"""The form of codes: made, checked, and found in what a contact writes (Q1, Q3).

``ibx-kato-miru-sabe``: a fixed prefix, then three groups of two syllables, a consonant and a vowel
each, which can be read aloud in English, Thai and Vietnamese. The last syllable checks the others,
so that a code with one letter changed, two letters exchanged or a part cut off is none: it is told
from a code as it was made without asking a table. Whom a code is for, and whether it still binds,
is left to :mod:`inbox_tui.backend.codes`.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

PREFIX: Final = "ibx-"
"""What every code begins with. A message without it is never taken for a code (Q3)."""

CONSONANTS: Final = "bdfghjklmnprst"
VOWELS: Final = "aeiou"
SYLLABLES: Final = 6
"""The last of them is the check."""
LENGTH: Final = len(PREFIX) + SYLLABLES * 2 + 2

PRIME: Final = 67
WEIGHTS: Final = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29)
"""What each letter before the check counts, modulo :data:`PRIME`.

The values of two letters of a kind differ by less than the prime, and no weight is 0: so a changed
letter changes the sum. No two weights are equal, nor opposite to those of the check's own letters:
so two letters that are exchanged, wherever they stand, change it too.
"""

_FORM = re.compile(
    f"{PREFIX}(?:[{CONSONANTS}][{VOWELS}]){{2}}(?:-(?:[{CONSONANTS}][{VOWELS}]){{2}}){{2}}"
)
# fmt: off
_RUDE = (
    "dik", "dit", "duma", "dume", "fag", "fuk", "homo", "hore", "kaka", "kok", "lon", "ngu", "nige",
    "nigo", "nude", "pedo", "pusi", "puta", "puto", "rape", "sat", "tit",
)
# fmt: on
"""Syllables side by side that are heard as a word of abuse, in English, Thai or Vietnamese."""

# Trimmed off both ends: white space, and what takes no room and comes along when text is copied.
_TRIMMED = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
    "\xad\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067"
    "\u2068\u2069\ufeff"
)
_HYPHENS = "-\ufe63\uff0d"
# A hyphen after what may be folded to an x: one of the blocks of styled letters, or the letter.
_MAYBE_PREFIX = re.compile(
    f"[{_HYPHENS}](?<=[xX\u02e3\u2093\u2100-\u218f\u2460-\u24ff\u3300-\u33ff\uff00-\uffef"
    f"\U0001d400-\U0001d7ff\U0001f100-\U0001f1ff][{_HYPHENS}])"
)
# Nothing is given back once taken: a text made for it cannot make this slow.
_CODE_WORDS = re.compile(rf"(?:{PREFIX}[a-z0-9-]*+[\W_]*+)++")
_PLAIN = re.compile(r"[a-z0-9-]")
MOST_ALONE: Final = 120
"""Characters, beyond which a message that carries the prefix is more than a code."""
MOST_STRANGE: Final = 2
"""Characters that no code has in what is still a code with something changed, not a sentence."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message that carries the prefix is.

    ``code`` is the code that it is, None when it is an altered one. ``alone`` says that it is
    nothing else: a message with other words beside it is also what a customer had to say (Q7).
    """

    code: str | None
    alone: bool


def make(pick: Callable[[int], int]) -> str:
    """Return a new code; ``pick(n)`` gives a random number of ``range(n)``."""
    while True:
        letters = "".join(
            CONSONANTS[pick(len(CONSONANTS))] + VOWELS[pick(len(VOWELS))]
            for _ in range(SYLLABLES - 1)
        )
        letters += _check(letters)
        if not any(word in letters for word in _RUDE):
            return PREFIX + "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def is_code(text: str) -> bool:
    """Say whether a folded text is a code as one was made: its form, and its check."""
    if _FORM.fullmatch(text) is None:
        return False
    letters = text[len(PREFIX) :].replace("-", "")
    return _check(letters[:-2]) == letters[-2:]


def fold(text: str) -> str:
    """Return a text as codes are compared: trimmed, NFKC- and case-folded (Q3)."""
    folded = unicodedata.normalize("NFKC", text.strip(_TRIMMED)).casefold()
    return folded.strip(_TRIMMED)


def read(text: str) -> Reading | None:
    """Return what a message is if it carries the prefix; None for every other message.

    That a message does not carry it is found out at next to no cost, however long it is.
    """
    if not _carries_prefix(text):
        return None
    text = text.strip(_TRIMMED)
    if len(text) > MOST_ALONE:
        return Reading(None, alone=False)
    folded = fold(text)
    if is_code(folded):
        return Reading(folded, alone=True)
    return Reading(None, alone=_is_alone(folded))


def _check(letters: str) -> str:
    """Return the syllable that checks the letters of the others."""
    values = (_value(letter) for letter in letters)
    total = sum(weight * value for weight, value in zip(WEIGHTS, values, strict=True)) % PRIME
    return CONSONANTS[total // len(VOWELS)] + VOWELS[total % len(VOWELS)]


def _value(letter: str) -> int:
    return VOWELS.index(letter) if letter in VOWELS else CONSONANTS.index(letter)


def _carries_prefix(text: str) -> bool:
    if text.isascii():
        return "-" in text and PREFIX in text.lower()
    if not any(hyphen in text for hyphen in _HYPHENS):
        return False
    # No character is folded to more than one letter of the prefix: four are enough to look at.
    ends = (found.end() for found in _MAYBE_PREFIX.finditer(text))
    return any(fold(text[max(0, end - 4) : end]).endswith(PREFIX) for end in ends)


def _is_alone(folded: str) -> bool:
    """Say whether a folded text is no more than a code that was altered.

    Either nothing else is in it but what clings to the prefix; or it is as long as a code, give or
    take one character, and hardly anything in it is what no code has: a space for a hyphen.
    """
    start, end = 0, len(folded)
    while start < end and not folded[start].isalnum():
        start += 1
    while end > start and not folded[end - 1].isalnum() and folded[end - 1] != "-":
        end -= 1
    core = folded[start:end]
    if _CODE_WORDS.fullmatch(core):
        return True
    strange = len(_PLAIN.sub("", core))
    return core.startswith(PREFIX) and abs(len(core) - LENGTH) <= 1 and strange <= MOST_STRANGE

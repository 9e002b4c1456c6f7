"""Look up a sentence by its key.

Sentences are written so that they need no plural forms ("new: 3", "3 new"). Values are put in by
name and never read as a pattern, so text from outside can stand in them.
"""

import importlib
from collections.abc import Mapping
from functools import lru_cache
from typing import Self

LANGUAGES = ("en", "th", "vi")
"""The languages that have a catalogue."""

FALLBACK = "en"
PARTS = ("{}", "screens_{}", "wall_{}", "rules_{}", "explain_{}", "automatic_{}", "codes_{}")
"""The modules of each language."""


@lru_cache
def table(language: str) -> Mapping[str, str]:
    """Return the sentences of ``language`` by key; raises KeyError for a language without any."""
    if language not in LANGUAGES:
        raise KeyError(language)
    sentences: dict[str, str] = {}
    for part in PARTS:
        name = part.format(language)
        sentences |= importlib.import_module(f"inbox_tui.locale.{name}").SENTENCES
    return sentences


class Catalogue:
    """The sentences of one language, with English where it has none."""

    def __init__(self, language: str, sentences: Mapping[str, str]) -> None:
        self.language = language
        self._sentences = sentences
        self._fallback = table(FALLBACK)

    @classmethod
    def of(cls, language: str) -> Self:
        """Return the catalogue of a language tag such as ``th`` or ``th-TH``; unknown: English."""
        short = language.replace("_", "-").split("-", maxsplit=1)[0].lower()
        known = short if short in LANGUAGES else FALLBACK
        return cls(known, table(known))

    def __repr__(self) -> str:
        return f"Catalogue({self.language!r})"

    def t(self, key: str, **values: object) -> str:
        """Return the sentence of ``key`` with ``values`` put in by name.

        A key that no language has comes back as itself, so that a forgotten sentence is seen and
        does not take the screen down. A value that the sentence does not name is ignored.
        """
        sentence = self._sentences.get(key) or self._fallback.get(key)
        if sentence is None:
            return key
        return sentence.format_map(values) if values else sentence

    def has(self, key: str) -> bool:
        """Say whether this language or English has ``key``."""
        return key in self._sentences or key in self._fallback

"""What a colleague answers: looked up in the dialogues, else something that always fits."""

import random
from dataclasses import dataclass, field
from functools import cache

from inbox_tui.mock import script
from inbox_tui.mock.script import Dialogue, Pack
from inbox_tui.wire.models import Content
from inbox_tui.wire.words import ContentKind

SHORT = 8
"""Up to so many characters, a line such as "hi" tells nothing about the dialogue."""

_VIETNAMESE = frozenset("ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽềếểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A reply; ``goodbye`` when the talk is over with it. ``title`` and ``tags`` suit its case."""

    text: str
    goodbye: bool = False
    title: str = ""
    tags: list[str] = field(default_factory=list)


def answer(asked: list[Content], language: str, choose: random.Random) -> Answer:
    """Return an answer to what a customer sent since the last reply, oldest first."""
    for content in reversed(asked):
        known = _known().get(_plain(content.text))
        if known is None:
            continue
        pack, talk, number = known
        reply = talk.turns[number].answer
        if reply is None:
            return Answer(
                text=choose.choice(pack.welcome), goodbye=True, title=talk.title, tags=talk.tags
            )
        return Answer(text=reply, title=talk.title, tags=talk.tags)
    pack = script.pack(language)
    if all(content.kind is ContentKind.STICKER for content in asked):
        return Answer(text=choose.choice(pack.welcome), goodbye=True)
    return Answer(text=choose.choice(pack.holding))


def language_of(text: str) -> str:
    """Guess which of the languages of the dialogues a text is in."""
    lowered = text.casefold()
    if any("\u0e00" <= character <= "\u0e7f" for character in lowered):
        return "th"
    return "vi" if any(character in _VIETNAMESE for character in lowered) else "en"


@cache
def _known() -> dict[str, tuple[Pack, Dialogue, int]]:
    return {
        _plain(line.text): (pack, talk, number)
        for pack in map(script.pack, script.LANGUAGES)
        for talk in pack.dialogues
        for number, turn in enumerate(talk.turns)
        for line in turn.says
        if len(line.text) > SHORT
    }


def _plain(text: str) -> str:
    """Return a text as it is written in the dialogues, whoever says it."""
    for pack in map(script.pack, script.LANGUAGES):
        for written, spoken in pack.endings.items():
            text = text.replace(written, spoken)
    return " ".join(text.split())

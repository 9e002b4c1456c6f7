"""The texts of one kind of message while somebody edits them (M8). Pure.

There is a text for each language and for each channel, or for all of them. What was typed is kept
for each place until it is saved, so that one may look at another one in between.
"""

from inbox_tui.records import dataclass, field
from inbox_tui.wire.automatic import AutomaticMessage, Template


@dataclass(frozen=True, slots=True)
class Place:
    """Which text: of a language, for a channel by its slug or for all (empty)."""

    language: str
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A text to be saved; empty: back to the one that would be used without it.

    ``version`` is that of the own text it takes the place of, 0 when there is none.
    """

    place: Place
    text: str
    version: int

    @property
    def is_reset(self) -> bool:
        """Whether the own text is given up."""
        return not self.text


@dataclass(slots=True)
class Texts:
    """The texts of ``message`` as stored, and over them what was typed."""

    message: AutomaticMessage
    typed: dict[Place, str] = field(default_factory=dict)
    versions: dict[Place, int] = field(default_factory=dict)

    def languages(self) -> list[str]:
        """Return every language that has a text."""
        return list(dict.fromkeys(each.language for each in self.message.templates))

    def own(self, place: Place) -> Template | None:
        """Return the text that somebody wrote for exactly this place."""
        return self._find(place, own=True)

    def beneath(self, place: Place) -> str:
        """Return the text that would be used without an own one: for all channels, or built-in."""
        if place.channel:
            for_all = self.own(Place(place.language))
            if for_all is not None:
                return for_all.text
        built_in = self._find(Place(place.language), own=False)
        return built_in.text if built_in is not None else ""

    def stored(self, place: Place) -> str:
        """Return the text that is used there now."""
        own = self.own(place)
        return own.text if own is not None else self.beneath(place)

    def text(self, place: Place) -> str:
        """Return the text as typed, else as stored."""
        return self.typed.get(place, self.stored(place))

    def type(self, place: Place, text: str) -> None:
        """Keep what was typed; what is as stored again is no change."""
        if text == self.stored(place):
            self.typed.pop(place, None)
        else:
            self.typed[place] = text

    def is_typed(self, place: Place) -> bool:
        """Whether a text differs from the stored one."""
        return place in self.typed

    def changes(self) -> list[Written]:
        """Return what is to be saved. What reads as the text beneath it is no text of its own."""
        return [
            Written(place, "" if self._is_reset(place, text) else text, self.version(place))
            for place, text in self.typed.items()
        ]

    def version(self, place: Place) -> int:
        """Return the version that a change of a place is meant for."""
        own = self.own(place)
        return self.versions.get(place, own.version if own is not None else 0)

    def saved(self, message: AutomaticMessage, place: Place) -> None:
        """Take in the message after a text was saved."""
        self.message = message
        self.typed.pop(place, None)
        self.versions.pop(place, None)

    def _is_reset(self, place: Place, text: str) -> bool:
        return self.own(place) is not None and text == self.beneath(place)

    def _find(self, place: Place, *, own: bool) -> Template | None:
        return next(
            (
                each
                for each in self.message.templates
                if each.own is own
                and each.language == place.language
                and (each.channel or "") == place.channel
            ),
            None,
        )


def own_places(message: AutomaticMessage) -> list[Place]:
    """Return the places for which somebody wrote a text, those for all channels first."""
    found = [Place(each.language, each.channel or "") for each in message.templates if each.own]
    return sorted(found, key=lambda place: (place.channel, place.language))

"""Hands on what is typed one by one: the next key when the last one is through.

Textual gives a key to the widget that has the hands when the key arrives. Over a slow line several
arrive together: of a Tab and the word behind it, the word would go into the field before, and the
letters behind a key that opens a text would be actions. So while a key is on its way, those behind
it wait. A marker that follows it through every widget it may bubble to says when it is through.
"""

from collections import deque
from typing import Final, Generic

from textual import events
from textual.app import App, ReturnType
from textual.message import Message
from textual.timer import Timer

LONGEST_WAIT: Final = 0.3
"""Seconds after which what waits is handed on whatever became of the key before: a widget that
goes takes its messages with it, and a dialog that asks the backend may take its time."""

Typed = events.Key | events.Paste


class KeyIsThrough(Message):
    """Follows a key: where this has come, the key has been."""


class TypeAheadApp(App[ReturnType], Generic[ReturnType]):
    """An application in which whoever types faster than the screen follows is understood."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: deque[Typed] = deque()
        self._on_its_way: KeyIsThrough | None = None
        self._is_text = False
        self._patience: Timer | None = None

    async def on_event(self, event: events.Event) -> None:
        """Take what is typed in turn; everything else at once."""
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await super().on_event(event)
        elif self._on_its_way is None:
            await self._hand_on(event)
        else:
            self._waiting.append(event)
            if self._patience is None:
                self._patience = self.set_timer(LONGEST_WAIT, self._next)

    async def _hand_on(self, event: Typed) -> None:
        hands = self.focused or self.screen
        self._is_text = isinstance(event, events.Key) and hands.check_consume_key(
            event.key, event.character
        )
        self._on_its_way = KeyIsThrough()
        await super().on_event(event)
        hands.post_message(self._on_its_way)

    async def on_key_is_through(self, message: KeyIsThrough) -> None:
        """Hand on what waits: at once behind a letter of a text, else when the screen shows it."""
        if message is not self._on_its_way:
            return
        if self._waiting and not self._is_text:
            self.call_after_refresh(self._next)
        else:
            await self._next()

    async def _next(self) -> None:
        if self._patience is not None:
            self._patience.stop()
            self._patience = None
        self._on_its_way = None
        if self._waiting:
            await self._hand_on(self._waiting.popleft())
        if self._waiting:
            self._patience = self.set_timer(LONGEST_WAIT, self._next)

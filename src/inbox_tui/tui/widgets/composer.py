"""Where replies and notes are written: a prompt line that always says to whom, and the text.

Enter sends, Ctrl+J or Alt+Enter begins a new line, a paste of many lines is one message (C4). A
note looks unlike a reply in words, glyph and ground. Emptiness and length are refused here, before
anything is sent; what may be sent at all is known elsewhere.
"""

from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from inbox_tui.locale import Catalogue
from inbox_tui.records import dataclass
from inbox_tui.text import safe_text
from inbox_tui.tui.render import cells
from inbox_tui.tui.render.lines import Line, columns, line_width
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.render.symbols import UNICODE, Symbols
from inbox_tui.tui.widgets.one_line import OneLine

if TYPE_CHECKING:
    from textual.widgets import TextArea

    from inbox_tui.tui.widgets.text_area import ComposerText

WARN_LEFT = 200
"""Characters left from which on they are counted down."""


class Mode(StrEnum):
    """What is being written."""

    REPLY = "reply"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """To whom it goes. ``closed`` sessions take no replies; ``max_text`` is in characters."""

    name: str
    channel: str
    session_id: int = 0
    conversation_id: int = 0
    assignee: str | None = None
    mine: bool = True
    closed: bool = False
    max_text: int = 5_000


class Prompt(OneLine):
    """The line above the text."""

    def line(self, width: int) -> Line:
        """Return to whom it goes, and at the right what keys there are or how much is left."""
        composer = self.query_ancestor(Composer)
        return composer.prompt_line(width)


class Composer(Vertical):
    """The composer. Set ``target`` and ``mode``; ``text`` is what is written."""

    DEFAULT_CSS = """
    Composer {
        height: auto;
        background: $panel;
        border-left: outer $primary;
        & Prompt { background: $panel; }
        & ComposerText { height: auto; min-height: 1; max-height: 6; }
        & ComposerText:focus { background: $panel; }
        &.-note { border-left: outer $warning; }
        &.-note Prompt { text-style: italic; }
    }
    """

    target: reactive[Target | None] = reactive[Target | None](None)
    """To whom it goes; None: nothing can be written."""

    mode: reactive[Mode] = reactive(Mode.REPLY)
    """Whether a reply or a note is written."""

    @dataclass
    class Submitted(Message):
        """A text is to be sent, or kept as a note. It is neither empty nor too long.

        It stands in the composer until :meth:`Composer.taken` or :meth:`Composer.left_alone` is
        called; until then another Enter on it does nothing.
        """

        composer: "Composer"
        text: str
        mode: Mode
        target: Target

        @property
        def control(self) -> "Composer":
            """The composer."""
            return self.composer

    @dataclass
    class Refused(Message):
        """A text was not sent, and why; the text stays."""

        composer: "Composer"
        reason: str

        @property
        def control(self) -> "Composer":
            """The composer."""
            return self.composer

    @dataclass
    class Changed(Message):
        """The text is another; ``text`` is the whole of it, ``target`` to whom it would go."""

        composer: "Composer"
        text: str
        mode: Mode
        target: Target | None

        @property
        def control(self) -> "Composer":
            """The composer."""
            return self.composer

        def can_replace(self, message: Message) -> bool:
            """Say that of many in a row about one conversation only the newest counts."""
            return (
                isinstance(message, Composer.Changed)
                and message.mode is self.mode
                and message.target == self.target
            )

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        symbols: Symbols = UNICODE,
        max_lines: int = 6,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._catalogue = catalogue
        self._symbols = symbols
        self._prompt = Prompt(symbols=symbols)
        self._max_lines = max_lines
        self._submitted: str | None = None

    @cached_property
    def _area(self) -> "ComposerText":
        """The text. Made when it is needed: the first frame waits for no editor."""
        from inbox_tui.tui.widgets.text_area import ComposerText

        area = ComposerText(soft_wrap=True, show_line_numbers=False)
        area.styles.max_height = self._max_lines
        return area

    def compose(self) -> ComposeResult:
        """Put the prompt above the text."""
        yield self._prompt
        yield self._area

    def on_mount(self) -> None:
        """Show what can be written."""
        self._show_state()

    # The text

    @property
    def text(self) -> str:
        """What is written, made safe."""
        return safe_text(self._area.text)

    def load(self, text: str, *, mode: Mode | None = None) -> None:
        """Put a draft in the place of the text, the cursor at its end."""
        if mode is not None:
            self.mode = mode
        self._area.load_text(safe_text(text))
        self._area.move_cursor(self._area.document.end)

    def clear(self) -> None:
        """Forget the text."""
        self._area.load_text("")

    def taken(self, event: "Composer.Submitted") -> None:
        """Forget what was submitted, as it was taken over; what was typed behind it stays."""
        self._submitted = None
        target = self.target
        here = target is not None and target.conversation_id == event.target.conversation_id
        if here and self.mode is event.mode and self.text.startswith(event.text):
            self.load(self.text.removeprefix(event.text))

    def left_alone(self) -> None:
        """Let the text be submitted once more: it was not taken over."""
        self._submitted = None

    def insert(self, text: str) -> None:
        """Put ``text`` in at the cursor."""
        self._area.insert(safe_text(text))

    def focus_text(self) -> None:
        """Begin to write, at once: the next letter is text."""
        self.screen.set_focus(self._area)

    @property
    def has_text_focus(self) -> bool:
        """Whether it is being written in."""
        return self._area.has_focus

    @property
    def left(self) -> int | None:
        """How many characters may still be written; None where nothing limits it."""
        if self.target is None or self.mode is Mode.NOTE:
            return None
        return self.target.max_text - len(self.text)

    # What is shown

    def prompt_line(self, width: int) -> Line:
        """Return the prompt. The name gives way to nothing but the channel."""
        t, symbols, target = self._catalogue.t, self._symbols, self.target
        if target is None:
            return ()
        name = cells.calm(target.name)
        channel = cells.calm(target.channel)
        if self.mode is Mode.NOTE:
            told = f"{symbols.note} {t('composer.note', name=name)}"
            more: Line = ((f" {symbols.dot} {t('composer.note_hint')}", Role.NOTE_TEXT),)
            left: Line = ((told, Role.NOTE),)
        else:
            left = ((t("composer.to", name=name, channel=channel), Role.STRONG),)
            more = self._serving(target)
        counted = self._counted(target)
        right = counted or self._keys()
        less = ((), counted) if counted else (more, ())
        for middle, end in ((more, right), less, ((), right)):
            if line_width(left) + line_width(middle) + line_width(end) + 1 <= width:
                return columns((*left, *middle), end, width, symbols.ellipsis)
        if self.mode is Mode.REPLY:
            room = width - cells.width(t("composer.to", name="", channel=channel))
            name = cells.fit(name, max(3, room), symbols.ellipsis)
            left = ((t("composer.to", name=name, channel=channel), Role.STRONG),)
        return columns(left, (), width, symbols.ellipsis)

    def _serving(self, target: Target) -> Line:
        """Say whose session it is, when it is not mine (R17)."""
        if target.closed:
            return ((f" {self._symbols.dot} {self._catalogue.t('composer.closed')}", Role.CLOSED),)
        if target.mine or target.assignee is None:
            return ()
        served = self._catalogue.t("composer.serving", assignee=cells.calm(target.assignee))
        return ((f" {self._symbols.dot} {served}", Role.DUE_SOON),)

    def _counted(self, target: Target) -> Line:
        """Return how much may still be written, when that is little."""
        t, left = self._catalogue.t, self.left
        if left is None:
            return ()
        if left < 0:
            return ((t("composer.over", count=-left), Role.BAD),)
        if left <= min(WARN_LEFT, target.max_text // 5):
            return ((t("composer.left", count=left), Role.DUE_SOON),)
        return ()

    def _keys(self) -> Line:
        """Return what keys there are, while it is being written in."""
        if not self.has_text_focus:
            return ()
        key = "composer.note_hint_keys" if self.mode is Mode.NOTE else "composer.hint"
        return ((self._catalogue.t(key), Role.MUTED),)

    def watch_target(self) -> None:
        """Show to whom it goes."""
        self._show_state()

    def watch_mode(self) -> None:
        """Show what is being written."""
        self._show_state()

    def _show_state(self) -> None:
        note = self.mode is Mode.NOTE
        self.set_class(note, "-note")
        key = "composer.note_placeholder" if note else "composer.placeholder"
        blocked = self.target is None or (self.target.closed and not note)
        self._area.read_only = blocked
        self._area.placeholder = Content("" if blocked else self._catalogue.t(key))
        self._prompt.refresh()

    # What happens

    def on_text_area_changed(self, event: "TextArea.Changed") -> None:
        """Tell the new text."""
        event.stop()
        self._prompt.refresh()
        if self.text != self._submitted:
            self._submitted = None
        self.post_message(self.Changed(self, self.text, self.mode, self.target))

    def on_descendant_focus(self) -> None:
        """Show the keys."""
        self._prompt.refresh()

    def on_descendant_blur(self) -> None:
        """Hide the keys."""
        self._prompt.refresh()

    def on_composer_text_sent(self, event: "ComposerText.Sent") -> None:
        """Send, if there is something and it is not too long."""
        event.stop()
        reason = self._why_not()
        if reason is not None:
            self.post_message(self.Refused(self, reason))
        elif self.target is not None and self.text != self._submitted:
            self._submitted = self.text
            self.post_message(self.Submitted(self, self.text, self.mode, self.target))

    def _why_not(self) -> str | None:
        """Return in words why the text cannot be sent, or None."""
        t, left = self._catalogue.t, self.left
        if self.target is not None and self.target.closed and self.mode is Mode.REPLY:
            return t("composer.closed")
        if not self.text.strip():
            return t("composer.nothing")
        if left is not None and left < 0:
            return t("composer.over", count=-left)
        return None

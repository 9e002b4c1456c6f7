"""Write the texts of one kind of message, and see them as a customer gets them (M8).

Language and channel choose a text, in a language that has one or in any other; what was typed in
one stays while another is looked at, and all that differ are saved together. Somebody who may not
write looks at them only.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import ClassVar, Final

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.timer import Timer
from textual.widget import Widget

from inbox_tui.errors import InboxError, Invalid
from inbox_tui.locale import Catalogue
from inbox_tui.text import safe_line, safe_text
from inbox_tui.tui.automatic.preview import PreviewView
from inbox_tui.tui.automatic.texts import Place, Texts
from inbox_tui.tui.dialogs.base import Dialog, Errors, Field
from inbox_tui.tui.dialogs.prose_box import Prose
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.render.symbols import UNICODE, Symbols
from inbox_tui.tui.trouble import sentence
from inbox_tui.tui.widgets.fields import Choice, Option, SafeInput
from inbox_tui.tui.widgets.text_area import SafeTextArea
from inbox_tui.wire.automatic import PostPreview, Preview

PREVIEW_AFTER = 0.3
"""Seconds without a key after which the preview is asked for anew; 0 is at once."""
MOST_DIGITS: Final = 15
MOST_TAG: Final = 35
OTHER: Final = "other"
"""In place of a language that is typed, as no text is in it yet."""

Ask = Callable[[PostPreview], Awaitable[Preview]]
"""Asks for a preview; raises InboxError."""

Save = Callable[[Texts], Awaitable[tuple[Place, Errors] | None]]
"""Saves every text that differs; returns where it stopped and why, None when all are saved."""


class TextsDialog(Dialog[Texts]):
    """The texts of a kind; without ``save`` they are looked at only."""

    DEFAULT_CSS = """
    TextsDialog {
        & > .box { width: 100; height: 100%; max-height: 34; }
        & > .box > .body { height: 1fr; margin: 0; }
        & SafeTextArea { height: 6; }
        & #other { display: none; }
        & #other.-asked { display: block; }
        & #state { padding: 0 1 0 14; }
        & #names { padding: 0 1 0 14; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+r", "reset", "Built-in text", show=False, id="automatic.reset"),
        Binding("pagedown", "page(1)", "Page down", show=False, priority=True, id="texts.down"),
        Binding("pageup", "page(-1)", "Page up", show=False, priority=True, id="texts.up"),
    ]

    def __init__(
        self,
        catalogue: Catalogue,
        texts: Texts,
        *,
        language: str,
        channels: Sequence[str],
        ask: Ask,
        save: Save | None = None,
        session_id: int | None = None,
        symbols: Symbols = UNICODE,
    ) -> None:
        super().__init__(catalogue)
        self._texts = texts
        self._ask = ask
        self._save = save
        self._warned = False
        self._is_bad = False
        self._named: Place | None = None
        self._timer: Timer | None = None
        t = catalogue.t
        known = texts.languages()
        self._language = Choice(
            [
                *(Option(tag, _language(tag, catalogue)) for tag in known),
                Option(OTHER, t("automatic.other")),
            ],
            language if language in known else (known[0] if known else OTHER),
            id="language-choice",
        )
        self._other = SafeInput(
            placeholder=t("automatic.other_hint"), max_length=MOST_TAG, id="other-tag"
        )
        self._channel = Choice(
            [Option("", t("automatic.all_channels")), *(Option(slug, slug) for slug in channels)],
            "",
            id="channel-choice",
        )
        self._text = SafeTextArea(
            texts.text(self.place),
            soft_wrap=True,
            tab_behavior="focus",
            read_only=save is None,
        )
        shown = "" if session_id is None else str(session_id)
        self._session = SafeInput(
            shown,
            placeholder=t("automatic.session_hint"),
            max_length=MOST_DIGITS,
            id="session-number",
        )
        self._state = Prose(id="state")
        names = " ".join(f"{{{name}}}" for name in texts.message.variables)
        self._names = Prose(
            (t("automatic.variables", names=names), Role.TEXT),
            (t("automatic.left_out"), Role.MUTED),
            id="names",
        )
        self._view = PreviewView(catalogue, symbols)

    @property
    def place(self) -> Place:
        """Which text is shown."""
        language = self._language.value
        if language == OTHER:
            language = safe_line(self._other.value).lower()
        return Place(language, self._channel.value)

    def title_text(self) -> str:
        """Return the title."""
        kind = self.catalogue.t(f"automatic_kind.{self._texts.message.kind}")
        return self.catalogue.t("automatic.texts_of", kind=kind)

    def do_label(self) -> str | None:
        """Return the label of the button."""
        return None if self._save is None else self.catalogue.t("dialog.save")

    def hint(self) -> str:
        """Return the keys."""
        key = "automatic.hint_read" if self._save is None else "automatic.hint"
        return self.catalogue.t(key)

    def body(self) -> Iterable[Widget]:
        """Return which text, the text, what it may name, and what becomes of it."""
        t = self.catalogue.t
        yield Field(t("automatic.language"), self._language, id="language")
        yield Field(t("automatic.other_language"), self._other, id="other")
        yield Field(t("automatic.channel"), self._channel, id="channel")
        yield Field(t("automatic.text"), self._text, id="text")
        yield self._state
        yield self._names
        yield Field(t("automatic.session"), self._session, id="session")
        yield self._view

    def on_mount(self) -> None:
        """Begin with the text, and with a preview of it."""
        self._text.focus()
        self._show_state()
        self._preview_now()

    @on(Choice.Changed)
    def _other_place(self) -> None:
        """Show the text of another language or channel."""
        self._named = None
        self._field("other").set_class(self._language.value == OTHER, "-asked")
        text = self._texts.text(self.place)
        if text != self._text.text:
            self._text.load_text(text)
        self._wrong("")
        self._show_state()
        self._preview_now()

    @on(SafeInput.Changed, "#other-tag")
    def _other_tag(self) -> None:
        """Have what was typed belong to the language that is being named, letter by letter."""
        if self._named is not None:
            self._texts.typed.pop(self._named, None)
        text, self._named = safe_text(self._text.text), None
        if self._texts.stored(self.place):
            self._other_place()
        elif text and self.place.language:
            self._named = self.place
            self._texts.type(self.place, text)
            self._show_state()
        self._preview_soon()

    @on(SafeTextArea.Changed)
    def _typed(self) -> None:
        """Keep what was typed for this place, and see what becomes of it."""
        if self.place.language:
            self._texts.type(self.place, safe_text(self._text.text))
            if self._language.value == OTHER:
                self._named = self.place
        self._warned = False
        if self._text.has_focus and not self._is_bad:
            self._wrong("")
        self._show_state()
        self._preview_soon()

    @on(SafeInput.Changed, "#session-number")
    def _other_session(self) -> None:
        self._preview_soon()

    def action_reset(self) -> None:
        """Put the text that comes with the program, or the one for all channels, in its place."""
        if self._save is None:
            return
        beneath = self._texts.beneath(self.place)
        if not beneath:
            self.say(self.catalogue.t("automatic.no_built_in"))
        elif beneath != self._text.text:
            self._text.load_text(beneath)

    def action_page(self, by: int) -> None:
        """Scroll to the preview and back, while the hands are on the text."""
        body = self.query_one(".body", VerticalScroll)
        body.scroll_relative(y=by * max(1, body.size.height - 2), animate=False)

    async def action_submit(self) -> None:
        """Save every text that differs; what cannot be saved stays as it was typed."""
        if self._save is None or self._working:
            return
        if not self.place.language and self._text.text.strip():
            self.show_errors({"other": self.catalogue.t("error.required")})
            return
        self._working = True
        self._foot(self.catalogue.t("dialog.working"), Role.MUTED)
        self.run_worker(self._carry_on(self._save), group="submit", exit_on_error=False)

    def action_cancel(self) -> None:
        """Leave; with something unsaved only when asked twice."""
        if self._save is not None and self._texts.typed and not self._warned:
            self._warned = True
            self.say(self.catalogue.t("dialog.unsaved"))
            return
        self.dismiss(None)

    async def result(self) -> Texts | None:
        """Return the texts."""
        return self._texts

    async def _carry_on(self, save: Save) -> None:
        try:
            stopped = await save(self._texts)
        finally:
            self._working = False
        if not self.is_attached:
            return
        if stopped is None:
            self.dismiss(self._texts)
            return
        place, errors = stopped
        self._foot(self.hint(), Role.MUTED)
        self._go_to(place)
        is_other = self._language.value == OTHER
        self.show_errors(
            {"other" if key == "language" and is_other else key: why for key, why in errors.items()}
        )

    def _go_to(self, place: Place) -> None:
        """Show the text of a place."""
        listed = any(option.value == place.language for option in self._language.options)
        self._language.value = place.language if listed else OTHER
        if not listed:
            self._other.value = place.language
        self._channel.value = place.channel
        self._other_place()

    def _show_state(self) -> None:
        """Say where the text comes from, and whether it is saved."""
        t, place, texts = self.catalogue.t, self.place, self._texts
        own = texts.own(place)
        if texts.is_typed(place):
            resets = own is not None and texts.text(place) == texts.beneath(place)
            key, role = ("will_reset" if resets else "not_saved"), Role.DUE_SOON
        elif own is not None:
            key, role = "is_own", Role.GOOD
        elif place.channel and texts.own(Place(place.language)) is not None:
            key, role = "is_for_all", Role.MUTED
        else:
            key, role = "is_built_in", Role.MUTED
        others = len([each for each in texts.typed if each != place])
        more = f" {t('automatic.others', count=others)}" if others else ""
        self._state.update((t(f"automatic.{key}") + more, role))

    def _preview_soon(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        if not PREVIEW_AFTER:
            self._preview_now()
            return
        self._timer = self.set_timer(PREVIEW_AFTER, self._preview_now)

    def _preview_now(self) -> None:
        self.run_worker(self._preview(), group="preview", exclusive=True, exit_on_error=False)

    async def _preview(self) -> None:
        """Ask what becomes of the text; what is wrong with it is said beside it at once."""
        t, place = self.catalogue.t, self.place
        number = safe_line(self._session.value).removeprefix("#")
        if number and not (number.isascii() and number.isdecimal()):
            self._field("session").wrong(t("automatic.bad_session"))
            return
        self._field("session").wrong("")
        if not place.language or not self._text.text.strip():
            self._view.say(t("automatic.preview.none"))
            return
        body = PostPreview(
            kind=self._texts.message.kind,
            language=place.language,
            text=safe_text(self._text.text),
            channel=place.channel or None,
            session_id=int(number) if number else None,
        )
        try:
            preview = await self._ask(body)
        except Invalid as error:
            self._is_bad = True
            if error.data.get("path") == "language":
                self._field("other").wrong(sentence(error, self.catalogue))
            else:
                self._wrong(sentence(error, self.catalogue))
            self._view.say(t("automatic.preview.bad"))
        except InboxError as error:
            self._view.say(sentence(error, self.catalogue), Role.BAD)
        else:
            if self._is_bad:  # else it is what was said of saving: that stays until somebody types
                self._is_bad = False
                self._wrong("")
            self._field("other").wrong("")
            self._view.show(preview)

    def _wrong(self, error: str) -> None:
        self._field("text").wrong(error)

    def _field(self, name: str) -> Field:
        return self.query_one(f"#{name}", Field)


def _language(tag: str, catalogue: Catalogue) -> str:
    key = f"automatic_language.{tag}"
    return catalogue.t(key) if catalogue.has(key) else tag

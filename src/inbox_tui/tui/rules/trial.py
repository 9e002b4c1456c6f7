"""Try the rules on a message that is typed in, or on a past session (R2)."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime, tzinfo
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from inbox_tui.errors import InboxError
from inbox_tui.locale import Catalogue
from inbox_tui.records import dataclass
from inbox_tui.text import safe_line, safe_text
from inbox_tui.tui.dialogs.base import Dialog, Field
from inbox_tui.tui.render import cells
from inbox_tui.tui.render.lines import Line
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.render.symbols import UNICODE, Symbols
from inbox_tui.tui.rules.fields import listed
from inbox_tui.tui.rules.rows import trial_lines
from inbox_tui.tui.trouble import sentence
from inbox_tui.tui.widgets.fields import Choice, Option, SafeInput
from inbox_tui.tui.widgets.look import app_looks, strip_of
from inbox_tui.tui.widgets.text_area import SafeTextArea
from inbox_tui.wire.rules import RuleDraft, RuleTrial, TryRules
from inbox_tui.wire.words import Category, ContactKind

MOST_TEXT = 2_000
_MOST_DIGITS = 15
_MOMENT = "%Y-%m-%d %H:%M"

Ask = Callable[[TryRules], Awaitable[RuleTrial]]
"""Asks the backend; raises InboxError."""


class TrialView(Widget):
    """What the rules said, or why that cannot be told."""

    DEFAULT_CSS = """
    TrialView { height: auto; width: 1fr; padding: 0 1; margin: 1 0 0 0; }
    """

    @dataclass
    class Laid(Message):
        """What is told has its room on the screen."""

    def __init__(
        self, catalogue: Catalogue, *, now: datetime, zone: tzinfo, symbols: Symbols
    ) -> None:
        super().__init__()
        self._catalogue = catalogue
        self._now = now
        self._zone = zone
        self._symbols = symbols
        self._trial: RuleTrial | None = None
        self._said: tuple[str, Role] = (catalogue.t("rules.try.ready"), Role.MUTED)

    def show(self, trial: RuleTrial) -> None:
        """Show a trial."""
        self._trial = trial
        self.refresh(layout=True)

    def say(self, text: str, role: Role) -> None:
        """Say something instead."""
        self._trial = None
        self._said = (text, role)
        self.refresh(layout=True)

    def on_resize(self) -> None:
        """Say that what is told has its room."""
        self.post_message(self.Laid())

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return how many lines there are."""
        del container, viewport
        return len(self._lines(width))

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        width = self.size.width
        lines = self._lines(width)
        line = lines[y] if y < len(lines) else ()
        return strip_of(line, width, app_looks(self.app), self.rich_style, None)

    def _lines(self, width: int) -> list[Line]:
        if self._trial is None:
            text, role = self._said
            return [((part, role),) for part in cells.wrap(cells.calm(text), width)]
        return trial_lines(
            self._trial,
            width,
            self._catalogue,
            now=self._now,
            zone=self._zone,
            symbols=self._symbols,
        )


class TryDialog(Dialog[None]):
    """Type a message, say where it comes from, and see what each rule says to it.

    With a ``rule`` as typed, that one is tried among the stored ones, ``in_place_of`` one of them
    or behind them all. The dialog stays, to try again.
    """

    DEFAULT_CSS = """
    TryDialog {
        & > .box { width: 92; height: 100%; max-height: 30; }
        & > .box > .body { height: 1fr; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pagedown", "page(1)", "Page down", show=False, priority=True, id="try.down"),
        Binding("pageup", "page(-1)", "Page up", show=False, priority=True, id="try.up"),
    ]

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        channels: Sequence[str],
        ask: Ask,
        now: datetime,
        zone: tzinfo,
        rule: RuleDraft | None = None,
        in_place_of: int | None = None,
        symbols: Symbols = UNICODE,
    ) -> None:
        super().__init__(catalogue)
        self._ask = ask
        self._zone = zone
        self._rule = rule
        self._in_place_of = in_place_of
        t = catalogue.t
        self._text = SafeTextArea("", soft_wrap=True, tab_behavior="focus")
        self._text.styles.height = 2
        self._channel = Choice(
            [Option(slug, slug) for slug in channels] or [Option("", t("rules.try.no_channel"))],
            channels[0] if channels else "",
        )
        self._contact = Choice(
            [Option(each.value, t(f"contact_kind.{each.value}")) for each in ContactKind],
            ContactKind.NEW,
        )
        self._language = SafeInput(placeholder=t("rules.try.language_hint"), max_length=35)
        self._category = Choice(
            [
                Option("", t("rules.try.none")),
                *(Option(each.value, t(f"category.{each.value}")) for each in Category),
            ],
            "",
        )
        self._tags = SafeInput(placeholder=t("rules.try.none"), max_length=MOST_TEXT)
        self._tier = SafeInput(placeholder=t("rules.try.none"), max_length=60)
        self._at = SafeInput(placeholder=t("rules.try.at_hint"), max_length=16)
        self._session = SafeInput(placeholder=t("rules.try.session_hint"), max_length=_MOST_DIGITS)
        self._view = TrialView(catalogue, now=now, zone=zone, symbols=symbols)
        self._is_new = False

    def title_text(self) -> str:
        """Return the title."""
        if self._rule is None:
            return self.catalogue.t("rules.try.title")
        return self.catalogue.t("rules.try.title_of", name=self._rule.name)

    def do_label(self) -> str:
        """Return the label of the button."""
        return self.catalogue.t("rules.try.do")

    def hint(self) -> str:
        """Return the keys."""
        return self.catalogue.t("rules.try.hint")

    def body(self) -> Iterable[Widget]:
        """Return the message, where it comes from, and what the rules say."""
        t = self.catalogue.t
        yield Field(t("rules.try.text"), self._text, id="text")
        yield Field(t("rules.form.channel"), self._channel, id="channel")
        yield Field(t("rules.form.contact"), self._contact, id="contact")
        yield Field(t("rules.form.language"), self._language, id="language")
        yield Field(t("rules.form.category"), self._category, id="category")
        yield Field(t("rules.try.tags"), self._tags, id="tags")
        yield Field(t("rules.form.tier"), self._tier, id="tier")
        yield Field(t("rules.try.at"), self._at, id="at")
        yield Field(t("rules.try.session"), self._session, id="session")
        yield self._view

    def on_mount(self) -> None:
        """Begin with the message."""
        self._text.focus()

    def action_page(self, by: int) -> None:
        """Scroll what many rules said, while the hands are on the message."""
        body = self.query_one(".body", VerticalScroll)
        body.scroll_relative(y=by * max(1, body.size.height - 2), animate=False)

    async def action_submit(self) -> None:
        """Try it; the dialog stays."""
        body = self._body()
        if body is not None:
            self.run_worker(self._try(body), group="try", exclusive=True, exit_on_error=False)

    async def result(self) -> None:
        """Return nothing: what is tried leaves no trace."""
        return

    async def _try(self, body: TryRules) -> None:
        try:
            self._view.show(await self._ask(body))
        except InboxError as error:
            self._view.say(sentence(error, self.catalogue), Role.BAD)
        self._is_new = True
        self.call_after_refresh(self._show_view)

    @on(TrialView.Laid)
    def _show_view(self) -> None:
        """Bring what is new into view: now if its room is known, else as soon as it is."""
        body = self.query_one(".body", VerticalScroll)
        if self._is_new and self._view.region.bottom > body.region.bottom:
            self._is_new = False
            body.scroll_to_widget(self._view, top=True, animate=False)

    def _body(self) -> TryRules | None:
        """Return what to try, or None with the errors shown."""
        t = self.catalogue.t
        errors: dict[str, str] = {}
        at = None
        if written := safe_line(self._at.value):
            try:
                at = datetime.strptime(written, _MOMENT).replace(tzinfo=self._zone)
            except ValueError:
                errors["at"] = t("rules.try.bad_at")
        number = safe_line(self._session.value)
        if number and not (number.isascii() and number.isdecimal()):
            errors["session"] = t("rules.try.bad_session")
        self.show_errors(errors)
        if errors:
            return None
        if number:
            return TryRules(
                session_id=int(number), at=at, rule=self._rule, in_place_of=self._in_place_of
            )
        return TryRules(
            text=safe_text(self._text.text),
            channel=self._channel.value or None,
            contact=ContactKind(self._contact.value),
            language=safe_line(self._language.value) or None,
            category=Category(self._category.value) if self._category.value else None,
            tags=listed(self._tags.value),
            tier=safe_line(self._tier.value) or None,
            at=at,
            rule=self._rule,
            in_place_of=self._in_place_of,
        )

"""Why a session is where it is: the sentence first, then the numbers (R13).

One key goes to the decision before the one that is shown, another back. While the session waits
for an agent (R6) what is left is counted down.
"""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.app import App
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from inbox_tui.errors import InboxError
from inbox_tui.locale import Catalogue
from inbox_tui.tui.dialogs.base import Dialog
from inbox_tui.tui.render.explanation import explanation_lines
from inbox_tui.tui.render.lines import Line
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.render.symbols import UNICODE, Symbols
from inbox_tui.tui.trouble import sentence
from inbox_tui.tui.widgets.look import app_looks, strip_of
from inbox_tui.wire.explanation import Explanation

if TYPE_CHECKING:
    from inbox_tui.tui.desk import Desk

AROUND = 4
"""Lines of the box beside its body: two of the border, one of the foot and one above it."""

Load = Callable[[int], Awaitable[Explanation]]
"""Asks for a decision by its number, 0 for the present one. Raises InboxError."""


class ExplanationView(Widget):
    """The lines of an explanation."""

    DEFAULT_CSS = """
    ExplanationView { height: auto; width: 1fr; padding: 0 1; }
    """

    def __init__(
        self,
        explanation: Explanation,
        catalogue: Catalogue,
        *,
        now: datetime,
        zone: tzinfo,
        symbols: Symbols = UNICODE,
    ) -> None:
        super().__init__()
        self.explanation = explanation
        self._catalogue = catalogue
        self._now = now
        self._zone = zone
        self._symbols = symbols
        self._made: tuple[int, list[Line]] | None = None

    def show(self, explanation: Explanation, now: datetime) -> None:
        """Show another one."""
        self.explanation, self._now, self._made = explanation, now, None
        self.refresh(layout=True)

    def tick(self, now: datetime) -> None:
        """Let time pass: only the lines that tell of it are drawn anew."""
        width = self.size.width
        before = self._lines(width)
        self._now, self._made = now, None
        after = self._lines(width)
        if len(after) != len(before):
            self.refresh(layout=True)
            return
        changed = [y for y, line in enumerate(after) if line != before[y]]
        if changed:
            self.refresh(*(Region(0, y, width, 1) for y in changed))

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
        if self._made is None or self._made[0] != width:
            lines = explanation_lines(
                self.explanation,
                width,
                self._catalogue,
                now=self._now,
                zone=self._zone,
                symbols=self._symbols,
            )
            self._made = width, lines
        return self._made[1]


class ExplainDialog(Dialog[None]):
    """The explanation, to be read, paged through and closed."""

    DEFAULT_CSS = """
    ExplainDialog > .box { width: 100; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "scroll(1)", "Down", show=False, id="explain.down"),
        Binding("up,k", "scroll(-1)", "Up", show=False, id="explain.up"),
        Binding("pagedown,space", "page_down", "Page down", show=False, id="explain.page_down"),
        Binding("pageup", "page_up", "Page up", show=False, id="explain.page_up"),
        Binding("left,h", "decision(1)", "Earlier", show=False, id="explain.earlier"),
        Binding("right,l", "decision(-1)", "Later", show=False, id="explain.later"),
        Binding("q", "cancel", "Close", show=False, id="explain.close"),
    ]

    def __init__(
        self,
        catalogue: Catalogue,
        explanation: Explanation,
        *,
        now: datetime,
        zone: tzinfo,
        symbols: Symbols = UNICODE,
        clock: Callable[[], datetime] | None = None,
        load: Load | None = None,
    ) -> None:
        super().__init__(catalogue)
        self._clock = clock or (lambda: now)
        self._load = load
        self._ticks: Timer | None = None
        self._view = ExplanationView(explanation, catalogue, now=now, zone=zone, symbols=symbols)

    @property
    def explanation(self) -> Explanation:
        """The decision that is shown."""
        return self._view.explanation

    def title_text(self) -> str:
        """Return the title."""
        told = self.explanation
        if not told.decision:
            return self.catalogue.t("explain.title")
        total = told.earlier_total
        return self.catalogue.t("explain.title_earlier", number=told.decision, total=total)

    def do_label(self) -> None:
        """There is nothing to do but to close it."""
        return

    def hint(self) -> str:
        """Return how to come to the other decisions, if there are any."""
        told = self.explanation
        if not told.earlier:
            return ""
        earlier = len(told.earlier) - told.decision
        return self.catalogue.t("explain.pages", earlier=earlier, later=told.decision)

    def body(self) -> Iterable[Widget]:
        """Return the explanation."""
        yield self._view

    def on_mount(self) -> None:
        """Count down, if there is something to count down."""
        self._count_down()

    def on_resize(self, event: events.Resize) -> None:
        """Scroll what is longer than the screen, so that the foot stays in sight."""
        self._body.styles.max_height = max(1, event.size.height - AROUND)

    def action_scroll(self, by: int) -> None:
        """Scroll a long table."""
        self._body.scroll_relative(y=by, animate=False)

    def action_page_down(self) -> None:
        """Scroll down by a page."""
        self._body.scroll_page_down(animate=False)

    def action_page_up(self) -> None:
        """Scroll up by a page."""
        self._body.scroll_page_up(animate=False)

    def action_decision(self, by: int) -> None:
        """Show the decision so many before the one that is shown, as far as there are any."""
        told = self.explanation
        wanted = told.decision + by
        if self._load is not None and 0 <= wanted <= len(told.earlier):
            self._ask(self._load, wanted)

    async def result(self) -> None:
        """Return nothing."""
        return

    # inside

    @property
    def _body(self) -> VerticalScroll:
        return self.query_one(".body", VerticalScroll)

    def _ask(self, load: Load, decision: int) -> None:
        work = self._turn_to(load, decision)
        self.run_worker(work, group="decision", exclusive=True, exit_on_error=False)

    async def _turn_to(self, load: Load, decision: int) -> None:
        try:
            told = await load(decision)
        except InboxError as error:
            self.say(sentence(error, self.catalogue))
            return
        self._view.show(told, self._clock())
        self._body.scroll_home(animate=False)
        self.show_title()
        self._foot(self.hint(), Role.MUTED)
        self._count_down()

    def _count_down(self) -> None:
        """Have the seconds counted as long as it waits for an agent, and not a moment longer."""
        if self._ticks is not None:
            self._ticks.stop()
            self._ticks = None
        if self.explanation.waits_for is not None:
            self._ticks = self.set_interval(1.0, self._tick)

    def _tick(self) -> None:
        now = self._clock()
        until = self.explanation.wait_until
        self._view.tick(now)
        if until is not None and now >= until and self._ticks is not None:
            self._ticks.stop()
            self._ticks = None
            if self._load is not None:
                self._ask(self._load, 0)  # it goes on elsewhere now


async def show_explanation(app: App[Any], desk: "Desk", session_id: int) -> None:
    """Show why a session is where it is until it is closed. Raises InboxError."""
    client = desk.live.client

    async def load(decision: int) -> Explanation:
        return await client.explanation(session_id, decision)

    dialog = ExplainDialog(
        desk.catalogue,
        await load(0),
        now=desk.now,
        zone=desk.zone,
        symbols=desk.symbols,
        clock=lambda: desk.now,
        load=load,
    )
    await app.push_screen_wait(dialog)

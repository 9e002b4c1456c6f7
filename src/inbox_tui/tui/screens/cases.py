"""The archive of cases: found by words and status, opened, edited (K1–K4)."""

from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from inbox_tui.client.port import CaseQuery
from inbox_tui.errors import InboxError
from inbox_tui.records import dataclass
from inbox_tui.tui.actions.do_session import edit_case_of
from inbox_tui.tui.actions.handlers import ELSEWHERE, Handlers
from inbox_tui.tui.actions.registry import Room
from inbox_tui.tui.desk import Desk
from inbox_tui.tui.panes.case_rows import case_row
from inbox_tui.tui.render.lines import Line
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.screens.room import RoomScreen, bindings_of
from inbox_tui.tui.trouble import sentence
from inbox_tui.tui.widgets.fields import FilterLine
from inbox_tui.tui.widgets.sources import SequenceSource
from inbox_tui.tui.widgets.virtual_list import VirtualList
from inbox_tui.wire.models import Case, Page
from inbox_tui.wire.words import CaseStatus


async def _search(screen: "CasesScreen") -> None:
    await screen.search()


async def _next_status(screen: "CasesScreen") -> None:
    await screen.next_status()


async def _open_chat(screen: "CasesScreen") -> None:
    await screen.open_chat()


_STATUSES = (None, CaseStatus.IN_PROGRESS, CaseStatus.CLOSED)


@dataclass(frozen=True, slots=True)
class Place:
    """Where one was among the cases: the status and words asked for, the case selected."""

    status: CaseStatus | None = None
    words: str = ""
    code: str | None = None


class CasesScreen(RoomScreen):
    """Cases, latest first, page by page; ``place`` is where to begin."""

    ROOM = Room.CASES
    BINDINGS: ClassVar = bindings_of(Room.CASES)
    handlers: ClassVar[Handlers] = {
        **ELSEWHERE,
        "cases.search": _search,
        "cases.status": _next_status,
        "cases.chat": _open_chat,
    }

    DEFAULT_CSS = """
    CasesScreen {
        & FilterLine { display: none; }
        &.-filter FilterLine { display: block; }
        & VirtualList { height: 1fr; }
    }
    """

    def __init__(self, desk: Desk, place: Place | None = None) -> None:
        super().__init__(desk)
        self._place = place or Place()
        self._status = self._place.status
        self._words = self._place.words
        self._cases: list[Case] = []
        self._cursor: str | None = None
        self._asked = 0
        self._filter = FilterLine(self._words, placeholder=desk.t("cases.prompt"))
        self.set_class(bool(self._words), "-filter")
        self._rows: VirtualList[str] = VirtualList(
            self._source(), empty=desk.t("list.loading"), symbols=desk.symbols
        )

    def compose(self) -> ComposeResult:
        """Put the filter above the rows."""
        yield self.header
        yield self._filter
        yield self._rows
        yield self.bottom

    def on_mount(self) -> None:
        """Read the first page."""
        self.show_head()
        self.show_hints()
        self._rows.focus()
        self._show_caption()
        self.begin(self.read_first())

    async def read_first(self) -> None:
        """Read the newest cases of this status with these words; only the last asked count."""
        self._asked += 1
        asked = self._asked
        self._show_caption()
        try:
            page = await self._page(None)
        except InboxError as error:
            if asked == self._asked and not self._cases:
                self._rows.empty = sentence(error, self.desk.catalogue)
                self._rows.refresh()
            raise
        if asked != self._asked:
            return
        self._cases, self._cursor = list(page.items), page.next_cursor
        self._rows.empty = self.desk.t("list.empty")
        self._rows.show(self._source(), select=self._rows.cursor or self._place.code)

    async def search(self) -> None:
        """Begin to type words to look for."""
        self.add_class("-filter")
        self._filter.focus()

    async def next_status(self) -> None:
        """Show cases of the next status, after the last all."""
        at = _STATUSES.index(self._status)
        self._status = _STATUSES[(at + 1) % len(_STATUSES)]
        await self.read_first()

    async def open_chat(self) -> None:
        """Open the chat the selected case is about."""
        case = self._case(self._rows.cursor)
        if case is not None:
            from inbox_tui.tui.actions.do_chat import show_session
            from inbox_tui.tui.actions.do_view import show_cases
            from inbox_tui.tui.screens.inbox import InboxScreen

            inbox = next(
                screen for screen in self.app.screen_stack if isinstance(screen, InboxScreen)
            )
            self.dismiss()
            place = Place(self._status, self._words, case.code)
            inbox.begin(show_session(inbox, case.session_id, back=partial(show_cases, place=place)))

    @on(VirtualList.Chosen)
    def _chosen(self, event: VirtualList.Chosen) -> None:
        self.begin(self._edit(event.key))

    @on(VirtualList.NearEnd)
    def _near_end(self) -> None:
        if self._cursor is not None:
            self.begin(self._read_more())

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        self._words = event.value.strip()
        self.set_class(bool(self._words), "-filter")
        self._rows.focus()
        self.begin(self.read_first())

    @on(FilterLine.Cancelled)
    def _cancelled(self) -> None:
        self._words = ""
        self.remove_class("-filter")
        self._rows.focus()
        self.begin(self.read_first())

    async def _edit(self, code: str) -> None:
        edited = await edit_case_of(self, code)
        if edited is not None:
            self._cases = [edited if case.code == code else case for case in self._cases]
            self._rows.source_changed(self._source())

    async def _read_more(self) -> None:
        asked, cursor, self._cursor = self._asked, self._cursor, None
        try:
            page = await self._page(cursor)
        except InboxError:
            if asked == self._asked:
                self._cursor = cursor
                self._rows.ask_again()
            raise
        if asked != self._asked:
            return
        known = {case.code for case in self._cases}
        self._cases += [case for case in page.items if case.code not in known]
        self._cursor = page.next_cursor
        self._rows.source_changed(self._source())

    async def _page(self, cursor: str | None) -> Page[Case]:
        query = CaseQuery(status=self._status, q=self._words, cursor=cursor)
        return await self.desk.live.client.cases(query)

    def _case(self, code: str | None) -> Case | None:
        return next((case for case in self._cases if case.code == code), None)

    def _source(self) -> SequenceSource[str, Case]:
        desk = self.desk
        return SequenceSource(
            list(self._cases),
            lambda case: case.code,
            lambda case, width: case_row(case, width, desk),
        )

    def _show_caption(self) -> None:
        t, status = self.desk.t, self._status
        which = t(f"case_status.{status.value}") if status else t("cases.all")
        caption: Line = ((t("cases.title"), Role.STRONG), (f"  {which}", Role.MUTED))
        self._rows.caption = caption

"""The pane of lists: tabs with counts, the filter as text, the rows (L1–L5)."""

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from inbox_tui.records import dataclass
from inbox_tui.state.changes import Change, Link, ListChanged, ListReset
from inbox_tui.state.filter_text import filters_text, read_filters
from inbox_tui.state.lists import Filters, ListView
from inbox_tui.tui.desk import Desk
from inbox_tui.tui.panes.sources import SessionRows
from inbox_tui.tui.render.lines import Line
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.trouble import sentence
from inbox_tui.tui.widgets.fields import FilterLine
from inbox_tui.tui.widgets.tabs import ListTabs, Tab
from inbox_tui.tui.widgets.virtual_list import VirtualList
from inbox_tui.wire.words import ListName, Sort


class SessionList(VirtualList[int]):
    """Rows of sessions, by id."""

    def __init__(self, desk: Desk, source: SessionRows) -> None:
        super().__init__(source, empty=desk.t("list.loading"), symbols=desk.symbols, id="rows")
        self._t = desk.t

    def new_above_text(self, count: int) -> str:
        """Say how many sessions arrived above."""
        return self._t("list.new_above", count=count)


class ListPane(Vertical):
    """Tabs, filter and rows of the list that is shown."""

    DEFAULT_CSS = """
    ListPane {
        background: $surface;
        & FilterLine { display: none; }
        &.-filter FilterLine { display: block; }
        & VirtualList { height: 1fr; }
    }
    """

    @dataclass
    class Asked(Message):
        """Other filters were typed."""

        filters: Filters

    def __init__(self, desk: Desk, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._desk = desk
        self._tabs = ListTabs(symbols=desk.symbols)
        self._filter = FilterLine(placeholder=desk.t("filter.prompt"))
        self.rows = SessionList(desk, self._source(2))
        self._selected: dict[ListName, int] = {}
        self._orders: dict[ListName, tuple[Sort, Filters]] = {}

    def compose(self) -> ComposeResult:
        """Put them below each other."""
        yield self._tabs
        yield self._filter
        yield self.rows

    @property
    def cursor(self) -> int | None:
        """The id of the selected session."""
        return self.rows.cursor

    # --- what changes ------------------------------------------------------------------------

    def show_list(self) -> None:
        """Show the desk's list as it was left, at first from its top."""
        self.show_counts()
        self.show_filters()
        self.rows.show(self._source(self.rows.row_height), select=self._kept())
        self._show_state()

    def took(self, changes: list[Change]) -> None:
        """Follow what the store told."""
        name = self._desk.list_name
        if any(isinstance(change, ListReset) and change.list is name for change in changes):
            self._show_again(self._desk.store.view(name))
        elif any(isinstance(change, ListChanged) and change.list is name for change in changes):
            self.rows.source_changed(self._source(self.rows.row_height))
        self._show_state()

    def tick(self) -> None:
        """Let time pass: waits grow, states change."""
        source = self.rows.source
        if isinstance(source, SessionRows):
            before = {key: source.revision(key) for key in self.rows.keys_in_view()}
            source.context = self._desk.row_context()
            for key, revision in before.items():
                if source.revision(key) != revision:
                    self.rows.retouch(key, revision)

    def set_row_height(self, lines: int) -> None:
        """Draw rows of one or two lines."""
        if lines != self.rows.row_height:
            self.rows.row_height = lines
            self.rows.source_changed(self._source(lines))

    def show_counts(self) -> None:
        """Show the lists with their counts."""
        counts = self._desk.store.counts
        known = self._desk.store.me is not None
        self._tabs.tabs = [
            Tab(
                name.value,
                self._desk.t(f"list.{name.value}"),
                getattr(counts, name.value) if known else None,
            )
            for name in ListName
        ]
        self._tabs.active = self._desk.list_name.value

    def show_filters(self) -> None:
        """Show the filters as text, or no line at all."""
        text = filters_text(self._desk.filters_now)
        self._filter.value = text
        self.set_class(bool(text) or self._filter.has_focus, "-filter")

    def edit_filters(self) -> None:
        """Begin to type in the filter line."""
        self.add_class("-filter")
        self._filter.focus()

    # --- what a person did -------------------------------------------------------------------

    @on(Input.Submitted)
    def _filter_typed(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Asked(read_filters(event.value)))

    @on(events.DescendantBlur)
    def _hands_moved(self) -> None:
        if not self._filter.has_focus:
            self.show_filters()  # an empty line goes, words not asked for are forgotten

    @on(FilterLine.Cancelled)
    def _filter_left(self, event: FilterLine.Cancelled) -> None:
        event.stop()
        self.post_message(self.Asked(Filters()))

    @on(VirtualList.Highlighted)
    def _row_selected(self, event: VirtualList.Highlighted) -> None:
        """Remember it, if the list still stands as it did: what is begun anew has other rows."""
        source = self.rows.source
        if isinstance(source, SessionRows):
            view = self._desk.store.view(source.list_name)
            if event.key is not None and event.key in view:
                self._selected[view.name] = event.key
                self._orders[view.name] = (view.sort, view.filters)

    # --- inside ------------------------------------------------------------------------------

    def _show_again(self, view: ListView) -> None:
        """Show a list read afresh; a row that is missing from the same question was lost."""
        kept = self._kept()
        asked = self._orders.get(view.name)
        self.rows.show(self._source(self.rows.row_height), select=kept)
        if view.loaded and kept not in (None, self.rows.cursor):
            self.rows.lost = kept if asked == (view.sort, view.filters) else None

    def _kept(self) -> int | None:
        """Return the row that was selected in this list, also while it is read afresh (L2)."""
        return self._selected.get(self._desk.list_name)

    def _source(self, lines: int) -> SessionRows:
        store, name = self._desk.store, self._desk.list_name
        return SessionRows(store, store.view(name), self._desk.row_context(), lines=lines)

    def _show_state(self) -> None:
        desk = self._desk
        view = desk.store.view(desk.list_name)
        empty = self._empty(view)
        if empty != self.rows.empty:
            self.rows.empty = empty
            self.rows.refresh()
        sort = desk.preferences.sort_of(desk.list_name)
        caption: Line = ((desk.t(f"sort.{sort.value}"), Role.MUTED),)
        if view.loaded and desk.filters_now:
            total = len(view) if view.next_cursor is None else max(view.total, len(view))
            more = "" if view.total_is_exact else "+"
            where = desk.t(f"list.{desk.list_name.value}")
            found = desk.t("filter.matches", count=f"{total:,}{more}", list=where)
            caption = ((found, Role.STRONG), (f" {desk.symbols.dot} ", Role.MUTED), *caption)
        self.rows.caption = caption

    def _empty(self, view: ListView) -> str:
        """Say in words why there is no row."""
        desk = self._desk
        store = desk.store
        if view.loaded:
            return desk.t("list.no_match" if desk.filters_now else "list.empty")
        if store.link in (Link.LOST, Link.REFUSED):
            why = sentence(store.link_trouble, desk.catalogue) if store.link_trouble else ""
            again = "list.refused" if store.link is Link.REFUSED else "list.lost"
            # A hint may end with a command or with what the system says.
            stop = "." if why[-1:].isascii() and why[-1:].isalnum() else ""
            return f"{why}{stop} {desk.t(again)}".strip()
        if view.problem is not None:
            return sentence(view.problem, desk.catalogue)
        return desk.t("list.loading")

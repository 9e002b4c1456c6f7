"""The contacts, also those without an open session: to whom they are bound, who serves (Q11).

Pages come from the server, narrowed by ``bound:`` and words. The cursor stands on a contact, not on
a line: what is told meanwhile moves nothing under it.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import ClassVar, Final

from textual import on
from textual.widget import Widget
from textual.widgets import Input

from inbox_tui.client.port import ContactQuery
from inbox_tui.errors import InboxError
from inbox_tui.records import dataclass
from inbox_tui.state.assignees import may_change_binding
from inbox_tui.state.changes import BindingChanged, Change, ContactChanged, Link, LinkChanged
from inbox_tui.state.contact_filter import (
    ME,
    NONE,
    ContactFilter,
    contact_filter_text,
    read_contact_filter,
)
from inbox_tui.tui.actions.handlers import ELSEWHERE, Handlers
from inbox_tui.tui.actions.registry import Action, Room
from inbox_tui.tui.again import SETTLE, Again
from inbox_tui.tui.contacts import deeds
from inbox_tui.tui.contacts.rows import bound_to, contact_details, contact_row
from inbox_tui.tui.desk import Desk
from inbox_tui.tui.render.lines import Line
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.screens.details import DetailsScreen
from inbox_tui.tui.screens.room import bindings_of
from inbox_tui.tui.trouble import sentence
from inbox_tui.tui.widgets.fields import FilterLine
from inbox_tui.tui.widgets.sources import SequenceSource
from inbox_tui.tui.widgets.virtual_list import VirtualList
from inbox_tui.wire.codes import ContactSummary
from inbox_tui.wire.models import Contact, Event, Page
from inbox_tui.wire.words import SessionState

PAGE: Final = 100
"""Contacts to a page."""

_BOUND: Final = ("", ME, NONE)
_ON_BINDING: Final = ("contacts.end_binding", "contacts.move_binding")
_ON_ONE: Final = (*_ON_BINDING, "contacts.chat")


@dataclass(frozen=True, slots=True)
class Place:
    """Where one was among the contacts: what they were narrowed to, and the one selected."""

    filter: ContactFilter = ContactFilter()
    contact_id: int | None = None


class ContactsScreen(DetailsScreen):
    """Contacts, who wrote last on top; ``place`` is where to begin."""

    ROOM = Room.CONTACTS
    BINDINGS: ClassVar = bindings_of(Room.CONTACTS)
    handlers: ClassVar[Handlers] = {
        **ELSEWHERE,
        "view.back": lambda screen: screen.go_back(),
        "contacts.chat": deeds.open_chat,
        "contacts.search": lambda screen: screen.search(),
        "contacts.bound": lambda screen: screen.next_bound(),
        "contacts.clear": lambda screen: screen.clear(),
        "contacts.details": lambda screen: screen.toggle_details(),
        "contacts.end_binding": deeds.end_binding,
        "contacts.move_binding": deeds.move_binding,
    }

    DEFAULT_CSS = """
    ContactsScreen {
        & FilterLine { display: none; }
        &.-filter FilterLine { display: block; }
    }
    """

    def __init__(self, desk: Desk, place: Place | None = None) -> None:
        super().__init__(desk)
        place = place or Place()
        self.filter = place.filter
        self._begin_at = place.contact_id
        self._contacts: list[ContactSummary] = []
        self._cursor: str | None = None
        self._total = ""
        self._asked = 0
        self._profile: Contact | None = None
        self.again = Again(self, self._read_all_again)
        self._profile_again = Again(self, self._read_profile)
        self._filter = FilterLine(
            contact_filter_text(place.filter), placeholder=desk.t("contacts.prompt")
        )
        self.set_class(bool(self._filter.value), "-filter")
        self._rows: VirtualList[int] = VirtualList(
            self._source(), empty=desk.t("list.loading"), symbols=desk.symbols
        )
        self._stops: list[Callable[[], None]] = []

    @property
    def list_view(self) -> Widget:
        """The list."""
        return self._rows

    def above(self) -> Iterable[Widget]:
        """Return the filter."""
        yield self._filter

    def on_mount(self) -> None:
        """Listen, and read the first page."""
        self.show_head()
        self.show_hints()
        self._show_caption()
        self._stops = [
            self.desk.store.subscribe(self._told),
            self.desk.live.listen(self._heard),
        ]
        self._rows.focus()
        self.begin(self.read_first())

    def on_unmount(self) -> None:
        """Listen no more."""
        for stop in self._stops:
            stop()

    # --- what is selected --------------------------------------------------------------------

    @property
    def selected(self) -> ContactSummary | None:
        """The contact the cursor stands on, unless the one it stood on left by itself."""
        if self._rows.lost is not None:
            return None
        return next((each for each in self._contacts if each.id == self._rows.cursor), None)

    @property
    def place(self) -> Place:
        """Where one is."""
        return Place(self.filter, self._rows.cursor)

    def why_not(self, action: Action) -> str | None:
        """Return in words why an action is not possible now, or None; what I may not do first."""
        why = super().why_not(action)
        if why is not None:
            return why
        desk, contact = self.desk, self.selected
        if action.id == "contacts.clear" and self.filter == ContactFilter():
            return desk.t("why.no_filter")
        if action.id not in _ON_ONE:
            return None
        if contact is None:
            return desk.t("why.no_contact")
        if action.id not in _ON_BINDING:
            return None
        bound, me = bound_to(contact), desk.store.me
        if bound is None:
            return desk.t("why.not_bound", name=contact.nickname or contact.name)
        if me is None or not may_change_binding(me, desk.store.people, bound):
            return desk.t("why.not_their_binding")
        return None

    # --- the filter --------------------------------------------------------------------------

    def search(self) -> None:
        """Begin to type in the filter, at once, since letters follow fast."""
        self.add_class("-filter")
        self._filter.focus()

    async def next_bound(self) -> None:
        """Narrow to mine, then to those bound to nobody, then show all again."""
        at = _BOUND.index(self.filter.bound) if self.filter.bound in _BOUND else 0
        await self._use(replace(self.filter, bound=_BOUND[(at + 1) % len(_BOUND)]))

    async def clear(self) -> None:
        """Show all contacts again."""
        await self._use(ContactFilter())

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        self.begin(self._use(read_contact_filter(event.value)))

    @on(FilterLine.Cancelled)
    def _cancelled(self) -> None:
        self.begin(self._use(ContactFilter()))

    async def _use(self, wanted: ContactFilter) -> None:
        self.filter = wanted
        self._filter.value = contact_filter_text(wanted)
        self.set_class(bool(self._filter.value), "-filter")
        self._rows.focus()
        await self.read_first()

    # --- reading -----------------------------------------------------------------------------

    async def read_first(self) -> None:
        """Read the first page with this filter; only the last asked counts."""
        self._asked += 1
        asked = self._asked
        self._show_caption()
        try:
            page = await self._page(None)
        except InboxError as error:
            if asked == self._asked:
                self._contacts, self._cursor, self._total = [], None, ""
                self._rows.empty = sentence(error, self.desk.catalogue)
                self._rows.show(self._source())
                self._show_caption()
            raise
        if asked == self._asked:
            self._take(page, list(page.items))
            self._rows.show(self._source(), select=self._begin_at)
            self._begin_at = None

    async def _read_all_again(self) -> None:
        """Read as many as there are now, and keep the cursor on its contact."""
        asked, wanted = self._asked, max(PAGE, len(self._contacts))
        page = await self._page(None)
        found = list(page.items)
        while len(found) < wanted and page.next_cursor is not None:
            page = await self._page(page.next_cursor)
            found += page.items
        if asked == self._asked and self.is_attached:
            self._take(page, found)
            self._rows.source_changed(self._source())
            self._profile_again.want()

    async def _read_more(self) -> None:
        asked, cursor, self._cursor = self._asked, self._cursor, None
        try:
            page = await self._page(cursor)
        except InboxError:
            if asked == self._asked:
                self._cursor = cursor
                self._rows.ask_again()
            raise
        if asked == self._asked:
            known = {each.id for each in self._contacts}
            more = [each for each in page.items if each.id not in known]
            self._take(page, [*self._contacts, *more])
            self._rows.source_changed(self._source())

    async def _page(self, cursor: str | None) -> Page[ContactSummary]:
        query = ContactQuery(
            bound=self.filter.bound, q=self.filter.words, limit=PAGE, cursor=cursor
        )
        return await self.desk.live.client.contacts(query)

    def _take(self, page: Page[ContactSummary], contacts: list[ContactSummary]) -> None:
        self._contacts, self._cursor = contacts, page.next_cursor
        self._total = f"{page.total:,}" if page.total_is_exact else f"{page.total:,}+"
        self._rows.empty = self.desk.t("contacts.empty")
        self._show_caption()
        self.show_hints()

    async def _read_profile(self) -> None:
        wanted = self._rows.cursor
        if wanted is None or not self.are_details_shown:
            return
        profile = await self.desk.live.client.contact(wanted)
        if self._rows.cursor == wanted:
            self._profile = profile
            self._show_details()

    def details_wanted(self, within: float = SETTLE) -> None:
        """Show the profile of the selected contact, and read it."""
        self._show_details()
        if self.are_details_shown and self._rows.cursor is not None:
            self._profile_again.want(within)

    # --- what was told -----------------------------------------------------------------------

    def _told(self, changes: tuple[Change, ...]) -> None:
        if not self.is_attached:
            return
        news = any(
            isinstance(change, BindingChanged | ContactChanged) or change == LinkChanged(Link.LIVE)
            for change in changes
        )
        if news:
            self.again.want()
        elif any(isinstance(change, LinkChanged) for change in changes):
            self.show_hints()

    def _heard(self, event: Event) -> None:
        """Follow who serves a contact; the order stays as it was read."""
        session = event.session
        if session is None:
            return
        for at, contact in enumerate(self._contacts):
            if contact.id != session.contact.id:
                continue
            is_open = session.state is SessionState.OPEN
            if not is_open and contact.session_id != session.id:
                return
            now = replace(
                contact,
                session_id=session.id if is_open else None,
                assignee=session.assignee if is_open else None,
                last_seen_at=session.last_customer_message_at or contact.last_seen_at,
            )
            if now != contact:
                self._contacts[at] = now
                self._rows.source_changed(self._source())
            return

    # --- showing -----------------------------------------------------------------------------

    @on(VirtualList.Highlighted)
    def _selected(self) -> None:
        self.show_hints()
        self.details_wanted()

    @on(VirtualList.Chosen)
    def _chosen(self) -> None:
        self.action_act("contacts.chat")

    @on(VirtualList.NearEnd)
    def _near_end(self) -> None:
        if self._cursor is not None:
            self.begin(self._read_more())

    def leave_all(self) -> None:
        """Go back to the inbox, also past other rooms."""
        from inbox_tui.tui.screens.inbox import InboxScreen

        while not isinstance(self.app.screen, InboxScreen):
            self.app.pop_screen()

    def _show_caption(self) -> None:
        t = self.desk.t
        bound = self.filter.bound
        which = t("contacts.all")
        if bound in (ME, NONE):
            which = t(f"contacts.bound_{bound}")
        elif bound:
            which = t("contacts.bound_to", to=bound)
        caption: Line = ((t("contacts.title"), Role.STRONG), (f"  {which}", Role.MUTED))
        if self._total:
            caption = (*caption, (f"  {self._total}", Role.MUTED))
        self._rows.caption = caption

    def _show_details(self) -> None:
        known = self._profile if self._profile and self._profile.id == self._rows.cursor else None
        nobody = self._rows.cursor is None
        self.details.show(lambda width: [] if nobody else contact_details(known, width, self.desk))

    def _source(self) -> SequenceSource[int, ContactSummary]:
        desk = self.desk
        return SequenceSource(
            list(self._contacts),
            lambda contact: contact.id,
            lambda contact, width: contact_row(contact, width, desk),
        )

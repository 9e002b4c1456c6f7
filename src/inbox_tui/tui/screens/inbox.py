"""The main screen: lists, chat, profile and case, in one, two or three panes (U2).

It places the panes, hands on what the store tells and knows which session an action is about.
What the actions do stands in ``actions/do_*``.
"""

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.geometry import Size
from textual.timer import Timer
from textual.widget import Widget

from inbox_tui.state.changes import (
    CaseChanged,
    Change,
    ContactChanged,
    CountsChanged,
    EntryAppended,
    Link,
    LinkChanged,
    ListChanged,
    ListReset,
    MeChanged,
    RowLeft,
    SessionChanged,
    SessionMoved,
)
from inbox_tui.tui.actions.do_chat import follow_session, mark_read, send_text, show_session
from inbox_tui.tui.actions.do_lists import load_below, use_filters, use_list
from inbox_tui.tui.actions.handlers import INBOX, Handlers
from inbox_tui.tui.actions.registry import Room
from inbox_tui.tui.actions.situation import Situation
from inbox_tui.tui.desk import Desk
from inbox_tui.tui.panes.chat_pane import ChatPane
from inbox_tui.tui.panes.list_pane import ListPane
from inbox_tui.tui.panes.side_pane import SidePane
from inbox_tui.tui.screens.room import RoomScreen, bindings_of
from inbox_tui.tui.standing import moved_sentence
from inbox_tui.tui.widgets.composer import Composer, Mode
from inbox_tui.tui.widgets.flash import Tone
from inbox_tui.tui.widgets.message_log import MessageLog
from inbox_tui.tui.widgets.tabs import ListTabs
from inbox_tui.tui.widgets.virtual_list import VirtualList
from inbox_tui.wire.models import Session
from inbox_tui.wire.words import ListName, SessionState

THREE_FROM = 140
TWO_FROM = 90
ONE_LINE_BELOW = 60
LOW_BELOW = 20
"""Columns from which on there are three or two panes, and below which rows take one line; lines
below which the header folds into the line at the bottom."""


if TYPE_CHECKING:
    from inbox_tui.tui.actions.do_chat import WayBack

SAVE_WITHIN = 0.4
"""Seconds after which what was typed is on the disk, at most."""


class InboxScreen(RoomScreen):
    """Lists, chat, profile and case."""

    ROOM = Room.INBOX
    BINDINGS: ClassVar = bindings_of(Room.INBOX)
    handlers: ClassVar[Handlers] = INBOX

    DEFAULT_CSS = """
    InboxScreen {
        & #panes { height: 1fr; }
        & #list { width: 1fr; }
        & #chat { width: 1fr; }
        & #side { width: 1fr; }

        &.-one #chat, &.-one #side { display: none; }
        &.-one.-at-chat #list { display: none; }
        &.-one.-at-chat #chat { display: block; }
        &.-one.-at-side #list { display: none; }
        &.-one.-at-side #chat { display: none; }
        &.-one.-at-side #side { display: block; }

        &.-two #list { width: 2fr; min-width: 40; }
        &.-two #chat { width: 3fr; border-left: solid $border-blurred; }
        &.-two #side { display: none; }
        &.-two.-at-side #list { display: none; }
        &.-two.-at-side #side { display: block; width: 2fr; border-left: solid $border-blurred; }

        &.-three #list { width: 32%; max-width: 64; }
        &.-three #chat { width: 1fr; border-left: solid $border-blurred; }
        &.-three #side { width: 25%; max-width: 52; border-left: solid $border-blurred; }
        &.-low > StatusHeader { display: none; }
    }
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.list_pane = ListPane(desk, id="list")
        self.chat = ChatPane(desk, id="chat")
        self.side = SidePane(desk, id="side")
        self.way_back: WayBack | None = None
        self._hands_on: Widget | None = None
        self._told: list[Change] = []
        self._has_missed = False
        self._left: RowLeft | None = None
        self._saves: Timer | None = None

    def compose(self) -> ComposeResult:
        """Put the panes beside each other, the lines above and below."""
        self._fit(self.app.size)  # before anything is styled: so nothing is styled twice
        yield self.header
        with Horizontal(id="panes"):
            yield self.list_pane
            yield self.chat
            yield self.side
        yield self.bottom

    def on_mount(self) -> None:
        """Listen to the store, let time pass, begin in the list."""
        self.list_pane.show_list()
        self.show_head()
        self.show_hints()
        self.desk.store.subscribe(self._store_told)
        self.set_interval(1.0, self._tick)
        self.list_pane.rows.focus()

    # --- places ------------------------------------------------------------------------------

    @property
    def panes(self) -> int:
        """How many panes stand side by side."""
        return 3 if self.has_class("-three") else 2 if self.has_class("-two") else 1

    def go(self, where: str) -> None:
        """Go to ``list``, ``chat`` or ``side``: to the pane where they stand side by side."""
        self.set_class(where == "chat", "-at-chat")
        self.set_class(where == "side", "-at-side")
        pane: dict[str, Widget] = {
            "list": self.list_pane.rows,
            "chat": self.chat.log_view,
            "side": self.side,
        }
        self._put_hands_on(pane[where])

    def put_hands_on_text(self) -> None:
        """Begin to write in the composer."""
        self._put_hands_on(self.chat.composer)

    def _put_hands_on(self, widget: Widget) -> None:
        """Focus a widget: at once where it can be seen, else as soon as it can.

        Unless the hands were put elsewhere until then: the last key counts.
        """
        self._hands_on = widget
        shown = all(node.display for node in widget.ancestors_with_self if isinstance(node, Widget))
        if shown:
            self._focus_wanted(widget)
        else:
            self.call_after_refresh(self._focus_wanted, widget)

    def _focus_wanted(self, widget: Widget) -> None:
        if self._hands_on is not widget:
            return
        if isinstance(widget, Composer):
            widget.focus_text()
        else:
            self.set_focus(widget)

    @property
    def at_list(self) -> bool:
        """Whether the hands are on the list."""
        return self.focused is None or self.list_pane in self.focused.ancestors_with_self

    def target(self) -> Session | None:
        """Return the session I stand on, which every action is about; None: on none.

        In the list that is the row I chose. When it left by itself, I stand on none until I move,
        though the cursor shows the row in its place: no key may mean a customer I did not choose.
        Elsewhere it is the open chat, whoever serves it meanwhile.
        """
        if self.is_in_list or self.desk.open_id is None:
            return self._selected()
        return self.desk.opened

    @property
    def is_in_list(self) -> bool:
        """Whether actions are about the list: the hands are on it, and it can be seen."""
        return self.at_list and (self.panes > 1 or not self.has_class("-at-chat", "-at-side"))

    def _selected(self) -> Session | None:
        rows = self.list_pane.rows
        seen = self.panes > 1 or not self.has_class("-at-chat", "-at-side")
        if rows.cursor is None or rows.lost is not None or not seen:
            return None
        return self.desk.store.session(rows.cursor)

    def show_hints(self) -> None:
        """Show what can be done here now; in the composer its own keys first."""
        super().show_hints()
        composer = self.chat.composer
        key = "composer.note_hint_keys" if composer.mode is Mode.NOTE else "composer.hint"
        writes = composer.has_text_focus and self.is_typing
        self.bottom.hints.lead = self.desk.t(key) if writes else ""

    def situation(self) -> Situation:
        """Return what decides which actions are possible."""
        session = self.target()
        is_open = session is not None and session.id == self.desk.open_id
        return Situation(
            link=self.desk.store.link,
            me=self.desk.store.me,
            session=session,
            lost=self._lost_sentence(),
            entry=self.chat.entry_to_retry if is_open else None,
            held=is_open and self.chat.reply_on_its_way is not None,
            filtered=bool(self.desk.filters_now),
        )

    def _lost_sentence(self) -> str:
        """Say what became of the session I stood on, or nothing if it is still there."""
        lost, left = self.list_pane.rows.lost, self._left
        if lost is None:
            return ""
        if left is None or left.session.id != lost:
            return self.desk.t("list.gone")
        return self._moved_sentence(left)

    def _moved_sentence(self, moved: RowLeft | SessionMoved) -> str:
        desk = self.desk
        return moved_sentence(moved.session, moved.by, moved.at, desk.now, desk.catalogue)

    def on_resize(self, event: events.Resize) -> None:
        """Choose how many panes there are."""
        self._fit(event.size)
        self.list_pane.set_row_height(1 if event.size.width < ONE_LINE_BELOW else 2)

    def _fit(self, size: Size) -> None:
        self.set_class(size.width >= THREE_FROM, "-three")
        self.set_class(TWO_FROM <= size.width < THREE_FROM, "-two")
        self.set_class(size.width < TWO_FROM, "-one")
        self.set_class(size.height < LOW_BELOW, "-low")
        self.bottom.set_class(size.height < LOW_BELOW, "-low")

    # --- what the store tells ----------------------------------------------------------------

    def _store_told(self, changes: tuple[Change, ...]) -> None:
        if self.is_covered:
            self._has_missed = True
            return
        if not self._told:
            self.call_later(self._took)
        self._told += changes

    def _took(self) -> None:
        """Show what was told since the last time, at once."""
        changes, self._told = self._told, []
        kinds = {type(change) for change in changes}
        if kinds & {ListReset, ListChanged, MeChanged, LinkChanged}:
            self.list_pane.took(changes)
            self._stand(changes)
        if CountsChanged in kinds or MeChanged in kinds:
            self.list_pane.show_counts()
        self.chat.took(changes)
        opened = self.desk.opened
        if opened is not None and SessionChanged(opened.id) in changes:
            self.chat.show_session()
            self.side.show_session()
        if opened is not None:
            self._follow_chat(opened, changes)
        self._tell_moves(changes)
        if any(self._is_beside(change) for change in changes) or (
            LinkChanged(Link.LIVE) in changes and self.side.contact is None
        ):
            self.begin(self.load_side())
        self.show_head()
        self.show_hints()

    def _stand(self, changes: list[Change]) -> None:
        """Stand on the next row where mine left by my own deed; else note by whose it left."""
        rows, me = self.list_pane.rows, self.desk.store.nickname
        for change in changes:
            if isinstance(change, RowLeft) and change.session.id == rows.lost:
                self._left = change
                if change.by == me:
                    rows.lost = None

    def _tell_moves(self, changes: list[Change]) -> None:
        """Say who gave me a session, and who moved the one whose chat is open."""
        me = self.desk.store.nickname
        for change in changes:
            if not isinstance(change, SessionMoved) or change.by == me:
                continue
            session = change.session
            if session.assignee == me and change.by is not None and change.was.assignee != me:
                name = session.contact.nickname or session.contact.name
                self.say(self.desk.t("moved.to_you", by=change.by, name=name))
            elif session.assignee != me and session.id == self.desk.open_id:
                self.say(self._moved_sentence(change), Tone.WARN)

    def _follow_chat(self, opened: Session, changes: list[Change]) -> None:
        """Go on with a customer who writes on: in the next session, and as read where I look."""
        fresh = [
            change
            for change in changes
            if isinstance(change, EntryAppended)
            and change.conversation_id == opened.conversation_id
        ]
        if not fresh:
            return
        if opened.state is SessionState.CLOSED:
            newer = self.desk.store.open_session_in(opened.conversation_id)
            if newer is not None and newer.id > opened.id:
                self.begin(follow_session(self, newer))
        elif self._is_reading():
            self.begin(mark_read(self))

    def _is_reading(self) -> bool:
        """Whether the end of the chat is before somebody's eyes and under their hands."""
        at_chat = self.focused is not None and self.chat in self.focused.ancestors_with_self
        return at_chat and self.is_current and self.app.app_focus and self.chat.log_view.at_end

    def _is_beside(self, change: Change) -> bool:
        opened = self.desk.opened
        match change:
            case CaseChanged(code=code):
                return opened is not None and opened.case_code == code
            case ContactChanged(contact_id=contact_id):
                return opened is not None and opened.contact.id == contact_id
            case _:
                return False

    async def load_side(self) -> None:
        """Load profile and case of the open chat."""
        session = self.desk.opened
        if session is None:
            self.side.show(None, None)
            return
        client = self.desk.live.client
        contact = await client.contact(session.contact.id)
        case = await client.case(session.case_code) if session.case_code else None
        if self.desk.open_id == session.id:
            self.side.show(contact, case)

    def on_screen_resume(self) -> None:
        """Show how it stands after another room stood before this one."""
        if self._has_missed:
            self._has_missed = False
            self._told += self._all_that_may_differ()
            self._took()

    def _all_that_may_differ(self) -> list[Change]:
        store, opened = self.desk.store, self.desk.opened
        found: list[Change] = [ListChanged(self.desk.list_name), CountsChanged()]
        found.append(LinkChanged(store.link))
        if opened is not None:
            found.append(SessionChanged(opened.id))
            found.append(EntryAppended(opened.conversation_id, 0))
            found.append(ContactChanged(opened.contact.id))
        return found

    def _tick(self) -> None:
        if self.is_covered:
            return
        self.desk.store.sift(self.desk.now)
        self.list_pane.tick()
        self.chat.tick()

    # --- what a person did -------------------------------------------------------------------

    @on(VirtualList.Chosen, "#rows")
    def _row_chosen(self, event: VirtualList.Chosen) -> None:
        if self.list_pane.rows.lost is not None:
            self.say(self._lost_sentence(), Tone.WARN)
            return
        self.begin(show_session(self, event.key))

    @on(VirtualList.NearEnd, "#rows")
    def _rows_end(self) -> None:
        self.begin(load_below(self))

    @on(VirtualList.Gone, "#rows")
    def _row_gone(self) -> None:
        """Say what became of the row under the hands, unless I was just told of a deed."""
        lost = self._lost_sentence()
        if lost and self.at_list and not self.bottom.is_telling:
            self.say(lost, Tone.WARN)

    @on(VirtualList.Highlighted, "#rows")
    def _row_selected(self) -> None:
        self.show_hints()

    @on(MessageLog.NearTop)
    def _log_top(self) -> None:
        session = self.desk.opened
        if session is not None:
            self.begin(self.desk.live.load_older(session.id, session.conversation_id))

    @on(MessageLog.Highlighted)
    def _entry_selected(self) -> None:
        self.show_hints()

    @on(MessageLog.Chosen)
    def _entry_chosen(self) -> None:
        self.action_act("chat.retry")

    @on(ListTabs.Chosen)
    def _tab_chosen(self, event: ListTabs.Chosen) -> None:
        self.begin(use_list(self, ListName(event.tab)))

    @on(ListPane.Asked)
    def _filters_typed(self, event: ListPane.Asked) -> None:
        self.list_pane.rows.focus()
        self.begin(use_filters(self, event.filters))

    @on(Composer.Submitted)
    def _text_sent(self, event: Composer.Submitted) -> None:
        self.begin(send_text(self, event))

    @on(Composer.Refused)
    def _text_refused(self, event: Composer.Refused) -> None:
        self.say(event.reason, Tone.BAD)

    @on(Composer.Changed)
    def _text_changed(self, event: Composer.Changed) -> None:
        if self.is_typing and event.text:  # not what sending it emptied
            self.bottom.give_way()
        if event.target is not None:
            note = event.mode is Mode.NOTE
            self.desk.drafts.put(event.target.conversation_id, event.text, note=note)
        if self._saves is None:
            self._saves = self.set_timer(SAVE_WITHIN, self._save_drafts)

    async def _save_drafts(self) -> None:
        """Write the drafts beside the screen's own work: a slow disk holds up no key."""
        self._saves = None
        try:
            await asyncio.to_thread(self.desk.drafts.save)
        except OSError as error:
            self.say(self.desk.t("drafts.not_kept", why=str(error)), Tone.BAD)

"""The pane of one conversation: whose it is, what was said, what is on its way, the composer."""

from textual.app import ComposeResult
from textual.containers import Vertical

from inbox_tui.state.changes import Change, EntryAppended, EntryChanged, TimelineChanged
from inbox_tui.state.timelines import Outgoing, Way
from inbox_tui.tui.actions.situation import is_unsettled
from inbox_tui.tui.desk import Desk
from inbox_tui.tui.panes.sources import first_unread, outgoing_entry
from inbox_tui.tui.render import cells
from inbox_tui.tui.render.lines import Line, columns
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.render.row import countdown_text, reason_text
from inbox_tui.tui.render.timeline import ItemKey, Timeline
from inbox_tui.tui.widgets.composer import Composer, Mode, Target
from inbox_tui.tui.widgets.message_log import MessageLog
from inbox_tui.tui.widgets.one_line import Label, OneLine
from inbox_tui.wire.models import Entry, Session
from inbox_tui.wire.words import SessionState


class Heading(OneLine):
    """Whose conversation it is, on which channel, who serves it, and its case."""

    DEFAULT_CSS = """
    Heading { background: $panel; }
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(symbols=desk.symbols)
        self._desk = desk
        self._left = ""

    def line(self, width: int) -> Line:
        """Return what fits; the name is given up last."""
        session = self._desk.opened
        if session is None:
            return ((self._desk.t("chat.none"), Role.MUTED),)
        dot = (f" {self.symbols.dot} ", Role.MUTED)
        name = cells.calm(session.contact.nickname or session.contact.name)
        left: Line = ((name, Role.STRONG), dot, (cells.calm(session.channel), Role.CHANNEL))
        right: Line = (self._served(session),)
        if session.case_code and width >= 60:
            right = (*right, dot, (cells.calm(session.case_code), Role.MUTED))
        return columns(left, right, width, self.symbols.ellipsis)

    def _served(self, session: Session) -> tuple[str, Role]:
        t = self._desk.t
        if session.state is SessionState.CLOSED:
            how = session.close_reason
            why = f": {t(f'close_reason.{how.value}')}" if how else ""
            return f"{t('state.closed')}{why}", Role.CLOSED
        if session.assignee == self._desk.store.nickname:
            return t("list.you"), Role.ME
        if session.assignee is not None:
            return cells.calm(session.assignee), Role.AGENT
        left = countdown_text(session, self._desk.now)
        why = reason_text(session, self._desk.catalogue)
        return f"{why} {left}" if left else why, Role.REASON

    def tick(self) -> None:
        """Count down where there is something to count down (R6): nothing else here changes."""
        session = self._desk.opened
        left = "" if session is None else countdown_text(session, self._desk.now)
        if left != self._left:
            self._left = left
            self.refresh()


class ChatLog(MessageLog[ItemKey]):
    """What was said."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            _nothing(desk), empty=desk.t("chat.none_hint"), symbols=desk.symbols, id="log"
        )
        self._t = desk.t

    def new_below_text(self, count: int) -> str:
        """Say how many entries came below."""
        return (
            self._t("timeline.new_below", count=count) if count else self._t("timeline.more_below")
        )


class ChatPane(Vertical):
    """Heading, log, replies on their way, composer."""

    DEFAULT_CSS = """
    ChatPane {
        background: $surface;
        & MessageLog { height: 1fr; }
        & .held { display: none; background: $panel; }
        &.-held .held { display: block; }
        & Composer { display: none; }
        &.-open Composer { display: block; }
    }
    """

    def __init__(self, desk: Desk, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._desk = desk
        self._heading = Heading(desk)
        self.log_view = ChatLog(desk)
        self._held = Label(classes="held")
        self.composer = Composer(desk.catalogue, symbols=desk.symbols, id="composer")
        self._numbers: dict[str, int] = {}
        self._unread_from: int | None = None
        self._shown: int | None = None

    def compose(self) -> ComposeResult:
        """Put them below each other; the composer, which is not seen yet, after the first frame."""
        yield self._heading
        yield self.log_view
        yield self._held
        self.call_after_refresh(self.mount, self.composer)

    @property
    def entry(self) -> Entry | None:
        """The entry the cursor stands on."""
        key, source = self.log_view.cursor, self.log_view.source
        if key is None or not isinstance(source, Timeline):
            return None
        return source.entry_of(key)

    @property
    def entry_to_retry(self) -> Entry | None:
        """The entry a second try is about: the selected one, else the only one that needs it."""
        session, selected = self._desk.opened, self.entry
        if selected is not None or session is None:
            return selected
        entries = self._desk.store.timeline(session.conversation_id).entries()
        unsettled = [entry for entry in entries if is_unsettled(entry)]
        return unsettled[0] if len(unsettled) == 1 else None

    @property
    def reply_on_its_way(self) -> Outgoing | None:
        """The unsent reply an action is about: the selected one, else the oldest stopped one."""
        session = self._desk.opened
        if session is None:
            return None
        unsent = [
            reply
            for reply in self._desk.store.timeline(session.conversation_id).outgoing()
            if reply.way is not Way.SENDING
        ]
        entry = self.entry
        if entry is not None:
            if entry.client_key is None or entry.id > 0:
                return None
            return next((reply for reply in unsent if reply.key == entry.client_key), None)
        stopped = [reply for reply in unsent if reply.way is Way.STOPPED]
        return next(iter(stopped or unsent), None)

    # --- what changes ------------------------------------------------------------------------

    def show(self) -> None:
        """Show the desk's session, or that none is open; what was being written is kept."""
        session = self._desk.opened
        before, self._shown = self._shown, session.conversation_id if session else None
        self.set_class(session is not None, "-open")
        if before != self._shown:
            self.keep_text()
            self.composer.target = None
            text = "" if session is None else self._desk.drafts.get(session.conversation_id)
            self.composer.load(text, mode=Mode.REPLY)
        self.show_session()
        self.show_log()

    def show_log(self) -> None:
        """Show what was said, from its end; the composer and what is typed there stay."""
        session = self._desk.opened
        self._unread_from = None
        if session is None:
            waits = self._desk.open_id is not None
            self.log_view.empty = self._desk.t("list.loading" if waits else "chat.none_hint")
            self.log_view.show(_nothing(self._desk))
        else:
            timeline = self._desk.store.timeline(session.conversation_id)
            self._unread_from = first_unread(timeline.entries(), session)
            self.log_view.empty = self._desk.t(
                "timeline.empty" if timeline.loaded else "list.loading"
            )
            self.log_view.show(self._timeline(session))
        self._show_held()

    def show_problem(self, why: str) -> None:
        """Say in the place of the log why it could not be read."""
        self.log_view.empty = why
        self.log_view.refresh()

    def write(self, mode: Mode) -> None:
        """Begin to write a reply or a note; what was begun of the other is kept."""
        target = self.composer.target
        if target is not None and self.composer.mode is not mode:
            self.keep_text()
            note = mode is Mode.NOTE
            self.composer.load(self._desk.drafts.get(target.conversation_id, note=note), mode=mode)

    def keep_text(self) -> None:
        """Keep what stands in the composer as a draft of its conversation."""
        composer = self.composer
        if composer.target is not None:
            note = composer.mode is Mode.NOTE
            self._desk.drafts.put(composer.target.conversation_id, composer.text, note=note)

    def show_session(self) -> None:
        """Show how the session stands: heading and composer."""
        self._heading.refresh()
        session = self._desk.opened
        if session is not None:
            channel = self._desk.store.people.channels.get(session.channel)
            self.composer.target = Target(
                name=session.contact.nickname or session.contact.name,
                channel=session.channel,
                session_id=session.id,
                conversation_id=session.conversation_id,
                assignee=session.assignee,
                mine=session.assignee == self._desk.store.nickname,
                closed=session.state is SessionState.CLOSED,
                max_text=channel.max_text if channel else 5_000,
            )

    def took(self, changes: list[Change]) -> None:
        """Follow what the store told."""
        session = self._desk.opened
        if session is None:
            return
        if self._shown != session.conversation_id:
            self.show()  # it is known only now
            return
        kinds = (EntryAppended, EntryChanged, TimelineChanged)
        ours = (
            change.conversation_id == session.conversation_id
            for change in changes
            if isinstance(change, kinds)
        )
        if any(ours):
            self.log_view.empty = self._desk.t("timeline.empty")
            self.log_view.source_changed(self._timeline(session))
            self._show_held()

    def tick(self) -> None:
        """Let time pass."""
        self._heading.tick()

    # --- inside ------------------------------------------------------------------------------

    def _timeline(self, session: Session) -> Timeline:
        timeline = self._desk.store.timeline(session.conversation_id)
        author = self._desk.store.nickname
        entries = timeline.entries() + [
            outgoing_entry(reply, self._number(reply.key), author) for reply in timeline.outgoing()
        ]
        context = self._desk.entry_context(session)
        return Timeline(entries, context, unread_from=self._unread_from)

    def _number(self, key: str) -> int:
        return self._numbers.setdefault(key, len(self._numbers) + 1)

    def _show_held(self) -> None:
        session = self._desk.opened
        outgoing = self._desk.store.timeline(session.conversation_id).outgoing() if session else []
        stopped = [reply for reply in outgoing if reply.way is Way.STOPPED]
        held = [reply for reply in outgoing if reply.way is Way.HELD]
        self.set_class(bool(stopped or held), "-held")
        t, symbols = self._desk.t, self._desk.symbols
        if stopped:
            why = cells.calm(stopped[0].why or "")
            told = t("held.stopped", count=len(stopped), why=why)
            self._held.update(((f"{symbols.failed} {told}", Role.BAD),))
        elif held:
            told = t("held.waiting", count=len(held))
            self._held.update(((f"{symbols.queued} {told}", Role.DUE_SOON),))


def _nothing(desk: Desk) -> Timeline:
    from inbox_tui.tui.render.entry import EntryContext

    return Timeline([], EntryContext(now=desk.now, catalogue=desk.catalogue))

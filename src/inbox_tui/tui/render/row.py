"""A session as one or two lines of a list (L3).

Wide enough, a row has fixed columns: state at the left, channel and waiting time placed from the
right edge, so that no name can push them. State, flags and unread count are told by glyph and
word. Whether a session is due is worked out here against the moment handed in, since time passes
between two events.
"""

from collections.abc import Hashable, Mapping
from datetime import datetime, timedelta

from inbox_tui.locale import Catalogue, times
from inbox_tui.records import dataclass, field
from inbox_tui.tui.render import cells
from inbox_tui.tui.render.cells import Emoji
from inbox_tui.tui.render.lines import Line, Span, columns, cut, line_width
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.render.symbols import UNICODE, Symbols
from inbox_tui.wire.models import Session
from inbox_tui.wire.words import Due, EntryKind, Priority, SessionState, UnassignedReason

STATE_COLUMN_FROM = 58
"""Cells from which on a two-line row has a column for the state word."""

WAIT_CELLS = 6
CHANNEL_CELLS = 12
"""Cells of the column of channels; more for longer names, up to a third of the row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowContext:
    """What a row needs to know besides its session.

    ``due_soon`` is seconds before the target (L6); ``channels`` names a channel slug shortly.
    """

    now: datetime
    catalogue: Catalogue
    me: str = ""
    due_soon: float = 7_200
    channels: Mapping[str, str] = field(default_factory=dict)
    symbols: Symbols = UNICODE
    emoji: Emoji = Emoji.SAFE


def due_now(session: Session, now: datetime, due_soon: float) -> Due:
    """Return where a session stands against its response target at ``now`` (L6)."""
    if session.state is SessionState.CLOSED or session.waiting_since is None:
        return Due.OK
    if session.due_at is None:
        return session.due
    if now >= session.due_at:
        return Due.OVERDUE
    if now >= session.due_at - timedelta(seconds=due_soon):
        return Due.DUE_SOON
    return Due.OK


def waiting_text(session: Session, context: RowContext) -> str:
    """Return how long the customer waits, else how long ago they wrote, in one unit."""
    since = session.waiting_since or session.last_customer_message_at or session.last_activity_at
    return times.ago(since, context.now, context.catalogue)


def reason_text(session: Session, catalogue: Catalogue) -> str:
    """Return why nobody serves an open session, and which agent it waits for (R6, R7)."""
    reason = session.unassigned_reason
    if reason is None:
        return catalogue.t("list.unassigned")
    if reason is UnassignedReason.WAITING_FOR_AGENT and session.waits_for is not None:
        return catalogue.t("reason.waiting_for", agent=cells.calm(session.waits_for))
    return catalogue.t(f"reason.{reason}")


def countdown_text(session: Session, now: datetime) -> str:
    """Return what is left of the wait for an agent, ``1:32`` (R6); empty where there is none."""
    waits = session.unassigned_reason is UnassignedReason.WAITING_FOR_AGENT
    if not waits or session.wait_until is None or session.state is SessionState.CLOSED:
        return ""
    return times.countdown((session.wait_until - now).total_seconds())


def row_revision(session: Session, context: RowContext) -> Hashable:
    """Return what changes when the row looks different although the session may be the same."""
    return (
        session.version,
        session.contact,
        session.unread_count,
        session.starred,
        due_now(session, context.now, context.due_soon),
        waiting_text(session, context),
        countdown_text(session, context.now),
        session.last_line,
        session.assignee,
        tuple(context.channels.values()),  # the longest says how wide their column is
    )


def session_row(session: Session, width: int, context: RowContext, *, lines: int = 2) -> list[Line]:
    """Return a session in ``lines`` (1 or 2) lines of exactly ``width`` cells."""
    if lines == 1:
        return [_single(session, width, context)]
    if width >= STATE_COLUMN_FROM:
        return _wide(session, width, context)
    return _narrow(session, width, context)


def _wide(session: Session, room: int, context: RowContext) -> list[Line]:
    mark = context.symbols.ellipsis
    glyph, word, role = _state(session, context)
    state = max(cells.width(context.catalogue.t(f"state.{name}")) for name in _STATE_WORDS) + 2
    first: Line = (*_padded(((f"{glyph} {word}", role),), state, mark), ("  ", Role.TEXT))
    flags = _flags(session, context)
    second: Line = (*_padded(flags, state, mark), ("  ", Role.TEXT))
    rest = room - state - 2
    longest = max(map(cells.width, context.channels.values()), default=0)
    column = max(CHANNEL_CELLS, min(longest, rest // 3))
    channel = cells.pad_left(_channel(session, context), column, mark)
    right = ((channel, Role.CHANNEL), *_wait(session, context, role))
    return [
        first + columns((_name(session, context),), right, rest, mark),
        second + columns((_last_line(session, context),), _who(session, rest, context), rest, mark),
    ]


def _narrow(session: Session, room: int, context: RowContext) -> list[Line]:
    mark = context.symbols.ellipsis
    glyph, word, role = _state(session, context)
    channel = cells.fit(_channel(session, context), max(0, room // 3), mark)
    right: Line = ((channel, Role.CHANNEL), *_wait(session, context, role))
    flags = _flags(session, context, words=False)
    named: Line = ((glyph, role), (" ", Role.TEXT), *flags, *_gap(flags), _name(session, context))
    if context.symbols.dot and word:
        told: Line = (("  ", Role.TEXT), (word, role), (f" {context.symbols.dot} ", Role.MUTED))
    else:
        told = (("  ", Role.TEXT),)
    return [
        columns(named, right, room, mark),
        columns((*told, _last_line(session, context)), _who(session, room, context), room, mark),
    ]


def _single(session: Session, room: int, context: RowContext) -> Line:
    mark = context.symbols.ellipsis
    glyph, word, role = _state(session, context)
    flags = _flags(session, context, words=False)
    left: Line = (
        (glyph, role),
        (" ", Role.TEXT),
        *flags,
        *_gap(flags),
        _name(session, context),
        (f" {context.symbols.dot} ", Role.MUTED),
        _last_line(session, context),
    )
    unread = _unread(session, context)
    until = _single_wait(session, room, context)
    right: Line = (*unread, *_gap(unread), *until, (word, role), *_wait(session, context, role))
    return columns(left, right, room, mark)


def _single_wait(session: Session, room: int, context: RowContext) -> Line:
    """Return the agent waited for and what is left, as short as a row of one line needs it."""
    left = _left(session, context)
    if not left:
        return ()
    waited_for = cells.calm(session.waits_for or "")
    name = cells.fit(waited_for, max(1, room // 8), context.symbols.ellipsis)
    return ((name, Role.REASON), *left, (" ", Role.TEXT))


_STATE_WORDS = ("overdue", "due_soon", "unanswered", "answered", "closed")


def _state(session: Session, context: RowContext) -> tuple[str, str, Role]:
    """Return glyph, word and role of the state that matters most."""
    symbols, t = context.symbols, context.catalogue.t
    if session.state is SessionState.CLOSED:
        return symbols.closed, t("state.closed"), Role.CLOSED
    due = due_now(session, context.now, context.due_soon)
    if due is Due.OVERDUE:
        return symbols.overdue, t("state.overdue"), Role.OVERDUE
    if due is Due.DUE_SOON:
        return symbols.due_soon, t("state.due_soon"), Role.DUE_SOON
    if session.unanswered or session.waiting_since is not None:
        return symbols.unanswered, t("state.unanswered"), Role.UNANSWERED
    return symbols.answered, t("state.answered"), Role.ANSWERED


def _flags(session: Session, context: RowContext, *, words: bool = True) -> Line:
    """Return star and priority, where they are not the usual."""
    symbols, t = context.symbols, context.catalogue.t
    flags: list[Span] = []
    if session.starred:
        flags.append((symbols.starred, Role.STAR))
    if session.priority is not Priority.NORMAL:
        glyph = {
            Priority.URGENT: symbols.urgent,
            Priority.HIGH: symbols.high,
            Priority.LOW: symbols.low,
        }[session.priority]
        urgent = session.priority in (Priority.URGENT, Priority.HIGH)
        word = f" {t(f'priority.{session.priority}')}" if words else ""
        if flags and words:
            flags.append((" ", Role.TEXT))
        flags.append((glyph + word, Role.REASON if urgent else Role.MUTED))
    elif session.starred and words:
        flags.append((f" {t('state.starred')}", Role.STAR))
    return tuple(flags)


def _name(session: Session, context: RowContext) -> Span:
    contact = session.contact
    name = contact.nickname or contact.name or f"#{contact.id}"
    role = Role.UNREAD_NAME if session.unread_count else Role.NAME
    return cells.calm(name, context.emoji), role


def _last_line(session: Session, context: RowContext) -> Span:
    text = cells.calm(session.last_line, context.emoji)
    if session.last_line_kind is EntryKind.REPLY:
        return f"{context.symbols.arrow} {text}", Role.MUTED
    if session.last_line_kind is EntryKind.NOTE:
        return f"{context.symbols.note} {text}", Role.NOTE_TEXT
    return text, Role.TEXT if session.unread_count else Role.MUTED


def _channel(session: Session, context: RowContext) -> str:
    return cells.calm(context.channels.get(session.channel, session.channel))


def _wait(session: Session, context: RowContext, role: Role) -> Line:
    """Return the waiting time against the right edge of its column."""
    waits = role in (Role.OVERDUE, Role.DUE_SOON, Role.UNANSWERED)
    text = waiting_text(session, context)
    blank = max(1, WAIT_CELLS - cells.width(text))
    return ((" " * blank, Role.TEXT), (text, role if waits else Role.TIME))


def _who(session: Session, room: int, context: RowContext) -> Line:
    """Return the agent, or why there is none, and the unread count."""
    t = context.catalogue.t
    unread = _unread(session, context)
    if session.assignee is not None:
        mine = session.assignee == context.me
        name = t("list.you") if mine else cells.calm(session.assignee)
        who: Span = (name, Role.ME if mine else Role.AGENT)
    elif session.state is SessionState.CLOSED or session.unassigned_reason is None:
        return unread
    else:
        who = (reason_text(session, context.catalogue), Role.REASON)
    left = _left(session, context)
    share = max(6, room // 2) - line_width(unread) - line_width(left)
    if left and session.waits_for and cells.width(who[0]) > share:
        who = (cells.calm(session.waits_for), Role.REASON)  # the countdown says that it waits
    return (*cut((who,), share, context.symbols.ellipsis), *left, *_gap(unread), *unread)


def _left(session: Session, context: RowContext) -> Line:
    """Return what is left of the wait for an agent (R6), in a span of its own: it is repainted."""
    text = countdown_text(session, context.now)
    return ((f" {text}", Role.REASON),) if text else ()


def _unread(session: Session, context: RowContext) -> Line:
    if not session.unread_count:
        return ()
    count = str(session.unread_count) if session.unread_count < 100 else "99+"
    return ((f"{context.symbols.unread}{count}", Role.UNREAD),)


def _gap(after: Line) -> Line:
    return ((" ", Role.TEXT),) if after else ()


def _padded(line: Line, width: int, mark: str) -> Line:
    line = cut(line, width, mark)
    return (*line, (" " * (width - line_width(line)), Role.TEXT))

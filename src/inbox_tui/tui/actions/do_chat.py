"""Deeds in the chat: open it, read it, reply, note, try again, take back (C2–C4, R17, U5)."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from inbox_tui.errors import InboxError
from inbox_tui.locale import Catalogue
from inbox_tui.state.changes import Link
from inbox_tui.state.timelines import Way
from inbox_tui.tui.trouble import sentence
from inbox_tui.tui.widgets.composer import Composer, Mode
from inbox_tui.tui.widgets.flash import Tone
from inbox_tui.wire.models import Session
from inbox_tui.wire.words import DeliveryState, SessionState

if TYPE_CHECKING:
    from inbox_tui.tui.screens.inbox import InboxScreen

WayBack = Callable[["InboxScreen"], Awaitable[None]]
"""Leads back from a chat to where one came from: a case, a contact."""


async def show_session(
    screen: "InboxScreen", session_id: int, *, back: WayBack | None = None
) -> None:
    """Open a session's chat. Opening it is what marks it as read. ``back``: whence one came."""
    _turn_to(screen, session_id)
    screen.way_back = back
    screen.go("chat")
    await _read(screen, session_id)


def _turn_to(screen: "InboxScreen", session_id: int) -> None:
    """Put a session into the chat, as far as it is known."""
    screen.desk.open_id = session_id
    screen.way_back = None
    screen.chat.show()
    screen.side.show(None, None)


async def _read(screen: "InboxScreen", session_id: int) -> None:
    """Read what belongs to the session in the chat; what is typed meanwhile stays."""
    desk = screen.desk
    try:
        await desk.live.open(session_id)
    except InboxError as error:
        if desk.open_id == session_id:
            screen.chat.show_problem(sentence(error, desk.catalogue))
        raise
    if desk.open_id != session_id:
        return
    screen.chat.show() if screen.chat.composer.target is None else screen.chat.show_log()
    await mark_read(screen)
    await screen.load_side()


async def follow_session(screen: "InboxScreen", session: Session) -> None:
    """Go on in the next session of the open conversation: its customer wrote again."""
    desk = screen.desk
    before = desk.open_id
    await desk.live.open(session.id)
    if desk.open_id != before:
        return
    desk.open_id = session.id
    screen.chat.show_session()
    name = session.contact.nickname or session.contact.name
    screen.say(desk.t("done.followed", name=name))
    await screen.load_side()


async def mark_read(screen: "InboxScreen") -> None:
    """Say that I have seen what the customer wrote so far in the open session."""
    desk, session = screen.desk, screen.desk.opened
    if session is None or not session.unread_count or desk.store.link is not Link.LIVE:
        return
    seen = session.customer_messages
    desk.store.set_seen(session.id, seen, desk.now)
    await desk.live.client.read(session.id, seen)


def write_reply(screen: "InboxScreen") -> Awaitable[None] | None:
    """Begin to write to the customer; in somebody else's session its prompt says whose (R17)."""
    return _write(screen, Mode.REPLY)


def write_note(screen: "InboxScreen") -> Awaitable[None] | None:
    """Begin to write a note for colleagues."""
    return _write(screen, Mode.NOTE)


def _write(screen: "InboxScreen", mode: Mode) -> Awaitable[None] | None:
    """Put the hands on the composer at once, since letters follow fast; then read the chat."""
    session = screen.target()
    if session is None:
        return None
    opens = screen.desk.open_id != session.id
    if opens:
        _turn_to(screen, session.id)
    screen.go("chat")
    screen.chat.write(mode)
    screen.put_hands_on_text()
    return _read(screen, session.id) if opens else None


async def send_text(screen: "InboxScreen", event: Composer.Submitted) -> None:
    """Send a reply, or keep a note. What cannot be sent stays in the composer."""
    try:
        if event.mode is Mode.NOTE:
            await _keep_note(screen, event)
        else:
            await _reply(screen, event)
    finally:
        screen.chat.composer.left_alone()


async def _keep_note(screen: "InboxScreen", event: Composer.Submitted) -> None:
    """Keep a note. The composer stays one for notes: nothing typed next may go to a customer."""
    desk, target = screen.desk, event.target
    entry = await desk.live.client.post_note(target.session_id, event.text)
    desk.store.put_entry(entry)
    desk.drafts.put(target.conversation_id, "", note=True)
    screen.chat.composer.taken(event)
    screen.say(desk.t("done.noted"), Tone.GOOD)


async def _reply(screen: "InboxScreen", event: Composer.Submitted) -> None:
    desk, target, composer = screen.desk, event.target, screen.chat.composer
    session = desk.store.session(target.session_id)
    if session is None or not await _asked_whose(screen, session):
        return
    composer.taken(event)
    desk.drafts.put(target.conversation_id, "")
    try:
        sending = desk.sending.send(session, event.text)
        screen.chat.log_view.action_last()
        await sending
    except OSError as error:
        composer.load(f"{event.text}{composer.text}", mode=Mode.REPLY)
        screen.say(desk.t("held.not_kept", why=str(error)), Tone.BAD)
        return
    screen.show_head()
    if desk.store.link is not Link.LIVE:
        screen.say(desk.t("held.until_live"), Tone.WARN)
        return
    await mark_read(screen)


async def _asked_whose(screen: "InboxScreen", session: Session) -> bool:
    """Ask once for each chat opened before writing in somebody else's session (R17)."""
    from inbox_tui.tui.dialogs.confirm import ConfirmDialog

    desk = screen.desk
    other = session.assignee
    if other is None or other == desk.store.nickname or session.id in desk.asked:
        return True
    question = desk.t("ask.whose", assignee=other)
    dialog = ConfirmDialog(
        desk.catalogue, question, [desk.t("ask.whose_stays", assignee=other)], do=desk.t("ask.send")
    )
    if not await screen.app.push_screen_wait(dialog):
        return False
    desk.asked.add(session.id)
    return True


async def try_again(screen: "InboxScreen") -> None:
    """Send a reply again that failed, is uncertain, or waits for my decision."""
    desk = screen.desk
    reply = screen.chat.reply_on_its_way
    if reply is not None and reply.way is not Way.SENDING:
        session = desk.store.session(reply.session_id)
        if session is not None and session.state is SessionState.CLOSED:
            screen.say(desk.t("why.closed"), Tone.WARN)
            return
        await desk.sending.let_go(reply.key)
        screen.show_head()
        return
    entry = screen.chat.entry_to_retry
    if entry is None or entry.delivery is None or entry.session_id is None:
        return
    if entry.delivery.state is DeliveryState.UNCERTAIN:
        from inbox_tui.tui.dialogs.confirm import ConfirmDialog

        dialog = ConfirmDialog(
            desk.catalogue,
            desk.t("ask.uncertain"),
            [desk.t("ask.uncertain_twice")],
            do=desk.t("ask.send"),
        )
        if not await screen.app.push_screen_wait(dialog):
            return
    desk.store.put_entry(await desk.live.client.retry_message(entry.session_id, entry.id))


async def give_up(screen: "InboxScreen") -> None:
    """Take back a reply that was not sent; its text returns to the composer if that is empty."""
    desk, reply = screen.desk, screen.chat.reply_on_its_way
    if reply is None:
        return
    text = desk.sending.give_up(reply.key)
    screen.chat.write(Mode.REPLY)
    composer = screen.chat.composer
    typed = composer.text
    composer.load(f"{text}\n{typed}" if typed.strip() else text)
    screen.show_head()
    screen.say(desk.t("done.taken_back"), Tone.GOOD)


def errors_of(error: InboxError, catalogue: Catalogue) -> dict[str, str]:
    """Return what a dialog shows beside its field, or beside its buttons.

    The path of a body's field (``body.case.title``) ends with the field's name.
    """
    path = error.data.get("path")
    field = path.rpartition(".")[2] if isinstance(path, str) else ""
    return {field: sentence(error, catalogue)}

"""Deeds in the chat: open it, read it, reply, note, try again, take back (C2–C4, R17, U5)."""

from collections.abc import Awaitable
from typing import TYPE_CHECKING

from inbox_tui.errors import InboxError
from inbox_tui.state.changes import Link
from inbox_tui.state.timelines import Way
from inbox_tui.tui.widgets.composer import Mode
from inbox_tui.tui.widgets.flash import Tone
from inbox_tui.wire.models import Session
from inbox_tui.wire.words import DeliveryState, SessionState

if TYPE_CHECKING:
    from inbox_tui.tui.screens.inbox import InboxScreen


async def show_session(screen: "InboxScreen", session_id: int) -> None:
    """Open a session's chat. Opening it is what marks it as read."""
    desk = screen.desk
    desk.drafts.save()
    desk.open_id = session_id
    screen.chat.show()
    screen.side.show(None, None)
    screen.go("chat")
    await desk.live.open(session_id)
    if desk.open_id != session_id:
        return
    screen.chat.show()
    await mark_read(screen)
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
    """Put the hands on the composer; at once if its chat is open, since letters follow fast."""
    session = screen.target()
    if session is None:
        return None
    if screen.desk.open_id != session.id:
        return _open_and_write(screen, session.id, mode)
    screen.go("chat")
    _begin_text(screen, session, mode)
    return None


async def _open_and_write(screen: "InboxScreen", session_id: int, mode: Mode) -> None:
    await show_session(screen, session_id)
    session = screen.desk.opened
    if session is not None and session.id == session_id:
        _begin_text(screen, session, mode)


def _begin_text(screen: "InboxScreen", session: Session, mode: Mode) -> None:
    desk, composer = screen.desk, screen.chat.composer
    if composer.mode is not mode:
        if composer.mode is Mode.REPLY:
            desk.drafts.put(session.conversation_id, composer.text)
        text = desk.drafts.get(session.conversation_id) if mode is Mode.REPLY else ""
        composer.load(text, mode=mode)
    screen.put_hands_on_text()


async def send_text(screen: "InboxScreen", text: str, mode: Mode) -> None:
    """Send a reply, or keep a note. What cannot be sent stays in the composer."""
    desk, session = screen.desk, screen.desk.opened
    if session is None:
        return
    composer = screen.chat.composer
    if mode is Mode.NOTE:
        entry = await desk.live.client.post_note(session.id, text)
        desk.store.put_entry(entry)
        if composer.mode is Mode.NOTE:
            composer.load(desk.drafts.get(session.conversation_id), mode=Mode.REPLY)
        screen.say(desk.t("done.noted"), Tone.GOOD)
        return
    if not await _asked_whose(screen, session):
        return
    composer.clear()
    desk.drafts.put(session.conversation_id, "")
    try:
        sending = desk.sending.send(session, text)
        screen.chat.log_view.action_last()
        await sending
    except OSError as error:
        composer.load(text, mode=Mode.REPLY)
        screen.say(desk.t("held.not_kept", why=str(error)), Tone.BAD)
        return
    desk.drafts.save()
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
    entry = screen.chat.entry
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
    composer = screen.chat.composer
    if not composer.text.strip():
        composer.load(text, mode=Mode.REPLY)
    screen.show_head()
    screen.say(desk.t("done.taken_back"), Tone.GOOD)


def errors_of(error: InboxError) -> dict[str, str]:
    """Return what a dialog shows beside its field, or beside its buttons."""
    path = error.data.get("path")
    return {path if isinstance(path, str) else "": error.detail}

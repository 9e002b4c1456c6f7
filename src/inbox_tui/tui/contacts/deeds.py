"""What is done with a contact of the list: their chat, their binding (Q8, Q11)."""

from functools import partial
from typing import TYPE_CHECKING

from inbox_tui.errors import InboxError
from inbox_tui.state import assignees
from inbox_tui.state.assignees import Assignee, assignee_of
from inbox_tui.tui.actions.do_chat import errors_of
from inbox_tui.tui.codes.words import assignee_text
from inbox_tui.tui.widgets.flash import Tone
from inbox_tui.wire.requests import PostMoveBinding

if TYPE_CHECKING:
    from inbox_tui.tui.dialogs.base import Errors
    from inbox_tui.tui.screens.contacts import ContactsScreen
    from inbox_tui.wire.models import Binding


async def open_chat(screen: "ContactsScreen") -> None:
    """Open the chat of the selected contact: the open session, else the latest there was."""
    from inbox_tui.tui.actions.do_chat import show_session
    from inbox_tui.tui.actions.do_view import show_contacts
    from inbox_tui.tui.screens.inbox import InboxScreen

    contact = screen.selected
    if contact is None:
        return
    session_id = contact.session_id
    if session_id is None:
        profile = await screen.desk.live.client.contact(contact.id)
        session_id = max((past.id for past in profile.sessions), default=None)
    if session_id is None:
        name = contact.nickname or contact.name
        screen.say(screen.desk.t("contacts.no_session", name=name), Tone.WARN)
        return
    inbox = next(one for one in screen.app.screen_stack if isinstance(one, InboxScreen))
    back = partial(show_contacts, place=screen.place)
    screen.leave_all()
    inbox.begin(show_session(inbox, session_id, back=back))


async def end_binding(screen: "ContactsScreen") -> None:
    """End the binding of the selected contact, after asking (Q8)."""
    from inbox_tui.tui.dialogs.confirm import ConfirmDialog

    desk = screen.desk
    name, binding = await _binding(screen)
    if binding is None:
        return
    to = assignee_text(assignee_of(binding), desk.catalogue)
    dialog = ConfirmDialog(
        desk.catalogue,
        desk.t("contacts.ask_end", name=name, to=to),
        [desk.t("contacts.end_told")],
        do=desk.t("action.contacts.end_binding"),
    )
    if await screen.app.push_screen_wait(dialog):
        await desk.live.client.end_binding(binding.id)
        screen.say(desk.t("done.binding_ended", name=name, to=to), Tone.GOOD)
        await screen.again.now()


async def move_binding(screen: "ContactsScreen") -> None:
    """Bind the selected contact to somebody else (Q8)."""
    from inbox_tui.tui.dialogs.assignee import AssigneeDialog

    desk = screen.desk
    name, binding = await _binding(screen)
    if binding is None:
        return

    async def submit(to: Assignee) -> "Errors":
        body = PostMoveBinding(agent=to.agent, team=to.team)
        try:
            await desk.live.client.move_binding(binding.id, body)
        except InboxError as error:
            return errors_of(error, desk.catalogue)
        told = assignee_text(to, desk.catalogue)
        screen.say(desk.t("done.binding_moved", name=name, to=told), Tone.GOOD)
        return {}

    bound = assignee_of(binding)
    dialog = AssigneeDialog(
        desk,
        desk.t("contacts.move_of", name=name),
        desk.t("contacts.end_told"),
        [each for each in assignees.everyone(desk.store.people) if each != bound],
        submit=submit,
    )
    await screen.app.push_screen_wait(dialog)
    await screen.again.now()


async def _binding(screen: "ContactsScreen") -> tuple[str, "Binding | None"]:
    """Return the name of the selected contact, and their binding as it is now."""
    contact = screen.selected
    if contact is None:
        return "", None
    profile = await screen.desk.live.client.contact(contact.id)
    name = contact.nickname or contact.name
    if profile.binding is None:
        screen.say(screen.desk.t("why.not_bound", name=name), Tone.WARN)
        await screen.again.now()
    return name, profile.binding

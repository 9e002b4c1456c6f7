"""What is done with a colleague or a team: their sessions, contacts, codes, account, bindings."""

from typing import TYPE_CHECKING

from inbox_tui.errors import InboxError
from inbox_tui.state import assignees
from inbox_tui.state.assignees import Assignee
from inbox_tui.state.contact_filter import ContactFilter
from inbox_tui.state.lists import Filters
from inbox_tui.tui.actions.do_chat import errors_of
from inbox_tui.tui.actions.do_lists import use_list
from inbox_tui.tui.widgets.flash import Tone
from inbox_tui.wire.codes import PostMoveBindings
from inbox_tui.wire.requests import PatchAgent
from inbox_tui.wire.words import ListName

if TYPE_CHECKING:
    from inbox_tui.tui.dialogs.base import Errors
    from inbox_tui.tui.screens.people import PeopleScreen
    from inbox_tui.wire.models import Deactivation


def show_sessions(screen: "PeopleScreen") -> None:
    """Show the open sessions of the selected colleague or team, in the inbox."""
    from inbox_tui.tui.screens.inbox import InboxScreen

    selected = screen.selected
    if selected is None:
        return
    desk = screen.desk
    if selected.agent is not None:
        filters = Filters(agent=selected.agent)
    else:
        filters = Filters(team=selected.team or "")
    desk.filters[ListName.ALL] = filters
    inbox = next(one for one in screen.app.screen_stack if isinstance(one, InboxScreen))
    screen.dismiss()
    inbox.go("list")
    inbox.begin(use_list(inbox, ListName.ALL))


async def show_code(screen: "PeopleScreen") -> None:
    """Show and make the codes of the selected one (Q9)."""
    from inbox_tui.tui.screens.code import CodeScreen

    selected, people = screen.selected, screen.desk.store.people
    if selected is None:
        return
    found = assignees.of_agent(selected.agent, people) if selected.agent else [selected]
    await screen.app.push_screen(CodeScreen(screen.desk, found))


async def show_contacts(screen: "PeopleScreen") -> None:
    """Show the contacts that are bound to the selected one (Q11)."""
    from inbox_tui.tui.screens.contacts import ContactsScreen, Place

    selected = screen.selected
    if selected is None:
        return
    people = screen.desk.store.people
    bound = selected.agent or selected.team or ""
    if bound in people.agents and bound in people.teams:
        bound = f"agent:{bound}" if selected.agent else f"team:{bound}"
    await screen.app.push_screen(ContactsScreen(screen.desk, Place(ContactFilter(bound))))


async def activate(screen: "PeopleScreen") -> None:
    """Activate an account, or deactivate it after saying what that does (R12, Q8)."""
    desk, agent = screen.desk, screen.colleague()
    if agent is None:
        return
    client, t = desk.live.client, desk.t
    if not agent.active:
        await client.patch_agent(agent.nickname, PatchAgent(active=True))
        screen.say(t("done.activated", name=agent.nickname), Tone.GOOD)
        return
    told = await client.deactivation(agent.nickname)
    if told.refused is not None:
        screen.say(told.refused, Tone.WARN)
        return
    from inbox_tui.tui.dialogs.confirm import ConfirmDialog

    dialog = ConfirmDialog(
        desk.catalogue,
        t("people.ask_deactivate", name=agent.nickname),
        ["\n".join(effects(told, screen))],
        do=t("people.deactivate"),
    )
    if await screen.app.push_screen_wait(dialog):
        await client.patch_agent(agent.nickname, PatchAgent(active=False))
        screen.say(t("done.deactivated", name=agent.nickname), Tone.GOOD)
        await screen.again.now()


def effects(told: "Deactivation", screen: "PeopleScreen") -> list[str]:
    """Return what deactivating does, a line each; what there is nothing of is left out."""
    t, dot = screen.desk.t, screen.desk.symbols.dot
    counts = {
        "sessions": told.sessions,
        "bindings": told.bindings,
        "dedicated": told.dedicated,
        "tokens": told.tokens,
        "windows": told.windows,
    }
    lines = [t(f"people.ends_{name}", count=count) for name, count in counts.items() if count]
    return [f"{dot} {line}" for line in [*lines, t("people.ends_codes")]]


async def end_bindings(screen: "PeopleScreen") -> None:
    """End every binding to the selected colleague, after asking (Q8)."""
    from inbox_tui.tui.dialogs.confirm import ConfirmDialog

    desk, agent = screen.desk, screen.colleague()
    if agent is None:
        return
    t = desk.t
    dialog = ConfirmDialog(
        desk.catalogue,
        t("people.ask_end_bindings", name=agent.nickname, count=screen.bound_to_selected or 0),
        [t("people.end_bindings_told")],
        do=t("action.people.end_bindings"),
    )
    if not await screen.app.push_screen_wait(dialog):
        return
    changed = await desk.live.client.end_bindings_of(agent.nickname)
    screen.say(t("done.bindings_ended", name=agent.nickname, count=changed.bindings), Tone.GOOD)
    await screen.again.now()


async def move_bindings(screen: "PeopleScreen") -> None:
    """Bind every contact of the selected colleague to somebody else (Q8)."""
    from inbox_tui.tui.codes.words import assignee_text
    from inbox_tui.tui.dialogs.assignee import AssigneeDialog

    desk, agent = screen.desk, screen.colleague()
    if agent is None:
        return
    t, nickname = desk.t, agent.nickname

    async def submit(to: Assignee) -> "Errors":
        body = PostMoveBindings(from_agent=nickname, agent=to.agent, team=to.team)
        try:
            changed = await desk.live.client.move_bindings(body)
        except InboxError as error:
            return errors_of(error, desk.catalogue)
        told = assignee_text(to, desk.catalogue)
        screen.say(t("done.bindings_moved", count=changed.bindings, to=told), Tone.GOOD)
        return {}

    others = [each for each in assignees.everyone(desk.store.people) if each.agent != nickname]
    dialog = AssigneeDialog(
        desk,
        t("people.move_bindings_of", name=nickname, count=screen.bound_to_selected or 0),
        t("people.move_bindings_told"),
        others,
        submit=submit,
    )
    await screen.app.push_screen_wait(dialog)
    await screen.again.now()

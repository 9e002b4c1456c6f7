"""Deeds of the window: where I am, the switch, other screens, help, theme, leaving (P2, P4, U1)."""

from typing import TYPE_CHECKING

from inbox_tui.errors import InboxError
from inbox_tui.tui.actions.do_chat import errors_of
from inbox_tui.tui.styles import THEMES
from inbox_tui.tui.widgets.flash import Tone
from inbox_tui.wire.requests import PutAccepting

if TYPE_CHECKING:
    from inbox_tui.tui.dialogs.base import Errors
    from inbox_tui.tui.screens.cases import Place
    from inbox_tui.tui.screens.contacts import Place as ContactsPlace
    from inbox_tui.tui.screens.inbox import InboxScreen
    from inbox_tui.tui.screens.room import RoomScreen


async def switch_accept(screen: "InboxScreen") -> None:
    """Turn accept on, or off with a reason (P2, P4)."""
    from inbox_tui.tui.dialogs.away import AwayDialog

    desk = screen.desk
    me = desk.store.me
    if me is None:
        return
    if not me.agent.accepting:
        await desk.live.client.put_accepting(PutAccepting(accepting=True))
        screen.say(desk.t("done.accept_on"), Tone.GOOD)
        return

    async def submit(body: PutAccepting) -> "Errors":
        try:
            await desk.live.client.put_accepting(body)
        except InboxError as error:
            return errors_of(error, desk.catalogue)
        screen.say(desk.t("done.accept_off"), Tone.GOOD)
        return {}

    await screen.app.push_screen_wait(AwayDialog(desk.catalogue, now=desk.now, submit=submit))


async def toggle_side(screen: "InboxScreen") -> None:
    """Go to profile and case, or back from there."""
    session = screen.target()
    if screen.has_class("-at-side") or screen.focused is screen.side:
        screen.go("chat" if screen.desk.open_id is not None else "list")
        return
    if session is not None and screen.desk.open_id != session.id:
        from inbox_tui.tui.actions.do_chat import show_session

        await show_session(screen, session.id)
    screen.go("side")


async def go_back(screen: "InboxScreen") -> None:
    """Go one step back: from the text to the log, from there to the list, or whence one came."""
    if screen.chat.composer.has_text_focus or screen.has_class("-at-side"):
        screen.go("chat")
    elif screen.way_back is not None and not screen.is_in_list:
        way_back, screen.way_back = screen.way_back, None
        await way_back(screen)
    elif not screen.at_list or screen.has_class("-at-chat"):
        screen.go("list")
    elif screen.desk.filters_now:
        screen.action_act("list.clear")


async def leave_room(screen: "RoomScreen") -> None:
    """Go back to the inbox."""
    screen.dismiss()


async def show_cases(screen: "InboxScreen", place: "Place | None" = None) -> None:
    """Show the cases, from ``place`` on."""
    from inbox_tui.tui.screens.cases import CasesScreen

    await screen.app.push_screen(CasesScreen(screen.desk, place))


async def show_people(screen: "InboxScreen") -> None:
    """Show colleagues: presence, switch, load (P6)."""
    from inbox_tui.tui.screens.people import PeopleScreen

    await screen.app.push_screen(PeopleScreen(screen.desk))


async def show_contacts(screen: "InboxScreen", place: "ContactsPlace | None" = None) -> None:
    """Show the contacts and to whom they are bound, from ``place`` on (Q11)."""
    from inbox_tui.tui.screens.contacts import ContactsScreen

    await screen.app.push_screen(ContactsScreen(screen.desk, place))


async def show_code(screen: "InboxScreen") -> None:
    """Show my code, to be scanned (Q9)."""
    from inbox_tui.state import assignees
    from inbox_tui.tui.screens.code import CodeScreen

    me = screen.desk.store.me
    if me is not None:
        mine = assignees.mine(me, screen.desk.store.people)
        await screen.app.push_screen(CodeScreen(screen.desk, mine))


async def show_wall(screen: "RoomScreen") -> None:
    """Show the supervisor's wall (V1)."""
    from inbox_tui.tui.screens.wall import WallScreen

    await screen.app.push_screen(WallScreen(screen.desk))


async def show_rules(screen: "RoomScreen") -> None:
    """Show the distribution rules (R2)."""
    from inbox_tui.tui.screens.rules import RulesScreen

    await screen.app.push_screen(RulesScreen(screen.desk))


async def show_automatic(screen: "RoomScreen") -> None:
    """Show what is sent to customers by itself (M8)."""
    from inbox_tui.tui.screens.automatic import AutomaticScreen

    await screen.app.push_screen(AutomaticScreen(screen.desk))


async def next_theme(screen: "RoomScreen") -> None:
    """Turn light into dark, or dark into light, and remember it."""
    names = [theme.name for theme in THEMES]
    at = names.index(screen.app.theme) if screen.app.theme in names else -1
    screen.app.theme = names[(at + 1) % len(names)]
    screen.desk.preferences.theme = screen.app.theme
    screen.desk.save_preferences()


async def show_help(screen: "RoomScreen") -> None:
    """Show all keys of this screen."""
    await screen.show_help()


async def show_palette(screen: "RoomScreen") -> None:
    """Open the palette."""
    screen.app.action_command_palette()


async def leave(screen: "RoomScreen") -> None:
    """Close this window."""
    await screen.app.action_quit()

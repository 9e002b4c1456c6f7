"""What a supervisor does from the wall (V2): assign, move, take back, look, whisper, change."""

from typing import TYPE_CHECKING

from inbox_tui.errors import InboxError
from inbox_tui.tui.actions.do_chat import errors_of
from inbox_tui.tui.actions.do_session import warned
from inbox_tui.tui.wall.rows import name_of
from inbox_tui.tui.widgets.flash import Tone
from inbox_tui.wire.requests import PatchAgent, PostAssign, PostTransfer, PutAccepting

if TYPE_CHECKING:
    from inbox_tui.tui.dialogs.base import Errors
    from inbox_tui.tui.screens.people import PeopleScreen
    from inbox_tui.tui.screens.wall import WallScreen


async def assign(screen: "WallScreen") -> None:
    """Give the session to somebody (R15)."""
    await _hand_over(screen, to_team=False)


async def move(screen: "WallScreen") -> None:
    """Move the session to a team's queue (R15)."""
    await _hand_over(screen, to_team=True)


async def _hand_over(screen: "WallScreen", *, to_team: bool) -> None:
    from inbox_tui.tui.wall.dialogs import HandOverDialog

    desk, session = screen.desk, screen.picked()
    if session is None:
        return
    name, people = name_of(session), desk.store.people

    async def submit(body: PostTransfer) -> "Errors":
        wanted = PostAssign(agent=body.agent, team=body.team, note=body.note)
        try:
            result = await desk.live.client.assign(session.id, wanted)
        except InboxError as error:
            return errors_of(error, desk.catalogue)
        key = "done.wall_moved" if to_team else "done.assigned"
        told = desk.t(key, name=name, to=body.agent or body.team or "")
        warned(screen, told, result.warnings)
        return {}

    dialog = HandOverDialog(
        desk.catalogue,
        contact=name,
        agents=[] if to_team else list(people.agents.values()),
        teams=list(people.teams.values()) if to_team else [],
        submit=submit,
    )
    await screen.app.push_screen_wait(dialog)
    await screen.read_again()


async def take_back(screen: "WallScreen") -> None:
    """Take the session from who serves it, back to routing; asked first, since it is theirs."""
    from inbox_tui.tui.dialogs.confirm import ConfirmDialog

    desk, session = screen.desk, screen.picked()
    if session is None or session.assignee is None:
        return
    name, assignee, t = name_of(session), session.assignee, desk.t
    dialog = ConfirmDialog(
        desk.catalogue,
        t("wall.take_back_of", name=name, assignee=assignee),
        [t("wall.take_back_told")],
        do=t("action.wall.take_back"),
    )
    if not await screen.app.push_screen_wait(dialog):
        return
    await desk.live.client.take_back(session.id)
    screen.say(t("done.wall_taken_back", name=name, assignee=assignee), Tone.GOOD)
    await screen.read_again()


async def note(screen: "WallScreen") -> None:
    """Whisper a note to who serves the session (C3)."""
    from inbox_tui.tui.wall.dialogs import NoteDialog

    desk, session = screen.desk, screen.picked()
    if session is None:
        return
    name = name_of(session)

    async def submit(text: str) -> "Errors":
        try:
            entry = await desk.live.client.post_note(session.id, text)
        except InboxError as error:
            return errors_of(error, desk.catalogue)
        desk.store.put_entry(entry)
        screen.say(desk.t("done.wall_noted", name=name), Tone.GOOD)
        return {}

    await screen.app.push_screen_wait(NoteDialog(desk.catalogue, name, submit=submit))


async def explain(screen: "WallScreen") -> None:
    """Show why the session is where it is (R13)."""
    from inbox_tui.tui.dialogs.explain import show_explanation

    session = screen.picked()
    if session is not None:
        await show_explanation(screen.app, screen.desk, session.id)


async def switch(screen: "WallScreen | PeopleScreen") -> None:
    """Turn a colleague's accept on, or off with a reason (P5)."""
    from inbox_tui.tui.wall.dialogs import SwitchDialog

    desk, agent = screen.desk, screen.colleague()
    if agent is None:
        return
    name, t = agent.name, desk.t
    if not agent.accepting:
        await desk.live.client.put_accepting_of(agent.nickname, PutAccepting(accepting=True))
        screen.say(t("done.switch_on", name=name), Tone.GOOD)
        await screen.read_again()
        return

    async def submit(body: PutAccepting) -> "Errors":
        try:
            await desk.live.client.put_accepting_of(agent.nickname, body)
        except InboxError as error:
            return errors_of(error, desk.catalogue)
        screen.say(t("done.switch_off", name=name), Tone.GOOD)
        return {}

    dialog = SwitchDialog(desk.catalogue, name, now=desk.now, submit=submit)
    await screen.app.push_screen_wait(dialog)
    await screen.read_again()


async def limit(screen: "WallScreen | PeopleScreen") -> None:
    """Change how many open sessions a colleague may be given (R5)."""
    from inbox_tui.tui.wall.dialogs import LimitDialog

    desk, agent = screen.desk, screen.colleague()
    if agent is None:
        return

    async def submit(body: PatchAgent) -> "Errors":
        try:
            changed = await desk.live.client.patch_agent(agent.nickname, body)
        except InboxError as error:
            return errors_of(error, desk.catalogue)
        screen.say(desk.t("done.limit", name=agent.name, limit=changed.limit), Tone.GOOD)
        return {}

    await screen.app.push_screen_wait(LimitDialog(desk.catalogue, agent, submit=submit))
    await screen.read_again()

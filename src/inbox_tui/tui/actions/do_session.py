"""Deeds on a session: claim, transfer, end, star, set, explain, edit its case (R11, T1–T4, C7)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from inbox_tui.client.port import SessionQuery
from inbox_tui.errors import InboxError, StaleVersion
from inbox_tui.state.selectors import load_of
from inbox_tui.tui.actions.do_chat import errors_of
from inbox_tui.tui.widgets.flash import Tone
from inbox_tui.wire.models import Case, Session, Warning
from inbox_tui.wire.requests import CaseEdit, PatchSession, PostEnd, PostTransfer
from inbox_tui.wire.words import Category, EntryKind, ListName, Priority, TransferScope

if TYPE_CHECKING:
    from inbox_tui.tui.dialogs.base import Errors
    from inbox_tui.tui.screens.inbox import InboxScreen
    from inbox_tui.tui.screens.room import RoomScreen

_PRIORITIES = tuple(Priority)
_CATEGORIES = tuple(Category)


def _name(session: Session) -> str:
    return session.contact.nickname or session.contact.name


def warned(screen: "RoomScreen", done: str, warnings: Sequence[Warning]) -> None:
    """Say what was done, and what of it deserved a second thought."""
    if warnings:
        warning = warnings[0]
        catalogue, key = screen.desk.catalogue, f"warning.{warning.type}"
        known = catalogue.has(key)
        told = catalogue.t(key, detail=warning.detail) if known else warning.detail
        screen.say(f"{done} {told}", Tone.WARN)
    else:
        screen.say(done, Tone.GOOD)


async def claim(screen: "InboxScreen") -> None:
    """Take the session. Of two people one gets it; the other is told who was first."""
    desk, session = screen.desk, screen.target()
    if session is None or not await _asked_limit(screen):
        return
    result = await desk.live.client.claim(session.id)
    desk.store.put_session(result.session, desk.now)
    warned(screen, desk.t("done.claimed", name=_name(session)), result.warnings)


async def _asked_limit(screen: "InboxScreen") -> bool:
    """Ask before one more than my limit (R5)."""
    from inbox_tui.tui.dialogs.confirm import ConfirmDialog

    desk, me = screen.desk, screen.desk.store.me
    if me is None or not load_of(me.agent).full:
        return True
    agent, t = me.agent, desk.t
    told = t("ask.over_limit", open=agent.open_count, limit=agent.limit)
    dialog = ConfirmDialog(desk.catalogue, t("ask.claim"), [told], do=t("action.session.claim"))
    yes = await screen.app.push_screen_wait(dialog)
    return bool(yes)


async def transfer(screen: "InboxScreen") -> None:
    """Hand over this session; the dialog can make it all of mine."""
    session = screen.target()
    if session is not None:
        await _transfer(screen, session, TransferScope.SESSION)


async def transfer_all(screen: "InboxScreen") -> None:
    """Hand over all my open sessions, wherever I stand."""
    mine = SessionQuery(list=ListName.MINE, limit=1)
    for session in (await screen.desk.live.client.sessions(mine)).items:
        await _transfer(screen, session, TransferScope.ALL_MINE)


async def _transfer(screen: "InboxScreen", session: Session, scope: TransferScope) -> None:
    """Ask to whom. The API wants a session also where all of mine are meant."""
    from inbox_tui.tui.dialogs.transfer import TransferDialog

    desk, me = screen.desk, screen.desk.store.me
    if me is None:
        return

    async def submit(body: PostTransfer) -> "Errors":
        try:
            result = await desk.live.client.transfer(session.id, body)
        except InboxError as error:
            return errors_of(error, desk.catalogue)
        for moved in result.sessions:
            desk.store.put_session(moved, desk.now)
        done = desk.t(
            "done.transferred", count=len(result.sessions), to=body.agent or body.team or ""
        )
        warned(screen, done, result.warnings)
        return {}

    await screen.app.push_screen_wait(
        TransferDialog(
            desk.catalogue,
            contact=_name(session) if scope is TransferScope.SESSION else None,
            me=me.agent.nickname,
            agents=list(desk.store.people.agents.values()),
            teams=list(desk.store.people.teams.values()),
            open_mine=me.agent.open_count,
            scope=scope,
            submit=submit,
        )
    )


async def end(screen: "InboxScreen") -> None:
    """End the session with its case form (T4)."""
    from inbox_tui.tui.dialogs.end_session import EndSessionDialog

    desk, session = screen.desk, screen.target()
    if session is None:
        return
    case = await desk.live.client.case(session.case_code) if session.case_code else None

    async def submit(body: PostEnd) -> "Errors":
        try:
            result = await desk.live.client.end(session.id, body)
        except InboxError as error:
            return errors_of(error, desk.catalogue)
        desk.store.put_session(result.session, desk.now)
        warned(screen, desk.t("done.ended", name=_name(session)), result.warnings)
        return {}

    dialog = EndSessionDialog(
        desk.catalogue,
        contact=_name(session),
        case=case,
        replied=await _has_reply(screen, session),
        submit=submit,
    )
    if await screen.app.push_screen_wait(dialog) is not None and screen.panes == 1:
        screen.go("list")


async def _has_reply(screen: "InboxScreen", session: Session) -> bool:
    """Say whether somebody replied in this session, as far as its newest entries tell."""
    desk = screen.desk
    timeline = desk.store.timeline(session.conversation_id)
    entries = timeline.entries()
    if not timeline.loaded:
        entries = (await desk.live.client.timeline(session.id)).items
    return any(
        entry.kind is EntryKind.REPLY and entry.session_id == session.id for entry in entries
    )


async def star(screen: "InboxScreen") -> None:
    """Star the session for me, or take the star away."""
    desk, session = screen.desk, screen.target()
    if session is None:
        return
    result = await desk.live.client.star(session.id, not session.starred)
    desk.store.put_session(result.session, desk.now)
    key = "done.starred" if result.session.starred else "done.unstarred"
    screen.say(desk.t(key, name=_name(session)), Tone.GOOD)


async def next_priority(screen: "InboxScreen") -> None:
    """Raise the priority, after the highest begin again at the lowest."""
    session = screen.target()
    if session is None:
        return
    at = _PRIORITIES.index(session.priority)
    priority = _PRIORITIES[(at + 1) % len(_PRIORITIES)]
    await _patch(screen, session, PatchSession(priority=priority))
    desk = screen.desk
    screen.say(desk.t("done.priority", priority=desk.t(f"priority.{priority.value}")), Tone.GOOD)


async def next_category(screen: "InboxScreen") -> None:
    """Set the next category."""
    session = screen.target()
    if session is None:
        return
    at = _CATEGORIES.index(session.category) if session.category else -1
    category = _CATEGORIES[(at + 1) % len(_CATEGORIES)]
    await _patch(screen, session, PatchSession(category=category))
    desk = screen.desk
    screen.say(desk.t("done.category", category=desk.t(f"category.{category.value}")), Tone.GOOD)


async def _patch(screen: "InboxScreen", session: Session, body: PatchSession) -> None:
    desk = screen.desk
    result = await desk.live.client.patch_session(session.id, body)
    desk.store.put_session(result.session, desk.now)


async def explain(screen: "InboxScreen") -> None:
    """Show why the session is where it is (R13)."""
    from inbox_tui.tui.dialogs.explain import show_explanation

    session = screen.target()
    if session is not None:
        await show_explanation(screen.app, screen.desk, session.id)


async def edit_case(screen: "InboxScreen") -> None:
    """Edit the case of the session."""
    session = screen.target()
    if session is not None and session.case_code:
        await edit_case_of(screen, session.case_code)
        await screen.load_side()


async def edit_case_of(screen: "RoomScreen", code: str) -> Case | None:
    """Edit a case; what was changed by somebody else meanwhile is not written over."""
    from inbox_tui.tui.dialogs.case_form import CaseDialog

    desk = screen.desk
    client = desk.live.client
    known = [await client.case(code)]

    async def submit(edit: CaseEdit) -> "Errors":
        try:
            known[0] = await client.patch_case(code, edit, version=known[0].version)
        except StaleVersion as error:
            known[0] = await client.case(code)
            return {"": f"{error.detail} {desk.t('case.once_more')}"}
        except InboxError as error:
            return errors_of(error, desk.catalogue)
        screen.say(desk.t("done.case_saved", code=code), Tone.GOOD)
        return {}

    done = await screen.app.push_screen_wait(
        CaseDialog(desk.catalogue, known[0], now=desk.now, zone=desk.zone, submit=submit)
    )
    return known[0] if done is not None else None

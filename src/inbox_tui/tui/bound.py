"""Tells a person that a customer was bound to them, or to somebody else while they serve (Q4).

Whoever serves a session goes on: a binding decides who gets the customer the next time. What the
person did with their own hands is told by the deed, not here.
"""

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from inbox_tui.locale import Catalogue
from inbox_tui.state.changes import BindingChanged, BoundTo, Change, ContactChanged
from inbox_tui.tui.widgets.flash import Tone
from inbox_tui.wire.models import Contact

if TYPE_CHECKING:
    from inbox_tui.tui.desk import Desk
    from inbox_tui.tui.screens.room import RoomScreen

SECONDS: Final = 8.0
"""How long it stands: it is news, and nothing else on the screen says it."""

NAME_WAIT: Final = 2.0
"""Seconds that are waited for the name of somebody who has just come."""


async def tell_bound(screen: "RoomScreen", change: BindingChanged) -> None:
    """Say in the line at the bottom what a change of a binding means for me, if anything."""
    desk = screen.desk
    if bound_sentence(change, desk.store.nickname, "", desk.catalogue) is None:
        return
    session = change.session
    contact = session.contact if session else await _known_by_name(desk, change.contact_id)
    name = contact.nickname or contact.name
    told = bound_sentence(change, desk.store.nickname, name, desk.catalogue)
    screen.bottom.say(told or "", Tone.GOOD, seconds=SECONDS)


async def _known_by_name(desk: "Desk", contact_id: int) -> Contact:
    """Return a contact, under their name where it comes in a moment.

    Whoever scans a code is often new, and LINE has to be asked for the name of who is.
    """
    told = asyncio.Event()

    def hear(changes: tuple[Change, ...]) -> None:
        if ContactChanged(contact_id) in changes:
            told.set()

    stop = desk.store.subscribe(hear)
    try:
        contact = await desk.live.client.contact(contact_id)
        if any(identity.name for identity in contact.identities):
            return contact
        with suppress(TimeoutError):
            async with asyncio.timeout(NAME_WAIT):
                await told.wait()
        return await desk.live.client.contact(contact_id)
    finally:
        stop()


def bound_sentence(change: BindingChanged, me: str, name: str, catalogue: Catalogue) -> str | None:
    """Return what a change means for ``me``; None when it is nothing to them, or their own deed."""
    t, by = catalogue.t, change.by
    if not me or by == me:
        return None
    serves = change.session.assignee if change.session else None
    is_mine, was_mine = _is(change.now, me), _is(change.was, me)
    if is_mine and not was_mine:
        key = "bound.to_you_code" if by is None else "bound.to_you_by"
        told = t(key, name=name, by=by or "")
        if serves is not None and serves != me:
            told = f"{told} {t('bound.to_you_serves', assignee=serves)}"
        return told
    if change.now is not None and not is_mine and serves == me:
        return t("bound.to_other", name=name, to=_named(change.now))
    if was_mine and not is_mine and by is not None:
        key = "bound.moved" if change.now is not None else "bound.ended"
        return t(key, name=name, by=by, to=_named(change.now))
    return None


def _is(bound: BoundTo | None, nickname: str) -> bool:
    return bound is not None and bound.agent == nickname


def _named(bound: BoundTo | None) -> str:
    return "" if bound is None else bound.agent or bound.team or ""

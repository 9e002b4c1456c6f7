"""A customer is bound to me, or to somebody else while I serve them: I am told at once (Q4)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from inbox_tui.testing.scenes import busy_shop
from inbox_tui.testing.world import World
from inbox_tui.wire.words import EventKind, SessionState

TO_AMY = {"agent": "amy", "team": None, "how": "code:ibx-kato-miru-sabe"}
TO_BO = {"agent": "bo", "team": "sales", "how": "code:ibx-lona-peti-guso"}


@pytest.fixture
def world() -> World:
    return busy_shop()


def bind(world: World, contact_id: int, to: Mapping[str, str | None], **more: Any) -> None:
    """Tell that a contact was bound by their own code."""
    world.tell(
        EventKind.CONTACT_CHANGED,
        data={"contact_id": contact_id, "changes": {"binding": to}, "was": {"binding": None}},
        **more,
    )


def session_of(world: World, assignee: str) -> Any:
    return next(
        session
        for session in world.sessions.values()
        if session.assignee == assignee and session.state is SessionState.OPEN
    )


async def test_q4_a_contact_without_a_session_is_named(open_window: Any, world: World) -> None:
    contact = world.contact("Somchai [b]new[/b]")
    async with open_window(world) as window:
        bind(world, contact, TO_AMY)
        await window.settle()
        assert "Somchai [b]new[/b] is now bound to you by your code." in window.text


async def test_q4_the_name_of_somebody_new_is_waited_for(open_window: Any, world: World) -> None:
    """LINE tells no name with a message: it is asked for, and comes a moment later."""
    contact = world.contact("Somchai")
    named = world.contacts[contact]
    nameless = replace(named.identities[0], name="")
    world.contacts[contact] = replace(named, name="…0042", identities=[nameless])
    async with open_window(world) as window:
        bind(world, contact, TO_AMY)
        await window.settle()
        assert "is now bound" not in window.text
        world.contacts[contact] = named
        world.tell(
            EventKind.CONTACT_CHANGED,
            data={"contact_id": contact, "changes": {"name": "Somchai"}, "was": None},
        )
        await window.settle()
        assert "Somchai is now bound to you by your code." in window.text


async def test_q4_whoever_serves_goes_on_and_both_are_told(open_window: Any, world: World) -> None:
    mine = session_of(world, "amy")
    async with open_window(world) as window:
        bind(world, mine.contact.id, TO_BO, session=mine)
        await window.settle()
        assert "is now bound to bo; you go on serving them." in window.text
    async with open_window(world, nickname="bo") as window:
        bind(world, mine.contact.id, TO_BO, session=mine)
        await window.settle()
        assert "is now bound to you by your code. amy serves them now." in window.text


async def test_q4_it_is_told_in_whatever_room_one_is(open_window: Any, world: World) -> None:
    contact = world.contact("Somchai")
    async with open_window(world, size=(80, 24)) as window:
        await window.press("D")
        bind(world, contact, TO_AMY)
        await window.settle()
        assert "Somchai is now bound to you" in window.text


async def test_what_is_nobodys_business_here_is_not_told(open_window: Any, world: World) -> None:
    contact = world.contact("Somchai")
    async with open_window(world) as window:
        bind(world, contact, TO_BO)
        await window.settle()
        assert "bound" not in window.text

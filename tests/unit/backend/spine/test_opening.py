"""What a session begins with: who the contact is to us, their language, what they first wrote."""

from typing import Any

import pytest
import sqlalchemy as sa

from inbox_tui.backend.inbound.receive import receive
from inbox_tui.backend.sessions import service
from inbox_tui.backend.workspace.service import apply_file
from inbox_tui.channels import port
from inbox_tui.store import tables
from inbox_tui.wire.models import Content
from inbox_tui.wire.requests import PatchSession
from inbox_tui.wire.words import ContentKind, Priority

CONTACTS = tables.table(tables.Contact)


async def test_r1_a_session_knows_who_served_its_contact_last(desk: Any) -> None:
    first = await desk.row(await desk.says("nok"))
    assert (first.previous_agent_id, first.returning_contact) == (None, False)
    await desk.claims("bo", first.id)
    await desk.ends("bo", first.id)
    second = await desk.row(await desk.says("nok"))
    assert (second.previous_agent_id, second.returning_contact) == (desk.agent("bo"), True)
    assert second.previous_session_id == first.id
    await desk.ends("amy", second.id)
    # Nobody served the second one.
    third = await desk.row(await desk.says("nok"))
    assert third.previous_agent_id == desk.agent("bo")


async def test_r7_the_tier_of_a_contact_gives_the_priority(desk: Any) -> None:
    first = await desk.says("nok")
    await desk.ends("amy", first)
    await desk.write(apply_file, '[workspace.tiers]\ngold = "high"\n', {})
    row = await desk.row(first)
    await desk.write(
        lambda work: work.execute(
            sa.update(CONTACTS).where(CONTACTS.c.id == row.contact_id).values(tier="gold")
        )
    )
    assert (await desk.row(await desk.says("nok"))).priority == Priority.HIGH
    assert (await desk.row(await desk.says("mia"))).priority == Priority.NORMAL


@pytest.mark.parametrize(
    ("profile", "text", "language", "known_from"),
    [
        (None, "ok", "en", "workspace"),
        ("vi", "ok", "vi", "profile"),
        ("vi", "สวัสดีค่ะ อยากถามเรื่องสินค้า", "th", "detected"),
    ],
)
async def test_r4_the_language_is_detected_else_the_profiles_else_the_workspaces(
    desk: Any, profile: str | None, text: str, language: str, known_from: str
) -> None:
    message = port.CustomerMessage(
        external_id="nok",
        message_id="m",
        at=desk.clock.now(),
        content=Content(kind=ContentKind.TEXT, text=text),
        language=profile,
    )
    await desk.write(receive, desk.channel("line"), message)
    row = await desk.row(1)
    assert (row.language, row.language_from) == (language, known_from)


async def test_r4_a_later_message_tells_the_language_and_a_hand_settles_it(desk: Any) -> None:
    session = await desk.says("nok", "ok")
    await desk.says("nok", "xin chào, cho mình hỏi đơn hàng của mình")
    row = await desk.row(session)
    assert (row.language, row.language_from) == ("vi", "detected")
    await desk.write(service.patch, session, desk.agent("amy"), PatchSession(language="th"))
    await desk.says("nok", "xin chào, cho mình hỏi đơn hàng của mình")
    row = await desk.row(session)
    assert (row.language, row.language_from) == ("th", "hand")


async def test_r7_a_priority_set_by_hand_is_somebodys_choice(desk: Any) -> None:
    session = await desk.says("nok")
    assert (await desk.row(session)).priority_chosen is False
    normal = PatchSession(priority=Priority.NORMAL)
    await desk.write(service.patch, session, desk.agent("amy"), normal)
    assert (await desk.row(session)).priority_chosen is True


async def test_r2_keywords_are_looked_for_in_what_came_before_anybody_served_it(desk: Any) -> None:
    session = await desk.says("nok", "Xin CHÀO")
    await desk.says("nok", "refund, please")
    assert (await desk.row(session)).opening == "xin chao\nrefund, please"
    await desk.claims("amy", session)
    await desk.says("nok", "and one more thing")
    assert (await desk.row(session)).opening == "xin chao\nrefund, please"


async def test_r2_no_more_is_kept_of_it_than_routing_looks_at(desk: Any) -> None:
    session = await desk.says("nok", "a" * 480)
    await desk.says("nok", "b" * 480)
    await desk.says("nok", "c")
    opening = (await desk.row(session)).opening
    assert len(opening) == 500
    assert opening.endswith("\n" + "b" * 19)

"""A small shop on a quiet day: the world that UI tests and pictures look at.

Names and texts are Thai, Vietnamese and English, with an emoji and with text that wants to be
markup, so that every test that looks at a screen looks at those too.
"""

from dataclasses import replace
from datetime import timedelta

from inbox_tui.testing import builders as build
from inbox_tui.testing.client import FakeClient
from inbox_tui.testing.clock import FakeClock
from inbox_tui.testing.codes import put_binding, put_code
from inbox_tui.testing.rules import rule_of
from inbox_tui.testing.world import World
from inbox_tui.wire.rules import Conditions, Hours, RuleDraft
from inbox_tui.wire.words import (
    Category,
    ChannelKind,
    CodeState,
    Consider,
    ContactKind,
    ContentKind,
    DeliveryState,
    Method,
    Presence,
    Priority,
    Role,
    UnassignedReason,
)

HOUR = 3_600.0


def empty_shop() -> World:
    """Return Baan Shop with three colleagues and two channels, and no customer yet."""
    world = World(
        FakeClock(),
        agents=[
            build.agent("amy", name="Amy Tan"),
            build.agent("bo", name="Bo Srisuk", teams=["sales", "care"]),
            build.agent(
                "cho",
                name="Cho Nguyen",
                role=Role.SUPERVISOR,
                presence=Presence.ABSENT,
                accepting=False,
                teams=["care"],
            ),
        ],
        teams=[
            build.team("sales", members=["amy", "bo"]),
            build.team("care", members=["bo", "cho"]),
        ],
        channels=[
            build.channel("line-main", team="sales"),
            build.channel("telegram", kind=ChannelKind.TELEGRAM, name="Baan Shop Bot", team="care"),
        ],
    )
    world.timezone = "Asia/Bangkok"
    return world


def busy_shop() -> World:
    """Return Baan Shop with seven conversations in every state a row can show."""
    world = empty_shop()
    clock = world.clock
    assert isinstance(clock, FakeClock)
    somchai = world.contact("สมชาย ใจดี", language="th")
    linh = world.contact("Nguyễn Thị Linh", channel="telegram", language="vi")
    emma = world.contact("Emma [b]Brown[/b]", language="en")
    malee = world.contact("มาลี 🌸 ร้านดอกไม้", nickname="Malee")
    kit = world.contact("Kit", channel="telegram")
    dao = world.contact("ดาว")
    old = world.contact("Olivia Park")

    past = world.write(old, "Do you ship to Chiang Mai?")
    world.assign(past.id, "amy")
    world.deliver(world.reply(past.id, "Yes, in two days.", by="amy"), DeliveryState.READ)
    world.edit_case(past.case_code or "", by="amy", title="Shipping to Chiang Mai", tags=["ship"])
    world.close(past.id, by="amy")
    clock.move(20 * HOUR)

    first = world.write(somchai, "สวัสดีครับ รองเท้ารุ่นนี้มีไซส์ 42 ไหมครับ")
    world.assign(first.id, "amy")
    clock.move(40)
    world.write(somchai, "สีดำหรือสีน้ำเงินก็ได้ครับ")
    clock.move(0.5 * HOUR)
    sent = world.reply(first.id, "มีไซส์ 42 สีดำค่ะ เหลือสองคู่", by="amy")
    world.deliver(sent, DeliveryState.READ)
    world.note(first.id, "Regular customer, check the member price.", by="bo")
    clock.move(60)
    world.write(somchai, "ขอดูรูปได้ไหมครับ")
    world.write(somchai, "", kind=ContentKind.IMAGE, file_name="shoe.jpg", size=120_000)

    lost = world.write(linh, "Đơn hàng của tôi đâu rồi? Tôi đợi đã 3 ngày.")
    world.assign(lost.id, "bo")
    clock.move(1.5 * HOUR)
    refund = world.write(emma, "I want a refund, [link=evil]please[/link].")
    world.unassign(refund.id, UnassignedReason.ALL_FULL)
    clock.move(0.2 * HOUR)
    flowers = world.write(malee, "รับพวงมาลัยพรุ่งนี้เช้าได้ไหมคะ")
    world.assign(flowers.id, "amy")
    failed = world.reply(flowers.id, "ได้ค่ะ กี่โมงดีคะ", by="amy")
    world.deliver(failed, DeliveryState.FAILED, "LINE: the monthly limit is reached")
    bot = world.write(kit, "hello?")
    world.unassign(bot.id, UnassignedReason.NOBODY_ON_DUTY)
    clock.move(240)
    star = world.write(dao, "ราคาเท่าไหร่คะ")
    world.assign(star.id, "amy")
    world.star(star.id, "amy", True)
    world.edit_case(
        first.case_code or "",
        by="amy",
        title="Size 42 in black",
        description="Asked for photos before ordering.",
        tags=["size", "photo"],
    )
    clock.move(30)
    return world


def client_of(world: World, nickname: str = "amy") -> FakeClient:
    """Return what ``nickname`` can ask of a world."""
    return FakeClient(world, nickname)


def late(world: World, session_id: int) -> None:
    """Make a waiting session overdue."""
    world.change(session_id, due_at=world.now)


def ruled_shop() -> World:
    """Return the busy shop with amy as its owner and rules in every state a row can show."""
    world = busy_shop()
    world.agents["amy"] = replace(world.agents["amy"], role=Role.OWNER)
    week = {day: ["09:00-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
    world.hours = [Hours(name="shop", timezone="Asia/Bangkok", open=True, week=week)]
    drafts = [
        RuleDraft(
            name="ลูกค้าไทยทาง LINE",
            when=Conditions(channel=["line-main"], language=["th"]),
            team="sales",
            method=Method.LEAST_OPEN,
        ),
        RuleDraft(
            name="Refunds [b]first[/b]",
            when=Conditions(keyword=["refund", "hoàn tiền"], contact=ContactKind.RETURNING),
            agents=["cho", "bo"],
            consider=Consider.ACTIVE,
            priority=Priority.HIGH,
            skills=["refunds"],
        ),
        RuleDraft(
            name="Gold at night",
            enabled=False,
            when=Conditions(tier=["gold"], outside_business_hours=["shop"]),
            team="care",
        ),
        RuleDraft(name="Everybody else", team="care"),
        RuleDraft(
            name="Pre-sale",
            when=Conditions(category=[Category.PRE_SALE], tag=["vip"]),
            team="sales",
        ),
    ]
    rules = [rule_of(draft, id=number) for number, draft in enumerate(drafts, start=1)]
    rules[-1] = replace(rules[-1], covered_by="Everybody else")
    world.keep_rules(rules)
    world.gets = "bo"
    return world


def bound_shop() -> World:
    """Return the busy shop with amy as its owner, and contacts bound to people and teams."""
    world = busy_shop()
    world.agents["amy"] = replace(world.agents["amy"], role=Role.OWNER)
    put_binding(world, 1, agent="amy", how="code:ibx-kato-miru-sabe")
    put_binding(world, 2, agent="bo", team="care", how="code:ibx-lona-peti-guso")
    put_binding(world, 3, team="care", by="cho")
    put_binding(world, 7, agent="bo", by="cho")
    world.contacts[2] = replace(world.contacts[2], tags=["vip"], tier="gold")
    return world


def coded_shop() -> World:
    """Return the shop with bound contacts, and codes in every state one can have."""
    world = bound_shop()
    month = timedelta(days=30)
    put_code(world, agent="amy", by="amy", expires_at=world.now + month, tags=["vip", "งานแฟร์"])
    put_code(world, agent="amy", team="sales", channel="telegram", by="cho")
    put_code(world, agent="bo", by="cho", expires_at=world.now - month)
    put_code(world, team="care", channel="telegram", by="cho")
    gone = put_code(world, agent="amy", channel="telegram", by="amy")
    world.codes[gone.code] = replace(gone, state=CodeState.REVOKED, revoked_at=world.now)
    world.change_agent("cho", active=False)
    return world

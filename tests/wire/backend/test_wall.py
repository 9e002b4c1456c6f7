"""The supervisor's wall over HTTP, on the running backend (V1, V2, M9)."""

from typing import Any

import pytest
from tests.wire.backend.conftest import House, message

from inbox_tui.wire import codec
from inbox_tui.wire.wall import Wall, WallAgent, WallQueue

HOUR = 3_600


@pytest.fixture
async def office(unopened: House) -> House:
    """The house with a supervisor of the team care, who has a line of their own."""
    text = unopened.file(max_open=2).replace(
        'members = ["cy"]', 'members = ["cy"]\nsupervisors = ["dee"]'
    )
    text = text.replace(
        'slug = "bot"\nkind = "telegram"\nteam = "sales"', 'slug = "bot"\nkind = "telegram"'
    )
    return await unopened.start(f'{text}\n[[agents]]\nnickname = "dee"\nrole = "supervisor"\n')


async def wall(house: House, who: str = "amy", query: str = "") -> Wall:
    answer = await house.call(who, "GET", f"/api/wall{query}")
    assert answer.status_code == 200, answer.text
    return codec.decode(answer.content, Wall)


def queue(found: Wall, team: str | None = "sales") -> WallQueue:
    line = "workspace" if team is None else f"team:{team}"
    return next(each for each in found.queues if each.line == line)


def agent(found: Wall, nickname: str) -> WallAgent:
    return next(each for each in found.agents if each.agent.nickname == nickname)


async def writes(house: House, *users: str) -> None:
    """Let customers write, a minute after each other."""
    for user in users:
        await house.says(message(user, timestamp=house.clock.now()))
        house.moved(60)
        await house.settled()


async def ends(house: House, who: str, session_id: int) -> None:
    await house.ok(who, "POST", f"/api/sessions/{session_id}/end", {"reason": "done"})
    await house.settled()


async def test_v1_an_owner_sees_every_queue_in_the_order_the_engine_gives(office: House) -> None:
    await writes(office, "U1", "U2", "U3")
    third = (await office.sessions())[2].id
    await office.ok("bo", "PATCH", f"/api/sessions/{third}", {"priority": "urgent"})
    await office.settled()
    found = await wall(office)
    assert [each.line for each in found.queues] == ["team:care", "team:sales", "workspace"]
    sales = queue(found)
    assert (sales.length, sales.aside, sales.name, sales.method) == (3, 0, "sales", "round_robin")
    assert [each.id for each in sales.sessions] == [3, 1, 2]
    assert [each.position for each in sales.sessions] == [1, 2, 3]
    first = sales.sessions[0]
    assert (first.channel, first.priority, first.unassigned_reason) == (
        "line",
        "urgent",
        "nobody_on_duty",
    )
    assert sales.longest_since == sales.sessions[1].waiting_since
    for each in sales.sessions:
        told = await office.ok("amy", "GET", f"/api/sessions/{each.id}/explanation")
        assert told["queue_position"] == each.position  # what agents see, and what contacts hear
    await office.at_work("amy")
    found = await wall(office)
    assert [each.id for each in queue(found).sessions] == [2]
    assert agent(found, "amy").longest is not None
    assert agent(found, "amy").unanswered == 2


async def test_v1_a_supervisor_sees_own_teams_and_an_agent_nothing(office: House) -> None:
    await writes(office, "U1")
    await office.ok("amy", "POST", "/api/sessions/1/assign", {"team": "care"})
    await writes(office, "U2")
    found = await wall(office, "dee")
    assert [each.line for each in found.queues] == ["team:care"]
    assert [each.agent.nickname for each in found.agents] == ["cy", "dee"]
    assert [each.id for each in queue(found, "care").sessions] == [1]
    assert sum(found.arrivals) == 0  # it had come to sales
    assert sum((await wall(office)).arrivals) == 2
    answer = await office.call("bo", "GET", "/api/wall")
    assert (answer.status_code, answer.json()["type"]) == (403, "forbidden")
    assert (await office.call(None, "GET", "/api/wall")).status_code == 401


async def test_v1_agents_with_switch_and_who_turned_it_and_their_sessions_on_request(
    office: House,
) -> None:
    await office.at_work("amy", "bo")
    known = await office.customer("nok")
    await writes(office, "U1", known, "U3", "U4", "U5")
    reply = await office.ok("bo", "POST", "/api/sessions/2/messages", {"text": "hello"})
    await office.delivered_as(reply["id"], "sent")
    body = {"accepting": False, "reason": "lunch"}
    await office.ok("amy", "PUT", "/api/agents/bo/accepting", body)
    found = await wall(office, query="?agent=bo")
    bo = agent(found, "bo")
    assert (bo.agent.presence, bo.agent.accepting, bo.agent.accepting_reason) == (
        "present",
        False,
        "lunch",
    )
    assert (bo.agent.accepting_by, bo.agent.open_count, bo.agent.limit) == ("amy", 2, 2)
    assert [each.id for each in bo.sessions] == [4, 2]
    assert (bo.unanswered, bo.longest and bo.longest.id) == (1, 4)
    assert agent(found, "amy").sessions == []
    assert (await office.call("amy", "GET", "/api/wall?agent=nobody")).status_code == 404


async def test_v1_what_is_late_is_counted_and_told_longest_first(office: House) -> None:
    await writes(office, "U1", "U2")
    await office.at_work("bo")
    office.moved(22.5 * HOUR)
    await writes(office, "U3")
    office.moved(1.6 * HOUR)
    found = await wall(office)
    assert (found.unanswered, found.overdue, found.due_soon) == (3, 2, 0)
    assert [(each.id, each.assignee, each.due) for each in found.waiting] == [
        (1, "bo", "overdue"),
        (2, "bo", "overdue"),
        (3, None, "ok"),
    ]
    assert len((await wall(office, query="?most=1")).waiting) == 1
    assert (await wall(office, "dee")).overdue == 0


async def test_v1_rates_count_what_opened_and_what_was_served_also_over_a_restart(
    office: House,
) -> None:
    await office.at_work("bo")
    await writes(office, "U1", "U2", "U3")
    office.moved(600)
    await ends(office, "bo", 1)
    await ends(office, "amy", 3)  # it went to bo when 1 ended
    office.moved(HOUR)
    await writes(office, "U4")
    await ends(office, "bo", 2)
    before = await wall(office)
    assert (sum(before.arrivals), sum(before.services)) == (1, 1)
    assert (len(before.arrivals), before.bucket) == (12, 300)
    assert queue(before).arrivals == before.arrivals
    await office.restart()
    after = await wall(office)
    assert (after.arrivals, after.services) == (before.arrivals, before.services)
    for queue_before, queue_after in zip(before.queues, after.queues, strict=True):
        assert queue_after.length == queue_before.length
        assert queue_after.sessions == queue_before.sessions
        assert queue_after.arrivals == queue_before.arrivals
        assert queue_after.services == queue_before.services
    assert [each.longest for each in after.agents] == [each.longest for each in before.agents]


async def test_m9_the_wait_is_told_once_there_is_a_basis_for_it(office: House) -> None:
    await office.at_work("bo")
    await writes(office, "U1", "U2", "U3", "U4")
    sales = queue(await wall(office))
    assert (sales.free, sales.slots, sales.service_time, sales.estimated_wait) == (0, 2, None, None)
    for _ in range(3):
        office.moved(240)
        serves = next(
            row.id for row in await office.sessions() if row.assignee_id and not row.closed_at
        )
        await ends(office, "bo", serves)
    await writes(office, "U5", "U6", "U7")
    sales = queue(await wall(office))
    assert sales.service_time is not None
    half = sales.service_time / 2  # two slots at work
    assert [each.estimated_wait for each in sales.sessions] == [half, 2 * half]
    assert sales.estimated_wait == 3 * half
    assert queue(await wall(office), "care").estimated_wait is None


async def test_v2_take_back_goes_to_routing_and_a_higher_limit_lets_more_in(office: House) -> None:
    await office.at_work("bo")
    await writes(office, "U1", "U2", "U3")
    await office.ok("amy", "PUT", "/api/agents/bo/accepting", {"accepting": False})
    back = await office.ok("amy", "POST", "/api/sessions/1/take_back")
    assert (back["session"]["assignee"], back["session"]["team"]) == (None, "sales")
    await office.settled()
    assert [each.id for each in queue(await wall(office)).sessions] == [1, 3]
    await office.at_work("amy")
    assert await office.owners() == ["amy", "bo", "amy"]
    await writes(office, "U4")
    assert (await office.owners())[3] is None
    await office.ok("amy", "PATCH", "/api/agents/amy", {"max_open": 3})
    await office.settled()
    assert (await office.owners())[3] == "amy"


@pytest.mark.parametrize(
    ("who", "method", "path", "body"),
    [
        ("dee", "POST", "/api/sessions/1/take_back", None),
        ("bo", "POST", "/api/sessions/1/take_back", None),
        ("dee", "PATCH", "/api/agents/bo", {"max_open": 1}),
        ("bo", "PATCH", "/api/agents/bo", {"max_open": 1}),
        ("dee", "PUT", "/api/agents/bo/accepting", {"accepting": False}),
    ],
)
async def test_v2_nobody_acts_on_teams_they_do_not_look_after(
    office: House, who: str, method: str, path: str, body: Any
) -> None:
    await office.at_work("bo")
    await writes(office, "U1")
    answer = await office.call(who, method, path, body)
    assert (answer.status_code, answer.json()["type"]) == (403, "forbidden")
    assert await office.owners() == ["bo"]

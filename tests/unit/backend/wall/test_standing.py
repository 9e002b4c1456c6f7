"""Lines, waits and loads, kept as sessions move, against plain lists of all sessions."""

import random
from types import SimpleNamespace
from typing import Any

import pytest

from inbox_tui.backend.wall.standing import Line, Standing
from inbox_tui.wire.words import Priority, UnassignedReason

TEAMS, AGENTS = (1, 2, None), (7, 8, None, None)
QUEUES = (None, None, "team:2", "rule:4")
ASIDE = ("declined", "with_bot")


def session(session_id: int, **more: Any) -> SimpleNamespace:
    fields = {
        "id": session_id,
        "state": "open",
        "team_id": 1,
        "queue": None,
        "assignee_id": None,
        "priority": "normal",
        "waiting_since": None,
        "queued_at": 100 + session_id,
        "opened_at": session_id,
        "unassigned_reason": None,
    }
    return SimpleNamespace(**(fields | more))


def put(*rows: SimpleNamespace) -> Standing:
    standing = Standing()
    for row in rows:
        standing.put(row)
    return standing


def test_m9_higher_priority_first_then_the_longest_wait_then_the_lower_number() -> None:
    standing = put(
        session(1, waiting_since=50),
        session(2, waiting_since=40),
        session(3, waiting_since=60, priority="urgent"),
        session(4, waiting_since=40),
        session(5, priority="low", waiting_since=1),
        session(6),  # nobody waits: from its entry into the queue
    )
    assert standing.line("team:1", 10) == Line(6, 0, 1, [3, 2, 4, 1, 6, 5])
    assert standing.line("team:1", 2).first == [3, 2]
    assert standing.line("workspace", 10) == Line(0, 0, None, [])


@pytest.mark.parametrize("reason", ASIDE)
def test_v1_what_is_set_aside_stands_behind_the_line_and_is_not_counted(reason: str) -> None:
    aside = session(1, waiting_since=1, priority="urgent", unassigned_reason=reason)
    assert put(aside, session(2)).line("team:1", 10) == Line(1, 1, 102, [2, 1])


@pytest.mark.parametrize("seed", range(3))
def test_m9_a_position_is_the_place_in_the_line_that_is_shown(seed: int) -> None:
    draw, standing = random.Random(seed), Standing()
    for _ in range(200):
        standing.put(random_session(draw))
    shown: dict[int, tuple[str, int]] = {}
    for name in ("team:1", "team:2", "rule:4", "workspace"):
        line = standing.line(name, 100)
        in_line = enumerate(line.first[: line.length], start=1)
        shown |= {session_id: (name, place) for place, session_id in in_line}
    assert len(shown) > 2
    assert {each: standing.position(each) for each in range(41)} == {
        each: shown.get(each) for each in range(41)
    }


def random_session(draw: random.Random) -> SimpleNamespace:
    return session(
        draw.randrange(40),
        state=draw.choice(["open", "open", "open", "closed"]),
        team_id=draw.choice(TEAMS),
        queue=draw.choice(QUEUES),
        assignee_id=draw.choice(AGENTS),
        priority=draw.choice(list(Priority)).value,
        waiting_since=draw.choice([None, draw.randrange(1_000)]),
        queued_at=draw.randrange(1_000),
        unassigned_reason=draw.choice([None, "all_full", *ASIDE]),
    )


@pytest.mark.parametrize("seed", range(5))
def test_v1_whatever_moves_it_says_what_looking_at_all_sessions_would(seed: int) -> None:
    draw = random.Random(seed)
    standing, rows = Standing(), dict[int, Any]()
    for _ in range(400):
        row = random_session(draw)
        standing.put(row)
        rows[row.id] = row
        every = [each for each in rows.values() if each.state == "open"]
        check(
            standing,
            every,
            draw.choice(TEAMS),
            draw.choice([*QUEUES, "team:1"]),
            draw.randrange(1_000),
        )
    for row in rows.values():
        row.state = "closed"
        standing.put(row)
    assert (standing._known, standing._lines, standing._waits_of_team) == ({}, {}, {})
    assert not any(standing._loads.values())


@pytest.mark.parametrize("name", ["team:2", "team:2/th+sales", "team:2!7,8", "team:2/excluded"])
def test_m9_the_lines_of_one_pool_are_one_line(name: str) -> None:
    assert put(session(1), session(2, queue=name)).line("team:2", 10).first == [2]


def test_v1_what_waits_for_an_agent_of_its_own_is_set_aside_in_its_teams_line() -> None:
    standing = put(session(1, queue="agent:7"), session(2))
    assert standing.line("team:1", 10) == Line(1, 1, 102, [2, 1])


def stands_in(each: Any) -> str:
    return each.queue or ("workspace" if each.team_id is None else f"team:{each.team_id}")


def check(
    standing: Standing, every: list[Any], team: int | None, name: str | None, moment: int
) -> None:
    name = name or "workspace"
    line = [each for each in every if stands_in(each) == name and each.assignee_id is None]
    in_line = [each for each in line if each.unassigned_reason not in ASIDE]
    ranks = [priority.value for priority in reversed(Priority)]

    def order(each: Any) -> tuple[bool, int, int, int]:
        waits_from = each.waiting_since or each.queued_at or each.opened_at
        return each not in in_line, ranks.index(each.priority), waits_from, each.id

    assert standing.line(name, 5) == Line(
        len(in_line),
        len(line) - len(in_line),
        min((order(each)[2] for each in in_line), default=None),
        [each.id for each in sorted(line, key=order)][:5],
    )
    waits = sorted(
        (each.waiting_since, each.id) for each in every if each.waiting_since is not None
    )
    assert standing.longest_waits(None, 5) == [found for _, found in waits[:5]]
    assert standing.waits(None) == len(waits)
    assert standing.late(None, moment) == sum(since <= moment for since, _ in waits)
    own = [each for each in every if each.team_id == team and each.waiting_since is not None]
    assert standing.late([team], moment - 1) == sum(each.waiting_since < moment for each in own)
    for agent in (7, 8):
        served = [each for each in every if each.assignee_id == agent]
        unanswered = sorted(
            (each.waiting_since, each.id) for each in served if each.waiting_since is not None
        )
        longest = unanswered[0][1] if unanswered else None
        assert standing.unanswered(agent) == (len(unanswered), longest)
        assert standing.load(agent, team) == sum(each.team_id == team for each in served)


def test_the_reasons_set_aside_are_words_of_the_product() -> None:
    assert {UnassignedReason(reason) for reason in ASIDE}

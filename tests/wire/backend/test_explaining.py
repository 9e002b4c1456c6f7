"""``GET /api/sessions/{id}/explanation`` of every kind of decision, on the backend (R13)."""

from typing import Any

import pytest
import sqlalchemy as sa
from tests.wire.backend.conftest import EVENTS, House, message

from inbox_tui.backend.assigner import runner
from inbox_tui.backend.workspace.service import apply_file
from inbox_tui.store import tables

JOURNAL = tables.table(tables.JournalEntry)
RULES = """
[[rules]]
name = "nights"
enabled = false
team = "care"
[[rules]]
name = "refunds"
team = "care"
[rules.when]
keyword = ["refund"]
[[rules]]
name = "returning"
team = "care"
[rules.when]
contact = "returning"
"""
ONE_ACCOUNT = """
[[agents]]
nickname = "amy"
[[channels]]
slug = "line"
kind = "line"
[channels.credentials]
channel_secret = "b5f1c3d2e4a697788990aabbccddeeff"
access_token = "t"
"""


async def apply(house: House, text: str) -> None:
    await house.database.write(apply_file, text, {})
    await house.settled()


async def explained(house: House, session_id: int = 1, decision: int | None = None) -> Any:
    query = "" if decision is None else f"?decision={decision}"
    return await house.ok("amy", "GET", f"/api/sessions/{session_id}/explanation{query}")


async def passes(house: House, seconds: float) -> None:
    house.moved(seconds)
    await house.settled()


async def leaves(house: House, who: str) -> None:
    await house.ok(who, "DELETE", f"/api/me/presence/{who}")
    await house.settled()


async def act(house: House, who: str, verb: str, body: Any = None, session_id: int = 1) -> None:
    await house.ok(who, "POST", f"/api/sessions/{session_id}/{verb}", body)
    await house.settled()


def gone_through(told: Any) -> list[tuple[str, ...]]:
    return [
        (step["step"], step["outcome"], step["name"], step["because"], step["value"])
        for step in told["steps"]
    ]


class TestByTheEngine:
    async def test_r13_every_rule_is_told_with_the_condition_that_failed(
        self, house: House
    ) -> None:
        await apply(house, RULES)
        await house.at_work("cy")
        await house.says(message("U1", "I want a refund"))
        told = await explained(house)
        assert (told["how"], told["step"], told["rule"]) == ("assigned", "rule", "refunds")
        assert (told["assignee"], told["team"], told["by"]) == ("cy", "care", None)
        assert gone_through(told) == [
            ("binding", "passed", "", "none", ""),
            ("dedicated_agent", "passed", "", "none", ""),
            ("previous_agent", "passed", "", "none", ""),
            ("rule", "passed", "nights", "off", ""),
            ("rule", "decided", "refunds", "", ""),
        ]
        assert "“refunds”" in told["summary"]

    async def test_r13_a_rule_that_asks_for_something_else_tells_what_there_was(
        self, house: House
    ) -> None:
        await apply(house, RULES)
        await house.at_work("amy")
        await house.says(message("U1", "hello"))
        told = await explained(house)
        assert (told["step"], told["rule"]) == ("channel_team", None)
        assert gone_through(told)[4:] == [
            ("rule", "passed", "refunds", "keyword", ""),
            ("rule", "passed", "returning", "contact", "new"),
            ("channel_team", "decided", "sales", "", ""),
        ]

    async def test_r13_the_numbers_are_those_of_that_moment(self, house: House) -> None:
        await house.at_work("amy")
        await house.says(message("U1"))
        await house.says(message("U2"))
        await house.live("bo", "presence=1&window=bo")
        told = await explained(house, 2)
        amy, bo = told["candidates"]
        assert (amy["agent"], amy["rank"], amy["open"], amy["limit"]) == ("amy", 1, 1, 5)
        assert (amy["verdict"], amy["presence"], amy["accepting"]) == ("eligible", "present", True)
        assert (amy["turn"], amy["team_limit"], amy["team_open"]) == (1.0, None, None)
        assert amy["last_assigned_at"] is not None
        assert (bo["verdict"], bo["presence"], bo["rank"]) == ("absent", "absent", None)
        assert (told["candidates_total"], told["candidates_kept"]) == (2, True)

    async def test_r13_what_was_not_kept_is_made_again_from_the_recorded_facts(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await house.at_work("amy", "bo")
        await house.says(message("U1"))
        kept = await explained(house, 1)
        monkeypatch.setattr(runner, "MOST_TO_EXPLAIN", 0)
        await house.says(message("U2"))
        await house.says(message("U3"))
        made_again = await explained(house, 2)
        assert made_again["assignee"] == "bo"
        ranks = [(each["agent"], each["rank"], each["open"]) for each in made_again["candidates"]]
        assert ranks == [("bo", 1, 0), ("amy", 2, 1)]
        assert (made_again["candidates_total"], made_again["candidates_kept"]) == (2, True)
        assert made_again["steps"] == kept["steps"]

    async def test_r13_what_is_not_recorded_either_is_said_to_be_missing(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(runner, "MOST_TO_EXPLAIN", 0)
        await house.at_work("amy")
        await house.says(message("U1"))
        await house.settled()
        await house.database.write(lambda work: work.execute(sa.delete(JOURNAL)))
        told = await explained(house)
        assert told["assignee"] == "amy"
        assert (told["candidates"], told["candidates_kept"]) == ([], False)

    async def test_r13_the_only_account(self, unopened: House) -> None:
        house = await unopened.start(ONE_ACCOUNT)
        await house.says(message("U1"))
        told = await explained(house)
        assert (told["step"], told["assignee"]) == ("only_account", "amy")
        assert gone_through(told) == [("only_account", "decided", "amy", "", "")]
        assert told["summary"] == "The only account gets every session: amy."


class TestWaiting:
    async def test_r13_a_full_team_with_its_place_in_the_queue(self, unopened: House) -> None:
        house = await unopened.start(unopened.file(max_open=1))
        await house.at_work("amy")
        for number in range(3):
            await house.says(message(f"U{number}"))
            house.clock.move(1)
        told = await explained(house, 3)
        assert (told["how"], told["assignee"], told["reason"]) == (None, None, "all_full")
        assert (told["queue_position"], told["queue_length"]) == (2, 2)
        verdicts = {each["agent"]: each["verdict"] for each in told["candidates"]}
        assert verdicts == {"amy": "full", "bo": "absent"}
        assert told["earlier"] == []

    async def test_r6_the_agent_waited_for_is_named_with_the_time(self, house: House) -> None:
        await house.at_work("amy")
        await house.says(message("U1"))
        await house.at_work("bo")
        assert await house.owners() == ["amy"]
        await act(house, "amy", "end", {"reason": "done"})
        await leaves(house, "amy")
        await house.says(message("U1", "me again"))
        session = await house.ok("bo", "GET", "/api/sessions/2")
        assert session["unassigned_reason"] == "waiting_for_agent"
        assert session["waits_for"] == "amy"
        told = await explained(house, 2)
        assert (told["reason"], told["waits_for"]) == ("waiting_for_agent", "amy")
        assert told["wait_until"] == session["wait_until"]
        assert gone_through(told)[-1] == ("previous_agent", "waits", "amy", "absent", "")
        own = next(each for each in told["candidates"] if each["agent"] == "amy")
        assert own["preferred"] == "previous_agent"
        await passes(house, 121)
        assert (await house.ok("bo", "GET", "/api/sessions/2"))["waits_for"] is None
        told = await explained(house, 2)
        assert (told["assignee"], told["step"]) == ("bo", "channel_team")
        assert ("previous_agent", "passed", "amy", "absent", "") in gone_through(told)


class TestByHand:
    async def test_r13_a_claim_over_the_limit_says_so(self, unopened: House) -> None:
        house = await unopened.start(unopened.file(max_open=0))
        await house.at_work("amy")
        await house.says(message("U1"))
        await act(house, "amy", "claim")
        told = await explained(house)
        assert (told["how"], told["by"], told["assignee"]) == ("claimed", "amy", "amy")
        assert told["warnings"] == ["over-limit"]
        assert told["summary"].endswith("That was one over the limit.")
        assert (told["candidates"], told["candidates_kept"]) == ([], True)

    async def test_r13_a_session_that_was_sent_on_tells_who_when_and_the_note(
        self, house: House
    ) -> None:
        await house.at_work("amy")
        await house.says(message("U1"))
        house.clock.move(60)
        await act(house, "amy", "assign", {"agent": "bo", "note": "yours"})
        told = await explained(house)
        assert (told["how"], told["by"], told["assignee"]) == ("designated", "amy", "bo")
        assert (told["taken_from"], told["note"], told["warnings"]) == ("amy", "yours", ["absent"])
        before = await explained(house, decision=1)
        assert (before["how"], before["assignee"], before["decision"]) == ("assigned", "amy", 1)
        assert before["candidates"]
        assert before["at"] < told["at"]

    async def test_r13_a_team_it_was_sent_to(self, house: House) -> None:
        await house.says(message("U1"))
        await act(house, "amy", "transfer", {"team": "care", "scope": "session"})
        told = await explained(house)
        assert (told["how"], told["step"], told["reason"]) == (
            None,
            "designated",
            "nobody_on_duty",
        )
        (earlier,) = told["earlier"]
        assert (earlier["how"], earlier["by"], earlier["team"]) == ("transferred", "amy", "care")
        assert (await explained(house, decision=1))["summary"] == (
            "amy transferred it to the team care."
        )


class TestTakenBack:
    async def test_r10_a_session_that_lapsed_says_so_among_the_earlier_ones(
        self, unopened: House
    ) -> None:
        house = await unopened.start(unopened.file())
        await apply(house, '[workspace]\ntake_back = "5m"\n')
        await house.at_work("amy")
        await house.says(message("U1"))
        await passes(house, 301)
        told = await explained(house)
        assert told["reason"] is not None
        assert ("amy", "lapsed") in [
            (each["agent"], each["verdict"]) for each in told["candidates"]
        ]
        taken, given = told["earlier"]
        assert (taken["how"], taken["cause"], taken["taken_from"]) == (
            "unassigned",
            "lapsed",
            "amy",
        )
        assert (given["how"], given["assignee"], given["decision"]) == ("assigned", "amy", 2)
        summary = (await explained(house, decision=1))["summary"]
        assert summary == "It was taken back from amy: not answered in time."

    async def test_r12_who_left_before_answering_is_told(self, house: House) -> None:
        await house.at_work("bo")
        await house.says(message("U1"))
        await leaves(house, "bo")
        await passes(house, 125)
        (taken, _) = (await explained(house))["earlier"]
        assert (taken["cause"], taken["taken_from"], taken["by"]) == ("left", "bo", None)

    async def test_r12_an_account_that_was_made_inactive_is_told(self, house: House) -> None:
        await house.at_work("bo")
        await house.says(message("U1"))
        await house.ok("amy", "PATCH", "/api/agents/bo", {"active": False})
        await house.settled()
        told = await explained(house, decision=1)
        assert (told["cause"], told["taken_from"], told["by"]) == ("deactivated", "bo", "amy")
        assert told["summary"] == "The account of bo was made inactive by amy."

    async def test_v2_a_supervisor_who_took_it_back(self, house: House) -> None:
        await house.at_work("bo")
        await house.says(message("U1"))
        await act(house, "amy", "take_back")
        told = await explained(house, decision=1)
        assert (told["how"], told["by"], told["taken_from"]) == ("taken_back", "amy", "bo")
        assert told["summary"] == "amy took it back from bo."


class TestPast:
    async def test_r13_a_closed_session_is_told_by_who_had_it(self, house: House) -> None:
        await house.at_work("amy")
        await house.says(message("U1"))
        await act(house, "amy", "end", {"reason": "spam"})
        told = await explained(house)
        assert (told["closed"], told["assignee"], told["step"]) == (True, "amy", "channel_team")
        assert told["summary"].endswith("It is closed now.")

    async def test_r13_a_session_closed_before_anybody_had_it(self, house: House) -> None:
        await house.says(message("U1"))
        await act(house, "amy", "end", {"reason": "spam"})
        told = await explained(house)
        assert (told["closed"], told["assignee"], told["how"]) == (True, None, None)
        assert told["summary"] == "It was closed before anybody served it."

    async def test_r13_the_priority_of_today_is_not_told_of_yesterday(self, house: House) -> None:
        await house.says(message("U1", "hello"))
        await act(house, "amy", "claim")
        await house.ok("amy", "PATCH", "/api/sessions/1", {"priority": "urgent"})
        await act(house, "amy", "assign", {"agent": "bo"})
        assert (await explained(house))["priority"] == "urgent"
        before = await explained(house, decision=1)
        assert (before["how"], before["priority"]) == ("claimed", None)

    async def test_r13_what_is_no_longer_kept_is_said_to_be_so(self, house: House) -> None:
        await house.at_work("amy")
        await house.says(message("U1"))
        forget = sa.delete(EVENTS).where(EVENTS.c.session_id == 1)
        await house.database.write(lambda work: work.execute(forget))
        told = await explained(house)
        assert told["summary"] == "Served by amy. How it came there is no longer kept."

    async def test_r13_a_decision_that_there_is_not(self, house: House) -> None:
        await house.says(message("U1"))
        answer = await house.call("amy", "GET", "/api/sessions/1/explanation?decision=1")
        assert (answer.status_code, answer.json()["data"]) == (
            404,
            {"path": "decision", "earlier": 0},
        )
        answer = await house.call("amy", "GET", "/api/sessions/1/explanation?decision=-1")
        assert answer.status_code == 422

"""Languages, skills and what is kept for people to hand out (R4)."""

from typing import Any

import pytest
from tests.unit.assignment.shop import AMY, BO, CAM, SALES, Shop

from inbox_tui.assignment import RuleFact, Verdict, When
from inbox_tui.assignment.exclusion import Exclusion
from inbox_tui.assignment.needs import Needs
from inbox_tui.wire.words import Method, Presence, UnassignedReason

TH, EN = ("th",), ("en",)


class TestLanguagesAndSkills:
    def test_r4_goes_to_who_speaks_it(self) -> None:
        shop = Shop()
        shop.agent(AMY, languages=EN)
        shop.agent(BO, languages=("en", "th"))
        shop.comes(1, language="th")
        shop.comes(2, language="th")
        assert shop.deal() == [(1, BO), (2, BO)]

    def test_r4_who_lists_no_language_takes_any(self) -> None:
        shop = Shop(AMY)
        shop.agent(BO, languages=EN)
        shop.comes(1, language="th")
        assert shop.deal() == [(1, AMY)]

    def test_r4_a_session_without_a_language_goes_to_anybody(self) -> None:
        shop = Shop()
        shop.agent(AMY, languages=EN)
        shop.agent(BO, languages=TH)
        shop.comes(1)
        assert shop.deal() == [(1, AMY)]

    def test_r4_all_skills_a_rule_asks_for_have_to_be_listed(self) -> None:
        shop = Shop(AMY)
        shop.agent(BO, skills=("a",))
        shop.agent(CAM, skills=("a", "b"))
        shop.rules(RuleFact(1, "ab", When(), agents=(AMY, BO, CAM), skills=("a", "b")))
        shop.comes(1)
        assert shop.deal() == [(1, CAM)]

    def test_r4_after_skill_wait_to_anyone(self) -> None:
        shop = Shop(skill_wait=500)
        shop.agent(AMY, languages=EN)
        shop.agent(BO, languages=EN)
        shop.comes(1, language="th")
        assert shop.deal() == []
        assert shop.reason(1) is UnassignedReason.NO_SKILL
        assert shop.engine.next_wake(shop.now) == shop.sessions[1].queued_at + 500
        assert shop.deal(after=498) == []
        assert shop.deal() == [(1, AMY)]

    def test_r4_without_a_skill_wait_nobody_waits_for_a_language(self) -> None:
        shop = Shop(skill_wait=0)
        shop.agent(AMY, languages=EN)
        shop.agent(BO, languages=EN)
        shop.comes(1, language="th")
        assert shop.deal() == [(1, AMY)]

    @pytest.mark.parametrize(
        ("others", "reason"),
        [
            ({}, UnassignedReason.NO_SKILL),
            ({"max_open": 0}, UnassignedReason.ALL_FULL),
            ({"accepting": False}, UnassignedReason.ALL_FULL),
        ],
    )
    def test_r4_no_skill_is_told_while_only_that_stands_in_the_way(
        self, others: dict[str, Any], reason: UnassignedReason
    ) -> None:
        shop = Shop()
        shop.agent(AMY, languages=TH, max_open=0)
        shop.agent(BO, languages=EN, **others)
        shop.comes(1, language="th")
        shop.decide()
        assert shop.reason(1) is reason

    def test_r8_who_waits_for_a_language_hides_nobody(self) -> None:
        shop = Shop()
        shop.agent(AMY, languages=EN)
        shop.agent(BO, languages=EN, accepting=False)
        shop.comes(1, language="th")
        shop.comes(2, language="en")
        assert shop.deal() == [(2, AMY)]

    def test_r4_somebody_who_learns_a_language_gets_it_at_once(self) -> None:
        shop = Shop()
        shop.agent(AMY, languages=EN)
        shop.agent(BO, languages=EN)
        shop.comes(1, language="th")
        assert shop.deal() == []
        shop.agent(BO, languages=("en", "th"))
        assert shop.deal() == [(1, BO)]

    def test_r4_the_last_who_lists_languages_takes_the_need_along(self) -> None:
        shop = Shop(BO)
        shop.agent(AMY, languages=EN)
        shop.agent(BO, accepting=False)
        shop.comes(1, language="th")
        assert shop.deal() == []
        shop.agent(AMY)
        assert shop.deal() == [(1, AMY)]

    def test_r4_an_own_agent_needs_no_language(self) -> None:
        shop = Shop(BO)
        shop.agent(AMY, languages=EN)
        shop.comes(1, language="th", previous_agent_id=AMY)
        assert shop.deal() == [(1, AMY)]

    def test_r4_the_rotation_passes_over_who_does_not_speak_it(self) -> None:
        shop = Shop(BO)
        shop.agent(AMY, languages=EN)
        shop.team(SALES, AMY, BO)
        got = []
        for number, language in enumerate(["th", "en", "en"], start=1):
            shop.comes(number, language=language, channel_team_id=SALES)
            got += [agent for _, agent in shop.deal()]
        assert got == [BO, AMY, BO]

    def test_r13_what_is_missing_is_said_of_each(self) -> None:
        shop = Shop()
        shop.agent(AMY, languages=EN)
        shop.agent(BO, languages=TH, max_open=0)
        shop.comes(1, language="th")
        shop.decide()
        verdicts = {seen.agent_id: seen.verdict for seen in shop.explain(1).candidates}
        assert verdicts == {AMY: Verdict.NO_SKILL, BO: Verdict.FULL}

    def test_r4_r6_r13_who_waits_for_an_agent_asks_no_language_after_the_skill_wait(self) -> None:
        shop = Shop(owner_wait=500, skill_wait=100)
        shop.agent(AMY, languages=TH, presence=Presence.ABSENT)
        shop.agent(BO, languages=EN)
        shop.comes(1, language="th", previous_agent_id=AMY)
        shop.decide()
        judged = {seen.agent_id: seen.verdict for seen in shop.explain(1).candidates}
        assert judged[BO] is Verdict.NO_SKILL
        shop.decide(after=100)
        told = shop.explain(1)
        assert (told.reason, told.needs) == (UnassignedReason.WAITING_FOR_AGENT, Needs())
        assert {seen.agent_id: seen.verdict for seen in told.candidates}[BO] is Verdict.ELIGIBLE


class TestExclusions:
    @pytest.mark.parametrize("where", ["workspace", "team"])
    def test_r4_a_tag_is_handed_out_by_people_only(self, where: str) -> None:
        shop = Shop(AMY, BO)
        shop.set(exclude_tags=("vip", "press") if where == "workspace" else ())
        shop.team(SALES, AMY, exclude_tags=("press",) if where == "team" else ())
        shop.comes(1, tags=("press",), channel_team_id=SALES, previous_agent_id=AMY)
        shop.comes(2, tags=("other",), channel_team_id=SALES)
        assert shop.deal() == [(2, AMY)]
        assert shop.reason(1) is UnassignedReason.MANUAL
        told = shop.explain(1)
        assert told.excluded == Exclusion(tag="press")
        assert told.summary.startswith(
            "It waits: it is handed out by hand only, since its customer has the tag “press”."
        )
        assert shop.explain(2).excluded is None

    @pytest.mark.parametrize("where", ["workspace", "team"])
    def test_r4_what_is_too_old_is_handed_out_by_people_only(self, where: str) -> None:
        shop = Shop(AMY, BO)
        shop.set(exclude_older_than=300 if where == "workspace" else None)
        shop.agent(AMY, accepting=False)
        shop.team(SALES, AMY, exclude_older_than=300 if where == "team" else None)
        shop.comes(1, channel_team_id=SALES)
        shop.decide()
        due = shop.sessions[1].opened_at + 300
        assert shop.engine.next_wake(shop.now) == due
        shop.decide(after=due - shop.now)
        assert shop.reason(1) is UnassignedReason.MANUAL
        assert shop.explain(1).excluded == Exclusion(older_than=300)
        shop.agent(AMY)
        assert shop.deal() == []

    @pytest.mark.parametrize(("hours", "said"), [(48, "48 h"), (0.5, "30 min")])
    def test_r4_r13_the_age_is_told(self, hours: float, said: str) -> None:
        age = round(hours * 3_600_000)
        shop = Shop(BO, exclude_older_than=age)
        shop.agent(AMY, accepting=False)
        shop.agent(BO, accepting=False)
        shop.comes(1)
        shop.decide(after=age)
        assert f"since it was opened more than {said} ago." in shop.explain(1).summary

    def test_r4_the_earlier_of_two_ages_counts(self) -> None:
        shop = Shop(AMY, BO, exclude_older_than=300)
        shop.agent(AMY, accepting=False)
        shop.team(SALES, AMY, exclude_older_than=200)
        shop.comes(1, channel_team_id=SALES)
        shop.decide()
        assert shop.engine.next_wake(shop.now) == shop.sessions[1].opened_at + 200

    def test_r4_a_team_excludes_its_own_only(self) -> None:
        shop = Shop(AMY, BO)
        shop.team(SALES, AMY, exclude_tags=("press",))
        shop.comes(1, tags=("press",))
        assert shop.deal() == [(1, AMY)]

    def test_r4_no_longer_excluded_drains_at_once(self) -> None:
        shop = Shop(AMY, BO, exclude_tags=("press",))
        shop.comes(1, tags=("press",))
        assert shop.deal() == []
        shop.set(exclude_tags=())
        assert shop.deal() == [(1, AMY)]

    def test_r4_what_is_excluded_hides_nothing_and_has_its_place(self) -> None:
        shop = Shop(AMY, BO, exclude_tags=("press",))
        shop.team(SALES, method=Method.LEAST_OPEN)
        shop.comes(1, tags=("press",), channel_team_id=SALES)
        shop.comes(2, channel_team_id=SALES)
        shop.decide()
        assert (shop.explain(1).queue_position, shop.explain(2).queue_position) == (1, 2)


def test_r4_who_no_longer_speaks_it_gets_no_more_of_it() -> None:
    shop = Shop()
    shop.agent(AMY, languages=TH)
    shop.agent(BO, languages=EN)
    shop.comes(1, language="th")
    assert shop.deal() == [(1, AMY)]
    shop.agent(AMY, languages=EN)
    shop.comes(2, language="th")
    assert shop.deal() == []
    assert shop.reason(2) is UnassignedReason.NO_SKILL
    shop.agent(AMY, languages=TH)
    assert shop.deal() == [(2, AMY)]

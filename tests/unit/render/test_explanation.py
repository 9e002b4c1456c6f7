"""Explanations as lines: the sentence first, nothing cut, in every language (R13, U3)."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from inbox_tui import assignment
from inbox_tui.locale import LANGUAGES, Catalogue
from inbox_tui.testing.explanations import by_rule, candidate, full_team, waiting_for_agent
from inbox_tui.testing.shop import NOW, ZONE
from inbox_tui.tui.render.explanation import explanation_lines
from inbox_tui.tui.render.lines import line_text, line_width
from inbox_tui.tui.render.symbols import ASCII
from inbox_tui.wire.explanation import Explanation, StepTaken
from inbox_tui.wire.words import Happening, Method, UnassignedReason

Scene = Callable[[int, datetime], list[Explanation]]
SCENES = [by_rule, waiting_for_agent, full_team]
EVERY = [(scene, number) for scene in SCENES for number in range(len(scene(1, NOW)))]
NAMES = {"chai", "dung", "bo", "fon", "em", "amy", "cho", "sales", "care", "Night", "shift"}
NAMES |= {"VIP", "Refunds", "b", "th", "returns", "knows", "this", "customer", "nguy", "n", "Ti"}
NAMES |= {"ng", "Vi", "t"}


def told(
    explanation: Explanation, language: str = "en", width: int = 200, now: datetime = NOW
) -> list[str]:
    lines = explanation_lines(explanation, width, Catalogue.of(language), now=now, zone=ZONE)
    assert all(line_width(line) <= width for line in lines)
    return [line_text(line) for line in lines]


def waiting(reason: UnassignedReason | None, **fields: object) -> Explanation:
    base = replace(full_team(1, NOW)[0], reason=reason, summary="English")
    return replace(base, **fields)  # type: ignore[arg-type]


class TestReading:
    def test_r13_it_begins_with_a_sentence_and_goes_on_to_the_numbers(self) -> None:
        first, second, *rest = told(by_rule(1, NOW)[0])
        assert first == "The rule “ลูกค้า VIP” matched. Next by round robin: chai."
        assert second == "3 of 5 were open then."
        assert [line for line in rest if not line.startswith(" ")].index("Order of decision") < [
            line for line in rest if not line.startswith(" ")
        ].index("Candidates")

    def test_r13_each_step_has_a_glyph_and_a_word_and_what_failed(self) -> None:
        lines = told(by_rule(1, NOW)[0])
        assert "· passed   binding, dedicated agent: none" in lines
        assert "· passed   previous agent  bo: let it lapse" in lines
        assert "· passed   rule            Night shift: inside business hours" in lines
        assert "· passed   rule            Tiếng Việt: the language is th" in lines
        assert "· passed   rule            Refunds: switched off" in lines
        assert "✓ decided  rule            ลูกค้า VIP" in lines

    def test_r13_each_candidate_has_rank_verdict_and_numbers(self) -> None:
        lines = told(by_rule(1, NOW)[0])
        chosen = next(line for line in lines if "▸ 1." in line)
        assert re.split(r" {2,}", chosen) == [
            "▸ 1. chai",
            "can take one",
            "3/5",
            "2/4",
            "● here",
            "on",
            "6",
        ]
        assert any("let it lapse, served before" in line for line in lines)
        assert "  and 2 more" in lines

    @pytest.mark.parametrize("width", [20, 40, 54, 74, 96])
    @pytest.mark.parametrize(("scene", "number"), EVERY)
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_r13_it_fits_and_loses_nothing_at_any_width(
        self, scene: Scene, number: int, width: int, language: str
    ) -> None:
        explanation = scene(1, NOW)[number]
        whole = "".join(" ".join(told(explanation, language)).split())
        narrow = "".join(" ".join(told(explanation, language, width)).split())
        for each in explanation.candidates:
            load = f"{each.open}/{each.limit}"
            assert narrow.count(load) >= whole.count(load)

    def test_r13_at_sixty_columns_presence_and_switch_are_still_told(self) -> None:
        lines = told(by_rule(1, NOW)[0], width=54)
        at = next(at for at, line in enumerate(lines) if "1. chai" in line)
        assert lines[at + 1] == "     open 3/5 · team 2/4 · ● here · accept on · turn 6"
        assert not any("…" in line for line in lines if "waits" not in line)

    def test_u4_glyphs_of_ascii_only(self) -> None:
        lines = explanation_lines(
            waiting_for_agent(1, NOW)[0],
            80,
            Catalogue.of("en"),
            now=NOW,
            zone=ZONE,
            symbols=ASCII,
        )
        assert all(line_text(line).isascii() for line in lines)


class TestWaiting:
    def test_r6_the_wait_for_an_agent_is_counted_down(self) -> None:
        explanation = waiting_for_agent(1, NOW)[0]
        first, second, *_ = told(explanation)
        assert first == "It waits for amy (away) until 16:01: 1:32 left."
        assert second == "The customer was last served by amy. Anybody may claim it."
        assert told(explanation, now=NOW + timedelta(seconds=30))[0].endswith("1:02 left.")
        assert told(explanation, now=NOW + timedelta(hours=1))[0].endswith("0:00 left.")
        assert "… waits   previous agent  amy: away" in told(explanation)

    def test_r13_a_full_team_says_how_many_are_at_what(self) -> None:
        first, second, *rest = told(full_team(1, NOW)[0])
        assert first == "It waits: all who are on duty in the team care are full."
        assert second == "Looked at 4: full in the team 1, full 1, link lost 1, away 1."
        assert "place in the queue  3 of 12" in rest

    @pytest.mark.parametrize("reason", list(UnassignedReason))
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_r7_every_reason_has_a_sentence(self, reason: UnassignedReason, language: str) -> None:
        lines = told(waiting(reason), language)
        assert "English" not in " ".join(lines)
        assert "waits." not in " ".join(lines)

    def test_r4_an_exclusion_is_told_apart_from_a_manual_team(self) -> None:
        by_hand = waiting(UnassignedReason.MANUAL, method=Method.MANUAL)
        assert "done by hand" in told(by_hand)[0]
        assert "not given out by themselves" in told(waiting(UnassignedReason.MANUAL))[0]
        tagged = told(waiting(UnassignedReason.MANUAL, excluded_tag="press"))
        assert "the customer has the tag “press”" in tagged[0]
        aged = told(waiting(UnassignedReason.MANUAL, excluded_age=7_500))
        assert "opened more than 2h 05m ago" in aged[0]

    def test_r10_why_it_waits_again_is_told_with_the_wait(self) -> None:
        taken = by_rule(1, NOW)[0].earlier
        lines = told(waiting(UnassignedReason.ALL_FULL, earlier=taken, earlier_total=2))
        assert lines[1].startswith("It was taken back from bo: not answered in time.")

    def test_r2_a_rule_with_agents_of_its_own_and_the_whole_workspace(self) -> None:
        of_rule = waiting(UnassignedReason.ALL_FULL, team=None, rule="VIP")
        assert "in the rule “VIP” are full" in told(of_rule)[0]
        assert "in the workspace are full" in told(waiting(UnassignedReason.ALL_FULL, team=None))[0]


class TestDecisions:
    def test_r5_a_decision_by_hand_tells_who_when_and_the_excess(self) -> None:
        lines = told(by_rule(1, NOW)[2])
        assert lines[0] == "amy assigned it to bo."
        assert lines[1] == "That was one over the limit. Note: knows this customer"
        assert "decided  15:29" in lines
        assert "Decided by hand: nobody was compared." in lines

    def test_r13_the_decisions_are_listed_and_the_shown_one_has_a_sign(self) -> None:
        assert told(by_rule(1, NOW)[1])[-3:] == [
            "  now",
            "▸ 15:55  It was taken back from bo: not answered in time.",
            "  15:29  amy assigned it to bo.",
        ]

    def test_r13_candidates_that_were_not_kept_are_said_to_be_missing(self) -> None:
        bare = replace(by_rule(1, NOW)[0], candidates=[], candidates_total=0, candidates_kept=False)
        assert "What was known of them is no longer kept." in told(bare)

    @pytest.mark.parametrize(
        ("cause", "said"),
        [("lapsed", "not answered in time"), ("left", "off duty"), ("new cause", "taken back")],
    )
    def test_r10_r12_a_take_back_tells_its_cause(self, cause: str, said: str) -> None:
        assert said in told(replace(by_rule(1, NOW)[1], cause=cause))[0]

    def test_r13_closed_sessions(self) -> None:
        assert told(replace(by_rule(1, NOW)[0], closed=True))[1].endswith("It is closed now.")
        never = Explanation(session_id=1, at=NOW, summary="", step="none", closed=True)
        assert told(never)[0] == "It was closed before anybody served it."


class TestLanguages:
    @pytest.mark.parametrize(("scene", "number"), EVERY)
    def test_u3_no_english_in_thai_but_names(self, scene: Scene, number: int) -> None:
        text = " ".join(told(scene(1, NOW)[number], "th"))
        assert set(re.findall(r"[A-Za-z]+", text)) <= NAMES

    @pytest.mark.parametrize(("scene", "number"), EVERY)
    def test_u3_no_english_sentence_in_vietnamese(self, scene: Scene, number: int) -> None:
        explanation = scene(1, NOW)[number]
        english, vietnamese = told(explanation), told(explanation, "vi")
        assert vietnamese[0] != english[0]
        text = " ".join(vietnamese)
        for word in ("waits", "passed", "decided", "agent", "the ", "away", "accept", "never"):
            assert word not in text

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_r13_every_code_of_the_engine_has_its_word(self, language: str) -> None:
        words = Catalogue.of(language)
        codes: dict[str, type] = {
            "step": assignment.Step,
            "outcome": assignment.Outcome,
            "verdict": assignment.Verdict,
            "failed": assignment.Condition,
            "taken": assignment.Cause,
        }
        for group, vocabulary in codes.items():
            for code in vocabulary:  # type: ignore[attr-defined]
                assert words.has(f"{group}.{code}"), f"{group}.{code}"
        for step in assignment.Step:
            assert words.has(f"given.{step}")
        for how in (Happening.CLAIMED, Happening.DESIGNATED, Happening.TRANSFERRED):
            assert words.has(f"hand.{how}")

    def test_r13_a_code_of_a_newer_backend_breaks_nothing(self) -> None:
        newer = replace(
            by_rule(1, NOW)[0],
            step="astrology",
            summary="The stars\x1b[2J said so.",
            steps=[StepTaken(step="astrology", outcome="unclear", name="Mars", because="in_house")],
            candidates=[candidate("chai", "born_in_may")],
        )
        lines = told(newer, "vi")
        assert lines[0] == "The stars[2J said so."
        assert any("astrology  Mars: in house" in line for line in lines)
        assert any("born in may" in line for line in lines)

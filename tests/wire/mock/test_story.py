"""The story: the same for the same seed, lively from the start, and readable."""

from itertools import islice, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox_tui.errors import Invalid, NotFound
from inbox_tui.mock import script
from inbox_tui.mock.habits import Habit
from inbox_tui.mock.story import Story, Visit
from inbox_tui.text import safe_text


def visits(seed: int, count: int, name: str = "shop") -> list[Visit]:
    return list(islice(Story(script.scenario(name), seed).visits(), count))


@given(st.integers())
def test_the_same_seed_gives_the_same_script(seed: int) -> None:
    assert visits(seed, 40) == visits(seed, 40)


def test_another_seed_gives_another_script() -> None:
    assert visits(1, 5) != visits(2, 5)


@given(st.integers(0, 1000))
def test_the_inbox_comes_alive_at_once_and_stays_readable(seed: int) -> None:
    story = visits(seed, 60)
    times = [visit.at for visit in story]
    assert times == sorted(times)
    assert times[4] <= 6.0
    assert all(19.99 < later - sooner < 40.01 for sooner, later in pairwise(times[4:]))
    assert {visit.language for visit in story[:3]} == {"th", "vi", "en"}
    assert {visit.platform.value for visit in story} == {"line", "telegram"}


@given(st.integers(0, 1000))
def test_a_customer_who_comes_back_is_the_same_person(seed: int) -> None:
    seen: dict[str, tuple[str, str, str]] = {}
    for visit in visits(seed, 120):
        person = (visit.name, visit.language, visit.platform.value)
        assert seen.setdefault(visit.user, person) == person


def test_thai_men_speak_as_men_do() -> None:
    men = script.pack("th").men
    for visit in visits(3, 200):
        said = " ".join(spoken.line.text for turn in visit.turns for spoken in turn)
        said += " ".join((*visit.impatient, visit.leaves))
        if visit.name in men:
            assert "คะ" not in said
            assert "ค่ะ" not in said
        elif visit.language == "th":
            assert "ครับ" not in said


@pytest.mark.parametrize("language", script.LANGUAGES)
def test_dialogues_can_be_answered_to_their_end(language: str) -> None:
    pack = script.pack(language)
    assert len(set(pack.people + pack.men)) == len(pack.people + pack.men)
    for talk in pack.dialogues:
        assert talk.title
        assert talk.tags
        assert all(turn.answer for turn in talk.turns[:-1])
        assert talk.turns[-1].answer is None
        for turn in talk.turns:
            for line in turn.says:
                assert safe_text(line.text) == line.text


def test_every_scenario_that_ships_is_right() -> None:
    assert {"shop", "busy_morning", "faults"} <= set(script.scenarios())
    for name in script.scenarios():
        assert script.scenario(name).title
        assert len(visits(1, 20, name)) == 20


def test_in_the_demo_somebody_scans_the_code_of_whoever_sits_there_early() -> None:
    scans = Story(script.scenario("shop"), 1).scans()
    first = scans[0]
    assert first.at < 15.0
    assert first.scan is not None
    assert (first.scan.whose, first.scan.does) == ("you", Habit.SENDS)
    assert first.again is not None
    assert {visit.scan.does for visit in scans if visit.scan is not None} == set(Habit)


def test_a_scenario_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('title = "Mine"\n[languages]\nvi = 1\n', "utf-8")
    story = Story(script.scenario(str(path)), 1)
    assert {visit.language for visit in islice(story.visits(), 9)} == {"vi"}


@pytest.mark.parametrize(
    "text",
    [
        "title = ",
        "arrivals = 3",
        'title = "x"\n[languages]\nxx = 1',
        'title = "x"\n[arrivals]\nevery = [5.0, 1.0]',
        'title = "x"\n[[faults]]\nat = 1.0\nkind = "earthquake"',
        'title = "x"\n[[scans]]\nat = 1.0\nwhose = "you"\ndoes = "eats"',
        'title = "x"\n[[scans]]\nat = 1.0\nwhose = "you"\nlanguage = "xx"',
    ],
)
def test_a_wrong_scenario_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(Invalid, match=r"wrong\.toml"):
        script.scenario(str(path))


def test_an_unknown_scenario_names_the_known_ones() -> None:
    with pytest.raises(NotFound) as unknown:
        script.scenario("nothing")
    assert "busy_morning" in (unknown.value.hint or "")

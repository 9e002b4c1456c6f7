"""The traffic file: what it says, and what is said when it is wrong."""

from pathlib import Path

import pytest

from inbox_tui.cli.traffic_file import Names, parse
from inbox_tui.errors import Invalid
from inbox_tui.simulate.laws import Exponential, Fixed, LogNormal, Never
from inbox_tui.simulate.traffic import HOUR, Traffic

NAMES = Names(
    "Asia/Bangkok", agents=["amy", "bo"], teams=["sales"], channels=["line-main", "telegram"]
)
LEAST = """
[arrivals]
per_hour = 30
[customers]
service = { exponential = "4m" }
"""


def read(text: str) -> Traffic:
    return parse(text, NAMES)


def faults(text: str) -> str:
    """Return everything that is said about a wrong file."""
    with pytest.raises(Invalid) as caught:
        read(text)
    return f"{caught.value.detail} {caught.value.hint or ''}"


class TestRight:
    """What a file says is what comes."""

    def test_the_least(self) -> None:
        made = read(LEAST)
        assert made.end - made.start == 24 * HOUR
        assert made.target == 60_000
        assert made.roster is None
        assert made.channels == ("line-main", "telegram")
        assert made.start % (24 * HOUR) == 17 * HOUR  # midnight in Bangkok
        assert 500 < sum(1 for _ in made.visits(1)) < 950

    def test_laws(self) -> None:
        made = read(
            LEAST
            + 'answer = "5s"\npatience = { lognormal = "3m", deviation = "2m" }\n'
            + "[work]\nat_once = 2\nslowdown = 0.25\nhand_out = 0\n"
            + 'claim = { exponential = "20s" }\n'
        )
        assert (made.work.at_once, made.work.slowdown) == (2, 0.25)
        assert isinstance(made.work.claim, Exponential)
        assert isinstance(made.work.hand_out, Fixed)
        assert {visit.answer for visit in made.visits(1)} == {5_000}
        assert min(visit.patience for visit in made.visits(1)) > 0

    def test_groups_take_over_what_they_do_not_say(self) -> None:
        made = read(
            """
            [arrivals]
            per_hour = 100
            [customers]
            service = "4m"
            languages = { th = 1 }
            [[groups]]
            name = "retail"
            share = 3
            [[groups]]
            name = "vip"
            share = 1
            tiers = { gold = 1 }
            service = "10m"
            patience = "never"
            dedicated = ["amy"]
            """
        )
        visits = list(made.visits(1))
        vips = [visit for visit in visits if visit.contact.tier == "gold"]
        assert {(visit.service, visit.contact.dedicated) for visit in vips} == {(600_000, "amy")}
        assert {visit.contact.language for visit in visits} == {"th"}
        assert len(vips) / len(visits) == pytest.approx(0.25, abs=0.03)

    def test_days_of_the_week(self) -> None:
        made = read(
            "days = 7\n[arrivals]\nper_hour = 10\nsat = 0\nsun = 2\n"
            + LEAST[LEAST.index("[customers]") :]
        )
        by_day = [0] * 7
        for visit in made.visits(1):
            by_day[(visit.at - made.start) // (24 * HOUR)] += 1
        assert by_day[5] == 0
        assert by_day[6] > 1.5 * by_day[0]

    def test_shifts_are_in_the_time_zone_of_the_workspace(self) -> None:
        made = read(
            LEAST
            + '[[staff]]\nagents = ["amy"]\nevery_day = ["09:00-18:00"]\nbreaks = ["12:00-13:00"]\n'
        )
        assert made.roster is not None
        assert list(made.roster) == ["amy"]
        assert [(duty.at - made.start) // HOUR for duty in made.roster["amy"]] == [0, 9, 12, 13, 18]

    def test_what_is_left_of_the_shares_has_none(self) -> None:
        made = read(LEAST + 'tiers = { gold = 0.2 }\ntexts = { "Refund please" = 0.5 }\n')
        visits = list(made.visits(1))
        assert {visit.contact.tier for visit in visits} == {None, "gold"}
        assert {visit.text for visit in visits} == {"", "refund please"}


class TestWrong:
    """The key path and the line of everything that is wrong."""

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("days = 0\n" + LEAST, "line 1: days: has to be a whole number from 1"),
            ("dais = 1\n" + LEAST, "dais: there is no key “dais”; did you mean “days”?"),
            ('start = "2026-01-05"\n' + LEAST, "start: has to be a date such as 2026-01-05"),
            ("[customers]\nservice = '4m'", "[arrivals] is missing"),
            ("[arrivals]\nper_hour = [1, 2]", "arrivals.per_hour: has 2 numbers; a day has 24"),
            ("[arrivals]\nper_hour = -1", "arrivals.per_hour: has to be a number from 0"),
            ("[arrivals]\nmon = 1", "arrivals: per_hour is missing"),
            ("[arrivals]\nper_hour = 1", "service is missing"),
            (LEAST + 'patience = "long"', "customers.patience: has to be a duration"),
            (LEAST + "patience = { gaussian = '3m' }", "customers.patience: has to be a duration"),
            (LEAST + "patience = { exponential = 3 }", "customers.patience: has to be a duration"),
            (LEAST + "returning = 1.5", "customers.returning: has to be a number from 0 to 1"),
            (LEAST + "channels = { line = 1 }", "customers.channels: there is no channel “line”"),
            (LEAST + "channels = { line-main = 0 }", "customers.channels: has no share over 0"),
            (LEAST + "tiers = { gold = 0.7, silver = 0.5 }", "has shares that make 1.2 together"),
            (LEAST + "categories = { sale = 0.5 }", "customers.categories: has to be one of"),
            (LEAST + "bound = ['eve']", "customers.bound: there is no agent “eve”"),
            (LEAST + "bound_team = 'sale'", "there is no team “sale”; did you mean “sales”?"),
            (LEAST + "[[groups]]\nshare = 1", "groups[0]: name is missing"),
            (LEAST + "[groups]\nshare = 1", "groups: has to be a list of tables: [[groups]]"),
            (LEAST + "[work]\nat_once = 0", "work.at_once: has to be a whole number from 1"),
            (LEAST + "[[staff]]\nmon = ['09:00-18:00']", "staff[0]: agents is missing"),
            (LEAST + "[[staff]]\nagents = ['amy']", "staff[0]: has no hours"),
            (
                LEAST + "[[staff]]\nagents = ['amy']\nmon = ['9-18']",
                "staff[0].mon[0]: has to be an interval",
            ),
            (
                LEAST + "[[staff]]\nagents = ['amy']\nmon = []\nbreaks = ['12:00-12:00']",
                "staff[0].breaks[0]: “12:00-12:00” ends where it begins",
            ),
            ("[arrivals\n", "(at line 1, column 10)"),
        ],
    )
    def test_is_named(self, text: str, said: str) -> None:
        assert said in faults(text)

    def test_everything_at_once(self) -> None:
        said = faults("days = 0\ntarget = 5\n" + LEAST)
        assert "days" in said
        assert "target" in said

    def test_hostile_names_are_made_safe(self) -> None:
        said = faults(LEAST + 'channels = { "evil\\u001b[2J\\u202e" = 1 }')
        assert "\x1b" not in said
        assert "\u202e" not in said

    def test_endless(self) -> None:
        with pytest.raises(Invalid, match="larger than 1 MiB"):
            read("#" * (1024 * 1024 + 1))


def test_never_is_for_ever() -> None:
    made = read(LEAST + 'patience = "never"\n')
    assert {visit.patience for visit in made.visits(1)} == {-1}
    assert isinstance(Never(), Never)
    assert LogNormal(60_000, 30_000).mean == 60_000


def test_the_example_of_the_docs_is_right() -> None:
    page = (Path(__file__).parents[3] / "docs" / "simulate.md").read_text("utf-8")
    example = page.partition("```toml\n")[2].partition("```")[0]
    made = read(example)
    assert made.end - made.start == 7 * 24 * HOUR
    assert sum(1 for _ in made.visits(1)) > 1_000

"""Figures, tables and charts."""

import pytest
from tests.unit.simulate.shops import HOUR, MINUTE, SECOND, agent, day, on, shop, simulate, visit

from inbox_tui.simulate.outcome import Figures, figures, percentile
from inbox_tui.simulate.plots import bars, hour_axis
from inbox_tui.simulate.report import Chart, Table, by_agent, by_hour, overview, report, span


def counted(name: str = "new.toml", agents: int = 2) -> Figures:
    """Return the figures of three visits in the first hour and one in the third."""
    place = shop([agent(1, limit=1), agent(2, limit=1 if agents > 1 else 0)])
    roster = {"amy": on((0, True)), "bo": on((0, True), (HOUR, False))}
    traffic = day(
        lambda: [visit(0, HOUR), visit(1, HOUR), visit(2, patience=MINUTE), visit(2 * HOUR)],
        roster=roster,
        hours=4,
    )
    return figures(name, simulate(place, traffic), traffic.target, roster)


class TestFigures:
    """What is computed from what was counted."""

    def test_a_quiet_day(self) -> None:
        made = counted()
        assert (made.came, made.answered, made.abandoned, made.open_at_end) == (4, 3, 1, 0)
        assert made.within == 0.75
        assert made.abandoned_share == 0.25
        assert (made.wait.p50, made.wait.most) == (0, 0)
        assert made.queue_mean == pytest.approx(MINUTE / (4 * HOUR))
        assert [hour.on_duty for hour in made.hours[:4]] == [2, 1, 1, 1]
        assert made.hours[0].within == pytest.approx(2 / 3)

    def test_agents(self) -> None:
        amy, bo = counted().agents
        assert (amy.sessions, amy.hours, bo.sessions, bo.hours) == (2, 4, 1, 1)
        assert amy.busy == pytest.approx((HOUR + MINUTE) / (4 * HOUR))
        assert bo.busy == pytest.approx(1, abs=1e-5)
        assert counted().fairness == pytest.approx((0.5 + 1) ** 2 / (2 * (0.25 + 1)))

    def test_who_still_waits_counts_with_the_wait_so_far(self) -> None:
        place = shop([agent(1, limit=1), agent(2, limit=0)])
        traffic = day(lambda: [visit(0, 9 * HOUR), visit(MINUTE)], hours=1)
        made = figures("x", simulate(place, traffic), traffic.target, None)
        assert made.open_at_end == 1
        assert made.wait.most == 59 * MINUTE

    def test_nobody_came(self) -> None:
        traffic = day(list)
        made = figures("x", simulate(shop(2), traffic), traffic.target, None)
        assert (made.came, made.within, made.fairness, made.wait.p50) == (0, None, None, None)
        assert report([made], traffic.target)

    @pytest.mark.parametrize(("share", "wait"), [(0.5, 50), (0.9, 90), (0.99, 99), (1.0, 100)])
    def test_percentiles_are_nearest_rank(self, share: float, wait: int) -> None:
        assert percentile(range(1, 101), share) == wait
        assert percentile([7], share) == 7
        assert percentile([], share) is None


class TestReport:
    """What is shown."""

    def test_two_runs_and_what_changed(self) -> None:
        table = overview([counted("new.toml"), counted("old.toml", agents=1)], MINUTE)
        rows = {row[0]: row[1:] for row in table.rows}
        assert table.heads == ("", "new.toml", "old.toml", "change")
        assert rows["sessions"] == ("4", "4", "")
        assert rows["answered within 1m"] == ("75.0%", "50.0%", "+25.0 points")
        assert rows["taken back"] == ("0", "0", "same")

    def test_one_run_has_nothing_to_be_compared_with(self) -> None:
        table = overview([counted()], MINUTE)
        assert table.heads == ("", "new.toml")
        assert all(len(row) == 2 for row in table.rows)

    def test_every_row_is_as_long_as_the_heads(self) -> None:
        for runs in ([counted()], [counted("a"), counted("b", agents=1)]):
            tables = [part for part in report(runs, MINUTE) if isinstance(part, Table)]
            assert len(tables) == 3
            for table in tables:
                assert {len(row) for row in table.rows} == {len(table.heads)}

    def test_hours_without_anybody_are_left_out(self) -> None:
        assert [row[0] for row in by_hour([counted()], MINUTE).rows] == ["00", "02"]

    def test_agents_of_either(self) -> None:
        table = by_agent([counted("a"), counted("b", agents=1)])
        assert [row[0] for row in table.rows] == ["amy", "bo"]
        assert table.title == "By agent (A is a, B is b)"

    def test_charts_have_one_scale(self) -> None:
        runs = [counted("a"), counted("b", agents=1)]
        charts = [part for part in report(runs, MINUTE) if isinstance(part, Chart)]
        assert len(charts) == 2
        assert all("highest" in chart.title for chart in charts)

    @pytest.mark.parametrize(
        ("milliseconds", "said"),
        [
            (0, "0s"),
            (840, "840ms"),
            (12_340, "12.3s"),
            (45_000, "45s"),
            (59_990, "1m"),
            (245_000, "4m05s"),
            (9_000_000, "2h30m"),
            (47 * HOUR, "47h"),
            (76 * HOUR, "3d04h"),
            (-30 * SECOND, "-30s"),
        ],
    )
    def test_durations(self, milliseconds: int, said: str) -> None:
        assert span(milliseconds) == said


class TestCharts:
    """Bars of text."""

    def test_heights(self) -> None:
        assert bars([0, 1, 2, 4], 4) == ["      ██", "      ██", "    ████", "  ██████"]

    def test_a_little_is_seen(self) -> None:
        assert bars([0.001], 100)[-1] == "▁▁"

    def test_without_blocks(self) -> None:
        assert all(line.isascii() for line in bars([1, 2, 3], 3, ascii_only=True))

    def test_nothing(self) -> None:
        assert bars([0, 0], 0) == ["", "", "", ""]

    def test_the_axis_names_hours(self) -> None:
        axis = hour_axis()
        assert axis.index("12") == 2 * 12

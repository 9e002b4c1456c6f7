"""The report: runs side by side, as tables and charts of text, and as values for programs.

Cells and titles are plain text. Making names in them safe and measuring them is left to whoever
prints them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from inbox_tui.simulate.outcome import AgentFigures, Figures, Foretold, Hour
from inbox_tui.simulate.plots import bars, hour_axis
from inbox_tui.simulate.staffing import Staffing

NOTHING = "–"
"""Stands where there is no figure."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, all as long as ``heads``; every column but the first is to the right."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A title and the lines below it."""

    title: str
    lines: tuple[str, ...]


Part = Table | Chart

T = TypeVar("T")
_Column = tuple[str, Callable[[T], float | None], Callable[[float], str]]
"""A head, the figure below it, and how that is written."""


def report(runs: Sequence[Figures], target: int, *, ascii_only: bool = False) -> list[Part]:
    """Return what is to be shown of one run, or of several beside each other, the new one first."""
    return [
        overview(runs, target),
        *_charts(
            runs, "Waiting, mean by hour of the day", lambda hour: hour.queue, _number, ascii_only
        ),
        by_hour(runs, target),
        by_agent(runs),
        *([estimates(runs)] if any(run.foretold and run.foretold.told for run in runs) else []),
    ]


def overview(runs: Sequence[Figures], target: int) -> Table:
    """Return the main figures of all runs, and what has changed from the last to the first."""
    rows: list[tuple[str, Callable[[Figures], float | None], Callable[[float], str], bool]] = [
        ("sessions", lambda run: run.came, _whole, False),
        ("wait, half are answered in", lambda run: run.wait.p50, span, True),
        ("wait, 90% in", lambda run: run.wait.p90, span, True),
        ("wait, 99% in", lambda run: run.wait.p99, span, True),
        ("wait, mean", lambda run: run.wait.mean, span, True),
        (f"answered within {span(target)}", lambda run: run.within, _percent, True),
        ("gave up", lambda run: run.abandoned_share, _percent, True),
        ("unanswered at the end", lambda run: run.open_at_end, _whole, True),
        ("queue, mean", lambda run: run.queue_mean, _number, True),
        ("queue, most", lambda run: run.queue_most, _whole, True),
        ("open sessions an agent, mean", lambda run: run.load, _number, True),
        ("fairness (1 is even)", lambda run: run.fairness, _fine, True),
        ("taken back", lambda run: run.taken_back, _whole, True),
    ]
    compared = len(runs) > 1
    return Table(
        "",
        ("", *(run.name for run in runs), *(("change",) if compared else ())),
        tuple(
            (
                name,
                *(_shown(value(run), show) for run in runs),
                *((_change(value(runs[0]), value(runs[-1]), show, told),) if compared else ()),
            )
            for name, value, show, told in rows
        ),
    )


def by_hour(runs: Sequence[Figures], target: int) -> Table:
    """Return the hours of the day in which anybody came, of all runs.

    The traffic, and so who is on duty, is the same in all of them.
    """
    columns: list[_Column[Hour]] = [
        (f"in {span(target)}", lambda hour: hour.within, _percent),
        ("90% in", lambda hour: hour.p90, span),
        ("queue", lambda hour: hour.queue, _number),
    ]
    if len(runs) == 1:
        columns.insert(2, ("gave up", lambda hour: hour.abandoned, _whole))
    rows: list[tuple[str, ...]] = []
    for place, first in enumerate(runs[0].hours):
        if any(run.hours[place].came for run in runs):
            cells = _cells(columns, [run.hours[place] for run in runs])
            rows.append((f"{first.hour:02}", _whole(first.came), _number(first.on_duty), *cells))
    return Table(
        _pairs_title("By hour of the day", runs),
        ("hour", "came", "agents", *_heads(columns, len(runs))),
        tuple(rows),
    )


def by_agent(runs: Sequence[Figures]) -> Table:
    """Return what each agent did, in all runs."""
    columns: list[_Column[AgentFigures]] = [
        ("sessions", lambda agent: agent.sessions, _whole),
        ("load", lambda agent: agent.load, _number),
        ("busy", lambda agent: agent.busy, _percent),
    ]
    if len(runs) == 1:
        columns.insert(1, ("an hour", lambda agent: agent.per_hour, _number))
        columns.append(("most at once", lambda agent: agent.most, _whole))
    if any(agent.taken_back for run in runs for agent in run.agents):
        columns.append(("taken back", lambda agent: agent.taken_back, _whole))
    by_name = [{agent.nickname: agent for agent in run.agents} for run in runs]
    names = dict.fromkeys(agent.nickname for run in runs for agent in run.agents)
    return Table(
        _pairs_title("By agent", runs),
        ("agent", *_heads(columns, len(runs))),
        tuple((name, *_cells(columns, [found.get(name) for found in by_name])) for name in names),
    )


def estimates(runs: Sequence[Figures]) -> Table:
    """Return how the waits that were foretold came true (M9)."""
    rows: list[tuple[str, Callable[[Foretold], float | None], Callable[[float], str]]] = [
        ("had to wait and were told how long", lambda all_: all_.told, _whole),
        ("told, mean", lambda all_: all_.mean_told, span),
        ("came true, mean", lambda all_: all_.mean_true, span),
        ("error, mean (above 0: told too much)", lambda all_: all_.error, span),
        ("off either way, mean", lambda all_: all_.off, span),
        ("off either way, 90% at most", lambda all_: all_.off_p90, span),
        ("told, and given to nobody", lambda all_: all_.unknown, _whole),
        ("no basis, told nothing", lambda all_: all_.silent, _whole),
    ]
    return Table(
        "The estimated wait, against what came true",
        ("", *(run.name for run in runs)),
        tuple(
            (
                name,
                *(
                    _shown(None if run.foretold is None else value(run.foretold), show)
                    for run in runs
                ),
            )
            for name, value, show in rows
        ),
    )


def staff_table(found: Staffing, names: Mapping[str, str]) -> Table:
    """Return how many agents each hour needs, by what people call the queues."""
    queues = found.queues if len(found.queues) > 1 else ()
    hours = [hour for hour in found.hours if hour.came or hour.total]
    return Table(
        "Agents needed by hour of the day",
        (
            "hour",
            "come",
            *(names.get(key, key) for key in queues),
            "agents",
            f"in {span(found.goal.within)}",
            "",
        ),
        tuple(
            (
                f"{hour.hour:02}",
                f"{hour.came:,.1f}",
                *(_whole(hour.agents[key]) for key in queues),
                _whole(hour.total),
                _shown(hour.within, _percent),
                "" if hour.reached else "below",
            )
            for hour in hours
        ),
    )


def span(milliseconds: float) -> str:
    """Return a duration as people say it: 840ms, 12.3s, 4m05s, 2h30m, 3d04h."""
    if milliseconds < 0:
        return f"-{span(-milliseconds)}"
    if milliseconds < 1_000:
        return f"{milliseconds:.0f}ms" if milliseconds >= 0.5 else "0s"
    seconds = milliseconds / 1_000
    if seconds < 59.95:
        return f"{seconds:.1f}".removesuffix(".0") + "s"
    for size, unit, smaller, name in ((60, "m", 1, "s"), (3_600, "h", 60, "m")):
        parts = round(seconds / smaller)
        whole, rest = divmod(parts, size // smaller)
        if whole < (60 if unit == "m" else 48):
            return f"{whole}{unit}{rest:02}{name}" if rest else f"{whole}{unit}"
    days, hours = divmod(round(seconds / 3_600), 24)
    return f"{days}d{hours:02}h" if hours else f"{days}d"


def _charts(
    runs: Sequence[Figures],
    title: str,
    value: Callable[[Hour], float],
    show: Callable[[float], str],
    ascii_only: bool,
) -> list[Chart]:
    """Return one chart a run, all to the same scale."""
    values = [[value(hour) for hour in run.hours] for run in runs]
    top = max((max(line, default=0.0) for line in values), default=0.0)
    if top <= 0:
        return []
    return [
        Chart(
            f"{title}{f', {run.name}' if len(runs) > 1 else ''} (highest: {show(max(line))})",
            (*bars(line, top, ascii_only=ascii_only), hour_axis(len(line))),
        )
        for run, line in zip(runs, values, strict=True)
    ]


def _pairs_title(title: str, runs: Sequence[Figures]) -> str:
    if len(runs) == 1:
        return title
    letters = ", ".join(f"{_letter(place)} is {run.name}" for place, run in enumerate(runs))
    return f"{title} ({letters})"


def _heads(columns: Sequence[_Column[T]], runs: int) -> list[str]:
    if runs == 1:
        return [name for name, _, _ in columns]
    return [f"{name} {_letter(place)}" for name, _, _ in columns for place in range(runs)]


def _cells(columns: Sequence[_Column[T]], of_runs: Sequence[T | None]) -> list[str]:
    return [
        _shown(None if one is None else value(one), show)
        for _, value, show in columns
        for one in of_runs
    ]


def _letter(place: int) -> str:
    return chr(ord("A") + place)


def _shown(value: float | None, show: Callable[[float], str]) -> str:
    return NOTHING if value is None else show(value)


def _change(new: float | None, old: float | None, show: Callable[[float], str], told: bool) -> str:
    if new is None or old is None or not told:
        return ""
    difference = show(abs(new - old))
    if difference == show(0):
        return "same"
    if show is _percent:
        difference = f"{difference.removesuffix('%')} points"
    return f"{'+' if new > old else '-'}{difference}"


def _whole(value: float) -> str:
    return f"{value:,.0f}"


def _number(value: float) -> str:
    return f"{value:,.2f}" if value < 10 else f"{value:,.1f}"


def _fine(value: float) -> str:
    return f"{value:.3f}"


def _percent(value: float) -> str:
    return f"{value:.1%}"

"""The traffic file: who writes when, what they bring, and who is there (docs/simulate.md).

Read and checked like the workspace file: everything that is wrong in it is told at once, with its
line and its key.
"""

import tomllib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from inbox_tui.backend.sessions.opening import base_language
from inbox_tui.backend.workspace import reading
from inbox_tui.backend.workspace.lines import Path, lines_of
from inbox_tui.backend.workspace.reading import Faults, NotThat
from inbox_tui.errors import Invalid, InvalidWorkspace
from inbox_tui.hours import WrongHours, read_calendar
from inbox_tui.simulate.duty import Roster, Shift, changes
from inbox_tui.simulate.laws import Exponential, Fixed, Law, LogNormal, Never
from inbox_tui.simulate.traffic import Choice, Group, Plan, Traffic, Work
from inbox_tui.text import fold
from inbox_tui.wire.words import Category

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST_TEXT = 1024 * 1024
MOST_DAYS = 3_660
_MONDAY = date(2026, 1, 5)
"""The first day when the file names none: the result does not depend on when it is asked for."""


@dataclass(frozen=True, slots=True)
class Names:
    """What a traffic file may name: those of the workspaces that are simulated."""

    timezone: str
    agents: Collection[str]
    teams: Collection[str]
    channels: Collection[str]
    tiers: Collection[str] = ()


def parse(text: str, names: Names) -> Traffic:
    """Read a traffic file. Raises Invalid with every fault, the first line of the file first."""
    if len(text) > MOST_TEXT:
        raise Invalid("The file is larger than 1 MiB.")
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Invalid(f"{error}.") from None
    except RecursionError:
        raise Invalid("The file is nested too deeply.") from None
    try:
        return _Reader(tree, Faults(lines_of(text)), names).traffic()
    except InvalidWorkspace as error:
        raise Invalid(error.detail, hint=error.hint, data=error.data) from None


def _number(least: float, most: float) -> reading.Check:
    def check(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise NotThat("has to be a number.")
        if not least <= value <= most:
            raise NotThat(f"has to be a number from {least:g} to {most:,.0f}.")
        return float(value)

    return check


def _a_share(value: object) -> float:
    return float(_number(0, 1)(value))


def _a_day(value: object) -> date:
    if isinstance(value, datetime) or not isinstance(value, date):
        raise NotThat("has to be a date such as 2026-01-05, without quotes.")
    return value


def _per_hour(value: object) -> tuple[float, ...]:
    check = _number(0, 10_000_000)
    if isinstance(value, list):
        if len(value) != 24:
            raise NotThat(f"has {len(value)} numbers; a day has 24 hours.")
        return tuple(check(each) for each in value)
    return (check(value),) * 24


_LAW = (
    'has to be a duration such as "4m", { exponential = "4m" } or '
    '{ lognormal = "4m", deviation = "3m" }.'
)


def _a_law(value: object) -> Law:
    """Check a law of times: always the same, exponential, or lognormal."""
    a_time = reading.a_duration()
    if isinstance(value, str) or value == 0:
        return Fixed(reading.a_duration(zero=True)(value))
    match value:
        case {"fixed": time, **rest} if not rest:
            return Fixed(a_time(time))
        case {"exponential": mean, **rest} if not rest:
            return Exponential(a_time(mean))
        case {"lognormal": mean, "deviation": deviation, **rest} if not rest:
            return LogNormal(a_time(mean), a_time(deviation))
        case _:
            raise NotThat(_LAW)


def _a_language(value: object) -> str:
    return base_language(reading.a_language(value))


def _patience(value: object) -> Law:
    return Never() if value == "never" else _a_law(value)


def _shares(key: Callable[[str], Any], *, rest: bool) -> reading.Check:
    """Check a table of shares. With ``rest``, what is left of 1 has none of the values."""

    def check(value: object) -> Choice[Any]:
        if not isinstance(value, dict) or not value:
            raise NotThat("has to be a table of shares such as { name = 0.2 }.")
        found: dict[Any, float] = {
            key(name): _number(0, 1_000_000)(share) for name, share in value.items()
        }
        total = sum(found.values())
        if rest:
            if total > 1 + 1e-9:
                raise NotThat(f"has shares that make {total:g} together; the most is 1.")
            found["" if key is fold else None] = max(0.0, 1 - total)
        elif total <= 0:
            raise NotThat("has no share over 0.")
        return Choice(found)

    return check


def _a_tag_table(value: object) -> tuple[tuple[str, float], ...]:
    if not isinstance(value, dict):
        raise NotThat("has to be a table of shares such as { wholesale = 0.05 }.")
    return tuple((reading.a_string(tag), _a_share(share)) for tag, share in value.items())


def _names(known: Collection[str], what: str) -> reading.Check:
    def check(value: object) -> tuple[str, ...]:
        found: tuple[str, ...] = reading.a_list(reading.a_string)(value)
        for name in found:
            _known(known, what)(name)
        return found

    return check


def _known(known: Collection[str], what: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        name = reading.a_string(value)
        if name not in known:
            raise NotThat(reading.unknown(what, name, known))
        return name

    return check


class _Reader:
    """Reads everything, then refuses the file if anything was wrong."""

    def __init__(self, tree: Mapping[str, Any], faults: Faults, names: Names) -> None:
        self._tree = tree
        self._faults = faults
        self._names = names
        a_time = reading.a_duration(zero=True)
        self._top: Mapping[str, reading.Check] = {
            "start": _a_day,
            "days": reading.a_whole_number(1, MOST_DAYS),
            "warm_up": a_time,
            "target": reading.a_duration(),
        }
        self._customers: Mapping[str, reading.Check] = {
            "channels": _shares(_known(names.channels, "channel"), rest=False),
            "languages": _shares(_a_language, rest=True),
            "tiers": _shares(reading.a_string, rest=True),
            "categories": _shares(reading.one_of(Category), rest=True),
            "texts": _shares(fold, rest=True),
            "tags": _a_tag_table,
            "returning": _a_share,
            "bound": _names(names.agents, "agent"),
            "bound_team": _known(names.teams, "team"),
            "dedicated": _names(names.agents, "agent"),
            "service": _a_law,
            "answer": _a_law,
            "patience": _patience,
        }

    def traffic(self) -> Traffic:
        tables = ("arrivals", "customers", "groups", "work", "staff")
        top = {key: value for key, value in self._tree.items() if key not in tables}
        for key in [key for key in top if key not in self._top]:
            self._faults.note((key,), reading.unknown("key", key, (*self._top, *tables)))
            del top[key]
        found = reading.read_table(top, (), self._top, self._faults)
        rates = self._arrivals()
        groups = self._groups()
        work = self._work()
        shifts = self._staff()
        self._faults.refuse()
        plan = Plan(
            first_day=found.get("start", _MONDAY),
            days=found.get("days", 1),
            timezone=self._names.timezone,
            rates=rates,
            groups=groups,
            earlier=tuple(shifts) if shifts else tuple(self._names.agents),
        )
        roster: Roster | None = None
        if shifts:
            roster = {
                agent: tuple(changes(held, plan.start, plan.end)) for agent, held in shifts.items()
            }
        return Traffic(
            start=plan.start,
            end=plan.end,
            timezone=plan.timezone,
            target=found.get("target", 60_000),
            visits=plan.visits,
            roster=roster,
            work=work,
            counted_from=plan.start + found.get("warm_up", 0),
            channels=plan.channels(),
        )

    def _table(self, key: str) -> Mapping[str, Any]:
        table = self._tree.get(key, {})
        if isinstance(table, dict):
            return table
        self._faults.note((key,), f"has to be a table: [{key}].")
        return {}

    def _tables(self, key: str) -> Sequence[Mapping[str, Any]]:
        tables = self._tree.get(key, [])
        if isinstance(tables, list) and all(isinstance(table, dict) for table in tables):
            return tables
        self._faults.note((key,), f"has to be a list of tables: [[{key}]].")
        return []

    def _arrivals(self) -> list[list[float]]:
        if "arrivals" not in self._tree:
            self._faults.note((), "[arrivals] is missing: how many write in an hour.")
        days = dict.fromkeys(WEEKDAYS, _number(0, 1_000))
        checks = {"per_hour": _per_hour, **days}
        found = reading.read_table(self._table("arrivals"), ("arrivals",), checks, self._faults)
        if "per_hour" not in self._table("arrivals") and "arrivals" in self._tree:
            self._faults.note(("arrivals",), "per_hour is missing.")
        per_hour = found.get("per_hour", ())
        return [[rate * found.get(day, 1.0) for rate in per_hour] for day in WEEKDAYS]

    def _groups(self) -> list[Group]:
        """Return the groups of customers; without any, all customers are one."""
        common = self._table("customers")
        base = reading.read_table(common, ("customers",), self._customers, self._faults)
        base.setdefault("channels", Choice(dict.fromkeys(self._names.channels, 1.0)))
        tables = self._tables("groups")
        checks = {"name": reading.a_string, "share": _number(0, 1_000_000), **self._customers}
        groups: list[Group] = []
        for place, table in enumerate(tables):
            path: Path = ("groups", place)
            read = reading.read_table(table, path, checks, self._faults)
            for key in ("name", "share"):
                if key not in table:
                    self._faults.note(path, f"{key} is missing.")
            self._check_service(path, common, table)
            if {"name", "share", "service"} <= {**base, **read}.keys():
                groups.append(Group(**{**base, **read}))
        if not tables:
            self._check_service(("customers",), common)
            if "service" in base:
                groups.append(Group(name="customers", **base))
        elif groups and not any(group.share > 0 for group in groups):
            self._faults.note(("groups",), "has no share over 0.")
        return groups

    def _check_service(self, path: Path, *tables: Mapping[str, Any]) -> None:
        if not any("service" in table for table in tables):
            self._faults.note(path, "service is missing: how long a session takes.")

    def _work(self) -> Work:
        checks: Mapping[str, reading.Check] = {
            "at_once": reading.a_whole_number(1, 10_000),
            "slowdown": _number(0, 100),
            "claim": _a_law,
            "hand_out": _a_law,
        }
        return Work(**reading.read_table(self._table("work"), ("work",), checks, self._faults))

    def _staff(self) -> dict[str, list[Shift]]:
        shifts: dict[str, list[Shift]] = {}
        for place, table in enumerate(self._tables("staff")):
            path: Path = ("staff", place)
            check = {"agents": _names(self._names.agents, "agent")}
            if "agents" not in table:
                self._faults.note(path, "agents is missing: who works then.")
            own = {key: value for key, value in table.items() if key == "agents"}
            agents = reading.read_table(own, path, check, self._faults).get("agents", ())
            shift = self._shift(table, path)
            if shift is not None:
                for agent in agents:
                    shifts.setdefault(agent, []).append(shift)
        return shifts

    def _shift(self, table: Mapping[str, Any], path: Path) -> Shift | None:
        hours = {key: table[key] for key in table if key not in ("agents", "breaks")}
        work = breaks = None
        try:
            work = read_calendar("work", hours, self._names.timezone)
        except WrongHours as error:
            for at, detail in error.faults:
                self._faults.note((*path, *at), detail)
        if "breaks" in table:
            try:
                breaks = read_calendar(
                    "breaks", {"every_day": table["breaks"]}, self._names.timezone
                )
            except WrongHours as error:
                for at, detail in error.faults:
                    self._faults.note((*path, "breaks", *at[1:]), detail)
        return None if work is None else Shift(work, breaks)

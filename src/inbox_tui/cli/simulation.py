"""What ``inbox-tui simulate`` does: workspaces and traffic read, runs made, figures gathered."""

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from inbox_tui.cli.recorded_traffic import check_database, read_history
from inbox_tui.cli.simulated_shop import shop_of
from inbox_tui.cli.traffic_file import Names, parse
from inbox_tui.cli.workspace_file import named, read_file
from inbox_tui.errors import Invalid
from inbox_tui.simulate.outcome import figures
from inbox_tui.simulate.report import Part, report, staff_table
from inbox_tui.simulate.run import Run
from inbox_tui.simulate.shop import Shop
from inbox_tui.simulate.staffing import Goal, find_staff
from inbox_tui.simulate.traffic import Traffic
from inbox_tui.text import safe_line

TARGET = 60_000
"""How soon customers should be answered when nobody says."""

_GOAL = re.compile(r"\s*(\d+(?:\.\d+)?)\s*%\s*(?:within|in)\s+(\S+)\s*")
_UNITS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000}
_SPAN = re.compile(r"(\d+)(ms|s|m|h)")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: files, and where chance begins."""

    workspace: Path
    against: Path | None
    history: Path | None
    traffic: Path | None
    seed: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered: a document for programs; parts and notes for people."""

    document: dict[str, Any]
    parts: list[Part]
    notes: tuple[str, ...]


def compare(question: Question, *, ascii_only: bool) -> Answer:
    """Run the traffic through the workspace and what it is compared with."""
    shops = _shops(question)
    traffic = _traffic(question, [shop for _, shop in shops])
    runs = [
        figures(
            name,
            Run(shop, traffic, question.seed, foretell=True).go(),
            traffic.target,
            traffic.roster,
        )
        for name, shop in shops
    ]
    notes = (*traffic.notes, *_strangers(shops, traffic))
    document = {
        "seed": question.seed,
        "target_ms": traffic.target,
        "start_ms": traffic.start,
        "end_ms": traffic.end,
        "runs": runs,
        "notes": notes,
    }
    return Answer(document, report(runs, traffic.target, ascii_only=ascii_only), notes)


def staff(question: Question, goal: str) -> Answer:
    """Say how many agents each hour needs."""
    aim = goal_of(goal)
    ((_, shop),) = _shops(replace(question, against=None), alone=True)
    traffic = _traffic(question, [shop])
    found = find_staff(shop, traffic, question.seed, aim)
    names = _queue_names(shop)
    notes = (
        *traffic.notes,
        "Agents are made up: all alike, with the limit usual in their queue, every language and "
        "skill. Nobody waits for a particular one.",
        f"Found with Erlang's formulas and the simulator; tried on {found.sessions:,} sessions of "
        "customers who were not there during the search."
        + (
            ""
            if found.reached
            else " Hours marked “below” miss the goal there by more than one standard error."
        ),
    )
    document = {
        "seed": question.seed,
        "share": aim.share,
        "within_ms": aim.within,
        "reached": found.reached,
        "sessions": found.sessions,
        "hours": [
            {
                "hour": hour.hour,
                "came": hour.came,
                "agents": hour.total,
                "queues": {names[key]: count for key, count in hour.agents.items()},
                "within": hour.within,
                "reached": hour.reached,
            }
            for hour in found.hours
        ],
        "notes": notes,
    }
    return Answer(document, [staff_table(found, names)], notes)


def goal_of(text: str) -> Goal:
    """Read a goal such as "90% within 60s". Raises click.BadParameter."""
    found = _GOAL.fullmatch(text)
    share = float(found.group(1)) / 100 if found else 0.0
    time = found.group(2) if found else ""
    within = sum(int(number) * _UNITS[unit] for number, unit in _SPAN.findall(time))
    if not 0 < share < 1 or not re.fullmatch(f"(?:{_SPAN.pattern})+", time) or within == 0:
        raise click.BadParameter(
            f"“{safe_line(text)}” has to be a share under 100% and a time, such as "
            '"90% within 60s".',
            param_hint="--find-staff",
        )
    return Goal(share, within)


def _shops(question: Question, *, alone: bool = False) -> list[tuple[str, Shop]]:
    if question.history is not None:
        check_database(question.history)
    shops = [_shop(question.workspace, question.history)]
    if question.against is not None:
        shops.append(_shop(question.against, question.history))
    elif question.history is not None and not alone:
        shops.append(("today", shop_of(None, question.history)))
    if len({name for name, _ in shops}) < len(shops):
        (name, new), (_, old) = shops
        return [(f"{name} (new)", new), (f"{name} (old)", old)]
    return shops


def _shop(path: Path, history: Path | None) -> tuple[str, Shop]:
    with named(path):
        return path.name, shop_of(read_file(path), history)


def _traffic(question: Question, shops: list[Shop]) -> Traffic:
    timezone = shops[0].timezone
    if question.history is not None:
        return read_history(question.history, timezone, TARGET)
    assert question.traffic is not None
    names = Names(
        timezone,
        agents=sorted({agent.nickname for shop in shops for agent in shop.agents if agent.active}),
        teams=sorted({team.slug for shop in shops for team in shop.teams}),
        channels=list(shops[0].channels),
    )
    try:
        return parse(read_file(question.traffic), names)
    except Invalid as error:
        raise Invalid(
            f"{question.traffic}: {error.detail}", hint=error.hint, data=error.data
        ) from None


def _strangers(shops: list[tuple[str, Shop]], traffic: Traffic) -> list[str]:
    """Say who never works in this traffic."""
    if traffic.roster is None:
        return []
    there = {name for name, line in traffic.roster.items() if any(duty.present for duty in line)}
    absent = sorted(
        {agent.nickname for _, shop in shops for agent in shop.agents if agent.active} - there
    )
    return [f"Never on duty in this traffic: {', '.join(absent)}."] if absent else []


def _queue_names(shop: Shop) -> dict[str, str]:
    """Return what people call each queue."""
    return {
        "workspace": "everybody",
        **{f"team:{team.id}": team.slug for team in shop.teams},
        **{f"rule:{rule.id}": rule.name for rule in shop.rules},
    }

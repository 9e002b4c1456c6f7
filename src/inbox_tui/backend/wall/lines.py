"""Which lines there are, and what the wait in one of them is told from (M9).

The wall and the messages to customers ask here both, so that the number that somebody is told is
the number that agents see.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from inbox_tui.assignment.methods import KEYS as PUSHED
from inbox_tui.assignment.methods import WORKSPACE_METHOD
from inbox_tui.backend.directory import Directory, RuleName, TeamName
from inbox_tui.backend.people.views import agent_views
from inbox_tui.backend.wall.standing import WORKSPACE, line_of_team
from inbox_tui.backend.wall.watch import Watch
from inbox_tui.clock import Millis
from inbox_tui.estimate import Basis, OnDuty, basis
from inbox_tui.wire.models import Agent
from inbox_tui.wire.words import Method, Presence


@dataclass(frozen=True, slots=True)
class Place:
    """A line as the directory knows it: what it is called, how it is handed out, to whom."""

    key: str
    line: str
    name: str
    method: Method
    team_id: int | None
    people: tuple[int, ...]
    is_rules: bool = False


@dataclass(frozen=True, slots=True)
class Expecting:
    """What is kept of one line, to be joined with who is on duty; ``service_time`` is in ms.

    Taken on the event loop and then only read, so that the rest can be read in a thread.
    """

    place: Place
    loads: Mapping[tuple[int, int | None], int]
    service_time: float | None


def places_of(directory: Directory, scope: Collection[int] | None) -> list[Place]:
    """Return the lines of these teams (None: of all), those of rules after those of teams."""
    teams = sorted(directory.teams.values(), key=lambda team: team.name.casefold())
    found = [
        Place(
            line_of_team(team.id),
            f"team:{team.slug}",
            team.name,
            team.method,
            team.id,
            team.members,
        )
        for team in teams
        if scope is None or team.id in scope
    ]
    if scope is None:
        everybody = tuple(directory.agents)
        found.append(Place(WORKSPACE, WORKSPACE, "", WORKSPACE_METHOD, None, everybody))
    return found + [
        _place_of_rule(rule, directory.teams.get(rule.team_id or 0))
        for rule in directory.rules.values()
        if rule.enabled and _has_line(rule) and (scope is None or rule.team_id in scope)
    ]


def _has_line(rule: RuleName) -> bool:
    """Say whether a rule's sessions stand in a line of their own, as the engine has it."""
    return rule.team_id is None or rule.method is not None or rule.consider is not None


def _place_of_rule(rule: RuleName, team: TeamName | None) -> Place:
    return Place(
        key=f"rule:{rule.id}",
        line=f"rule:{rule.name}",
        name=rule.name,
        method=rule.method or (WORKSPACE_METHOD if team is None else team.method),
        team_id=rule.team_id,
        people=rule.agents if team is None else team.members,
        is_rules=True,
    )


def expecting(watch: Watch, directory: Directory, line: str, now: Millis) -> Expecting | None:
    """Return what is kept of a line by its key; None for one that is no line any more."""
    place = next((each for each in places_of(directory, None) if each.key == line), None)
    if place is None:
        return None
    loads = {
        (agent, place.team_id): watch.standing.load(agent, place.team_id) for agent in place.people
    }
    return Expecting(place, loads, watch.rates.service_time(place.team_id, now))


def basis_now(connection: Connection, directory: Directory, known: Expecting) -> Basis:
    """Return what the wait in a line is told from, with who is on duty now; in seconds."""
    views = agent_views(connection, directory, known.place.people)
    agents = {view.id: view for view in views}
    return basis_of(directory, known.place, agents, known.loads, known.service_time)


def basis_of(
    directory: Directory,
    place: Place,
    agents: Mapping[int, Agent],
    loads: Mapping[tuple[int, int | None], int],
    service_time: float | None,
) -> Basis:
    """Return what the wait in a line is told from, in seconds; ``service_time`` is in ms."""

    def on_duty() -> Iterator[OnDuty]:
        team = directory.teams.get(place.team_id) if place.team_id is not None else None
        cap = None if team is None else team.max_open
        for agent_id in place.people:
            agent = agents[agent_id]
            if agent.active and agent.accepting and agent.presence is Presence.PRESENT:
                of_team = loads[agent_id, place.team_id]
                yield OnDuty(agent.limit, agent.open_count, cap, of_team)

    pushed = place.method in PUSHED and directory.single is None
    seconds = None if service_time is None else service_time / 1000
    return basis(on_duty(), seconds, pushed=pushed)

"""Reads the wall for one who looks: what is kept, with the rows of the sessions that are shown."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from inbox_tui.assignment.methods import WORKSPACE_METHOD
from inbox_tui.backend.directory import Directory, RuleName, TeamName
from inbox_tui.backend.people.roles import supervised_teams
from inbox_tui.backend.people.views import agent_views
from inbox_tui.backend.views import DUE_SOON_SHARE, SESSION_ROWS, SESSIONS, due_of
from inbox_tui.backend.wall.estimate import estimated_wait
from inbox_tui.backend.wall.rates import BUCKET, since
from inbox_tui.backend.wall.standing import WORKSPACE, Line, line_of_team
from inbox_tui.backend.wall.watch import Watch
from inbox_tui.clock import Millis, optional_datetime, to_datetime
from inbox_tui.wire.models import Agent, ContactRef
from inbox_tui.wire.wall import Wall, WallAgent, WallQueue, WallSession
from inbox_tui.wire.words import Method, Presence, Priority, SessionState, UnassignedReason

_PUSHED = frozenset({Method.ROUND_ROBIN, Method.LEAST_OPEN, Method.LEAST_LOADED})
_IDS: sa.BindParameter[Any] = sa.bindparam("session_ids", expanding=True)
_ROWS = SESSION_ROWS.where(SESSIONS.c.id.in_(_IDS), SESSIONS.c.state == SessionState.OPEN)
_SERVED = SESSION_ROWS.where(
    SESSIONS.c.state == SessionState.OPEN, SESSIONS.c.assignee_id == sa.bindparam("agent")
).order_by(SESSIONS.c.wait_key, SESSIONS.c.id)


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


@dataclass(slots=True)
class Picture:
    """What is kept of the part of the workspace that somebody looks after, at one moment.

    Taken on the event loop and then only read, so that the rest can be read in a thread.
    """

    now: Millis
    places: list[Place]
    agent_ids: list[int]
    lines: dict[str, Line] = field(default_factory=dict)
    series: dict[int | None, tuple[list[int], list[int]]] = field(default_factory=dict)
    service_times: dict[int | None, float | None] = field(default_factory=dict)
    unanswered: dict[int, tuple[int, int | None]] = field(default_factory=dict)
    loads: dict[tuple[int, int | None], int] = field(default_factory=dict)
    waits: int = 0
    overdue: int = 0
    due_soon: int = 0
    longest: list[int] = field(default_factory=list)
    total: tuple[list[int], list[int]] = ([], [])


def take_picture(
    watch: Watch, directory: Directory, scope: Collection[int] | None, now: Millis, most: int
) -> Picture:
    """Return what is kept of these teams and the people in them; None: of the whole workspace."""
    places = places_of(directory, scope)
    team_ids = [place.team_id for place in places if not place.is_rules]
    own = [directory.teams[team] for team in team_ids if team is not None]
    people = {agent for team in own for agent in (*team.members, *team.supervisors)}
    if scope is None:
        people = set(directory.agents)
    agents = [directory.agents[agent] for agent in people if directory.agents[agent].active]
    agents.sort(key=lambda agent: agent.nickname)
    picture = Picture(now, places, [agent.id for agent in agents])
    standing, rates = watch.standing, watch.rates
    for place in places:
        picture.lines[place.key] = standing.line(place.key, most)
        for agent_id in place.people:
            load = standing.load(agent_id, place.team_id)
            picture.loads[agent_id, place.team_id] = load
    for team_id in team_ids:
        picture.series[team_id] = rates.series([team_id], now)
        picture.service_times[team_id] = rates.service_time(team_id, now)
    picture.unanswered = {agent: standing.unanswered(agent) for agent in picture.agent_ids}
    target = directory.settings.response_target
    soon = now - target + round(target * DUE_SOON_SHARE)
    picture.waits = standing.waits(team_ids)
    picture.overdue = standing.late(team_ids, now - target)
    picture.due_soon = standing.late(team_ids, soon) - picture.overdue
    picture.longest = standing.longest_waits(team_ids, most)
    picture.total = rates.series(team_ids, now)
    return picture


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


def scope_of(directory: Directory, agent_id: int) -> Collection[int] | None:
    """Return the ids of the teams somebody looks after; None for the whole workspace."""
    return supervised_teams(directory, directory.agents[agent_id])


def wall(
    connection: Connection, directory: Directory, picture: Picture, asked: int | None, most: int
) -> Wall:
    """Return the wall; with what the agent ``asked`` for serves, up to ``most``."""
    shown = {session for line in picture.lines.values() for session in line.first}
    shown.update(picture.longest)
    shown.update(longest for _, longest in picture.unanswered.values() if longest is not None)
    rows = connection.execute(_ROWS, {"session_ids": sorted(shown)}) if shown else ()
    sessions = {row.id: _session(row, directory, picture.now) for row in rows}
    everybody = set(picture.agent_ids) | {agent for agent, _ in picture.loads}
    views = agent_views(connection, directory, sorted(everybody))
    agents = {view.id: view for view in views}
    served = [] if asked is None else _served_by(connection, directory, picture.now, asked, most)
    return Wall(
        at=to_datetime(picture.now),
        queues=[_queue(directory, picture, place, sessions, agents) for place in picture.places],
        agents=[
            _agent(agents[agent_id], picture, sessions, served if agent_id == asked else [])
            for agent_id in picture.agent_ids
        ],
        unanswered=picture.waits,
        overdue=picture.overdue,
        due_soon=picture.due_soon,
        waiting=[sessions[session] for session in picture.longest if session in sessions],
        since=to_datetime(since(picture.now)),
        bucket=BUCKET / 1000,
        arrivals=picture.total[0],
        services=picture.total[1],
    )


def _queue(
    directory: Directory,
    picture: Picture,
    place: Place,
    sessions: Mapping[int, WallSession],
    agents: Mapping[int, Agent],
) -> WallQueue:
    line = picture.lines[place.key]
    free, slots = _slots(directory, picture, place, agents)
    took = picture.service_times.get(place.team_id)
    service_time = None if took is None else took / 1000
    pushed = place.method in _PUSHED and directory.single is None

    def wait_at(position: int) -> float | None:
        if not pushed:
            return None  # nothing is given out by itself: no slot that comes free says when
        return estimated_wait(position, free=free, slots=slots, service_time=service_time)

    first = []
    for position, session_id in enumerate(line.first, start=1):
        session = sessions.get(session_id)
        if session is None or session.assignee is not None:
            continue  # given to somebody since: the next look shows it there
        if position <= line.length:
            session = replace(session, position=position, estimated_wait=wait_at(position))
        first.append(session)
    arrivals, services = ([], []) if place.is_rules else picture.series[place.team_id]
    return WallQueue(
        line=place.line,
        name=place.name,
        method=place.method,
        team=directory.slug(place.team_id),
        length=line.length,
        aside=line.aside,
        longest_since=optional_datetime(line.longest_since),
        free=free,
        slots=slots,
        service_time=service_time,
        estimated_wait=wait_at(line.length + 1),
        sessions=first,
        arrivals=arrivals,
        services=services,
    )


def _slots(
    directory: Directory, picture: Picture, place: Place, agents: Mapping[int, Agent]
) -> tuple[int, int]:
    """Return the free slots and all slots of the agents on duty for a line.

    An agent of several lines counts in each: what is told is what this line could have.
    """
    free = slots = 0
    team = directory.teams.get(place.team_id) if place.team_id is not None else None
    for agent_id in place.people:
        agent = agents[agent_id]
        if not (agent.active and agent.accepting and agent.presence is Presence.PRESENT):
            continue
        left = agent.limit - agent.open_count
        if team is not None and team.max_open is not None:
            left = min(left, team.max_open - picture.loads[agent_id, place.team_id])
        free += max(0, left)
        slots += agent.open_count + max(0, left)
    return free, slots


def _agent(
    agent: Agent,
    picture: Picture,
    sessions: Mapping[int, WallSession],
    served: list[WallSession],
) -> WallAgent:
    count, longest = picture.unanswered[agent.id]
    found = None if longest is None else sessions.get(longest)
    mine = found is not None and found.assignee == agent.nickname
    return WallAgent(
        agent=agent, unanswered=count, longest=found if mine else None, sessions=served
    )


def _served_by(
    connection: Connection, directory: Directory, now: Millis, agent_id: int, most: int
) -> list[WallSession]:
    rows = connection.execute(_SERVED.limit(most), {"agent": agent_id})
    return [_session(row, directory, now) for row in rows]


def _session(row: Any, directory: Directory, now: Millis) -> WallSession:  # noqa: ANN401
    due, due_at = due_of(row.waiting_since, directory.settings.response_target, now)
    reason = row.unassigned_reason
    return WallSession(
        id=row.id,
        contact=ContactRef(id=row.contact_id, name=row.contact_name, nickname=row.contact_nickname),
        channel=directory.channels[row.channel_id].slug,
        team=directory.slug(row.team_id),
        assignee=directory.nickname(row.assignee_id),
        priority=Priority(row.priority),
        waiting_since=optional_datetime(row.waiting_since),
        queued_at=optional_datetime(row.queued_at),
        wait_until=optional_datetime(row.wait_until),
        unassigned_reason=UnassignedReason(reason) if reason else None,
        due=due,
        due_at=optional_datetime(due_at),
    )

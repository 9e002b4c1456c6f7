"""Reads the wall for one who looks: what is kept, with the rows of the sessions that are shown."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from inbox_tui.assignment.methods import WORKSPACE_METHOD
from inbox_tui.backend.directory import Directory, TeamName
from inbox_tui.backend.people.roles import supervised_teams
from inbox_tui.backend.people.views import agent_views
from inbox_tui.backend.views import DUE_SOON_SHARE, SESSION_ROWS, SESSIONS, due_of
from inbox_tui.backend.wall.estimate import estimated_wait
from inbox_tui.backend.wall.rates import BUCKET, since
from inbox_tui.backend.wall.standing import Line
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


@dataclass(slots=True)
class Picture:
    """What is kept of the part of the workspace that somebody looks after, at one moment.

    Taken on the event loop and then only read, so that the rest can be read in a thread.
    """

    now: Millis
    team_ids: list[int | None]
    agent_ids: list[int]
    lines: dict[int | None, Line] = field(default_factory=dict)
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
    teams = sorted(directory.teams.values(), key=lambda team: team.name.casefold())
    own = [team for team in teams if scope is None or team.id in scope]
    team_ids: list[int | None] = [team.id for team in own]
    people = {agent for team in own for agent in (*team.members, *team.supervisors)}
    if scope is None:
        team_ids.append(None)
        people = set(directory.agents)
    agents = [directory.agents[agent] for agent in people if directory.agents[agent].active]
    agents.sort(key=lambda agent: agent.nickname)
    picture = Picture(now, team_ids, [agent.id for agent in agents])
    standing, rates = watch.standing, watch.rates
    for team_id in team_ids:
        picture.lines[team_id] = standing.line(team_id, most)
        picture.series[team_id] = rates.series([team_id], now)
        picture.service_times[team_id] = rates.service_time(team_id, now)
        for agent_id in _people_of(directory, team_id):
            picture.loads[agent_id, team_id] = standing.load(agent_id, team_id)
    picture.unanswered = {agent: standing.unanswered(agent) for agent in picture.agent_ids}
    target = directory.settings.response_target
    soon = now - target + round(target * DUE_SOON_SHARE)
    picture.waits = standing.waits(team_ids)
    picture.overdue = standing.late(team_ids, now - target)
    picture.due_soon = standing.late(team_ids, soon) - picture.overdue
    picture.longest = standing.longest_waits(team_ids, most)
    picture.total = rates.series(team_ids, now)
    return picture


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
        queues=[
            _queue(directory, picture, team_id, sessions, agents) for team_id in picture.team_ids
        ],
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
    team_id: int | None,
    sessions: Mapping[int, WallSession],
    agents: Mapping[int, Agent],
) -> WallQueue:
    team = None if team_id is None else directory.teams[team_id]
    line = picture.lines[team_id]
    method = WORKSPACE_METHOD if team is None else team.method
    free, slots = _slots(directory, picture, team, agents)
    took = picture.service_times[team_id]
    service_time = None if took is None else took / 1000
    pushed = method in _PUSHED and directory.single is None

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
    arrivals, services = picture.series[team_id]
    return WallQueue(
        team=None if team is None else team.slug,
        name="" if team is None else team.name,
        method=method,
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
    directory: Directory, picture: Picture, team: TeamName | None, agents: Mapping[int, Agent]
) -> tuple[int, int]:
    """Return the free slots and all slots of a team's agents on duty.

    An agent of several teams counts in each: what is told is what this team could have.
    """
    free = slots = 0
    team_id = None if team is None else team.id
    for agent_id in _people_of(directory, team_id):
        agent = agents[agent_id]
        if not (agent.active and agent.accepting and agent.presence is Presence.PRESENT):
            continue
        left = agent.limit - agent.open_count
        if team is not None and team.max_open is not None:
            left = min(left, team.max_open - picture.loads[agent_id, team_id])
        free += max(0, left)
        slots += agent.open_count + max(0, left)
    return free, slots


def _people_of(directory: Directory, team_id: int | None) -> Sequence[int]:
    return directory.teams[team_id].members if team_id is not None else tuple(directory.agents)


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

"""Reads the wall for one who looks: what is kept, with the rows of the sessions that are shown."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from inbox_tui.backend.directory import Directory
from inbox_tui.backend.people.roles import supervised_teams
from inbox_tui.backend.people.views import agent_views
from inbox_tui.backend.views import DUE_SOON_SHARE, SESSION_ROWS, SESSIONS, due_of
from inbox_tui.backend.wall.lines import Place, basis_of, places_of
from inbox_tui.backend.wall.standing import Line
from inbox_tui.backend.wall.watch import Watch
from inbox_tui.clock import Millis, optional_datetime, to_datetime
from inbox_tui.estimate.rates import BUCKET, since
from inbox_tui.wire.models import Agent, ContactRef
from inbox_tui.wire.wall import Wall, WallAgent, WallQueue, WallSession
from inbox_tui.wire.words import Priority, SessionState, UnassignedReason

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
    rests_on = basis_of(
        directory, place, agents, picture.loads, picture.service_times.get(place.team_id)
    )
    first = []
    for position, session_id in enumerate(line.first, start=1):
        session = sessions.get(session_id)
        if session is None or session.assignee is not None:
            continue  # given to somebody since: the next look shows it there
        if position <= line.length:
            session = replace(session, position=position, estimated_wait=rests_on.wait_at(position))
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
        free=rests_on.free,
        slots=rests_on.slots,
        service_time=rests_on.service_time,
        estimated_wait=rests_on.wait_at(line.length + 1),
        sessions=first,
        arrivals=arrivals,
        services=services,
    )


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

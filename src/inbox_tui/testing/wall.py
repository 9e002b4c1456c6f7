"""The supervisor's wall of a world in memory, worked out by looking at everything."""

from datetime import datetime, timedelta

from inbox_tui.testing.world import World
from inbox_tui.wire.models import Agent, Session
from inbox_tui.wire.wall import Wall, WallAgent, WallQueue, WallSession
from inbox_tui.wire.words import Due, EventKind, Method, Presence, Priority, SessionState

BUCKETS = 12
BUCKET = 300.0
_RANKS = list(reversed(Priority))
_BY_HAND = (Method.SELF_CLAIM, Method.MANUAL)


def wall_of(world: World, *, agent: str | None = None, most: int = 10) -> Wall:
    """Return the wall as an owner sees it."""
    shown = [each for each in world.sessions.values() if each.state is SessionState.OPEN]
    waiting = sorted(
        (each for each in shown if each.waiting_since is not None),
        key=lambda each: (_since(each), each.id),
    )
    late = [each for each in waiting if _due(world, each) is not Due.OK]
    overdue = [each for each in late if _due(world, each) is Due.OVERDUE]
    people = sorted(world.people(), key=lambda each: each.nickname)
    arrivals, services = _series(world, [*world.teams, None])
    return Wall(
        at=world.now,
        queues=[_queue(world, team, people, most) for team in [*sorted(world.teams), None]],
        agents=[_agent(world, each, shown, agent, most) for each in people],
        unanswered=len(waiting),
        overdue=len(overdue),
        due_soon=len(late) - len(overdue),
        waiting=[_session(world, each) for each in waiting[:most]],
        since=world.now - timedelta(seconds=BUCKET * BUCKETS),
        bucket=BUCKET,
        arrivals=arrivals,
        services=services,
    )


def _queue(world: World, slug: str | None, people: list[Agent], most: int) -> WallQueue:
    team = None if slug is None else world.teams[slug]
    line = [
        each
        for each in world.sessions.values()
        if each.state is SessionState.OPEN and each.assignee is None and each.team == slug
    ]
    line.sort(key=lambda each: (_RANKS.index(each.priority), _since(each), each.id))
    method = Method.LEAST_OPEN if team is None else team.method
    members = [
        each
        for each in people
        if (team is None or each.nickname in team.members)
        and each.accepting
        and each.presence is Presence.PRESENT
    ]
    free = sum(max(0, each.limit - each.open_count) for each in members)
    slots = free + sum(each.open_count for each in members)
    service_time = _service_time(world, slug)

    def wait_at(position: int) -> float | None:
        if method in _BY_HAND:
            return None
        if position <= free:
            return 0.0
        if service_time is None or not slots:
            return None
        return (position - free) * service_time / slots

    arrivals, services = _series(world, [slug])
    return WallQueue(
        line="workspace" if slug is None else f"team:{slug}",
        team=slug,
        name="" if team is None else team.name,
        method=method,
        length=len(line),
        longest_since=min(map(_since, line), default=None),
        free=free,
        slots=slots,
        service_time=service_time,
        estimated_wait=wait_at(len(line) + 1),
        sessions=[
            _session(world, each, position=place, wait=wait_at(place))
            for place, each in enumerate(line[:most], start=1)
        ],
        arrivals=arrivals,
        services=services,
    )


def _agent(
    world: World, agent: Agent, shown: list[Session], asked: str | None, most: int
) -> WallAgent:
    served = [each for each in shown if each.assignee == agent.nickname]
    served.sort(key=lambda each: (each.waiting_since is None, _since(each), each.id))
    unanswered = [each for each in served if each.waiting_since is not None]
    return WallAgent(
        agent=agent,
        unanswered=len(unanswered),
        longest=_session(world, unanswered[0]) if unanswered else None,
        sessions=[_session(world, each) for each in served[:most]]
        if asked == agent.nickname
        else [],
    )


def _session(
    world: World, session: Session, *, position: int | None = None, wait: float | None = None
) -> WallSession:
    return WallSession(
        id=session.id,
        contact=session.contact,
        channel=session.channel,
        team=session.team,
        assignee=session.assignee,
        priority=session.priority,
        waiting_since=session.waiting_since,
        queued_at=session.queued_at,
        wait_until=session.wait_until,
        unassigned_reason=session.unassigned_reason,
        due=_due(world, session),
        due_at=session.due_at,
        position=position,
        estimated_wait=wait,
    )


def _since(session: Session) -> datetime:
    return session.waiting_since or session.queued_at or session.opened_at


def _due(world: World, session: Session) -> Due:
    if session.waiting_since is None or session.due_at is None:
        return Due.OK
    left = (session.due_at - world.now).total_seconds()
    return Due.OVERDUE if left <= 0 else Due.DUE_SOON if left <= 7_200 else Due.OK


def _series(world: World, teams: list[str | None]) -> tuple[list[int], list[int]]:
    arrivals, services = [0] * BUCKETS, [0] * BUCKETS
    for event in world.events:
        ago = (world.now - event.at).total_seconds()
        at = BUCKETS - 1 - int(ago // BUCKET)
        if event.session is None or at < 0 or event.session.team not in teams:
            continue
        if event.kind is EventKind.SESSION_OPENED:
            arrivals[at] += 1
        elif event.kind is EventKind.SESSION_CLOSED and event.session.assignee is not None:
            services[at] += 1
    return arrivals, services


def _service_time(world: World, team: str | None) -> float | None:
    took = [
        (each.closed_at - each.assigned_at).total_seconds()
        for each in world.sessions.values()
        if each.team == team and each.closed_at is not None and each.assigned_at is not None
    ]
    return sum(took) / len(took) if len(took) >= 3 else None

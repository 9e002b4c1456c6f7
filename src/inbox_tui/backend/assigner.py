"""Runs the assignment engine: committed facts in, decisions committed.

One task of one process. It keeps the engine's picture of the world from the events of each commit,
asks it to decide, and commits every decision by compare-and-set: presence, switch, membership and
limits are checked again in the same unit of work (R8, R14). Losing that race is normal: the engine
hears that the choice was refused, with the facts that made it so, and chooses again.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.engine import Connection

from inbox_tui.assignment import (
    AgentFact,
    Assign,
    Decision,
    Engine,
    Explanation,
    Rules,
    SessionFact,
    TeamFact,
    UnknownSession,
    Wait,
    WaitReason,
)
from inbox_tui.backend.directory import Directory, Settings, directory_of, load_directory
from inbox_tui.backend.people.presence import presence_of
from inbox_tui.backend.sessions import placement
from inbox_tui.backend.sessions.service import give
from inbox_tui.backend.views import SESSIONS
from inbox_tui.errors import NotFound
from inbox_tui.store import tables
from inbox_tui.store.database import Database
from inbox_tui.store.work import LoggedEvent, Work
from inbox_tui.wire.words import (
    EventKind,
    Happening,
    Presence,
    Priority,
    SessionState,
    UnassignedReason,
)

MOST_AT_ONCE = 128
"""Assignments proposed before the first of them is committed."""
EXPLAINED = 12
"""Candidates kept with each assignment for its explanation."""
HELD = frozenset(
    {UnassignedReason.TAKEN_BACK, UnassignedReason.DECLINED, UnassignedReason.WITH_BOT}
)

_AGENTS = tables.table(tables.Agent)
_MEMBERS = tables.table(tables.TeamMember)
_log = structlog.get_logger("assigner")


class Assigner:
    """Owns the engine. :meth:`hear` is called with each commit, :meth:`run` does the rest."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._engine = Engine()
        self._names = Directory()
        self._news: list[LoggedEvent] = []
        self._bell = asyncio.Event()
        self.idle = asyncio.Event()

    async def load(self) -> None:
        """Build the engine's picture from the tables, as after a start."""
        self._engine = Engine()
        self._news.clear()
        facts = await self._database.read(_all_facts)
        self._names = facts.names
        self._put_people(facts.agents, facts.teams)
        for session in facts.sessions:
            self._engine.put_session(session)
        self._bell.set()

    def hear(self, events: Sequence[LoggedEvent]) -> None:
        """Take note of what was committed."""
        self._news.extend(events)
        self.idle.clear()
        self._bell.set()

    async def run(self) -> None:
        """Decide and commit until cancelled."""
        while True:
            self._bell.clear()
            await self._learn()
            now = self._database.clock.now()
            decisions = self._engine.decide(now, MOST_AT_ONCE, explain=self._worth_explaining())
            if decisions:
                await asyncio.gather(*(self._commit(decision) for decision in decisions))
                continue
            if self._news:
                continue
            await self._sleep(now)

    def explain(self, session_id: int) -> Explanation:
        """Say why a session is where it is now (R13). Raises NotFound."""
        try:
            return self._engine.explain(session_id, self._database.clock.now(), EXPLAINED)
        except UnknownSession:
            raise NotFound(f"There is no open session {session_id}.") from None

    async def _sleep(self, now: int) -> None:
        wake = self._engine.next_wake(now)
        timeout = None if wake is None else max(0.0, (wake - now) / 1000)
        if timeout is None:
            self.idle.set()
        try:
            await asyncio.wait_for(self._bell.wait(), timeout)
        except TimeoutError:
            return

    def _worth_explaining(self) -> bool:
        """Candidates are written down while that is cheap; otherwise explained on request."""
        return len(self._names.agents) <= 200

    async def _learn(self) -> None:
        """Put the facts of everything committed since the last time, in order."""
        news, self._news = self._news, []
        agents: set[int] = set()
        people_changed = False
        for event in news:
            row = event.parts.get("row")
            if row is not None:
                self._engine.put_session(session_fact(row))
            if event.kind == EventKind.AGENT_CHANGED and event.subject_id is not None:
                agents.add(event.subject_id)
            people_changed = people_changed or event.kind in _PEOPLE
        if people_changed or not agents <= self._names.agents.keys():
            names, facts, teams = await self._database.read(_people)
            self._names = names
            self._put_people(facts, teams)
        elif agents:
            for fact in await self._database.read(_agent_facts, self._names, sorted(agents)):
                self._engine.put_agent(fact)

    def _put_people(self, agents: Sequence[AgentFact], teams: Sequence[TeamFact]) -> None:
        self._engine.put_rules(_rules(self._names.settings))
        for agent in agents:
            self._engine.put_agent(agent)
        for team in teams:
            self._engine.put_team(team)

    async def _commit(self, decision: Decision) -> None:
        match decision:
            case Assign():
                if await self._database.write(assign, decision):
                    self._engine.committed(decision)
                else:
                    await self._refresh(decision)
                    self._engine.refused(decision)
            case Wait():
                await self._database.write(show_reason, decision)
            case WaitReason():
                await self._database.write(show_reasons, decision)

    async def _refresh(self, decision: Assign) -> None:
        """Put the facts that made a choice fail, so that the engine does not make it again."""
        agents = await self._database.read(_agent_facts, self._names, [decision.agent_id])
        session = await self._database.read(_session_fact, decision.session_id)
        for agent in agents:
            self._engine.put_agent(agent)
        if session is not None:
            self._engine.put_session(session)
        _log.info("choice refused", session=decision.session_id, agent=decision.agent_id)


_PEOPLE = frozenset(
    {EventKind.TEAM_CHANGED, EventKind.WORKSPACE_CHANGED, EventKind.CHANNEL_CHANGED}
)


# Decisions become changes.


def assign(work: Work, decision: Assign) -> bool:
    """Commit one assignment if everything it rests on still holds; say whether it did."""
    row = placement.open_row(work, decision.session_id)
    if row["state"] != SessionState.OPEN or row["assignee_id"] is not None:
        return False
    if row["team_id"] != decision.team_id or not _may_take(work, decision):
        return False
    if decision.turn is not None and decision.team_id is not None:
        member = (_MEMBERS.c.team_id == decision.team_id) & (
            _MEMBERS.c.agent_id == decision.agent_id
        )
        found = work.one(sa.select(_MEMBERS.c.turn).where(member))
        turn = decision.turn.after(found.turn if found else 0.0)
        work.execute(sa.update(_MEMBERS).where(member), {"turn": turn})
    work.execute(
        sa.update(_AGENTS).where(_AGENTS.c.id == decision.agent_id), {"last_assigned_at": work.now}
    )
    give(work, row, decision.agent_id, Happening.ASSIGNED, by=None, why=why(decision))
    return True


def _may_take(work: Work, decision: Assign) -> bool:
    directory = directory_of(work)
    if directory.single is not None:
        return directory.single == decision.agent_id  # P1
    agent = directory.agents.get(decision.agent_id)
    row = work.one(
        sa.select(_AGENTS.c.accepting, _AGENTS.c.active).where(_AGENTS.c.id == decision.agent_id)
    )
    if agent is None or row is None or not row.active or not row.accepting:
        return False
    if decision.team_id is not None:
        team = directory.teams.get(decision.team_id)
        if team is None or agent.id not in team.members:
            return False
    if presence_of(work.connection, agent.id) != Presence.PRESENT:
        return False
    return placement.over_limit(work, agent.id, decision.team_id) is None


def why(decision: Assign) -> dict[str, Any]:
    """Return what is kept with an assignment to explain it later (R13)."""
    return {
        "step": decision.step,
        "method": decision.method,
        "at": decision.at,
        "total": decision.candidates_total,
        "candidates": [
            {
                "agent": candidate.nickname,
                "verdict": candidate.verdict,
                "detail": candidate.detail,
                "rank": candidate.rank,
                "open": candidate.open,
                "limit": candidate.limit,
                "presence": candidate.presence,
                "accepting": candidate.accepting,
            }
            for candidate in decision.candidates[:EXPLAINED]
        ],
    }


def show_reason(work: Work, decision: Wait) -> None:
    """Show why one session waits (R7)."""
    row = placement.open_row(work, decision.session_id)
    if row["assignee_id"] is None and row["state"] == SessionState.OPEN:
        _show(work, row, decision.reason)


def show_reasons(work: Work, decision: WaitReason) -> None:
    """Show why every session of one queue waits (R7)."""
    of_queue = (
        (SESSIONS.c.state == SessionState.OPEN)
        & SESSIONS.c.assignee_id.is_(None)
        & (
            SESSIONS.c.team_id.is_(None)
            if decision.team_id is None
            else SESSIONS.c.team_id == decision.team_id
        )
        & sa.func.coalesce(SESSIONS.c.unassigned_reason, "").not_in([*HELD, decision.reason])
    )
    # One statement, and no event for each: what is shown of a queue is told by its own event.
    changed = work.execute(
        sa.update(SESSIONS)
        .where(of_queue)
        .values(unassigned_reason=decision.reason, version=SESSIONS.c.version + 1)
    )
    if changed.rowcount:
        work.append(
            EventKind.QUEUE_CHANGED,
            subject_id=decision.team_id,
            data={
                "team": directory_of(work).slug(decision.team_id),
                "unassigned_reason": decision.reason,
            },
        )


def _show(work: Work, row: dict[str, Any], reason: UnassignedReason) -> None:
    if row["unassigned_reason"] != reason:
        placement.write(work, row, {"unassigned_reason": reason})
        work.append(
            EventKind.SESSION_CHANGED,
            session_id=row["id"],
            data={"unassigned_reason": reason},
        )


# Rows become facts.


class _Facts:
    """Everything the engine has to know at a start."""

    def __init__(self, connection: Connection) -> None:
        self.names, self.agents, self.teams = _people(connection)
        rows = connection.execute(sa.select(SESSIONS).where(SESSIONS.c.state == SessionState.OPEN))
        self.sessions = [session_fact(row) for row in rows]


def _all_facts(connection: Connection) -> _Facts:
    return _Facts(connection)


def _people(connection: Connection) -> tuple[Directory, list[AgentFact], list[TeamFact]]:
    names = load_directory(connection)
    turns: dict[int, dict[int, float]] = {}
    for row in connection.execute(sa.select(_MEMBERS)):
        turns.setdefault(row.team_id, {})[row.agent_id] = row.turn
    teams = [
        TeamFact(
            team.id,
            team.slug,
            team.method,
            tuple(member for member in team.members if names.agents[member].active),
            team.max_open,
            turns.get(team.id, {}),
        )
        for team in names.teams.values()
    ]
    return names, _agent_facts(connection, names, list(names.agents)), teams


def _agent_facts(connection: Connection, names: Directory, ids: Sequence[int]) -> list[AgentFact]:
    rows = connection.execute(sa.select(_AGENTS).where(_AGENTS.c.id.in_(ids)))
    return [
        AgentFact(
            id=row.id,
            nickname=row.nickname,
            active=row.active,
            accepting=row.accepting,
            presence=presence_of(connection, row.id),
            max_open=row.max_open,
            weight=row.weight,
            languages=tuple(row.languages),
            last_assigned=row.last_assigned_at,
        )
        for row in rows
    ]


def _session_fact(connection: Connection, session_id: int) -> SessionFact | None:
    row = connection.execute(sa.select(SESSIONS).where(SESSIONS.c.id == session_id)).first()
    return None if row is None else session_fact(row)


def session_fact(row: Any) -> SessionFact:  # noqa: ANN401 - a sessions row
    """Return what the engine has to know of a session."""
    shown = UnassignedReason(row.unassigned_reason) if row.unassigned_reason else None
    return SessionFact(
        id=row.id,
        version=row.version,
        open=row.state == SessionState.OPEN,
        priority=Priority(row.priority),
        waits_from=row.waiting_since or row.queued_at or row.opened_at,
        team_id=row.team_id if row.team_chosen else None,
        channel_team_id=None if row.team_chosen else row.team_id,
        assignee_id=row.assignee_id,
        counted_team_id=row.team_id if row.assignee_id is not None else None,
        language=row.language,
        held_reason=shown if shown in HELD else None,
        shown_reason=shown,
    )


def _rules(settings: Settings) -> Rules:
    return Rules(settings.max_open, settings.owner_wait, settings.settle)

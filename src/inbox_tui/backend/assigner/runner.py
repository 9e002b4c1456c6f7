"""The one task that keeps the engine's picture of the world and commits what it decides.

It hears the events of each commit, puts their facts to the engine, and tries every decision. Losing
the race to a person is normal: the engine hears that the choice was refused, with the facts that
made it so, and chooses again.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from sqlalchemy.engine import Connection

from inbox_tui.assignment import (
    AgentFact,
    Assign,
    Decision,
    Explanation,
    RuleFact,
    TakeBack,
    TeamFact,
    UnknownSession,
    Wait,
    WaitReason,
)
from inbox_tui.assignment.journal import RecordedEngine
from inbox_tui.backend.assigner import commit, facts
from inbox_tui.backend.assigner.journal import Journal
from inbox_tui.backend.directory import Directory
from inbox_tui.errors import NotFound
from inbox_tui.hours import to_json
from inbox_tui.lean_structlog import structlog
from inbox_tui.store.database import Database
from inbox_tui.store.work import LoggedEvent
from inbox_tui.wire.words import EventKind

MOST_AT_ONCE = 128
"""Assignments proposed before the first of them is committed."""
MOST_TO_EXPLAIN = 200
"""Up to so many agents the candidates are written down with each assignment (R13)."""

_PEOPLE = frozenset(
    {
        EventKind.TEAM_CHANGED,
        EventKind.WORKSPACE_CHANGED,
        EventKind.CHANNEL_CHANGED,
        EventKind.RULE_CHANGED,
        EventKind.HOURS_CHANGED,
    }
)
"""After these everything but the sessions is read again."""
_log = structlog.get_logger("assigner")


class Assigner:
    """Owns the engine. :meth:`hear` is called with each commit, :meth:`run` does the rest."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._engine = RecordedEngine()
        self._journal = Journal(database)
        self._names = Directory()
        self._news: list[LoggedEvent] = []
        self._bell = asyncio.Event()
        self.idle = asyncio.Event()

    async def load(self) -> None:
        """Build the engine's picture from the tables, as after a start."""
        self._engine = RecordedEngine()
        self._news.clear()
        await self._journal.begin()
        known = await self._database.read(facts.all_facts)
        self._put_people(known.names, known.agents, known.teams, known.rules)
        for session in known.sessions:
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
            noted = self._journal.note(self._engine)
            if decisions:
                # The journal's row is first in the line before the writer, and so is kept first.
                await asyncio.gather(noted, *(self._commit(decision) for decision in decisions))
                continue
            await noted
            if self._news:
                continue
            if self._journal.is_long:
                await self.load()
                continue
            await self._sleep(now)

    def explain(self, session_id: int) -> Explanation:
        """Say why a session is where it is now (R13). Raises NotFound."""
        try:
            return self._engine.explain(session_id, self._database.clock.now(), commit.EXPLAINED)
        except UnknownSession:
            raise NotFound(f"There is no open session {session_id}.") from None

    async def _sleep(self, now: int) -> None:
        wake = self._engine.next_wake(now)
        timeout = None if wake is None else max(0.0, (wake - now) / 1000)
        if wake is None or wake > now:
            self.idle.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                await self._bell.wait()

    def _worth_explaining(self) -> bool:
        """Candidates are written down while that is cheap; otherwise explained on request."""
        return len(self._names.agents) <= MOST_TO_EXPLAIN

    async def _learn(self) -> None:
        """Put the facts of everything committed since the last time."""
        news, self._news = self._news, []
        agents = {
            event.subject_id
            for event in news
            if event.kind == EventKind.AGENT_CHANGED and event.subject_id is not None
        }
        # Who is active decides who is in a team or a rule as the engine is told of them.
        people = any(event.kind in _PEOPLE or "active" in event.data for event in news)
        if people or not agents <= self._names.agents.keys():
            await self._learn_people()
        elif agents:
            for fact in await self._database.read(facts.agent_facts, self._names, sorted(agents)):
                self._engine.put_agent(fact)
        for event in news:
            row = event.parts.get("row")
            if row is not None:
                self._engine.put_session(facts.session_fact(row, self._names))

    async def _learn_people(self) -> None:
        """Read everything but the sessions again, and those that it concerns."""
        before = self._names
        names, agents, teams, rules = await self._database.read(_everybody)
        self._put_people(names, agents, teams, rules)
        moved = [
            channel.id
            for channel in names.channels.values()
            if channel.id in before.channels
            and before.channels[channel.id].team_id != channel.team_id
        ]
        if moved:
            for fact in await self._database.read(facts.unassigned_on, names, moved):
                self._engine.put_session(fact)

    def _put_people(
        self,
        names: Directory,
        agents: Sequence[AgentFact],
        teams: Sequence[TeamFact],
        rules: Sequence[RuleFact],
    ) -> None:
        gone = self._names.teams.keys() - names.teams.keys()
        self._names = names
        self._engine.put_policy(facts.policy(names.settings))
        calendars = {name: to_json(calendar) for name, calendar in names.hours.items()}
        self._engine.put_calendars(names.hours, calendars)
        for agent in agents:
            self._engine.put_agent(agent)
        for team in teams:
            self._engine.put_team(team)
        for team_id in sorted(gone):
            self._engine.remove_team(team_id)
        self._engine.put_rules(rules)

    async def _commit(self, decision: Decision) -> None:
        match decision:
            case Assign():
                if await self._database.write(commit.assign, decision):
                    self._engine.committed(decision)
                else:
                    await self._refresh(decision)
                    self._engine.refused(decision)
            case TakeBack():
                if await self._database.write(commit.take_back, decision):
                    self._engine.committed(decision)
                else:
                    await self._refresh(decision)
                    self._engine.refused(decision)
            case Wait():
                await self._database.write(commit.show_reason, decision)
            case WaitReason():
                await self._database.write(commit.show_reasons, decision)

    async def _refresh(self, decision: Assign | TakeBack) -> None:
        """Put the facts that made a choice fail, so that the engine does not make it again."""
        agents = await self._database.read(facts.agent_facts, self._names, [decision.agent_id])
        session = await self._database.read(
            facts.stored_session_fact, self._names, decision.session_id
        )
        for agent in agents:
            self._engine.put_agent(agent)
        if session is not None:
            self._engine.put_session(session)
        _log.info("choice refused", session=decision.session_id, agent=decision.agent_id)


def _everybody(
    connection: Connection,
) -> tuple[Directory, list[AgentFact], list[TeamFact], list[RuleFact]]:
    names, agents, teams = facts.people(connection)
    return names, agents, teams, facts.rule_facts(connection, names)

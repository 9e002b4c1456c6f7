"""Colleagues, teams and channels, with the loads kept from events (P6)."""

from collections.abc import Iterable
from dataclasses import replace

from inbox_tui.records import dataclass, field
from inbox_tui.wire.models import Agent, Channel, Placement, Team
from inbox_tui.wire.words import SessionState


@dataclass(slots=True)
class People:
    """Agents by nickname, teams and channels by slug."""

    agents: dict[str, Agent] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)

    @classmethod
    def of(
        cls, agents: Iterable[Agent], teams: Iterable[Team], channels: Iterable[Channel]
    ) -> "People":
        """Return the people of these answers."""
        return cls(
            agents={agent.nickname: agent for agent in agents},
            teams={team.slug: team for team in teams},
            channels={channel.slug: channel for channel in channels},
        )

    def put_agent(self, agent: Agent) -> None:
        """Take in an agent as told."""
        self.agents[agent.nickname] = agent

    def moved(self, was: Placement | None, now: Placement) -> bool:
        """Move a session in the loads and queues; return whether any number changed."""
        before, after = _server(was), _server(now)
        if before != after:
            self._add_load(before, -1)
            self._add_load(after, 1)
        queue_before, queue_after = _queue(was), _queue(now)
        if queue_before != queue_after:
            self._add_waiting(queue_before, -1)
            self._add_waiting(queue_after, 1)
        return before != after or queue_before != queue_after

    def _add_load(self, nickname: str | None, by: int) -> None:
        agent = self.agents.get(nickname or "")
        if agent is not None:
            count = max(0, agent.open_count + by)
            self.agents[agent.nickname] = replace(agent, open_count=count)

    def _add_waiting(self, slug: str | None, by: int) -> None:
        team = self.teams.get(slug or "")
        if team is not None:
            self.teams[team.slug] = replace(team, waiting=max(0, team.waiting + by))


def _server(at: Placement | None) -> str | None:
    return at.assignee if at is not None and at.state is SessionState.OPEN else None


def _queue(at: Placement | None) -> str | None:
    if at is None or at.state is not SessionState.OPEN or at.assignee is not None:
        return None
    return at.team

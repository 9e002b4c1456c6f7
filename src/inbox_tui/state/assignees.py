"""Whom codes and bindings are for: an agent, a team, or an agent inside a team (Q1)."""

from collections.abc import Iterable

from inbox_tui.records import dataclass
from inbox_tui.state.people import People
from inbox_tui.state.roles import supervises, supervises_team
from inbox_tui.wire.codes import Code
from inbox_tui.wire.models import Binding, Me
from inbox_tui.wire.words import CodeState

KEPT = (CodeState.LIVE, CodeState.EXPIRED, CodeState.INACTIVE)
"""The states of the codes there are now: at most one for an assignee on a channel."""


@dataclass(frozen=True, slots=True)
class Assignee:
    """An agent by nickname, a team by slug, or both: that agent inside that team."""

    agent: str | None = None
    team: str | None = None

    @property
    def key(self) -> str:
        """A text that no other assignee has."""
        return f"{self.agent or ''}/{self.team or ''}"


def assignee_of(it: Code | Binding) -> Assignee:
    """Return whom a code or a binding is for."""
    return Assignee(it.agent, it.team)


def of_agent(nickname: str, people: People) -> list[Assignee]:
    """Return an agent, then that agent inside each of their teams."""
    inside = [slug for slug, team in sorted(people.teams.items()) if nickname in team.members]
    return [Assignee(nickname), *(Assignee(nickname, slug) for slug in inside)]


def mine(me: Me, people: People) -> list[Assignee]:
    """Return whom I can show a code for as mine: me, me inside my teams, the teams I look after."""
    teams = [
        Assignee(team=slug)
        for slug in sorted(people.teams)
        if supervises_team(me, people.teams.values(), slug)
    ]
    return [*of_agent(me.agent.nickname, people), *teams]


def everyone(people: People) -> list[Assignee]:
    """Return all that a contact can be bound to: active agents, teams, agents inside teams."""
    agents = sorted(agent.nickname for agent in people.agents.values() if agent.active)
    inside = [each for nickname in agents for each in of_agent(nickname, people)[1:]]
    return [
        *(Assignee(nickname) for nickname in agents),
        *(Assignee(team=slug) for slug in sorted(people.teams)),
        *inside,
    ]


def may_have_code_made(me: Me, people: People, assignee: Assignee) -> bool:
    """Say whether I may make or revoke a code (Q9): my own, or of those I look after."""
    teams = people.teams.values()
    if assignee.agent == me.agent.nickname:
        return True
    if assignee.agent is not None and supervises(me, teams, assignee.agent):
        return True
    return assignee.team is not None and supervises_team(me, teams, assignee.team)


def may_change_binding(me: Me, people: People, bound: Assignee) -> bool:
    """Say whether I may end or move a binding (Q8): only of those I look after."""
    teams = people.teams.values()
    if bound.agent is not None and supervises(me, teams, bound.agent):
        return True
    return bound.team is not None and supervises_team(me, teams, bound.team)


def code_of(codes: Iterable[Code], channel: str, assignee: Assignee) -> Code | None:
    """Return the code an assignee has on a channel: the live one, else the latest not revoked."""
    found = [
        code
        for code in codes
        if code.channel == channel
        and assignee_of(code) == assignee
        and code.state is not CodeState.REVOKED
    ]
    return max(found, key=lambda code: (code.state is CodeState.LIVE, code.made_at), default=None)

"""What a terminal foretells is what the backend decides (W1, Q8, Q9)."""

from dataclasses import replace

import pytest

from inbox_tui.backend.codes.service import may
from inbox_tui.backend.directory import AgentName, Directory, TeamName
from inbox_tui.backend.people import roles as backend
from inbox_tui.state import roles
from inbox_tui.state.assignees import (
    Assignee,
    code_of,
    everyone,
    may_change_binding,
    may_have_code_made,
    mine,
    of_agent,
)
from inbox_tui.state.people import People
from inbox_tui.testing import builders as build
from inbox_tui.testing.codes import put_code
from inbox_tui.testing.scenes import busy_shop
from inbox_tui.wire.models import Me
from inbox_tui.wire.words import CodeState, Role

PEOPLE = People.of(
    [
        build.agent("amy"),
        build.agent("bo", active=False),
        build.agent("cho"),
        build.agent("dan"),
    ],
    [
        build.team("sales", members=["amy", "bo"], supervisors=["cho"]),
        build.team("care", members=["cho", "dan"], supervisors=[]),
    ],
    [build.channel()],
)

WHO = [
    ("amy", Role.AGENT, True),
    ("amy", Role.OWNER, True),
    ("amy", Role.AGENT, False),  # the only account
    ("cho", Role.SUPERVISOR, True),  # of sales
    ("dan", Role.SUPERVISOR, True),  # whom no team lists
]


def me_of(nickname: str, role: Role, switch_shown: bool) -> Me:
    agent = replace(PEOPLE.agents[nickname], role=role)
    return build.me(nickname, agent=agent, switch_shown=switch_shown)


def directory_of(nickname: str, role: Role, several: bool) -> Directory:
    """Return the same people as the backend knows them, one of them in a role."""
    agents = {
        agent.id: AgentName(
            id=agent.id,
            nickname=agent.nickname,
            name=agent.name,
            role=role if agent.nickname == nickname else agent.role,
            active=agent.active and (several or agent.nickname == nickname),
            max_open=None,
            languages=(),
            weight=1.0,
        )
        for agent in PEOPLE.agents.values()
    }
    ids = {agent.nickname: agent.id for agent in agents.values()}
    teams = {
        team.id: TeamName(
            id=team.id,
            slug=team.slug,
            name=team.name,
            method=team.method,
            max_open=None,
            require_accept=False,
            members=tuple(ids[each] for each in team.members),
            supervisors=tuple(ids[each] for each in team.supervisors),
        )
        for team in PEOPLE.teams.values()
    }
    return Directory(agents=agents, teams=teams)


@pytest.mark.parametrize(("nickname", "role", "several"), WHO)
def test_w1_a_terminal_foretells_what_the_backend_decides(
    nickname: str, role: Role, several: bool
) -> None:
    directory = directory_of(nickname, role, several)
    who = next(each for each in directory.agents.values() if each.nickname == nickname)
    me, teams = me_of(nickname, role, several), PEOPLE.teams.values()
    for other in directory.agents.values():
        decided = backend.supervises(directory, who, other.id)
        assert roles.supervises(me, teams, other.nickname) is decided, other.nickname
    for team in directory.teams.values():
        decided = backend.supervises_team(directory, who, team.id)
        assert roles.supervises_team(me, teams, team.slug) is decided, team.slug
    ids = {each.nickname: each.id for each in directory.agents.values()}
    slugs = {each.slug: each.id for each in directory.teams.values()}
    for assignee in everyone(PEOPLE):
        agent_id, team_id = ids.get(assignee.agent or ""), slugs.get(assignee.team or "")
        decided = may(directory, who, agent_id, team_id)
        assert may_have_code_made(me, PEOPLE, assignee) is decided, assignee


def test_q8_only_who_looks_after_one_changes_a_binding() -> None:
    cho = me_of("cho", Role.SUPERVISOR, True)
    assert may_change_binding(cho, PEOPLE, Assignee("amy"))
    assert may_change_binding(cho, PEOPLE, Assignee(team="sales"))
    assert may_change_binding(cho, PEOPLE, Assignee("dan", "sales"))
    assert not may_change_binding(cho, PEOPLE, Assignee("dan", "care"))
    assert not may_change_binding(me_of("amy", Role.AGENT, True), PEOPLE, Assignee("amy"))


def test_q1_an_agent_has_a_code_and_one_inside_each_team() -> None:
    assert of_agent("cho", PEOPLE) == [Assignee("cho"), Assignee("cho", "care")]
    amy = me_of("amy", Role.AGENT, True)
    assert mine(amy, PEOPLE) == [Assignee("amy"), Assignee("amy", "sales")]
    owner = me_of("amy", Role.OWNER, True)
    assert mine(owner, PEOPLE)[2:] == [Assignee(team="care"), Assignee(team="sales")]


def test_q12_a_contact_can_be_bound_to_agents_teams_and_agents_inside_teams() -> None:
    found = everyone(PEOPLE)
    assert found[:3] == [Assignee("amy"), Assignee("cho"), Assignee("dan")]
    assert found[3:5] == [Assignee(team="care"), Assignee(team="sales")]
    assert Assignee("amy", "sales") in found
    assert all(each.agent != "bo" for each in found), "not active"


def test_q9_the_code_shown_is_the_live_one_and_never_a_revoked_one() -> None:
    world = busy_shop()
    amy = Assignee("amy")
    live = put_code(world, agent="amy")
    expired = replace(put_code(world, agent="amy"), state=CodeState.EXPIRED)
    revoked = replace(put_code(world, agent="amy"), state=CodeState.REVOKED)
    inside = put_code(world, agent="amy", team="sales")
    assert code_of([expired, live, revoked, inside], "line-main", amy) == live
    assert code_of([expired, revoked], "line-main", amy) == expired
    assert code_of([revoked, inside], "line-main", amy) is None
    assert code_of([live], "telegram", amy) is None

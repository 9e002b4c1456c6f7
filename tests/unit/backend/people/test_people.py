"""Agents, teams, channels, the accept switch, tokens."""

from datetime import UTC, datetime
from typing import Any

import pytest

from inbox_tui.backend import auth
from inbox_tui.backend.people import presence, queries, service
from inbox_tui.errors import Forbidden, Invalid, NotFound, NotPossibleNow, NotSignedIn
from inbox_tui.wire.requests import PutAccepting

ALONE = '[[agents]]\nnickname = "amy"\n'


async def agents_of(shop: Any) -> dict[str, Any]:
    page = await shop.read(queries.agents, await shop.directory(), 200, None)
    assert page.total == len(page.items)
    return {agent.nickname: agent for agent in page.items}


async def test_everybody_sees_presence_switch_load_and_limit(shop: Any) -> None:
    bo, dan = await shop.agent("bo"), await shop.agent("dan")
    await shop.write(presence.opened, bo, "w1")
    await shop.write(presence.opened, dan, "w2")
    await shop.write(presence.dropped, dan, "w2")
    await shop.write(service.set_accepting, bo, PutAccepting(accepting=True), bo)
    agents = await agents_of(shop)
    assert {name: agent.presence.value for name, agent in agents.items()} == {
        "amy": "absent",
        "bo": "present",
        "cy": "absent",
        "dan": "grace",
    }
    assert [name for name, agent in agents.items() if agent.accepting] == ["bo"]
    assert (agents["bo"].limit, agents["amy"].limit, agents["bo"].open_count) == (3, 5, 0)
    assert (agents["amy"].name, agents["bo"].name) == ("Amy Tan", "bo")
    assert (agents["cy"].teams, agents["dan"].teams) == (["sales"], ["care"])


async def test_pages_of_people(shop: Any) -> None:
    directory = await shop.directory()
    first = await shop.read(queries.agents, directory, 3, None)
    second = await shop.read(queries.agents, directory, 3, first.next_cursor)
    assert [agent.nickname for agent in first.items + second.items] == ["amy", "bo", "cy", "dan"]
    assert second.next_cursor is None
    with pytest.raises(Invalid):
        await shop.read(queries.agents, directory, 3, "-1")


async def test_a_team_tells_how_many_wait_in_its_queue(shop: Any) -> None:
    await shop.session("U1")
    await shop.session("U2")
    await shop.session("7", "Ann", "bot")
    page = await shop.read(queries.teams, await shop.directory(), 200, None)
    assert [(team.slug, team.waiting) for team in page.items] == [("care", 0), ("sales", 2)]
    assert (page.items[1].members, page.items[1].supervisors) == (["amy", "bo"], ["cy"])


async def test_a_channel_tells_what_it_can_carry_and_none_of_its_credentials(shop: Any) -> None:
    page = await shop.read(queries.channels, await shop.directory(), 200, None)
    bot, line = page.items
    assert (bot.slug, line.slug, line.team, bot.team) == ("bot", "line-main", "sales", None)
    assert "text" in line.can_send
    assert (line.max_text, bot.max_text) == (5000, 4096)
    assert (line.problem, bot.problem) == (None, None)
    assert "aaaa" not in repr(page)
    assert "1:abc" not in repr(page)


async def test_a_channel_that_lacks_a_credential_says_which(empty: Any) -> None:
    await empty.apply('[[channels]]\nslug = "a"\nkind = "line"\n')
    page = await empty.read(queries.channels, await empty.directory(), 200, None)
    assert page.items[0].problem.startswith("channel_secret is missing.")


async def test_a_new_accounts_switch_is_off(shop: Any) -> None:
    assert not any(agent.accepting for agent in (await agents_of(shop)).values())


async def test_the_switch_goes_off_with_a_reason_and_comes_back_without(shop: Any) -> None:
    bo = await shop.agent("bo")
    await shop.write(service.set_accepting, bo, PutAccepting(accepting=True, reason="x"), bo)
    assert (await agents_of(shop))["bo"].accepting_reason is None
    back = datetime(2030, 1, 1, 12, tzinfo=UTC)
    off = PutAccepting(accepting=False, reason=" lunch ", back_at=back)
    await shop.write(service.set_accepting, bo, off, bo)
    agent = (await agents_of(shop))["bo"]
    assert (agent.accepting, agent.accepting_reason, agent.back_at, agent.accepting_by) == (
        False,
        "lunch",
        back,
        None,
    )
    kind, subject, data = (await shop.events())[-1]
    assert (kind, subject, data["accepting"], data["reason"]) == (
        "agent.changed",
        bo,
        False,
        "lunch",
    )
    before = await shop.events()
    await shop.write(service.set_accepting, bo, off, bo)
    assert await shop.events() == before


@pytest.mark.parametrize(
    ("wanted", "path"),
    [
        (PutAccepting(accepting=False, reason="x" * 101), "reason"),
        (PutAccepting(accepting=False, back_at=datetime(2030, 1, 1)), "back_at"),  # noqa: DTZ001
    ],
)
async def test_a_wrong_reason_or_time_is_refused(
    shop: Any, wanted: PutAccepting, path: str
) -> None:
    bo = await shop.agent("bo")
    with pytest.raises(Invalid) as refused:
        await shop.write(service.set_accepting, bo, wanted, bo)
    assert refused.value.data == {"path": path}


async def test_the_only_account_has_no_switch(empty: Any) -> None:
    await empty.apply(ALONE)
    amy = await empty.agent("amy")
    with pytest.raises(NotPossibleNow):
        await empty.write(service.set_accepting, amy, PutAccepting(accepting=True), amy)
    me = await empty.read(queries.me, await empty.directory(), amy)
    assert me.switch_shown is False


async def test_a_supervisor_turns_the_switch_of_their_team_and_it_shows_who_did(shop: Any) -> None:
    directory = await shop.directory()
    cy = directory.agents[directory.nicknames["cy"]]
    await shop.write(service.set_accepting_of, "bo", PutAccepting(accepting=True), cy)
    assert (await agents_of(shop))["bo"].accepting_by == "cy"
    with pytest.raises(Forbidden):
        await shop.write(service.set_accepting_of, "dan", PutAccepting(accepting=True), cy)
    with pytest.raises(NotFound):
        await shop.write(service.set_accepting_of, "eve", PutAccepting(accepting=True), cy)


async def test_me_tells_the_settings_in_seconds_and_the_newest_event(shop: Any) -> None:
    amy = await shop.agent("amy")
    me = await shop.read(queries.me, await shop.directory(), amy)
    assert (me.workspace, me.response_target, me.due_soon) == ("Baan Shop", 86_400, 7_200)
    assert (me.presence_grace, me.switch_shown, me.embedded) == (20, True, False)
    assert me.last_seq == len(await shop.events())


# --- tokens ---------------------------------------------------------------------------------------


async def test_a_token_says_who_is_calling_until_it_is_revoked(shop: Any) -> None:
    signed = auth.Auth(shop.database, None)
    token = await shop.write(auth.make_token, "bo")
    assert token.startswith("it_")
    assert (await signed.agent_of(token)).nickname == "bo"
    assert (await signed.agent_of(token)).nickname == "bo"
    other = await shop.write(auth.make_token, "bo")
    assert other != token
    assert await shop.write(auth.revoke, await shop.agent("bo")) == 2
    for ended in (token, other):
        with pytest.raises(NotSignedIn):
            await signed.agent_of(ended)


async def test_a_changed_role_counts_at_once(shop: Any) -> None:
    signed = auth.Auth(shop.database, None)
    token = await shop.write(auth.make_token, "bo")
    assert (await signed.agent_of(token)).role == "agent"
    await shop.apply('[[agents]]\nnickname = "bo"\nrole = "owner"\n')
    assert (await signed.agent_of(token)).role == "owner"


async def test_an_account_that_is_not_active_is_not_signed_in(shop: Any) -> None:
    token = await shop.write(auth.make_token, "bo")
    await shop.write(
        lambda work: work.connection.exec_driver_sql(
            "UPDATE agents SET active = 0 WHERE nickname = 'bo'"
        )
    )
    with pytest.raises(NotSignedIn):
        await auth.Auth(shop.database, None).agent_of(token)


@pytest.mark.parametrize("token", ["", "it_", "it_wrong", "\ud800", "x" * 10_000])
async def test_anything_else_is_no_token(shop: Any, token: str) -> None:
    with pytest.raises(NotSignedIn):
        await auth.Auth(shop.database, None).agent_of(token)


async def test_only_the_hash_is_kept(shop: Any) -> None:
    token = await shop.write(auth.make_token, "bo")
    shop.database.close()
    kept = b"".join(file.read_bytes() for file in shop.database.path.parent.iterdir())
    assert token.encode() not in kept
    assert token.removeprefix("it_").encode() not in kept


async def test_nobody_gets_a_token_for_nobody(shop: Any) -> None:
    with pytest.raises(NotFound):
        await shop.write(auth.make_token, "eve")


def test_the_local_key_is_asked_for_exactly(database: Any) -> None:
    auth.Auth(database, "key").check_local_key("key")
    for given, kept in (("kez", "key"), ("", "key"), ("", None), ("kéy", "key")):
        with pytest.raises(Forbidden):
            auth.Auth(database, kept).check_local_key(given)


# --- the calls ------------------------------------------------------------------------------------


async def test_the_calls(shop: Any, api: Any) -> None:
    me = (await api("bo", "GET", "/api/me")).json()
    assert (me["agent"]["nickname"], me["switch_shown"]) == ("bo", True)
    on = await api("bo", "PUT", "/api/me/accepting", {"accepting": True})
    assert (on.status_code, on.json()["accepting"]) == (200, True)
    off = await api("cy", "PUT", "/api/agents/bo/accepting", {"accepting": False, "reason": "no"})
    assert (off.json()["accepting"], off.json()["accepting_by"]) == (False, "cy")
    for path in ("/api/agents", "/api/teams", "/api/channels"):
        page = (await api("bo", "GET", path)).json()
        assert set(page) == {"items", "next_cursor", "total", "total_is_exact"}
    await shop.write(presence.opened, await shop.agent("bo"), "w1")
    assert (await api("bo", "DELETE", "/api/me/presence/w1")).status_code == 204
    assert (await agents_of(shop))["bo"].presence == "absent"


async def test_nobody_closes_the_window_of_another(shop: Any, api: Any) -> None:
    await shop.write(presence.opened, await shop.agent("bo"), "w1")
    assert (await api("dan", "DELETE", "/api/me/presence/w1")).status_code == 204
    assert (await agents_of(shop))["bo"].presence == "present"


async def test_a_token_is_told_once_to_whoever_may_make_one(shop: Any, api: Any) -> None:
    made = await api("amy", "POST", "/api/tokens", {"nickname": "dan"})
    assert made.status_code == 201
    assert made.json()["nickname"] == "dan"
    signed = await auth.Auth(shop.database, None).agent_of(made.json()["token"])
    assert signed.nickname == "dan"
    key = {"X_Local_Key": "the key in the private file"}
    assert (await api(None, "POST", "/api/tokens", {"nickname": "dan"}, **key)).status_code == 201
    wrong = {"X_Local_Key": "another"}
    assert (await api(None, "POST", "/api/tokens", {"nickname": "dan"}, **wrong)).status_code == 403
    assert (await api("amy", "POST", "/api/tokens", {"nickname": "eve"})).status_code == 404


async def test_the_only_account_gets_409_for_its_switch(empty: Any, api: Any) -> None:
    await empty.write(
        lambda work: work.connection.exec_driver_sql(
            "UPDATE agents SET active = 0 WHERE nickname <> 'amy'"
        )
    )
    await empty.apply('[workspace]\nname = "One"\n')
    answer = await api("amy", "PUT", "/api/me/accepting", {"accepting": True})
    assert (answer.status_code, answer.json()["type"]) == (409, "not-possible-now")


async def test_v2_a_limit_is_set_for_one_agent_or_left_to_the_workspace(
    shop: Any, api: Any
) -> None:
    answer = await api("cy", "PATCH", "/api/agents/bo", {"max_open": 7})
    assert (answer.status_code, answer.json()["limit"]) == (200, 7)
    answer = await api("amy", "PATCH", "/api/agents/bo", {"max_open": "default"})
    assert answer.json()["limit"] == (await agents_of(shop))["amy"].limit == 5
    told = [data for _, _, data in await shop.events() if "max_open" in data][-2:]
    assert told == [{"max_open": 7}, {"max_open": None}]


@pytest.mark.parametrize("body", [{"max_open": -1}, {"max_open": 10_001}, {"max_open": "x"}])
async def test_v2_a_limit_that_is_none_is_refused(api: Any, body: dict[str, Any]) -> None:
    answer = await api("amy", "PATCH", "/api/agents/bo", body)
    assert answer.status_code == 422
    assert answer.json()["data"]["path"].removeprefix("body.").startswith("max_open")


async def test_v2_the_same_limit_again_is_no_event(shop: Any, api: Any) -> None:
    for limit in (4, 4):
        assert (await api("amy", "PATCH", "/api/agents/bo", {"max_open": limit})).status_code == 200
    assert sum("max_open" in data for _, _, data in await shop.events()) == 1

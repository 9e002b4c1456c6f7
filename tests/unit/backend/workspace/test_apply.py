"""Applying a workspace file: creates, changes, never deletes, twice the same."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inbox_tui.backend.directory import load_directory
from inbox_tui.backend.workspace import service
from inbox_tui.backend.workspace.plan import Plan
from inbox_tui.errors import InvalidWorkspace
from inbox_tui.store.schema import open_database
from inbox_tui.testing.clock import FakeClock
from inbox_tui.wire.words import Method, Role

SIX_LINES = """
[[channels]]
slug = "bot"
kind = "telegram"
[channels.credentials]
token = "env:TELEGRAM_TOKEN"
"""


async def test_a_file_makes_a_workspace(shop: Any) -> None:
    directory = await shop.directory()
    assert directory.settings.name == "Baan Shop"
    assert directory.agents[directory.nicknames["amy"]].role == Role.OWNER
    assert directory.limit(directory.nicknames["bo"]) == 3
    sales = directory.team_named("sales")
    assert sales.method == Method.ROUND_ROBIN
    assert [directory.nickname(agent) for agent in sales.members] == ["amy", "bo"]
    assert [directory.nickname(agent) for agent in sales.supervisors] == ["cy"]
    assert directory.channel_named("line-main").team_id == sales.id
    assert directory.channel_named("bot").team_id is None


async def test_what_was_done_is_told_and_logged_without_secrets(empty: Any) -> None:
    applied = await empty.apply()
    assert applied.created == [
        "workspace",
        "agent amy",
        "agent bo",
        "agent cy",
        "agent dan",
        "team sales",
        "team care",
        "channel line-main",
        "channel bot",
    ]
    assert (applied.changed, applied.unchanged) == ([], [])
    events = await empty.events()
    assert [kind for kind, _subject, _data in events] == [
        *["agent.changed"] * 4,
        *["team.changed"] * 2,
        *["channel.changed"] * 2,
        "workspace.changed",
    ]
    assert "aaaa" not in repr(events)
    assert events[6][2]["fields"]["credentials"] == ["access_token", "channel_secret"]


async def test_a_second_run_changes_nothing(shop: Any) -> None:
    before = await shop.events()
    applied = await shop.apply()
    assert (applied.created, applied.changed) == ([], [])
    assert len(applied.unchanged) == 9
    assert await shop.events() == before


async def test_what_a_file_does_not_say_stays(shop: Any) -> None:
    applied = await shop.apply('[[agents]]\nnickname = "bo"\nname = "Bo"\n')
    assert (applied.created, applied.changed) == ([], ["agent bo"])
    directory = await shop.directory()
    bo = directory.agents[directory.nicknames["bo"]]
    assert (bo.name, bo.max_open) == ("Bo", 3)
    assert set(directory.nicknames) == {"amy", "bo", "cy", "dan"}
    assert len(directory.team_named("sales").members) == 2


async def test_default_takes_a_limit_away(shop: Any) -> None:
    await shop.apply('[[agents]]\nnickname = "bo"\nmax_open = "default"\n')
    directory = await shop.directory()
    assert directory.limit(directory.nicknames["bo"]) == 5


async def test_a_teams_lists_say_who_is_in_it_and_those_who_stay_keep_their_turn(shop: Any) -> None:
    await shop.write(
        lambda work: work.connection.exec_driver_sql("UPDATE team_members SET turn = 7.5")
    )
    applied = await shop.apply('[[teams]]\nslug = "sales"\nmembers = ["bo", "dan", "cy"]\n')
    assert applied.changed == ["team sales"]
    _kind, _subject, data = (await shop.events())[-2]
    assert data["fields"] == {"members": ["bo", "dan", "cy"]}
    directory = await shop.directory()
    sales = directory.team_named("sales")
    assert {directory.nickname(agent) for agent in sales.members} == {"bo", "dan", "cy"}
    assert [directory.nickname(agent) for agent in sales.supervisors] == ["cy"]
    turns = await shop.read(
        lambda connection: dict(
            connection.exec_driver_sql(
                "SELECT nickname, turn FROM team_members JOIN agents ON agents.id = agent_id"
                " WHERE team_id = (SELECT id FROM teams WHERE slug = 'sales')"
            ).all()
        )
    )
    assert turns == {"bo": 7.5, "cy": 7.5, "dan": 0.0}
    await shop.apply('[[teams]]\nslug = "sales"\nmembers = []\nsupervisors = []\n')
    assert (await shop.directory()).team_named("sales").members == ()


async def test_a_channel_is_changed_in_place(shop: Any) -> None:
    text = '[[channels]]\nslug = "bot"\nkind = "telegram"\nteam = "care"\n'
    await shop.apply(text + '[channels.credentials]\ntoken = "2:new"\n')
    directory = await shop.directory()
    assert directory.channel_named("bot").team_id == directory.team_named("care").id
    await shop.apply('[[channels]]\nslug = "bot"\nkind = "telegram"\nteam = ""\n')
    row = await shop.read(
        lambda connection: connection.exec_driver_sql(
            "SELECT team_id, credentials FROM channels WHERE slug = 'bot'"
        ).one()
    )
    assert tuple(row) == (None, '{"token": "2:new"}')


async def test_a_wrong_file_changes_nothing(shop: Any) -> None:
    before = await shop.events()
    with pytest.raises(InvalidWorkspace) as refused:
        await shop.apply('[workspace]\nname = "New"\n[[teams]]\nslug = "x"\nmembers = ["eve"]\n')
    assert refused.value.data["path"] == "teams[0].members[0]"
    assert await shop.events() == before
    assert (await shop.directory()).settings.name == "Baan Shop"


async def test_a_member_who_is_here_already_needs_no_description(shop: Any) -> None:
    await shop.apply('[[teams]]\nslug = "night"\nmembers = ["dan"]\n')
    directory = await shop.directory()
    assert directory.team_named("night").members == (directory.nicknames["dan"],)


async def test_six_lines_and_a_user_of_this_machine_are_enough(empty: Any) -> None:
    environment = {"TELEGRAM_TOKEN": "1:abc"}
    applied = await empty.write(service.apply_file, SIX_LINES, environment, None, "Amy Tan")
    assert applied.created == ["agent amytan", "channel bot"]
    directory = await empty.directory()
    owner = directory.agents[directory.single]
    assert (owner.nickname, owner.name, owner.role) == ("amytan", "Amy Tan", Role.OWNER)
    again = await empty.write(service.apply_file, SIX_LINES, environment, None, "somebody")
    assert (again.created, again.changed) == ([], [])


async def test_no_owner_is_made_where_somebody_is(shop: Any) -> None:
    await shop.write(lambda work: service.apply(work, Plan(), default_agent="root"))
    assert len((await shop.directory()).agents) == 4


@pytest.mark.parametrize(
    ("user", "nickname"),
    [
        ("amy", "amy"),
        ("Amy.Tan", "amy.tan"),
        ("DOMAIN\\me", "domainme"),
        ("me", "owner"),
        ("", "owner"),
        ("__", "owner"),
        ("-x", "x"),
    ],
)
def test_a_users_name_becomes_a_nickname(user: str, nickname: str) -> None:
    assert service.nickname_for(user) == nickname


# --- generated files ------------------------------------------------------------------------------

_NAMES = ["amy", "bo", "cy", "dan"]
_LIMITS = st.sampled_from(["", "max_open = 2\n", 'max_open = "default"\n'])


@st.composite
def files(draw: st.DrawFn) -> str:
    """A right workspace file over four people, two teams and two channels."""
    text = ""
    if draw(st.booleans()):
        text += f'[workspace]\nname = "{draw(st.sampled_from("AB"))}"\n'
        text += draw(st.sampled_from(["", 'settle = "0s"\n', 'owner_wait = "90s"\n']))
    for name in _NAMES:
        text += f'[[agents]]\nnickname = "{name}"\n{draw(_LIMITS)}'
        text += draw(st.sampled_from(["", 'role = "owner"\n', 'languages = ["th", "en"]\n']))
    for slug in draw(st.lists(st.sampled_from(["s", "t"]), unique=True)):
        text += f'[[teams]]\nslug = "{slug}"\n{draw(_LIMITS)}'
        for key in ("members", "supervisors"):
            if draw(st.booleans()):
                some = draw(st.lists(st.sampled_from(_NAMES), unique=True))
                text += f"{key} = {some!r}\n"
        text += f'[[channels]]\nslug = "c-{slug}"\nkind = "line"\n'
        text += draw(st.sampled_from(["", f'team = "{slug}"\n', 'team = ""\n']))
        text += draw(st.sampled_from(["", 'credentials = { channel_secret = "x" }\n']))
    if draw(st.booleans()):
        text += '[[hours]]\nname = "h"\n'
        text += draw(st.sampled_from(['mon = ["09:00-18:00"]\n', 'every_day = ["22:00-02:00"]\n']))
    for name, when in draw(st.permutations([("one", '["th"]'), ("two", '["vi"]')])):
        if draw(st.booleans()):
            text += f'[[rules]]\nname = "{name}"\nwhen = {{ language = {when} }}\n'
            text += draw(st.sampled_from(["", "enabled = false\n", 'priority = "high"\n']))
            text += draw(st.sampled_from(['agents = ["bo"]\n', 'agents = ["cy", "amy"]\n']))
    return text


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(files(), min_size=1, max_size=3))
def test_applying_twice_is_applying_once(
    tmp_path_factory: pytest.TempPathFactory, migrated: Path, texts: list[str]
) -> None:
    path = tmp_path_factory.mktemp("applied") / "inbox.db"
    path.write_bytes(migrated.read_bytes())
    database = open_database(path, FakeClock())

    async def run() -> None:
        for text in texts:
            await database.write(service.apply_file, text, {})
            once = await database.read(load_directory)
            count = await database.read(_events)
            again = await database.write(service.apply_file, text, {})
            assert (again.created, again.changed) == ([], [])
            assert await database.read(load_directory) == once
            assert await database.read(_events) == count

    try:
        asyncio.run(run())
    finally:
        database.close()


def _events(connection: Any) -> int:
    return int(connection.exec_driver_sql("SELECT count(*) FROM events").scalar_one())


# --- the call -------------------------------------------------------------------------------------


async def test_the_call(shop: Any, api: Any) -> None:
    body = {"text": SIX_LINES.replace("bot", "bot2"), "environment": {"TELEGRAM_TOKEN": "1:x"}}
    answer = await api("amy", "PUT", "/api/workspace", body)
    assert answer.json() == {"created": ["channel bot2"], "changed": [], "unchanged": []}
    again = await api("amy", "PUT", "/api/workspace", body)
    assert again.json()["unchanged"] == ["channel bot2"]
    wrong = await api("amy", "PUT", "/api/workspace", {"text": "[workspace]\nx = 1"})
    assert (wrong.status_code, wrong.json()["type"]) == (422, "invalid-workspace")
    assert (wrong.json()["data"]["path"], wrong.json()["data"]["line"]) == ("workspace.x", 2)

"""The workspace file: what is right in it, and every way to be wrong."""

import textwrap
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox_tui.backend.workspace.file import parse
from inbox_tui.backend.workspace.lines import line_of, lines_of, shown
from inbox_tui.backend.workspace.plan import Known
from inbox_tui.errors import InvalidWorkspace
from inbox_tui.wire.words import ChannelKind, Method, Role

WHOLE = """
[workspace]
name = "Baan Shop"
timezone = "Asia/Bangkok"
language = "th"            # language of automatic messages
max_open = 5
response_target = "24h"
owner_wait = "2m"
close_after = "7d"
idle_close = "24h"
settle = "2s"
presence_grace = "20s"
public_url = ""

[[agents]]
nickname = "amy"
name = "Amy Tan"
role = "owner"
max_open = 3
languages = ["th", "en"]
weight = 1

[[agents]]
nickname = "bo"

[[teams]]
slug = "sales"
name = "Sales"
method = "least_open"
members = ["amy", "bo"]
supervisors = []
max_open = 4
require_accept = false

[[channels]]
slug = "line-main"
kind = "line"
name = "Baan Shop LINE"
team = "sales"
api_base = "http://127.0.0.1:9100"
[channels.credentials]
channel_id = "1657000000"
channel_secret = "env:LINE_SECRET"
access_token = "abc"
basic_id = "@baan"
"""


def test_the_whole_file_becomes_a_plan() -> None:
    plan = parse(WHOLE, {"LINE_SECRET": "0123456789abcdef"})
    assert plan.settings == {
        "name": "Baan Shop",
        "timezone": "Asia/Bangkok",
        "language": "th",
        "max_open": 5,
        "response_target": 86_400_000,
        "owner_wait": 120_000,
        "close_after": 604_800_000,
        "idle_close": 86_400_000,
        "settle": 2_000,
        "presence_grace": 20_000,
        "public_url": "",
    }
    amy, bo = plan.agents
    assert amy.values == {
        "name": "Amy Tan",
        "role": Role.OWNER,
        "max_open": 3,
        "languages": ["th", "en"],
        "weight": 1.0,
    }
    assert (bo.nickname, bo.values) == ("bo", {})
    (team,) = plan.teams
    assert (team.members, team.supervisors) == (("amy", "bo"), ())
    assert team.values == {
        "name": "Sales",
        "method": Method.LEAST_OPEN,
        "max_open": 4,
        "require_accept": False,
    }
    (channel,) = plan.channels
    assert (channel.kind, channel.team) == (ChannelKind.LINE, "sales")
    assert channel.credentials is not None
    assert channel.credentials["channel_secret"] == "0123456789abcdef"


@pytest.mark.parametrize(
    "text",
    [
        "",
        '[[channels]]\nslug = "bot"\nkind = "telegram"\n[channels.credentials]\ntoken = "1:a"\n',
        '[[teams]]\nslug = "a"\nmax_open = "default"\n',
        '[workspace]\nidle_close = "off"\nsettle = 0\nresponse_target = "1h30m"\n',
        '[[agents]]\nnickname = "สมศรี"\n',
    ],
)
def test_everything_has_a_default(text: str) -> None:
    parse(text, {})


BAD = [
    # text, path, line, a part of what is said
    ("[workspace]\nname =", "", 2, "Invalid value"),
    ("a = 1\n[workspace\n", "", 2, "Expected"),
    ("[workspace]\nname = 1", "workspace.name", 2, "has to be a text"),
    ('workspace = "x"', "workspace", 1, "[workspace]"),
    ('[workspace]\nnmae = "x"', "workspace.nmae", 2, "did you mean “name”?"),
    ('[workspaces]\nname = "x"', "workspaces", 1, "did you mean “workspace”?"),
    ('[workspace]\ntimezone = "Asia/Bankok"', "workspace.timezone", 2, "“Asia/Bangkok”?"),
    ('[workspace]\ntimezone = "../etc"', "workspace.timezone", 2, "no time zone"),
    ('[workspace]\nlanguage = "thai please"', "workspace.language", 2, "language code"),
    ("[workspace]\nmax_open = true", "workspace.max_open", 2, "whole number"),
    ("[workspace]\nmax_open = -1", "workspace.max_open", 2, "whole number"),
    ('[workspace]\nsettle = "2 seconds"', "workspace.settle", 2, "duration"),
    ("[workspace]\nowner_wait = 120", "workspace.owner_wait", 2, "duration"),
    ('[workspace]\nclose_after = "0d"', "workspace.close_after", 2, "longer than nothing"),
    ('[workspace]\nclose_after = "999999w"', "workspace.close_after", 2, "ten years"),
    ('[workspace]\npublic_url = "shop.example"', "workspace.public_url", 2, "http"),
    ('[agents]\nnickname = "a"', "agents", 1, "[[agents]]"),
    ('[[agents]]\nname = "Amy"', "agents[0]", 1, "nickname is missing"),
    ('[[agents]]\nnickname = ""', "agents[0].nickname", 2, "empty"),
    ('[[agents]]\nnickname = "a b"', "agents[0].nickname", 2, "letter or digit"),
    ('[[agents]]\nnickname = "me"', "agents[0].nickname", 2, "meaning of its own"),
    (
        '[[agents]]\nnickname = "a"\n\n[[agents]]\nnickname = "a"',
        "agents[1].nickname",
        5,
        "the same as agents[0].nickname",
    ),
    ('[[agents]]\nnickname = "a"\nrole = "boss"', "agents[0].role", 3, "agent, supervisor, owner"),
    ('[[agents]]\nnickname = "a"\nrole = "ownr"', "agents[0].role", 3, "“owner”?"),
    ('[[agents]]\nnickname = "a"\nweight = 0', "agents[0].weight", 3, "over 0"),
    ('[[agents]]\nnickname = "a"\nweight = nan', "agents[0].weight", 3, "over 0"),
    ('[[agents]]\nnickname = "a"\nlanguages = "th"', "agents[0].languages", 3, "list"),
    ('[[agents]]\nnickname = "a"\npassword = "x"', "agents[0].password", 3, "no key"),
    (
        '[[agents]]\nnickname = "bo"\n[[teams]]\nslug = "s"\nmembers = [\n  "bo",\n  "boo",\n]',
        "teams[0].members[1]",
        7,
        "did you mean “bo”?",
    ),
    (
        '[[teams]]\nslug = "a"\n[[teams]]\nslug = "b"\nmembers = ["amy"]',
        "teams[1].members[0]",
        5,
        "no agent “amy”",
    ),
    ('[[teams]]\nslug = "s"\nsupervisors = ["x"]', "teams[0].supervisors[0]", 3, "no agent"),
    (
        '[[agents]]\nnickname = "a"\n[[teams]]\nslug = "s"\nmembers = ["a", "a"]',
        "teams[0].members",
        5,
        "“a” twice",
    ),
    ('[[teams]]\nslug = "s"\nmethod = "random"', "teams[0].method", 3, "round_robin"),
    ('[[teams]]\nslug = "s"\nrequire_accept = 1', "teams[0].require_accept", 3, "true or false"),
    ('[[channels]]\nslug = "x"', "channels[0]", 1, "kind is missing"),
    ('[[channels]]\nkind = "line"', "channels[0]", 1, "slug is missing"),
    ('[[channels]]\nslug = "x/y"\nkind = "line"', "channels[0].slug", 2, "letter or digit"),
    ('[[channels]]\nslug = "x"\nkind = "fax"', "channels[0].kind", 3, "one of line"),
    ('[[channels]]\nslug = "x"\nkind = "zalo"', "channels[0].kind", 3, "not supported yet"),
    (
        '[[channels]]\nslug = "x"\nkind = "line"\nteam = "salse"\n[[teams]]\nslug = "sales"',
        "channels[0].team",
        4,
        "did you mean “sales”?",
    ),
    (
        '[[channels]]\nslug = "x"\nkind = "line"\napi_base = "ftp://x"',
        "channels[0].api_base",
        4,
        "http",
    ),
    (
        '[[channels]]\nslug = "x"\nkind = "line"\ncredentials = "x"',
        "channels[0].credentials",
        4,
        "table",
    ),
    (
        '[[channels]]\nslug = "x"\nkind = "line"\n[channels.credentials]\nacces_token = "x"',
        "channels[0].credentials.acces_token",
        5,
        "did you mean “access_token”?",
    ),
    (
        '[[channels]]\nslug = "x"\nkind = "line"\n[channels.credentials]\naccess_token = 5',
        "channels[0].credentials.access_token",
        5,
        "text in quotes",
    ),
    (
        '[[channels]]\nslug = "x"\nkind = "line"\ncredentials = { access_token = "env:NONE" }',
        "channels[0].credentials.access_token",
        4,
        "no variable “NONE”",
    ),
    (
        '[[channels]]\nslug = "x"\nkind = "telegram"\n[channels.credentials]\ntoken = "a b"',
        "channels[0].credentials.token",
        5,
        "characters",
    ),
]


@pytest.mark.parametrize(("text", "path", "line", "said"), BAD)
def test_a_wrong_file_names_the_path_and_the_line(
    text: str, path: str, line: int, said: str
) -> None:
    with pytest.raises(InvalidWorkspace) as refused:
        parse(text, {})
    assert (refused.value.data["path"], refused.value.data["line"]) == (path, line)
    assert said in refused.value.detail
    assert f"line {line}" in refused.value.detail
    assert len(refused.value.data["errors"]) == 1


def test_all_faults_are_told_at_once_first_line_first() -> None:
    text = textwrap.dedent("""\
        [workspace]
        settle = 9
        colour = "red"

        [[agents]]
        nickname = "amy"
        role = "boss"

        [[teams]]
        members = ["bo"]
        """)
    with pytest.raises(InvalidWorkspace) as refused:
        parse(text, {})
    found = [(fault["path"], fault["line"]) for fault in refused.value.data["errors"]]
    assert found == [
        ("workspace.settle", 2),
        ("workspace.colour", 3),
        ("agents[0].role", 7),
        ("teams[0]", 9),
        ("teams[0].members[0]", 10),
    ]
    assert refused.value.hint is not None
    assert "agents[0].role" in refused.value.hint
    assert ".;" not in refused.value.hint


def test_what_is_there_already_may_be_referred_to() -> None:
    known = Known(frozenset({"amy"}), frozenset({"sales"}), {"x": ChannelKind.LINE})
    text = '[[teams]]\nslug = "a"\nmembers = ["amy"]\n[[channels]]\nslug = "x"\nteam = "sales"\n'
    parse(text + 'kind = "line"', {}, known)
    with pytest.raises(InvalidWorkspace) as refused:
        parse(text + 'kind = "telegram"', {}, known)
    assert refused.value.data["path"] == "channels[0].kind"


@pytest.mark.parametrize(
    "credentials",
    [
        'token = "TOPSECRET here"',
        'token = "TOPSECRET\\u0007"',
        'tokn = "TOPSECRET"',
        'token = ["TOPSECRET"]',
        'token = "env:SECRET"',
        'token = "1:TOPSECRET"\nsecret_token = "TOPSECRET!"',
        'token = "TOPSECRET',
    ],
)
def test_a_secret_is_never_in_an_error(credentials: str) -> None:
    text = f'[[channels]]\nslug = "x"\nkind = "telegram"\n[channels.credentials]\n{credentials}\n'
    with pytest.raises(InvalidWorkspace) as refused:
        parse(text, {"SECRET": "TOPSECRET \x07"})
    told = f"{refused.value!r} {refused.value.detail} {refused.value.hint} {refused.value.data}"
    assert "TOPSECRET" not in told


def test_a_secret_is_not_in_the_repr_of_a_plan() -> None:
    assert "abc" not in repr(parse(WHOLE, {"LINE_SECRET": "abc"}).channels)


def test_an_error_cannot_carry_escapes_to_the_terminal() -> None:
    with pytest.raises(InvalidWorkspace) as refused:
        parse('[workspace]\n"\\u001b[2Jx" = 1\n', {})
    assert "\x1b" not in refused.value.detail


# --- lines ----------------------------------------------------------------------------------------


SHAPES = """\
# a comment with [brackets] and "quotes"
top = '''
[not.a.table]
x = 1
'''
a.b . "c d" = 'its'
list = [ # the first is on the next line
  1, [2, 3],
  { x = "}", y = [4] },
]
[[many]]
one = 1
[many.sub]
two = 2
[[many]]
[[many.deep]]
three = 1979-05-27T07:32:00Z
[[many.deep]]
four = "\\"#"
"""


def test_lines_are_found_through_all_of_tomls_shapes() -> None:
    lines = {shown(path): line for path, line in lines_of(SHAPES).items()}
    expected = {
        "top": 2,
        "a.b.c d": 6,
        "list": 7,
        "list[0]": 8,
        "list[1][1]": 8,
        "list[2].y[0]": 9,
        "many[0]": 11,
        "many[0].one": 12,
        "many[0].sub.two": 14,
        "many[1]": 15,
        "many[1].deep[0].three": 17,
        "many[1].deep[1].four": 19,
    }
    assert {path: lines[path] for path in expected} == expected


def test_what_is_missing_is_on_the_line_of_what_it_belongs_in() -> None:
    lines = lines_of("\n[[agents]]\n")
    assert line_of(lines, ("agents", 0, "nickname")) == 2
    assert line_of(lines, ("teams",)) is None


_KEYS = st.text("abc-_", min_size=1, max_size=3)
_VALUES = st.sampled_from(
    ["1", "true", '"a#b]"', "'{'", "[1, [2],\n3]", "{ a = 1, b.c = [2] }", '"""\n[x]\n"""', "1e3"]
)


@given(st.lists(st.tuples(_KEYS, _VALUES), unique_by=lambda pair: pair[0]), st.data())
def test_every_key_is_on_the_line_it_was_written_on(
    pairs: list[tuple[str, str]], data: Any
) -> None:
    text, expected = "", {}
    for key, value in pairs:
        text += data.draw(st.sampled_from(["", "\n", "# x = 1\n", "  \n\t"]))
        expected[key] = text.count("\n") + 1
        text += f"{key} = {value}\n"
    assert {key: lines_of(text)[(key,)] for key in expected} == expected

"""The table in docs/roles.md against what the program allows (W1)."""

import re
from pathlib import Path
from typing import Any

import pytest

from inbox_tui.backend.app import make_app
from inbox_tui.backend.bindings.service import bind
from inbox_tui.backend.codes.service import make
from inbox_tui.backend.people.roles import role_of, supervises
from inbox_tui.backend.sessions.service import claim
from inbox_tui.wire.codes import PostCode
from inbox_tui.wire.words import Role

DOCUMENT = Path(__file__).parents[4] / "docs" / "roles.md"
_ROW = re.compile(r"\| .+ \| `([A-Z]+) (\S+)` \| (\w+) \| (\w+) \| (\w+) \|")

ABOUT = "{nickname}"
CODE = "ibx-futa-halo-lofo"
BODIES: dict[str, Any] = {
    "PUT /api/agents/{nickname}/accepting": {"accepting": True},
    "PATCH /api/agents/{nickname}": {"max_open": 4},
    "GET /api/agents/{nickname}/deactivation": None,
    "POST /api/sessions/{session_id}/take_back": None,
    "POST /api/codes": {"channel": "line-main", "agent": ABOUT},
    "GET /api/codes/{code}/qr.svg": None,
    "GET /api/codes/{code}/qr.png": None,
    "DELETE /api/codes/{code}": None,
    "DELETE /api/bindings": None,
    "POST /api/bindings/move": {"from_agent": ABOUT, "agent": "cy"},
    "DELETE /api/bindings/{binding_id}": None,
    "POST /api/bindings/{binding_id}/move": {"agent": "cy"},
    "GET /api/wall": None,
    "POST /api/rules": {"name": "all", "team": "care"},
    "PATCH /api/rules/{rule_id}": {"enabled": False},
    "DELETE /api/rules/{rule_id}": None,
    "PUT /api/rules/order": {"ids": []},
    "POST /api/tokens": {"nickname": "dan"},
    "PUT /api/workspace": {"text": ""},
    "PATCH /api/automatic": {"on": {"greeting": True}},
    "PUT /api/automatic/{kind}/templates": {"language": "en", "text": "Hello"},
    "DELETE /api/automatic/{kind}/templates": None,
}
"""What to send where not everybody may."""


def table() -> dict[str, tuple[str, str, str]]:
    """Return what the document says: a call to what agent, supervisor and owner may."""
    rows = _ROW.findall(DOCUMENT.read_text(encoding="utf-8"))
    return {f"{method} {path}": (agent, lead, owner) for method, path, agent, lead, owner in rows}


RESTRICTED = [
    (call, role, may, about, channel)
    for call, cells in table().items()
    if {"no", "own"} & set(cells)
    for role, may in zip(("bo", "cy", "amy"), cells, strict=True)
    for about, channel in (("bo", "line-main"), ("dan", "bot"))
    if about == "bo" or {"team", "own"} & set(cells)  # else it does not matter whom it is about
]


def test_every_call_stands_in_the_table() -> None:
    backend: Any = None
    calls = {
        f"{method.upper()} {path}"
        for path, methods in make_app(backend).openapi()["paths"].items()
        if path.startswith("/api/")
        for method in methods
    }
    assert "GET /api/me" in calls
    assert set(table()) >= calls


def test_what_not_everybody_may_do_is_tried_below() -> None:
    assert {call for call, *_ in RESTRICTED} == set(BODIES)


@pytest.mark.parametrize(("call", "who", "may", "about", "channel"), RESTRICTED)
async def test_the_program_allows_what_the_table_says(
    shop: Any, api: Any, call: str, who: str, may: str, about: str, channel: str
) -> None:
    session = await shop.session("7", channel=channel)
    agent_id = await shop.agent(about)
    await shop.write(claim, session["id"], agent_id)
    bound = await shop.write(lambda work: bind(work, session["contact_id"], agent_id=agent_id))
    owner = (await shop.directory()).agents[await shop.agent("amy")]
    await shop.write(make, PostCode(channel="line-main", agent=about), owner, CODE, "https://x")
    method, path = call.split()
    ids = {"session_id": session["id"], "rule_id": 1, "binding_id": bound.id, "kind": "greeting"}
    named = path.format(nickname=about, code=CODE, **ids)
    query = f"?agent={about}" if call == "DELETE /api/bindings" else ""
    body = BODIES[call] and {
        key: about if value == ABOUT else value for key, value in BODIES[call].items()
    }
    answer = await api(who, method, named + query, body)
    allowed = may == "yes" or (may in ("team", "own") and about == "bo")
    assert (answer.status_code != 403) is allowed
    assert answer.status_code < 500


@pytest.mark.parametrize(
    ("who", "whom", "may"),
    [
        ("amy", "dan", True),
        ("bo", "amy", False),
        ("bo", "bo", False),
        ("cy", "bo", True),
        ("cy", "cy", True),
        ("cy", "dan", False),
    ],
)
async def test_supervisors_look_after_the_teams_that_list_them(
    shop: Any, who: str, whom: str, may: bool
) -> None:
    names = await shop.directory()
    agent = names.agents[names.nicknames[who]]
    assert supervises(names, agent, names.nicknames[whom]) is may


async def test_a_supervisor_whom_no_team_lists_looks_after_everybody(shop: Any) -> None:
    await shop.apply('[[teams]]\nslug = "sales"\nsupervisors = []\n')
    names = await shop.directory()
    cy = names.agents[names.nicknames["cy"]]
    assert all(supervises(names, cy, other) for other in names.agents)


async def test_the_only_account_has_owner_rights(empty: Any) -> None:
    await empty.apply('[[agents]]\nnickname = "solo"\n')
    names = await empty.directory()
    assert role_of(names, names.agents[names.single]) == Role.OWNER

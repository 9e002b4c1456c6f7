"""``/api/codes``, the list of contacts and what is refused (Q1, Q8, Q9, Q11)."""

import asyncio
import random
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from tests.wire.backend.coded import (
    BOUND,
    FAILED,
    answers,
    contact_of,
    live_bindings,
    make_code,
    sends,
)
from tests.wire.backend.conftest import House

from inbox_tui import codes
from inbox_tui.backend.directory import people_changed
from inbox_tui.backend.workspace.service import apply_file
from inbox_tui.clock import to_datetime
from inbox_tui.mock.words import FaultKind
from inbox_tui.store import tables
from inbox_tui.store.work import Work
from inbox_tui.wire.words import EventKind

CODES = tables.table(tables.Code)
BO = {"channel": "line", "agent": "bo"}
NOT_YOURS = "for yourself and for those you supervise"


async def more_channels(house: House) -> None:
    """Add channels of platforms that cannot carry a code, or do not work, and a mute one."""

    def add(work: Work) -> None:
        for slug, kind in (("zalo", "zalo"), ("wa", "whatsapp"), ("quiet", "line")):
            secret = {"channel_secret": "x"} if kind == "line" else {}
            work.insert(tables.Channel, slug=slug, kind=kind, name=slug, credentials=secret)
        people_changed(work)
        work.append(EventKind.CHANNEL_CHANGED)

    await house.database.write(add)
    await house.backend.channels_follow()


def at(house: House, **after: int) -> str:
    moment: datetime = to_datetime(house.clock.now()) + timedelta(**after)
    return moment.isoformat()


# --- made, found again, revoked (Q1, Q9) --------------------------------------------------------


async def test_q1_each_assignee_has_one_code_a_channel(house: House) -> None:
    wanted: list[dict[str, str]] = [
        {"agent": "bo"},
        {"agent": "amy"},
        {"team": "sales"},
        {"agent": "bo", "team": "sales"},
    ]
    found = {}
    for channel in ("line", "bot"):
        for assignee in wanted:
            body = {"channel": channel, **assignee}
            first = await house.call("amy", "POST", "/api/codes", body)
            again = await house.call("amy", "POST", "/api/codes", body)
            assert (first.status_code, again.status_code) == (201, 200)
            assert first.json() == again.json()
            code = first.json()["code"]
            assert codes.is_code(code)
            found[code] = first.json()
    assert len(found) == 8
    for code, shown in found.items():
        assert shown["state"] == "live"
        assert shown["by"] == "amy"
        assert shown["link"].endswith(code)
        start = "https://line.me/R/oaMessage/%40" if shown["channel"] == "line" else "https://t.me/"
        assert shown["link"].startswith(start)
        assert shown["channel_kind"] == ("line" if shown["channel"] == "line" else "telegram")


async def test_q1_made_at_once_by_several_it_is_one_code(house: House) -> None:
    made = await asyncio.gather(
        *(house.call(who, "POST", "/api/codes", BO) for who in ("amy", "bo", "amy", "bo"))
    )
    assert len({answer.json()["code"] for answer in made}) == 1
    assert sorted(answer.status_code for answer in made) == [200, 200, 200, 201]
    assert len(await house.rows(sa.select(CODES))) == 1


async def test_q9_a_code_is_never_used_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    used = await make_code(house, agent="bo")
    await house.ok("bo", "DELETE", f"/api/codes/{used}")
    fresh = codes.make(random.Random(1).randrange)
    tried = [used, used, fresh]
    monkeypatch.setattr(codes, "make", lambda _pick: tried.pop(0))
    assert await make_code(house, agent="bo") == fresh
    monkeypatch.setattr(codes, "make", lambda _pick: used)
    answer = await house.call("amy", "POST", "/api/codes", {"channel": "line", "agent": "cy"})
    assert (answer.status_code, len(await house.rows(sa.select(CODES)))) == (503, 2)


async def test_q9_tags_and_expiry_given_again_are_those_of_the_code(house: House) -> None:
    code = await make_code(house, agent="bo", tags=["walk-in"])
    body = {"channel": "line", "agent": "bo", "tags": ["Fair"], "expires_at": at(house, days=1)}
    shown = await house.ok("bo", "POST", "/api/codes", body)
    assert (shown["code"], shown["tags"]) == (code, ["Fair"])
    assert datetime.fromisoformat(shown["expires_at"]) == to_datetime(
        house.clock.now() + 86_400_000
    )
    again = await house.ok("bo", "POST", "/api/codes", {"channel": "line", "agent": "bo"})
    assert again == shown
    body = {"channel": "line", "agent": "bo", "tags": [], "expires_at": "never"}
    bare = await house.ok("bo", "POST", "/api/codes", body)
    assert (bare["code"], bare["tags"], bare["expires_at"]) == (code, [], None)


async def test_q9_an_expired_code_makes_room_for_a_new_one(house: House) -> None:
    old = await make_code(house, agent="bo", expires_at=at(house, minutes=5))
    house.moved(299)
    assert await make_code(house, agent="bo") == old
    house.moved(1)
    shown = await house.ok("bo", "GET", "/api/codes")
    assert [item["state"] for item in shown["items"]] == ["expired"]
    new = await make_code(house, agent="bo")
    assert new != old
    user = await house.customer("nok")
    await sends(house, user, old)
    await sends(house, user, new)
    assert await answers(house, user) == [FAILED, BOUND.format("bo")]
    shown = await house.ok("bo", "GET", "/api/codes")
    assert [(item["code"], item["state"]) for item in shown["items"]] == [
        (new, "live"),
        (old, "revoked"),
    ]


async def test_q9_a_revoked_code_binds_nobody_and_bindings_stay(house: House) -> None:
    code = await make_code(house, agent="bo")
    user, other = await house.customer("nok"), await house.customer("lek")
    await sends(house, user, code)
    await house.ok("bo", "DELETE", f"/api/codes/{code.upper()}")
    await house.ok("bo", "DELETE", f"/api/codes/{code}")
    await sends(house, other, code)
    assert await answers(house, other) == [FAILED]
    assert len(await live_bindings(house)) == 1
    assert await make_code(house, agent="bo") != code


async def test_q9_codes_survive_a_restart(house: House) -> None:
    code = await make_code(house, agent="bo", tags=["x"])
    before = await house.ok("bo", "GET", "/api/codes")
    await house.restart(crash=True)
    assert await house.ok("bo", "GET", "/api/codes") == before
    user = await house.customer("nok")
    await sends(house, user, code)
    assert await answers(house, user) == [BOUND.format("bo")]


async def test_q9_what_is_done_with_codes_is_in_the_log(house: House) -> None:
    code = await make_code(house, "bo", agent="bo")
    await make_code(house, "bo", agent="bo", tags=["x"])
    await make_code(house, "bo", agent="bo", tags=["x"])
    await house.ok("amy", "DELETE", f"/api/codes/{code}")
    events = await house.events("code.changed")
    names = house.backend.directory
    assert [(names.nickname(event.actor_id), event.data["revoked"]) for event in events] == [
        ("bo", False),
        ("bo", False),
        ("amy", True),
    ]
    assert {event.data["code"] for event in events} == {code}
    live = await house.live("cy", "after=0")
    await live.until(lambda live: live.kinds().count("code.changed") == 3)


async def test_q9_everybody_sees_their_own_and_their_teams_codes(house: House) -> None:
    made = {
        name: await make_code(house, **wanted)
        for name, wanted in {
            "bo": {"agent": "bo"},
            "bo in sales": {"agent": "bo", "team": "sales"},
            "sales": {"team": "sales"},
            "cy": {"agent": "cy"},
            "care": {"team": "care"},
        }.items()
    }

    async def seen(who: str, query: str = "") -> set[str]:
        page = await house.ok(who, "GET", f"/api/codes{query}")
        assert page["total"] == len(page["items"])
        found = {item["code"] for item in page["items"]}
        return {name for name, code in made.items() if code in found}

    assert await seen("amy") == set(made)
    assert await seen("bo") == {"bo", "bo in sales", "sales"}
    assert await seen("cy") == {"cy", "care"}
    assert await seen("amy", "?agent=bo") == {"bo", "bo in sales"}
    assert await seen("amy", "?team=sales") == {"bo in sales", "sales"}
    assert await seen("amy", "?channel=bot") == set()
    await house.ok("amy", "DELETE", f"/api/codes/{made['care']}")
    await house.ok("amy", "PATCH", "/api/agents/bo", {"active": False})
    assert await seen("amy", "?state=revoked") == {"care"}
    assert await seen("amy", "?state=inactive") == {"bo", "bo in sales"}
    assert await seen("amy", "?state=live") == {"sales", "cy"}
    assert await seen("amy", "?state=live&state=revoked") == {"sales", "cy", "care"}
    assert await seen("amy", "?state=expired") == set()
    first = await house.ok("amy", "GET", "/api/codes?limit=3")
    rest = await house.ok("amy", "GET", f"/api/codes?limit=3&cursor={first['next_cursor']}")
    assert (first["total"], len(rest["items"]), rest["next_cursor"]) == (5, 2, None)


async def test_q9_the_state_shown_is_the_state_filtered_by(house: House) -> None:
    for assignee in ({"agent": "bo"}, {"agent": "bo", "team": "sales"}, {"team": "sales"}):
        for channel in ("line", "bot"):
            await make_code(house, channel=channel, **assignee)
    page = await house.ok("amy", "GET", "/api/codes")
    await house.ok("amy", "DELETE", f"/api/codes/{page['items'][0]['code']}")
    await make_code(house, agent="cy", expires_at=at(house, seconds=1))
    await make_code(house, team="care", expires_at=at(house, seconds=1))
    house.moved(2)
    await house.database.write(apply_file, '[[teams]]\nslug = "sales"\nmembers = ["amy"]\n', {})
    everything = (await house.ok("amy", "GET", "/api/codes"))["items"]
    assert {item["state"] for item in everything} == {"live", "expired", "revoked", "inactive"}
    for state in ("live", "expired", "revoked", "inactive"):
        page = await house.ok("amy", "GET", f"/api/codes?state={state}")
        assert page["items"] == [item for item in everything if item["state"] == state]


async def test_q9_the_qr_of_a_live_code_is_drawn(house: House) -> None:
    code = await make_code(house, agent="bo")
    svg = await house.call("bo", "GET", f"/api/codes/{code}/qr.svg")
    png = await house.call("bo", "GET", f"/api/codes/{code}/qr.png")
    assert (svg.headers["content-type"], "<svg" in svg.text) == ("image/svg+xml", True)
    assert (png.headers["content-type"], png.content[:4]) == ("image/png", b"\x89PNG")
    team = await make_code(house, team="sales")
    assert (await house.call("bo", "GET", f"/api/codes/{team}/qr.svg")).status_code == 200
    assert (await house.call("cy", "GET", f"/api/codes/{team}/qr.svg")).status_code == 403
    assert (await house.call("bo", "GET", "/api/codes/ibx-none/qr.svg")).status_code == 404
    await house.ok("bo", "DELETE", f"/api/codes/{code}")
    refused = await house.call("bo", "GET", f"/api/codes/{code}/qr.png")
    assert (refused.status_code, refused.json()["type"]) == (409, "not-possible-now")
    assert "revoked" in refused.json()["detail"]


# --- a clear line, and nothing changed ----------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "body", "status", "said"),
    [
        ("amy", {"channel": "line", "agent": "nobody"}, 404, "There is no agent “nobody”."),
        ("amy", {"channel": "line", "team": "nothing"}, 404, "There is no team “nothing”."),
        ("amy", {"channel": "nowhere", "agent": "bo"}, 404, "There is no channel “nowhere”."),
        ("amy", {"channel": "line"}, 422, "Name an agent, a team, or both."),
        ("amy", {"agent": "bo"}, 422, "channel: Field required"),
        ("amy", {"channel": "line", "agent": "cy", "team": "sales"}, 422, "cy is not in sales."),
        ("amy", {"channel": "zalo", "agent": "bo"}, 409, "Zalo's links cannot fill in a message"),
        ("amy", {"channel": "wa", "agent": "bo"}, 503, "does not work as it is set up"),
        ("amy", {"channel": "quiet", "agent": "bo"}, 409, "access_token is not set"),
        ("amy", {**BO, "expires_at": "2001-01-01T00:00:00Z"}, 422, "is past"),
        ("amy", {**BO, "expires_at": "2099-01-01T00:00:00"}, 422, "offset"),
        ("amy", {**BO, "expires_at": "soon"}, 422, "expires_at"),
        ("amy", {**BO, "tags": ["x" * 61]}, 422, "tags is too long"),
        ("amy", {**BO, "tags": [f"{n}" for n in range(51)]}, 422, "more than 50"),
        ("amy", {**BO, "tag": ["x"]}, 422, "there is no key"),
        ("bo", {"channel": "line", "agent": "amy"}, 403, NOT_YOURS),
        ("bo", {"channel": "line", "team": "sales"}, 403, NOT_YOURS),
        ("bo", {"channel": "line", "agent": "bo", "team": "care"}, 422, "bo is not in care."),
    ],
)
async def test_what_cannot_be_is_said_and_changes_nothing(
    house: House, who: str, body: dict[str, Any], status: int, said: str
) -> None:
    await more_channels(house)
    answer = await house.call(who, "POST", "/api/codes", body)
    assert answer.status_code == status, answer.text
    assert said in answer.json()["detail"]
    assert "\n" not in answer.json()["detail"]
    assert await house.rows(sa.select(CODES)) == []
    assert await house.events("code.changed") == []


async def test_a_platform_that_does_not_tell_its_address_is_said(house: House) -> None:
    await house.fault(FaultKind.SERVER_ERROR, account="line", method="info")
    answer = await house.call("bo", "POST", "/api/codes", {"channel": "line", "agent": "bo"})
    assert answer.status_code == 503
    assert "LINE does not tell the account's @name" in answer.json()["detail"]
    assert await house.rows(sa.select(CODES)) == []
    assert codes.is_code(await make_code(house, "bo", agent="bo"))


async def test_an_inactive_account_gets_no_code(house: House) -> None:
    await house.ok("amy", "PATCH", "/api/agents/bo", {"active": False})
    answer = await house.call("amy", "POST", "/api/codes", {"channel": "line", "agent": "bo"})
    assert (answer.status_code, await house.rows(sa.select(CODES))) == (409, [])
    assert answer.json()["detail"] == "The account of bo is not active."


@pytest.mark.parametrize("code", ["ibx-kato-miru-sabe", "x", "%20", "ibx-" + "a" * 500])
async def test_a_code_that_is_none_is_not_found(house: House, code: str) -> None:
    assert (await house.call("amy", "DELETE", f"/api/codes/{code}")).status_code == 404


@pytest.mark.parametrize("cursor", ["x", "-1", "1.5", "9" * 40])
async def test_a_cursor_that_is_none_is_refused(house: House, cursor: str) -> None:
    for path in ("codes", "contacts", "bindings"):
        answer = await house.call("amy", "GET", f"/api/{path}?cursor={cursor}")
        assert answer.status_code == 422


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"from_agent": "nobody", "agent": "cy"}, 404),
        ({"from_agent": "bo", "agent": "nobody"}, 404),
        ({"from_agent": "bo", "team": "nothing"}, 404),
        ({"from_agent": "bo"}, 422),
        ({"from_agent": "bo", "agent": "cy", "team": "sales"}, 422),
        ({"agent": "cy"}, 422),
    ],
)
async def test_q8_moving_all_to_who_cannot_be_changes_nothing(
    house: House, body: dict[str, str], status: int
) -> None:
    await sends(house, await house.customer("nok"), await make_code(house, agent="bo"))
    before = await live_bindings(house)
    assert (await house.call("amy", "POST", "/api/bindings/move", body)).status_code == status
    assert await live_bindings(house) == before
    assert (await house.call("amy", "DELETE", "/api/bindings")).status_code == 422
    assert (await house.call("amy", "DELETE", "/api/bindings?agent=x")).status_code == 404


# --- the list of contacts (Q11) -----------------------------------------------------------------


async def people(house: House) -> dict[str, str]:
    """Let five customers be bound differently, two of them without a session."""
    users = {name: await house.customer(name) for name in ("nok", "lek", "mai", "noi", "dao")}
    for name in ("nok", "mai", "dao"):
        await sends(house, users[name], "hello")
    await sends(house, users["nok"], await make_code(house, agent="bo"))
    await sends(house, users["lek"], await make_code(house, agent="bo", team="sales"))
    await sends(house, users["mai"], await make_code(house, team="sales"))
    await sends(house, users["noi"], await make_code(house, agent="cy", tags=["fair"]))
    return users


async def listed(house: House, query: str = "", who: str = "amy") -> list[int]:
    page = await house.ok(who, "GET", f"/api/contacts?{query}")
    return [item["id"] for item in page["items"]]


async def test_q11_contacts_by_whom_they_are_bound_to(house: House) -> None:
    users = await people(house)
    ids = {name: (await contact_of(house, user)).id for name, user in users.items()}

    async def names(query: str, who: str = "amy") -> set[str]:
        found = await listed(house, query, who)
        assert found == sorted(found, reverse=True)
        return {name for name, contact_id in ids.items() if contact_id in found}

    assert await names("") == set(users)
    assert await names("bound=bo") == {"nok", "lek"}
    assert await names("bound=me", "bo") == {"nok", "lek"}
    assert await names("bound=me", "cy") == {"noi"}
    assert await names("bound=sales") == {"lek", "mai"}
    assert await names("bound=agent:bo") == {"nok", "lek"}
    assert await names("bound=team:sales") == {"lek", "mai"}
    assert await names("bound=none") == {"dao"}
    for wrong in ("nobody", "agent:sales", "team:bo"):
        answer = await house.call("amy", "GET", f"/api/contacts?bound={wrong}")
        assert answer.status_code == 404
    # The same filter over sessions.
    page = await house.ok("bo", "GET", "/api/sessions?bound=me")
    assert [item["contact"]["id"] for item in page["items"]] == [ids["nok"]]
    assert page["total"] == 1
    page = await house.ok("bo", "GET", "/api/sessions?bound=sales&list=unassigned")
    assert [item["contact"]["id"] for item in page["items"]] == [ids["mai"]]
    page = await house.ok("bo", "GET", "/api/sessions?bound=none")
    assert [item["contact"]["id"] for item in page["items"]] == [ids["dao"]]
    assert (await house.call("amy", "GET", "/api/sessions?bound=nobody")).status_code == 404


async def test_q11_a_row_shows_whom_they_are_bound_to_and_who_serves_them(house: House) -> None:
    users = await people(house)
    (session, *_) = await house.sessions()
    await house.ok("amy", "POST", f"/api/sessions/{session.id}/claim")
    nok = (await contact_of(house, users["nok"])).id
    noi = (await contact_of(house, users["noi"])).id
    page = await house.ok("bo", "GET", "/api/contacts")
    rows = {item["id"]: item for item in page["items"]}
    assert (page["total"], page["total_is_exact"]) == (5, True)
    shown = [rows[nok][key] for key in ("channels", "bound_agent", "session_id", "assignee")]
    assert shown == [["line"], "bo", session.id, "amy"]
    assert rows[nok]["bound_at"] is not None
    assert rows[nok]["last_seen_at"] is not None
    assert (rows[noi]["session_id"], rows[noi]["assignee"]) == (None, None)
    assert (rows[noi]["tags"], rows[noi]["bound_agent"]) == (["fair"], "cy")
    assert rows[noi]["last_seen_at"] is not None


async def test_q11_contacts_are_found_by_name_and_listed_in_pages(house: House) -> None:
    users = await people(house)
    ids = sorted([(await contact_of(house, user)).id for user in users.values()], reverse=True)
    assert (await contact_of(house, users["dao"])).id == ids[2]
    path = f"/api/contacts/{ids[2]}"
    await house.ok("amy", "PATCH", path, {"nickname": "Khun Somsri 50%_"})
    for q in ("somsri", "SOM", "so", "50%25", "%25_", "ri 50"):
        assert await listed(house, f"q={q}") == [ids[2]], q
    assert await listed(house, "q=nothing-like-it") == []
    assert await listed(house, 'q="') == []
    assert await listed(house, "q=somsri&bound=none") == [ids[2]]
    assert await listed(house, "q=somsri&bound=cy") == []
    found, cursor = [], ""
    for _ in range(3):
        page = await house.ok("amy", "GET", f"/api/contacts?limit=2{cursor}")
        found += [item["id"] for item in page["items"]]
        cursor = f"&cursor={page['next_cursor']}"
        assert page["total"] == 5
    assert (found, page["next_cursor"]) == (ids, None)


async def test_q11_restricted_each_sees_their_own_contacts(house: House) -> None:
    users = await people(house)
    ids = {name: (await contact_of(house, user)).id for name, user in users.items()}
    await house.database.write(apply_file, "[workspace]\nrestrict_to_team = true\n", {})

    async def names(who: str, query: str = "") -> set[str]:
        found = await listed(house, query, who)
        return {name for name, contact_id in ids.items() if contact_id in found}

    assert await names("amy") == set(users)
    # The sessions of nok, mai and dao are with sales, where bo is; lek is bound to bo.
    assert await names("bo") == {"nok", "lek", "mai", "dao"}
    assert await names("cy") == {"noi"}
    assert await names("cy", "bound=bo") == set()


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("bound=bo", "contacts_of_agent"),
        ("bound=sales", "contacts_of_team"),
        ("bound=none", "contacts_unbound"),
    ],
)
async def test_q11_every_filter_walks_an_index_and_sorts_nothing(
    house: House, query: str, index: str
) -> None:
    seen: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("SELECT contacts.id") and "ORDER BY" in statement:
            seen.append(statement)
            asked.append(parameters)

    asked: list[Any] = []
    sa.event.listen(sa.Engine, "before_cursor_execute", hear)
    try:
        await listed(house, query)
        await listed(house, f"{query}&cursor=100")
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", hear)
    assert len(seen) >= 2
    for statement, parameters in zip(seen, asked, strict=True):
        plan = await house.read(partial(plan_of, statement, parameters))
        assert any(index in step for step in plan), plan
        assert not any("TEMP B-TREE" in step for step in plan), plan


def plan_of(statement: str, parameters: Any, connection: sa.Connection) -> list[str]:
    rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
    return [str(row[3]) for row in rows]

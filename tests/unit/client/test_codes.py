"""The calls about codes, bindings and contacts over a real socket (Q1, Q8-Q11)."""

import json
from datetime import UTC, datetime

from tests.unit.client.conftest import Server

from inbox_tui.client.http import HttpClient
from inbox_tui.client.port import BindingQuery, CodeQuery, ContactQuery
from inbox_tui.state.assignees import KEPT
from inbox_tui.testing.codes import put_binding, put_code
from inbox_tui.testing.scenes import busy_shop
from inbox_tui.wire import codec
from inbox_tui.wire.codes import (
    BindingCounts,
    BindingsChanged,
    ContactSummary,
    PostCode,
    PostMoveBindings,
)
from inbox_tui.wire.models import Deactivation, Page
from inbox_tui.wire.requests import PatchAgent, PostMoveBinding

EXPIRES = datetime(2026, 6, 1, tzinfo=UTC)


def plain(model: object) -> object:
    return json.loads(codec.encode(model))


async def test_q9_codes_are_made_listed_and_revoked_where_the_wire_says(server: Server) -> None:
    code = put_code(busy_shop(), agent="amy", team="sales", expires_at=EXPIRES, tags=["vip"])
    page = Page(items=[code], total=1)
    server.answers["/api/codes"] = (200, plain(page))
    server.answers[f"/api/codes/{code.code}"] = (204, b"")
    client = HttpClient(server.base_url, "secret", window="w1")
    assert await client.codes(CodeQuery(channel="line-main", agent="amy", states=KEPT)) == page
    server.answers["/api/codes"] = (201, plain(code))
    body = PostCode(channel="line-main", agent="amy", team="sales", tags=["vip"])
    assert await client.make_code(body) == code
    await client.revoke_code(code.code)
    assert server.calls() == [
        (
            "GET",
            "/api/codes?channel=line-main&agent=amy&state=live&state=expired&state=inactive&limit=100",
        ),
        ("POST", "/api/codes"),
        ("DELETE", "/api/codes/ibx-kato-miru-sabe"),
    ]
    assert json.loads(server.asked[1][3])["team"] == "sales"
    await client.close()


async def test_q8_bindings_are_ended_and_moved_one_by_one_and_all_at_once(server: Server) -> None:
    binding = put_binding(busy_shop(), 1, agent="bo")
    server.answers["/api/bindings"] = (200, plain(Page(items=[binding], total=1)))
    server.answers["/api/bindings/7"] = (204, b"")
    server.answers["/api/bindings/7/move"] = (200, plain(binding))
    server.answers["/api/bindings/move"] = (200, {"bindings": 3})
    client = HttpClient(server.base_url, "secret", window="w1")
    assert (await client.bindings(BindingQuery(agent="bo"))).items == [binding]
    await client.end_binding(7)
    assert await client.move_binding(7, PostMoveBinding(agent="bo")) == binding
    moved = await client.move_bindings(PostMoveBindings(from_agent="amy", team="sales"))
    assert moved == BindingsChanged(bindings=3)
    server.answers["/api/bindings"] = (200, {"bindings": 2})
    assert await client.end_bindings_of("amy") == BindingsChanged(bindings=2)
    assert server.calls() == [
        ("GET", "/api/bindings?agent=bo&limit=100"),
        ("DELETE", "/api/bindings/7"),
        ("POST", "/api/bindings/7/move"),
        ("POST", "/api/bindings/move"),
        ("DELETE", "/api/bindings?agent=amy"),
    ]
    assert json.loads(server.asked[3][3])["from_agent"] == "amy"
    await client.close()


async def test_q10_q11_counts_and_contacts_are_read_where_the_wire_says(server: Server) -> None:
    counts = BindingCounts(agents={"amy": 3}, teams={"sales": 1})
    page = Page(items=[ContactSummary(id=4, name="สมชาย")], next_cursor="c2", total=9)
    server.answers["/api/bindings/counts"] = (200, plain(counts))
    server.answers["/api/contacts"] = (200, plain(page))
    client = HttpClient(server.base_url, "secret", window="w1")
    assert await client.binding_counts() == counts
    assert await client.contacts(ContactQuery(bound="me", q="vip", limit=50)) == page
    assert server.calls()[1] == ("GET", "/api/contacts?bound=me&q=vip&limit=50")
    await client.close()


async def test_r12_what_deactivating_does_is_asked_for_before_it_is_done(server: Server) -> None:
    told = Deactivation(nickname="bo", active=True, sessions=2, bindings=5)
    server.answers["/api/agents/bo/deactivation"] = (200, plain(told))
    server.answers["/api/agents/bo"] = (200, plain(busy_shop().agents["bo"]))
    client = HttpClient(server.base_url, "secret", window="w1")
    assert await client.deactivation("bo") == told
    await client.patch_agent("bo", PatchAgent(active=False))
    assert json.loads(server.asked[1][3])["active"] is False
    await client.close()

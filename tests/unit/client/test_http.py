"""The calls over a real socket: URLs, bodies, headers, and every kind of failure."""

import json
import socket

import pytest
from tests.unit.client.conftest import Server

from inbox_tui.client.http import HttpClient
from inbox_tui.client.port import CaseQuery, Client, SessionQuery
from inbox_tui.client.problems import unavailable
from inbox_tui.errors import (
    AlreadyTaken,
    Forbidden,
    InboxError,
    NotFound,
    Refused,
    StaleVersion,
    Unavailable,
)
from inbox_tui.lean_httpx import httpx
from inbox_tui.testing import builders as build
from inbox_tui.wire import codec
from inbox_tui.wire.models import Page
from inbox_tui.wire.requests import CaseEdit, PostEnd, PostTransfer, PutAccepting
from inbox_tui.wire.words import CaseStatus, ListName, Sort, StateFilter, TransferScope


def client_of(url: str) -> HttpClient:
    return HttpClient(url, "secret", window="w1")


def plain(model: object) -> object:
    return json.loads(codec.encode(model))


async def test_it_has_the_shape_that_the_screens_ask_for(server: Server) -> None:
    client: Client = client_of(server.base_url)
    await client.close()


@pytest.mark.parametrize("by_socket", [False, True])
async def test_a_call_goes_over_tcp_and_over_a_unix_socket(server: Server, by_socket: bool) -> None:
    server.answers["/api/me"] = (200, plain(build.me()))
    client = client_of(server.unix_url if by_socket else server.base_url)
    assert (await client.me()).agent.nickname == "amy"
    assert server.asked[0][2]["authorization"] == "Bearer secret"
    await client.close()


async def test_a_list_asks_for_what_is_set_only(server: Server) -> None:
    page = Page(items=[build.waiting(1)], next_cursor="c2", total=2)
    server.answers["/api/sessions"] = (200, plain(page))
    client = client_of(server.base_url)
    query = SessionQuery(
        list=ListName.MINE,
        sort=Sort.RECENT,
        q="รองเท้า",
        state=StateFilter.UNREAD,
        channel="line-main",
        cursor="c1",
        limit=50,
    )
    assert await client.sessions(query) == page
    await client.sessions(SessionQuery(list=ListName.ALL))
    first, second = (path for _, path in server.calls())
    assert first == (
        "/api/sessions?list=mine&sort=recent&q=%E0%B8%A3%E0%B8%AD%E0%B8%87%E0%B9%80%E0%B8%97"
        "%E0%B9%89%E0%B8%B2&state=unread&channel=line-main&limit=50&cursor=c1"
    )
    assert second == "/api/sessions?list=all&sort=wait&limit=100"
    await client.close()


async def test_people_are_read_to_the_last_page(server: Server) -> None:
    server.answers["/api/agents"] = (200, plain(Page(items=[build.agent("amy")])))
    client = client_of(server.base_url)
    assert [agent.nickname for agent in await client.agents()] == ["amy"]
    await client.close()


async def test_the_actions_go_where_the_wire_says(server: Server) -> None:
    result = {"session": plain(build.session(7)), "warnings": []}
    moved = {"sessions": [plain(build.session(7))], "warnings": []}
    entry = plain(build.reply(9))
    for verb in ("claim", "assign", "end", "star", "read"):
        server.answers[f"/api/sessions/7/{verb}"] = (200, result)
    server.answers["/api/sessions/7/transfer"] = (200, moved)
    server.answers["/api/sessions/7/messages"] = (201, entry)
    server.answers["/api/sessions/7/notes"] = (201, entry)
    server.answers["/api/sessions/7/messages/9/retry"] = (200, entry)
    server.answers["/api/me/accepting"] = (200, plain(build.agent()))
    server.answers["/api/me/presence/w1"] = (204, b"")
    client = client_of(server.base_url)
    await client.post_message(7, "hello", key="k-1")
    await client.post_note(7, "careful")
    await client.retry_message(7, 9)
    await client.claim(7)
    await client.transfer(7, PostTransfer(agent="bo", scope=TransferScope.ALL_MINE))
    await client.end(7, PostEnd(reason="spam"))
    await client.star(7, True)
    await client.read(7, 4)
    await client.put_accepting(PutAccepting(accepting=False, reason="lunch"))
    await client.goodbye()
    assert server.calls() == [
        ("POST", "/api/sessions/7/messages"),
        ("POST", "/api/sessions/7/notes"),
        ("POST", "/api/sessions/7/messages/9/retry"),
        ("POST", "/api/sessions/7/claim"),
        ("POST", "/api/sessions/7/transfer"),
        ("POST", "/api/sessions/7/end"),
        ("POST", "/api/sessions/7/star"),
        ("POST", "/api/sessions/7/read"),
        ("PUT", "/api/me/accepting"),
        ("DELETE", "/api/me/presence/w1"),
    ]
    assert server.asked[0][2]["idempotency-key"] == "k-1"
    assert server.asked[3][3] == b""
    assert json.loads(server.asked[4][3])["scope"] == "all_mine"
    await client.close()


async def test_a_case_is_edited_with_its_version_and_its_code_is_one_segment(
    server: Server,
) -> None:
    server.answers["/api/cases"] = (200, plain(Page(items=[])))
    client = client_of(server.base_url)
    await client.cases(CaseQuery(status=CaseStatus.CLOSED, q="refund"))
    with pytest.raises(NotFound):
        await client.patch_case("../me", CaseEdit(title="x"), version=4)
    assert server.calls()[0][1] == "/api/cases?status=closed&q=refund&limit=100"
    assert server.asked[1][2]["if-match"] == '"4"'
    await client.close()


class TestFailures:
    async def test_a_problem_comes_back_as_its_own_class(self, server: Server) -> None:
        problem = {
            "type": "already-taken",
            "title": "Already taken",
            "status": 409,
            "detail": "Taken by bo 3 s ago.",
            "data": {"assignee": "bo", "seconds_ago": 3},
        }
        server.answers["/api/sessions/7/claim"] = (409, problem)
        client = client_of(server.base_url)
        with pytest.raises(AlreadyTaken) as told:
            await client.claim(7)
        assert told.value.detail == "Taken by bo 3 s ago."
        assert told.value.data == {"assignee": "bo", "seconds_ago": 3}
        await client.close()

    async def test_a_stale_case_is_told_as_such(self, server: Server) -> None:
        problem = {"type": "stale-version", "title": "t", "status": 409, "detail": "d"}
        server.answers["/api/cases/C-1"] = (409, problem)
        client = client_of(server.base_url)
        with pytest.raises(StaleVersion):
            await client.patch_case("C-1", CaseEdit(title="x"), version=1)
        await client.close()

    @pytest.mark.parametrize(
        ("status", "body", "kind"),
        [
            (502, b"<html>bad gateway</html>", Unavailable),
            (403, b"", Forbidden),
            (404, b'{"detail":"Not Found"}', NotFound),
            (418, b"teapot", InboxError),
        ],
    )
    async def test_an_answer_that_is_no_problem_goes_by_its_status(
        self, server: Server, status: int, body: bytes, kind: type[InboxError]
    ) -> None:
        server.answers["/api/me"] = (status, body)
        client = client_of(server.base_url)
        with pytest.raises(InboxError) as told:
            await client.me()
        assert type(told.value) is kind
        await client.close()

    async def test_an_answer_of_another_shape_is_not_understood(self, server: Server) -> None:
        server.answers["/api/me"] = (200, b'{"agent": 5}')
        client = client_of(server.base_url)
        with pytest.raises(Unavailable, match="does not understand"):
            await client.me()
        await client.close()

    async def test_nobody_there_is_unavailable(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            client = client_of(f"http://127.0.0.1:{free.getsockname()[1]}")
            with pytest.raises(Unavailable):
                await client.me()
        await client.close()

    @pytest.mark.parametrize("url", ["ftp://host", "host:80", "http://", "http://host:port"])
    def test_a_wrong_address_is_refused_with_a_hint(self, url: str) -> None:
        with pytest.raises(Refused):
            client_of(url)


def test_a_broken_connection_is_told_without_the_name_of_a_class() -> None:
    broken = unavailable(httpx.RemoteProtocolError("peer closed"))
    assert (broken.detail, broken.hint) == ("The connection broke.", None)

"""``/api/automatic`` and ``[messages]`` of a workspace file (M8, W4, W6)."""

from typing import Any

import pytest
import sqlalchemy as sa

from inbox_tui.errors import InvalidWorkspace
from inbox_tui.store import tables
from inbox_tui.wire.words import Automatic

TEMPLATES = tables.table(tables.AutomaticTemplate)


def of(found: dict[str, Any], kind: str) -> dict[str, Any]:
    return next(item for item in found["items"] if item["kind"] == kind)


async def test_m8_nothing_is_on_but_the_replies_to_codes(api: Any) -> None:
    found = (await api("bo", "GET", "/api/automatic")).json()
    assert [item["kind"] for item in found["items"]] == list(Automatic)
    on = {item["kind"] for item in found["items"] if item["on"]}
    assert on == {"code_bound", "code_duplicate", "code_failed"}
    assert {item["kind"] for item in found["items"] if item["always"]} == on
    assert (found["min_gap"], found["language"]) == (600.0, "en")
    texts = of(found, "greeting")["templates"]
    assert [(each["language"], each["own"]) for each in texts] == [
        ("en", False),
        ("th", False),
        ("vi", False),
    ]


async def test_m8_switched_on_and_off_with_one_event_each(api: Any, shop: Any) -> None:
    body = {"on": {"greeting": True, "away": True}, "min_gap": 300}
    found = (await api("amy", "PATCH", "/api/automatic", body)).json()
    assert of(found, "greeting")["on"]
    assert found["min_gap"] == 300.0
    await api("amy", "PATCH", "/api/automatic", body)  # as it is already
    await api("amy", "PATCH", "/api/automatic", {"on": {"away": False}})
    told = [data for kind, _, data in await shop.events() if kind == "automatic.changed"]
    assert told == [{"on": ["greeting", "away"], "min_gap": 300.0}, {"off": ["away"]}]


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"on": {"code_bound": False}}, "on.code_bound"),
        ({"min_gap": -1}, "min_gap"),
        ({"min_gap": 1e18}, "min_gap"),
    ],
)
async def test_m8_a_wrong_switch_changes_nothing(
    api: Any, shop: Any, body: dict[str, Any], path: str
) -> None:
    answer = await api("amy", "PATCH", "/api/automatic", {"on": {}, **body})
    assert (answer.status_code, answer.json()["data"]["path"]) == (422, path)
    assert not [kind for kind, _, _ in await shop.events() if kind == "automatic.changed"]


class TestTexts:
    URL = "/api/automatic/greeting/templates"

    async def test_m8_written_changed_and_taken_away(self, api: Any) -> None:
        found = (await api("amy", "PUT", self.URL, {"language": "th", "text": "หนึ่ง"})).json()
        own = [each for each in of(found, "greeting")["templates"] if each["own"]]
        assert [(each["text"], each["version"], each["channel"]) for each in own] == [
            ("หนึ่ง", 1, None)
        ]
        body = {"language": "th", "text": "สอง", "version": 1}
        assert (await api("amy", "PUT", self.URL, body)).status_code == 200
        stale = await api("amy", "PUT", self.URL, body)
        assert (stale.status_code, stale.json()["data"]["version"]) == (409, 2)
        gone = await api("amy", "DELETE", f"{self.URL}?language=th", if_match="2")
        assert not [each for each in of(gone.json(), "greeting")["templates"] if each["own"]]
        again = await api("amy", "DELETE", f"{self.URL}?language=th")
        assert again.status_code == 404

    async def test_m8_one_for_a_channel_beside_one_for_all(self, api: Any) -> None:
        for channel in (None, "bot"):
            body = {"language": "en", "text": f"Hello on {channel}", "channel": channel}
            found = (await api("amy", "PUT", self.URL, body)).json()
        own = [each for each in of(found, "greeting")["templates"] if each["own"]]
        assert [each["channel"] for each in own] == [None, "bot"]

    async def test_m8_a_region_is_left_out_of_the_language(self, api: Any) -> None:
        found = (await api("amy", "PUT", self.URL, {"language": "pt_BR", "text": "Olá"})).json()
        assert [each["language"] for each in of(found, "greeting")["templates"]] == [
            *("en", "pt", "th", "vi")
        ]

    @pytest.mark.parametrize(
        ("body", "status", "said"),
        [
            ({"text": "Hello {customer}"}, 422, "no variable {customer}"),
            ({"text": "Hello {shop_name"}, 422, "stands alone"),
            ({"text": ""}, 422, "empty"),
            ({"language": "english please"}, 422, "language"),
            ({"channel": "nowhere"}, 404, "nowhere"),
            ({"version": 3}, 409, "changed since"),
        ],
    )
    async def test_m8_a_wrong_text_is_refused_and_nothing_is_changed(
        self, api: Any, shop: Any, body: dict[str, Any], status: int, said: str
    ) -> None:
        answer = await api("amy", "PUT", self.URL, {"language": "en", "text": "Hi", **body})
        assert answer.status_code == status
        assert said in answer.json()["detail"]
        rows = await shop.read(lambda connection: connection.execute(sa.select(TEMPLATES)).all())
        assert rows == []

    async def test_w6_every_change_is_recorded_and_none_for_nothing(
        self, api: Any, shop: Any
    ) -> None:
        for _ in range(2):
            await api("amy", "PUT", self.URL, {"language": "en", "text": "Hi"})
        await api("amy", "DELETE", f"{self.URL}?language=en")
        told = [data for kind, _, data in await shop.events() if kind == "automatic.changed"]
        assert [data["change"] for data in told] == ["created", "removed"]
        assert told[0]["text"] == "Hi"


class TestPreview:
    async def preview(self, api: Any, **body: Any) -> dict[str, Any]:
        answer = await api("bo", "POST", "/api/automatic/preview", {"language": "en", **body})
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def test_m8_with_the_data_of_the_latest_session(self, api: Any, shop: Any) -> None:
        await shop.session("U1", "Nok")
        latest = await shop.session("U2", "Lek")
        text = "{contact_name}, {shop_name}, {channel_name}, {team_name}, {agent_name}."
        found = await self.preview(api, kind="assigned", text=f"{text}\nHello {{contact_name}}")
        assert found["text"] == "Hello Lek"
        assert (found["session_id"], found["empty"]) == (latest["id"], ["agent_name"])

    async def test_m8_of_a_session_that_is_named(self, api: Any, shop: Any) -> None:
        first = await shop.session("U1", "Nok")
        await shop.session("U2", "Lek")
        found = await self.preview(
            api, kind="greeting", text="Hi {contact_name}", session_id=first["id"]
        )
        assert found["text"] == "Hi Nok"
        answer = await api(
            "bo",
            "POST",
            "/api/automatic/preview",
            {"kind": "greeting", "language": "en", "session_id": 99},
        )
        assert answer.status_code == 404

    async def test_m8_an_example_where_there_is_no_session(self, api: Any) -> None:
        found = await self.preview(api, kind="code_bound")
        assert (found["text"], found["session_id"]) == ("You are now assigned to Amy Tan.", None)

    async def test_m8_the_text_that_holds_where_none_is_given(self, api: Any, shop: Any) -> None:
        await shop.session()
        body = {"language": "th", "text": "ของเรา {shop_name}"}
        await api("amy", "PUT", "/api/automatic/greeting/templates", body)
        found = await self.preview(api, kind="greeting", language="th")
        assert found["text"] == "ของเรา Baan Shop"

    @pytest.mark.parametrize("kind", Automatic)
    async def test_m8_every_kind_can_be_looked_at(
        self, api: Any, shop: Any, kind: Automatic
    ) -> None:
        await shop.session()
        for language in ("en", "th", "vi"):
            found = await self.preview(api, kind=kind, language=language)
            assert "{" not in found["text"]

    async def test_m8_a_wrong_text_is_refused_here_too(self, api: Any) -> None:
        body = {"kind": "greeting", "language": "en", "text": "{nobody}"}
        answer = await api("amy", "POST", "/api/automatic/preview", body)
        assert (answer.status_code, answer.json()["data"]["path"]) == (422, "text")


FILE = """
[messages]
on = ["greeting", "away"]
min_gap = "15m"

[[messages.templates]]
kind = "greeting"
language = "th"
text = "สวัสดีค่ะ"

[[messages.templates]]
kind = "greeting"
language = "th"
channel = "bot"
text = '''
Hello from the bot,
{contact_name}'''
"""


class TestFile:
    async def test_m8_a_file_switches_and_writes_and_twice_changes_nothing(self, shop: Any) -> None:
        applied = await shop.apply(FILE)
        assert applied.changed == ["messages"]
        assert applied.created == ["message greeting th", "message greeting th bot"]
        settings = (await shop.directory()).settings
        assert settings.automatic == {Automatic.GREETING, Automatic.AWAY}
        assert settings.automatic_gap == 900_000
        events = await shop.events()
        again = await shop.apply(FILE)
        assert (again.created, again.changed) == ([], [])
        assert await shop.events() == events
        told = [data for kind, _, data in events if kind == "automatic.changed"]
        assert told[0] == {"on": ["greeting", "away"], "min_gap": 900.0}
        assert [data["change"] for data in told[1:]] == ["created", "created"]

    async def test_m8_what_the_file_leaves_out_stays(self, shop: Any) -> None:
        await shop.apply(FILE)
        await shop.apply('[messages]\non = ["away"]\n')
        settings = (await shop.directory()).settings
        assert (settings.automatic, settings.automatic_gap) == ({Automatic.AWAY}, 900_000)
        rows = await shop.read(lambda connection: connection.execute(sa.select(TEMPLATES)).all())
        assert len(rows) == 2

    @pytest.mark.parametrize(
        ("change", "path", "line", "said"),
        [
            (("สวัสดีค่ะ", "Hi {customer}"), "messages.templates[0].text", 9, "{customer}"),
            (("{contact_name}", "{contact_name"), "messages.templates[1].text", 15, "stands alone"),
            (('"greeting", "away"', '"hello"'), "messages.on", 3, "one of greeting"),
            (('"away"', '"code_bound"'), "messages.on", 3, "always sent"),
            (('"15m"', '"often"'), "messages.min_gap", 4, "duration"),
            (('"bot"', '"nowhere"'), "messages.templates[1].channel", 14, "nowhere"),
            (('channel = "bot"', ""), "messages.templates[1]", 11, "the same messages"),
            (('language = "th"\ntext', "text"), "messages.templates[0]", 6, "language is missing"),
            (("min_gap", "mingap"), "messages.mingap", 4, "did you mean"),
        ],
    )
    async def test_m8_what_is_wrong_is_named_with_its_line_and_nothing_is_changed(
        self, shop: Any, change: tuple[str, str], path: str, line: int, said: str
    ) -> None:
        before = await shop.directory()
        with pytest.raises(InvalidWorkspace) as refused:
            await shop.apply(FILE.replace(*change, 1))
        first = refused.value.data["errors"][0]
        assert (first["path"], first["line"]) == (path, line)
        assert said in first["detail"]
        assert await shop.directory() == before

    @pytest.mark.parametrize("text", ["messages = 3", "[messages]\ntemplates = [3]"])
    async def test_m8_what_is_no_table_is_named_too(self, shop: Any, text: str) -> None:
        with pytest.raises(InvalidWorkspace, match="has to be a"):
            await shop.apply(text)

"""The calls about automatic messages over a real socket (M8)."""

import json

from tests.unit.client.conftest import Server

from inbox_tui.client.http import HttpClient
from inbox_tui.testing.automatic import built_in
from inbox_tui.wire import codec
from inbox_tui.wire.automatic import (
    AutomaticMessages,
    PatchAutomatic,
    PostPreview,
    Preview,
    PutTemplate,
)
from inbox_tui.wire.words import Automatic


def plain(model: object) -> object:
    return json.loads(codec.encode(model))


async def test_m8_messages_are_read_and_written_where_the_wire_says(server: Server) -> None:
    messages = AutomaticMessages(items=built_in(), min_gap=600.0, language="th")
    preview = Preview(text="Hello Ann!", session_id=4, empty=["response_time"])
    server.answers["/api/automatic"] = (200, plain(messages))
    server.answers["/api/automatic/greeting/templates"] = (200, plain(messages))
    server.answers["/api/automatic/preview"] = (200, plain(preview))
    client = HttpClient(server.base_url, "secret", window="w1")
    assert await client.automatic() == messages
    await client.patch_automatic(PatchAutomatic(on={Automatic.GREETING: True}, min_gap=300.0))
    written = PutTemplate(language="en", text="Hi {contact_name}", channel="line-main", version=2)
    await client.put_template(Automatic.GREETING, written)
    await client.delete_template(Automatic.GREETING, language="en", version=3)
    await client.delete_template(Automatic.GREETING, language="en", channel="line-main")
    asked = PostPreview(kind=Automatic.GREETING, language="en", text="Hi", session_id=4)
    assert await client.preview_automatic(asked) == preview
    assert server.calls() == [
        ("GET", "/api/automatic"),
        ("PATCH", "/api/automatic"),
        ("PUT", "/api/automatic/greeting/templates"),
        ("DELETE", "/api/automatic/greeting/templates?language=en"),
        ("DELETE", "/api/automatic/greeting/templates?language=en&channel=line-main"),
        ("POST", "/api/automatic/preview"),
    ]
    assert json.loads(server.asked[1][3]) == {"on": {"greeting": True}, "min_gap": 300.0}
    assert json.loads(server.asked[2][3]) == plain(written)
    await client.close()

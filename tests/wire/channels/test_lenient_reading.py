"""Whatever a platform leaves out, adds or gets wrong: nothing raises, and words are still shown."""

import copy
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from inbox_tui.channels import line_inbound, telegram_inbound
from inbox_tui.channels.port import (
    CustomerMessage,
    Edited,
    GroupMessage,
    Ignored,
    Inbound,
    Unsupported,
)

WORDS = "ยังมีของไหมคะ"
LINE_EVENT = {
    "type": "message",
    "mode": "active",
    "timestamp": 1_760_000_000_123,
    "source": {"type": "user", "userId": "U4af4980629"},
    "webhookEventId": "01FZ74A0TDDPYRVKNK77XKC3ZR",
    "deliveryContext": {"isRedelivery": False},
    "replyToken": "0f3779fba3b349968c5d07db31eab56f",
    "message": {
        "id": "468789577898262530",
        "type": "text",
        "quoteToken": "q3Plxr4AgKd",
        "text": WORDS,
        "emojis": [{"index": 0, "length": 6}],
        "mention": {"mentionees": []},
    },
}
TELEGRAM_UPDATE = {
    "update_id": 10_000,
    "message": {
        "message_id": 42,
        "from": {"id": 7, "is_bot": False, "first_name": "Linh", "language_code": "vi"},
        "chat": {"id": 7, "first_name": "Linh", "type": "private"},
        "date": 1_760_000_000,
        "entities": [{"type": "bold", "offset": 0, "length": 2}],
        "text": WORDS,
    },
}

junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=8)
    | st.sampled_from(["sticker", "image", "location", "group", "private", "standby", "-1"]),
    lambda children: (
        st.lists(children, max_size=3)
        | st.dictionaries(st.text(max_size=5) | st.sampled_from(["id", "type"]), children)
    ),
    max_leaves=8,
)


def paths(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [at] if at else []
    if isinstance(value, dict):
        for key, inner in value.items():
            found += paths(inner, (*at, key))
    if isinstance(value, list):
        for index, inner in enumerate(value):
            found += paths(inner, (*at, index))
    return found


@st.composite
def damaged(draw: st.DrawFn, whole: dict[str, Any], keep: str) -> tuple[dict[str, Any], bool]:
    """Return a copy with one to three places dropped or replaced; and whether its words stayed."""
    event = copy.deepcopy(whole)
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(paths(event)))
        holder: Any = event
        for step in path[:-1]:
            holder = holder[step]
        if draw(st.booleans()):
            del holder[path[-1]]
        else:
            holder[path[-1]] = draw(junk)
        if not event:
            break
    message = event.get(keep)
    return event, isinstance(message, dict) and message.get("text") == WORDS


def shown(said: Inbound) -> str:
    if isinstance(said, CustomerMessage | Edited | GroupMessage | Unsupported):
        said.content.text.encode()
        return said.content.text
    return ""


@given(damaged(LINE_EVENT, "message"))
def test_a_damaged_line_event_still_shows_its_words(case: tuple[dict[str, Any], bool]) -> None:
    event, has_words = case
    said = line_inbound.parse(event)
    if has_words:
        assert WORDS in shown(said)


@given(damaged(TELEGRAM_UPDATE, "message"))
def test_a_damaged_telegram_update_still_shows_its_words(
    case: tuple[dict[str, Any], bool],
) -> None:
    update, has_words = case
    said = telegram_inbound.parse(update)
    if has_words:
        assert WORDS in shown(said)


@given(st.dictionaries(st.text() | st.sampled_from(["type", "message", "source"]), junk))
def test_no_object_at_all_makes_reading_fail(payload: dict[str, Any]) -> None:
    for parse in (line_inbound.parse, telegram_inbound.parse):
        said = parse(payload)
        assert isinstance(said, Ignored) or shown(said) is not None


def test_an_object_nested_as_no_platform_nests_is_read() -> None:
    deep: Any = {}
    for _ in range(900):
        deep = {"inner": deep}
    said = line_inbound.parse({"message": deep, "type": "message"})
    assert isinstance(said, Unsupported)
    assert said.message_id
    json.dumps(said.message_id)

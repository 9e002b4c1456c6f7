"""JSON to models and back. What is decoded here is safe to show (U6)."""

import re
from typing import Any, TypeVar

import msgspec

from inbox_tui.text import safe_text

T = TypeVar("T")

# Escaped or raw, these bytes are the only way unsafe characters can stand in UTF-8 JSON; or so many
# marks in a row, told by the blocks that have any (of the Thai block the marks alone).
_SUSPECT = re.compile(
    rb"\\u|\\[bfrt]|[\x7f]|\xc2[\x80-\x9f]|\xd8\x9c|\xe2|\xef|\xf3"
    rb"|(?:[\xcc\xcd\xd2\xd6-\xdf].|\xe0(?:[\xa0-\xb7\xba-\xbf].|\xb8[\xb1\xb4-\xba]|\xb9[\x87-\x8e])"
    rb"|\xe1[\x80-\xb7].|\xe3(?:\x80[\xaa-\xaf]|\x82[\x99\x9a])|\xea[\x99-\xaf]."
    rb"|\xf0[\x90-\x9e]..){9}",
    re.DOTALL,
)

_encoder = msgspec.json.Encoder()


class NotDecodable(ValueError):
    """The bytes are not JSON, or not of the shape asked for."""


def decode(data: bytes, into: type[T]) -> T:
    """Decode JSON into a model, every string made safe.

    Raises NotDecodable.
    """
    try:
        if _SUSPECT.search(data) is None:
            return msgspec.json.decode(data, type=into)
        return msgspec.convert(_safe(msgspec.json.decode(data)), type=into, strict=False)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise NotDecodable(str(error)) from None


def encode(value: Any) -> bytes:  # noqa: ANN401 - any model
    """Encode a model as JSON; datetimes as RFC 3339."""
    return _encoder.encode(value)


def to_plain(value: Any) -> Any:  # noqa: ANN401 - any model
    """Return a model as dicts, lists, strings and numbers."""
    return msgspec.to_builtins(value)


def _safe(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, str):
        return safe_text(value)
    if isinstance(value, list):
        return [_safe(item) for item in value]
    if isinstance(value, dict):
        return {safe_text(key): _safe(item) for key, item in value.items()}
    return value

"""JSON to models and back. What is decoded here is safe to show (U6)."""

import re
from typing import Any, TypeVar

import msgspec

from inbox_tui.text import safe_text, surely_safe

T = TypeVar("T")

_ESCAPED = re.compile(rb"\\[ubfrt]")
"""Escapes that can stand for an unsafe character; all others stand in JSON as themselves."""

_encoder = msgspec.json.Encoder()


class NotDecodable(ValueError):
    """The bytes are not JSON, or not of the shape asked for."""


def decode(data: bytes, into: type[T]) -> T:
    """Decode JSON into a model, every string made safe.

    Raises NotDecodable.
    """
    try:
        if _ESCAPED.search(data) is None and surely_safe(data.decode()):
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

"""Reading other people's JSON leniently: what is not of the wanted type is not there.

Nothing read through here can break what stores it: strings can be encoded as UTF-8 and hold no
NUL (PostgreSQL refuses it), whole numbers fit 64 bits, other numbers are finite.
"""

import hashlib
import json
import math
import re
from collections.abc import Collection, Mapping
from typing import Any

import msgspec

from inbox_tui.channels.port import MalformedBody

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_SUSPECT = re.compile(rb"\\u0000|[0-9]{19}")
_INT64 = 2**63
_LATEST = 32_503_680_000_000  # the year 3000: a later timestamp is a mistake of the sender


def load(raw: bytes) -> Any:  # noqa: ANN401 - any JSON
    """Decode JSON, making it storable. Raises MalformedBody.

    The fast decoder is strict; what it refuses (lone surrogates from a text cut in the middle of
    an emoji, NaN, numbers out of range) is read again leniently: a message must not be lost for it.
    """
    try:
        try:
            value = msgspec.json.decode(raw)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return storable(json.loads(raw.decode("utf-8", errors="replace")))
        return storable(value) if _SUSPECT.search(raw) else value
    except (ValueError, RecursionError):
        raise MalformedBody("The body is not JSON.") from None


def storable(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return JSON with every string and number one that can be stored."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(key): storable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [storable(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, int) and not -_INT64 <= value < _INT64:
        return str(value)
    return value


def clean(value: str) -> str:
    """Return ``value`` with NUL and lone surrogates replaced by the replacement character."""
    return _UNSTORABLE.sub("\ufffd", value) if _UNSTORABLE.search(value) else value


def mapping(source: Any, *path: str) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    """Return the object at ``path``, or an empty one."""
    for key in path:
        source = source.get(key) if isinstance(source, dict) else None
    return source if isinstance(source, dict) else {}


def objects(source: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """Return the objects in the list under ``key``."""
    value = source.get(key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def strings(source: Mapping[str, Any], key: str) -> list[str]:
    """Return the strings in the list under ``key`` that are not empty."""
    value = source.get(key)
    if not isinstance(value, list):
        return []
    return [clean(item) for item in value if isinstance(item, str) and item]


def text(source: Mapping[str, Any], key: str) -> str | None:
    """Return the string under ``key``; None when it is empty or none."""
    value = source.get(key)
    return (clean(value) or None) if isinstance(value, str) else None


def identifier(source: Mapping[str, Any], key: str) -> str | None:
    """Return the id under ``key`` as a string, whether it is told as a string or a number."""
    value = source.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if -_INT64 <= value < _INT64 else None
    return text(source, key)


def whole(source: Mapping[str, Any], key: str) -> int | None:
    """Return the whole number under ``key`` (also told as a float or a string of digits)."""
    value = source.get(key)
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= 19:
        value = int(value)
    if isinstance(value, float) and math.isfinite(value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if -_INT64 <= value < _INT64 else None


def number(source: Mapping[str, Any], key: str) -> float | None:
    """Return the finite number under ``key``."""
    value = source.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        value = float(value)
    except OverflowError:
        return None
    return value if math.isfinite(value) else None


def moment(source: Mapping[str, Any], key: str, *, unit: int = 1) -> int | None:
    """Return the time under ``key`` as UTC milliseconds; ``unit`` is its unit in milliseconds."""
    value = whole(source, key)
    if value is None or not 0 < value * unit < _LATEST:
        return None
    return value * unit


def fingerprint(payload: Mapping[str, Any], *, without: Collection[str] = ()) -> str:
    """Return a dedupe key made of the content itself, for an event that came without an id."""
    content = {key: value for key, value in payload.items() if key not in without}
    try:
        canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
    except RecursionError:  # nested as no platform nests: its outermost names have to do
        canonical = json.dumps(sorted(content))
    return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()

"""What went wrong with a call, as one class of :mod:`inbox_tui.errors`.

What this side finds out by itself carries ``say`` in its data: which sentence of a catalogue tells
it in the reader's language. What the server says is handed on in the server's words.
"""

import json

from inbox_tui.errors import BY_TYPE, InboxError, Unavailable
from inbox_tui.lean_httpx import httpx
from inbox_tui.text import safe_line
from inbox_tui.wire import codec
from inbox_tui.wire.models import Problem


def unavailable(error: Exception) -> Unavailable:
    """Return the error a user is told when a request could not be made or answered."""
    if isinstance(error, httpx.TimeoutException):
        return Unavailable("The inbox server does not answer.", data={"say": "silent"})
    if isinstance(error, httpx.ConnectError):
        return Unavailable(
            "The inbox server cannot be reached.",
            hint=safe_line(str(error)),
            data={"say": "unreachable"},
        )
    name = type(error).__name__
    return Unavailable("The connection broke.", data={"say": "broken", "error": name})


def unreadable(error: codec.NotDecodable) -> Unavailable:
    """Return the error a user is told of an answer that another version must have given."""
    return Unavailable(
        "The inbox server answered in a way this version does not understand.",
        hint=safe_line(str(error)),
        data={"say": "unreadable"},
    )


def problem_of(status: int, body: bytes) -> InboxError:
    """Return the error that an answer with this status and body means.

    A problem+json answer becomes its own class; anything else (a proxy's page, an empty body) the
    class of its status.
    """
    try:
        problem = codec.decode(body, Problem)
    except codec.NotDecodable:
        kind = next(
            (found for found in BY_TYPE.values() if found.status == status),
            Unavailable if status >= 500 else InboxError,
        )
        return kind(f"The inbox server answered {status}.", hint=_detail_of(body))
    kind = BY_TYPE.get(problem.type, InboxError)
    return kind(problem.detail, hint=problem.hint, data=problem.data)


def _detail_of(body: bytes) -> str | None:
    try:
        told = json.loads(body)
    except ValueError:
        return None
    detail = told.get("detail") if isinstance(told, dict) else None
    return safe_line(detail)[:200] if isinstance(detail, str) else None

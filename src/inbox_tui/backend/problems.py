"""Errors as ``application/problem+json`` (RFC 9457): the one place that maps them to HTTP."""

from collections.abc import Mapping

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from inbox_tui.backend.workspace.reading import brief
from inbox_tui.errors import InboxError, NotFound
from inbox_tui.lean_structlog import structlog
from inbox_tui.wire.codec import encode
from inbox_tui.wire.models import Problem

MEDIA_TYPE = "application/problem+json"

_UNKNOWN_KEY = ("unexpected_keyword_argument", "extra_forbidden")

_log = structlog.get_logger("http")


def install(app: FastAPI) -> None:
    """Have every error of the app answered as a problem."""
    app.add_exception_handler(InboxError, _known)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(OverflowError, _number)
    app.add_exception_handler(Exception, _unknown)


def answer(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """Return a problem as a response."""
    return Response(
        encode(problem), status_code=problem.status, media_type=MEDIA_TYPE, headers=headers
    )


def of(error: Exception) -> Response:
    """Return any error as a response: ours as it is, every other as a fault of the backend."""
    if isinstance(error, InboxError):
        problem = Problem(
            type=error.type,
            title=error.title,
            status=error.status,
            detail=error.detail,
            hint=error.hint,
            data=error.data,
        )
        return answer(problem)
    return answer(
        Problem(
            type="error",
            title="Something went wrong",
            status=500,
            detail="The backend failed on this. Its log says more.",
        )
    )


async def _known(_request: Request, error: Exception) -> Response:
    return of(error)


async def _invalid(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    malformed = first["type"] == "json_invalid"
    at = tuple(str(part) for part in first["loc"])
    # The same paths as where a service finds the fault: from the body on.
    path = ".".join(at if malformed or at[0] != "body" else at[1:] or at)
    said = first["msg"]
    if first["type"] in _UNKNOWN_KEY:
        said = f"there is no key {brief(at[-1])}."
    return answer(
        Problem(
            type="refused" if malformed else "invalid",
            title="The body is no JSON" if malformed else "Invalid",
            status=400 if malformed else 422,
            detail=f"{path}: {said}",
            data={"path": path},
        )
    )


async def _http(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    kinds = {404: "not-found", 405: "method-not-allowed", 413: "too-large"}
    return answer(
        Problem(
            type=kinds.get(error.status_code, "error"),
            title=str(error.detail),
            status=error.status_code,
            detail=str(error.detail),
        ),
        error.headers,
    )


async def _number(_request: Request, _error: Exception) -> Response:
    """A number no database holds (SQLite: 64 bits) is the id of nothing."""
    return of(NotFound("There is nothing with this number."))


async def _unknown(request: Request, error: Exception) -> Response:
    _log.error("request failed", path=request.url.path, exc_info=error)
    return of(error)

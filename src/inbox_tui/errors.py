"""The errors a user can meet: one small tree.

Each class has a stable ``type`` (a slug), an HTTP ``status`` and a ``title``; an instance carries
the ``detail`` in plain words, perhaps a ``hint`` what to do, and ``data`` for programs. The
backend maps them to ``application/problem+json`` in one place, the command line to one line on
stderr in another, and the client turns a problem answer back into the same class.

    InboxError
    ├── Refused            400  the request makes no sense
    ├── NotSignedIn        401
    ├── Forbidden          403
    ├── NotFound           404
    ├── Conflict           409  somebody was first, or the version is stale
    │   ├── AlreadyTaken
    │   ├── StaleVersion
    │   └── NotPossibleNow
    ├── TooLarge           413
    ├── Invalid            422  a value is wrong; names the key path
    │   └── InvalidWorkspace
    ├── CannotSend         422  the channel cannot carry it
    └── Unavailable        503  the backend cannot be reached or cannot serve
"""

from typing import Any, ClassVar


class InboxError(Exception):
    """Something a user has to be told."""

    type: ClassVar[str] = "error"
    status: ClassVar[int] = 500
    title: ClassVar[str] = "Something went wrong"

    def __init__(
        self, detail: str = "", *, hint: str | None = None, data: dict[str, Any] | None = None
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.hint = hint
        self.data = data or {}


class Refused(InboxError):
    """The request makes no sense as it is."""

    type, status, title = "refused", 400, "Refused"


class NotSignedIn(InboxError):
    """No bearer token, or one that is not valid."""

    type, status, title = "not-signed-in", 401, "Not signed in"


class Forbidden(InboxError):
    """Known, but not allowed."""

    type, status, title = "forbidden", 403, "Not allowed"


class NotFound(InboxError):
    """There is no such thing."""

    type, status, title = "not-found", 404, "Not found"


class Conflict(InboxError):
    """The world changed first."""

    type, status, title = "conflict", 409, "Conflict"


class AlreadyTaken(Conflict):
    """Somebody else has the session; ``data`` has ``assignee`` and ``seconds_ago`` (R11)."""

    type, title = "already-taken", "Already taken"


class StaleVersion(Conflict):
    """It was changed since it was read; ``data`` has the present ``version``."""

    type, title = "stale-version", "Changed meanwhile"


class NotPossibleNow(Conflict):
    """The state it is in does not allow that, such as a reply to a closed session."""

    type, title = "not-possible-now", "Not possible now"


class TooLarge(InboxError):
    """The body is over the limit."""

    type, status, title = "too-large", 413, "Too large"


class Invalid(InboxError):
    """A value is wrong."""

    type, status, title = "invalid", 422, "Invalid"


class InvalidWorkspace(Invalid):
    """The workspace file is wrong; ``data`` has ``path`` (the key path) and ``line`` if known."""

    type, title = "invalid-workspace", "The workspace file is wrong"


class CannotSend(InboxError):
    """The channel cannot carry this message."""

    type, status, title = "cannot-send", 422, "Cannot be sent"


class Unavailable(InboxError):
    """The backend cannot be reached, or cannot serve just now."""

    type, status, title = "unavailable", 503, "Not available"


def _tree(of: type[InboxError]) -> dict[str, type[InboxError]]:
    found = {of.type: of}
    for child in of.__subclasses__():
        found |= _tree(child)
    return found


BY_TYPE: dict[str, type[InboxError]] = _tree(InboxError)
"""Every error class by its stable type."""

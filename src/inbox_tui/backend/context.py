"""What an endpoint gets handed: the running backend, and who is calling.

Endpoints declare ``context: Context`` and ``caller: Caller`` (or ``supervisor: Supervisor``,
``owner: Owner``); FastAPI fills them in.
"""

from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request

from inbox_tui.backend.directory import AgentName
from inbox_tui.backend.people.roles import role_of
from inbox_tui.errors import Forbidden, NotSignedIn
from inbox_tui.wire.words import Role

if TYPE_CHECKING:
    from inbox_tui.backend.backend import Backend


async def _backend(request: Request) -> "Backend":
    # Async, though it waits for nothing: FastAPI would run a plain function in a thread.
    return _running(request)


def _running(request: Request) -> "Backend":
    backend: Backend = request.app.state.backend
    return backend


async def _caller(request: Request) -> AgentName:
    backend = _running(request)
    header = request.headers.get("authorization", "")
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotSignedIn("Send a bearer token.", hint="Make one with: inbox-tui token NICKNAME")
    return await backend.auth.agent_of(token.strip())


async def _supervisor(request: Request, caller: "Caller") -> AgentName:
    if role_of(_running(request).directory, caller) == Role.AGENT:
        raise Forbidden("Supervisors and owners may do that.")
    return caller


async def _owner(request: Request) -> AgentName | None:
    """The owner, or whoever holds the key this backend keeps in a private file (None)."""
    backend = _running(request)
    key = request.headers.get("x-local-key")
    if key is not None:
        backend.auth.check_local_key(key)
        return None
    caller = await _caller(request)
    if role_of(backend.directory, caller) != Role.OWNER:
        raise Forbidden("Only an owner may do that.")
    return caller


Context = Annotated["Backend", Depends(_backend)]
Caller = Annotated[AgentName, Depends(_caller)]
Supervisor = Annotated[AgentName, Depends(_supervisor)]
Owner = Annotated[AgentName | None, Depends(_owner)]

"""The backend as a FastAPI application: routers, errors, health. Wiring only."""

import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI, Response
from pydantic.warnings import UnsupportedFieldAttributeWarning
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from inbox_tui import __version__
from inbox_tui.backend import problems
from inbox_tui.backend.automatic.endpoints import router as automatic
from inbox_tui.backend.backend import Backend
from inbox_tui.backend.bindings.endpoints import router as bindings
from inbox_tui.backend.cases.endpoints import router as cases
from inbox_tui.backend.codes.endpoints import router as codes
from inbox_tui.backend.contacts.endpoints import router as contacts
from inbox_tui.backend.context import Context
from inbox_tui.backend.inbound import door
from inbox_tui.backend.inbound.endpoints import router as webhooks
from inbox_tui.backend.live.endpoints import router as live
from inbox_tui.backend.messages.endpoints import router as messages
from inbox_tui.backend.metrics import metrics_of
from inbox_tui.backend.people.endpoints import router as people
from inbox_tui.backend.rules.endpoints import router as rules
from inbox_tui.backend.sessions.endpoints import router as sessions
from inbox_tui.backend.wall.endpoints import router as wall
from inbox_tui.backend.workspace.endpoints import router as workspace
from inbox_tui.errors import TooLarge

# FastAPI gives fields names that Pydantic has no use for, and hushes it while routes are made; ours
# are built when first asked for (`records.py`), which it does not know.
warnings.filterwarnings("ignore", category=UnsupportedFieldAttributeWarning)


class App(FastAPI):
    """The application; webhooks come in by a door of their own."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; a body that says it is too long is not even read."""
        if door.is_webhook(scope):
            await door.receive_webhook(self.state.backend, scope, receive, send)
        elif scope["type"] == "http" and door.says_too_long(Headers(scope=scope)):
            await problems.of(TooLarge(door.TOO_LONG))(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def take_over(app: FastAPI, router: APIRouter) -> None:
    """Serve the routes of a router as they are.

    ``include_router`` would make each of them anew, for each application, at the first request.
    """
    app.router.routes += router.routes


def make_app(backend: Backend) -> FastAPI:
    """Return the application of a backend, which it starts and stops with itself."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await backend.start()
        try:
            yield
        finally:
            await backend.stop()

    app = App(
        title="inbox-tui",
        version=__version__,
        summary="The agent inbox for customer chats that lives in a terminal.",
        lifespan=lifespan,
        docs_url=None,  # the pages would load scripts from elsewhere
        redoc_url=None,
        max_body_size=door.BODY_LIMIT,
    )
    app.state.backend = backend
    problems.install(app)
    for router in (webhooks, live, sessions, messages, people, contacts, bindings, cases):
        take_over(app, router)
    for router in (rules, workspace, wall, automatic, codes):
        take_over(app, router)

    @app.get("/healthz", tags=["health"])
    async def healthz() -> dict[str, str]:
        """The process is alive."""
        return {"status": "ok"}

    @app.get("/readyz", tags=["health"])
    async def readyz(context: Context, response: Response) -> dict[str, str]:
        """The backend can serve: the database answers and it is not stopping."""
        await context.database.read(lambda connection: connection.exec_driver_sql("SELECT 1"))
        if context.hub.closing:
            response.status_code = 503
            return {"status": "stopping"}
        return {"status": "ready"}

    @app.get("/metrics", tags=["health"], response_class=Response)
    async def metrics(context: Context) -> Response:
        """Figures in Prometheus' text format."""
        return Response(await metrics_of(context), media_type="text/plain; version=0.0.4")

    return app

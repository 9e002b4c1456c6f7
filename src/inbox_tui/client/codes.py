"""The calls about codes, bindings and the list of contacts (section 3 of the specification)."""

from inbox_tui.client.calls import Calls, decode, segment
from inbox_tui.client.port import BindingQuery, CodeQuery, ContactQuery
from inbox_tui.wire.codes import (
    BindingCounts,
    BindingsChanged,
    Code,
    ContactSummary,
    PostCode,
    PostMoveBindings,
)
from inbox_tui.wire.models import Binding, Page
from inbox_tui.wire.requests import PostMoveBinding


class CodeCalls(Calls):
    """Codes, who is bound by them, and the contacts."""

    async def codes(self, query: CodeQuery) -> Page[Code]:
        """Return one page of codes."""
        return await self._get(
            "/api/codes",
            Page[Code],
            channel=query.channel,
            agent=query.agent,
            team=query.team,
            state=[state.value for state in query.states] or None,
            limit=query.limit,
            cursor=query.cursor,
        )

    async def make_code(self, body: PostCode) -> Code:
        """Return the live code of an assignee on a channel, made if there is none."""
        return decode(await self._call("POST", "/api/codes", body=body), Code)

    async def revoke_code(self, code: str) -> None:
        """Revoke a code."""
        await self._call("DELETE", f"/api/codes/{segment(code)}")

    async def bindings(self, query: BindingQuery) -> Page[Binding]:
        """Return one page of the live bindings."""
        return await self._get(
            "/api/bindings",
            Page[Binding],
            agent=query.agent,
            team=query.team,
            limit=query.limit,
            cursor=query.cursor,
        )

    async def binding_counts(self) -> BindingCounts:
        """Return how many are bound to whom."""
        return await self._get("/api/bindings/counts", BindingCounts)

    async def end_binding(self, binding_id: int) -> None:
        """End one binding."""
        await self._call("DELETE", f"/api/bindings/{binding_id}")

    async def move_binding(self, binding_id: int, body: PostMoveBinding) -> Binding:
        """Bind a contact to somebody else."""
        path = f"/api/bindings/{binding_id}/move"
        return decode(await self._call("POST", path, body=body), Binding)

    async def end_bindings_of(self, nickname: str) -> BindingsChanged:
        """End every binding to an agent."""
        answer = await self._call("DELETE", "/api/bindings", params={"agent": nickname})
        return decode(answer, BindingsChanged)

    async def move_bindings(self, body: PostMoveBindings) -> BindingsChanged:
        """Bind every contact of an agent to somebody else."""
        answer = await self._call("POST", "/api/bindings/move", body=body)
        return decode(answer, BindingsChanged)

    async def contacts(self, query: ContactQuery) -> Page[ContactSummary]:
        """Return one page of contacts."""
        return await self._get(
            "/api/contacts",
            Page[ContactSummary],
            bound=query.bound,
            q=query.q,
            limit=query.limit,
            cursor=query.cursor,
        )

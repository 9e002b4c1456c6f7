"""Lets a call about a session through if whoever calls may see that session (R17)."""

from typing import Annotated

from fastapi import Depends, Path

from inbox_tui.backend.context import Caller, Context
from inbox_tui.backend.sessions.sight import sight_of
from inbox_tui.backend.views import session_row
from inbox_tui.errors import NotFound


async def _in_sight(session_id: Annotated[int, Path()], context: Context, caller: Caller) -> int:
    """Let a call about a session through if the caller sees it. Raises NotFound."""
    sight = sight_of(context.directory, caller)
    if sight is not None:
        row = await context.database.read(session_row, session_id)
        if row is None or not sight.covers(row.team_id, row.assignee_id):
            raise NotFound(f"There is no session {session_id}.")
    return session_id


InSight = Annotated[int, Depends(_in_sight)]
"""The id of a session that the caller may see and act in."""

"""Makes and revokes codes, and says what state one is in (Q1, Q9).

Plain functions of one unit of work. The form of a code is left to :mod:`inbox_tui.codes`, its link
to the channel's adapter; what becomes of one that a contact sends to :mod:`.received`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

import sqlalchemy as sa

from inbox_tui import codes
from inbox_tui.backend.bindings.service import check_assignee
from inbox_tui.backend.contacts.service import tags_of
from inbox_tui.backend.directory import AgentName, Directory, directory_of
from inbox_tui.backend.people.accounts import account_named
from inbox_tui.backend.people.roles import supervises, supervises_team
from inbox_tui.channels import links
from inbox_tui.clock import Millis, to_millis
from inbox_tui.errors import Forbidden, Invalid, NotFound, NotPossibleNow
from inbox_tui.store import tables
from inbox_tui.store.work import Prepared, Work
from inbox_tui.wire.codes import PostCode
from inbox_tui.wire.words import CodeState, EventKind

CODES = tables.table(tables.Code)
NOT_REVOKED = CODES.c.revoked_at.is_(None)

_BY_TEXT = Prepared(sa.select(CODES).where(CODES.c.code == sa.bindparam("code")))
_OF_ASSIGNEE = Prepared(
    sa.select(CODES).where(
        CODES.c.channel_id == sa.bindparam("channel"),
        CODES.c.assignee == sa.bindparam("assignee"),
        NOT_REVOKED,
    )
)

NOT_YOURS: Final = "You may make codes for yourself and for those you supervise."


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A code that somebody asks for, its names found and everything about it checked.

    ``tags`` and ``expires_at`` are null where nothing is said of them.
    """

    channel_id: int
    agent_id: int | None
    team_id: int | None
    tags: list[str] | None
    expires_at: Millis | Literal["never"] | None

    @property
    def assignee(self) -> str:
        """Whom it is for, as the table keeps it."""
        return assignee_key(self.agent_id, self.team_id)


def assignee_key(agent_id: int | None, team_id: int | None) -> str:
    """Return an agent, a team or an agent inside a team as one text."""
    parts = (("agent", agent_id), ("team", team_id))
    return " ".join(f"{kind}:{some_id}" for kind, some_id in parts if some_id is not None)


def state_of(row: Any, directory: Directory, now: Millis) -> CodeState:  # noqa: ANN401 - a codes row
    """Return whether a code binds, and if not, why; the first reason that holds (Q9)."""
    if row.revoked_at is not None:
        return CodeState.REVOKED
    if row.expires_at is not None and row.expires_at <= now:
        return CodeState.EXPIRED
    if row.agent_id is not None:
        agent = directory.agents.get(row.agent_id)
        if agent is None or not agent.active:
            return CodeState.INACTIVE
    if row.team_id is not None:
        team = directory.teams.get(row.team_id)
        if team is None or (row.agent_id is not None and row.agent_id not in team.members):
            return CodeState.INACTIVE
    return CodeState.LIVE


def may(directory: Directory, who: AgentName, agent_id: int | None, team_id: int | None) -> bool:
    """Say whether somebody may make, show and revoke codes for an assignee (docs/roles.md).

    Their own, also inside a team; and those of whom they look after.
    """
    if agent_id is not None and (agent_id == who.id or supervises(directory, who, agent_id)):
        return True
    return team_id is not None and supervises_team(directory, who, team_id)


def check(directory: Directory, body: PostCode, by: AgentName, now: Millis) -> Wanted:
    """Return what is asked for, checked.

    Raises NotFound for an unknown name, Forbidden, NotPossibleNow for an account that is not active
    and a channel that cannot carry a code, Invalid for an agent who is not in the team, tags that
    cannot be, a moment that is past.
    """
    channel = directory.channel_named(body.channel)
    agent_id = None if body.agent is None else account_named(directory, body.agent).id
    team_id = None if body.team is None else directory.team_named(body.team).id
    if agent_id is None and team_id is None:
        raise Invalid("Name an agent, a team, or both.", data={"path": "agent"})
    if not may(directory, by, agent_id, team_id):
        raise Forbidden(NOT_YOURS)
    check_assignee(directory, agent_id, team_id)
    refused = links.why_not(channel.kind)
    if refused is not None:
        raise NotPossibleNow(refused, data={"path": "channel"})
    return Wanted(
        channel_id=channel.id,
        agent_id=agent_id,
        team_id=team_id,
        tags=None if body.tags is None else tags_of(body.tags),
        expires_at=_later(body.expires_at, now)
        if isinstance(body.expires_at, datetime)
        else body.expires_at,
    )


def again(work: Work, body: PostCode, by: AgentName) -> str | None:
    """Return the live code there is for what is asked for; None when there is none yet.

    Tags and expiry that are given become those of the code. Raises what :func:`check` does.
    """
    wanted = check(directory_of(work), body, by, work.now)
    row = work.fetch(_OF_ASSIGNEE, wanted.channel_id, wanted.assignee)
    if row is None or _is_over(row, work.now):
        return None
    given: dict[str, Any] = {}
    if wanted.tags is not None:
        given["tags"] = wanted.tags
    if wanted.expires_at is not None:
        given["expires_at"] = _moment(wanted.expires_at)
    changes = {name: value for name, value in given.items() if value != row[name]}
    if changes:
        work.update(tables.Code, row["id"], changes)
        _tell(work, {**row, **changes}, by.id)
    return str(row["code"])


def make(work: Work, body: PostCode, by: AgentName, text: str, link: str) -> str | None:
    """Keep a new code; return it, or the one that somebody else made meanwhile.

    One that has expired makes room. None when ``text`` was a code before: codes are unique in the
    workspace, and never used again. Raises what :func:`check` does.
    """
    there = again(work, body, by)
    if there is not None:
        return there
    if work.fetch(_BY_TEXT, text) is not None:
        return None
    wanted = check(directory_of(work), body, by, work.now)
    expired = work.fetch(_OF_ASSIGNEE, wanted.channel_id, wanted.assignee)
    if expired is not None:
        _revoke(work, expired, by.id)
    row: dict[str, Any] = {
        "code": text,
        "channel_id": wanted.channel_id,
        "assignee": wanted.assignee,
        "agent_id": wanted.agent_id,
        "team_id": wanted.team_id,
        "link": link,
        "tags": wanted.tags or [],
        "made_at": work.now,
        "by_id": by.id,
        "expires_at": _moment(wanted.expires_at),
    }
    row["id"] = work.insert(tables.Code, **row)
    _tell(work, row, by.id)
    return text


def revoke(work: Work, text: str, by: AgentName) -> None:
    """Revoke a code: it binds nobody any more. One that is revoked already stays so.

    Bindings made by it stay. Raises NotFound, Forbidden.
    """
    row = named(work, text)
    if not may(directory_of(work), by, row["agent_id"], row["team_id"]):
        raise Forbidden("That code is neither yours nor of those you supervise.")
    if row["revoked_at"] is None:
        _revoke(work, row, by.id)


def named(work: Work, text: str) -> dict[str, Any]:
    """Return the row of a code, however it is written. Raises NotFound."""
    row = find(work, codes.fold(text))
    if row is None:
        raise NotFound(f"There is no code “{text[:100]}”.")
    return row


def find(work: Work, text: str) -> dict[str, Any] | None:
    """Return the row of a folded code; None when there is none."""
    return work.fetch(_BY_TEXT, text)


def _is_over(row: dict[str, Any], now: Millis) -> bool:
    return row["expires_at"] is not None and row["expires_at"] <= now


def _later(at: datetime, now: Millis) -> Millis:
    if at.tzinfo is None:
        raise Invalid("expires_at needs its offset from UTC.", data={"path": "expires_at"})
    try:
        moment = to_millis(at)
    except (OverflowError, ValueError):
        raise Invalid("expires_at is no moment.", data={"path": "expires_at"}) from None
    if moment <= now:
        raise Invalid("expires_at is past already.", data={"path": "expires_at"})
    return moment


def _moment(expires_at: Millis | Literal["never"] | None) -> Millis | None:
    return None if expires_at == "never" else expires_at


def _revoke(work: Work, row: dict[str, Any], by: int) -> None:
    changes = {"revoked_at": work.now, "revoked_by_id": by}
    work.update(tables.Code, row["id"], changes)
    _tell(work, {**row, **changes}, by)


def _tell(work: Work, row: dict[str, Any], by: int) -> None:
    """Append how a code is now (W6)."""
    names = directory_of(work)
    work.append(
        EventKind.CODE_CHANGED,
        actor_id=by,
        subject_id=row["id"],
        data={
            "code": row["code"],
            "channel": names.channels[row["channel_id"]].slug,
            "agent": names.nickname(row["agent_id"]),
            "team": names.slug(row["team_id"]),
            "tags": row["tags"],
            "expires_at": row["expires_at"],
            "revoked": row.get("revoked_at") is not None,
        },
    )

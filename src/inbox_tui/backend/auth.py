"""Who is calling: bearer tokens, and the key of whoever owns this machine's backend.

A token is shown once and kept as its SHA-256: 256 random bits need no slow hash, and looking the
hash up tells nothing of the token by its timing. Which role may do what is left to the endpoints
(docs/roles.md).
"""

import hmac
import secrets
from collections.abc import Sequence, Set
from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from inbox_tui.backend.directory import PEOPLE_CHANGED, AgentName, directory_of, load_directory
from inbox_tui.errors import Forbidden, NotSignedIn
from inbox_tui.store import tables
from inbox_tui.store.database import Database
from inbox_tui.store.work import LoggedEvent, Work
from inbox_tui.wire.words import EventKind

PREFIX = "it_"
"""What every token begins with, so that one that leaked is recognised as such."""

TOKENS_CHANGED = "tokens"
"""What a unit of work touches that ends a token."""

_TOKENS = tables.table(tables.Token)


class Auth:
    """Knows whose token it is, from memory once it was seen.

    What it remembers goes when a token is revoked or when people change, before the call that did
    it is answered.
    """

    def __init__(self, database: Database, local_key: str | None) -> None:
        self._database = database
        self._local_key = local_key
        self._known: dict[str, AgentName] = {}
        self._epoch = 0
        database.on_commit(self._committed)

    async def agent_of(self, token: str) -> AgentName:
        """Return the active agent with this token. Raises NotSignedIn."""
        hashed = _hash(token)
        known = self._known.get(hashed)
        if known is not None:
            return known
        epoch = self._epoch
        agent = await self._database.read(_agent_with, hashed)
        if agent is None:
            raise NotSignedIn(
                "This token is not valid.", hint="Make one with: inbox-tui token NICKNAME"
            )
        if epoch == self._epoch:
            self._known[hashed] = agent
        return agent

    def check_local_key(self, key: str) -> None:
        """Check the key that this backend keeps in a private file. Raises Forbidden."""
        if self._local_key is None or not hmac.compare_digest(
            key.encode(), self._local_key.encode()
        ):
            raise Forbidden("That is not the key of this backend.")

    def _committed(self, events: Sequence[LoggedEvent], touched: Set[str]) -> None:
        if TOKENS_CHANGED in touched or any(PEOPLE_CHANGED in event.parts for event in events):
            self._epoch += 1
            self._known.clear()


def make_token(work: Work, nickname: str, by: int | None = None) -> str:
    """Make a bearer token for an active agent and return it: the only time it is told.

    Raises NotFound.
    """
    agent = directory_of(work).agent_named(nickname)
    token = PREFIX + secrets.token_urlsafe(32)
    work.insert(tables.Token, agent_id=agent.id, hash=_hash(token), created_at=work.now)
    work.append(EventKind.AGENT_CHANGED, actor_id=by, subject_id=agent.id, data={"token": "made"})
    return token


def revoke(work: Work, agent_id: int, by: int | None = None) -> int:
    """End every token of an agent; return how many there were."""
    ended = work.execute(
        sa.update(_TOKENS)
        .where(_TOKENS.c.agent_id == agent_id, _TOKENS.c.revoked_at.is_(None))
        .values(revoked_at=work.now)
    ).rowcount
    if ended:
        work.touched.add(TOKENS_CHANGED)
        work.append(
            EventKind.AGENT_CHANGED, actor_id=by, subject_id=agent_id, data={"token": "revoked"}
        )
    return ended


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _agent_with(connection: Connection, hashed: str) -> AgentName | None:
    agent_id = connection.execute(
        sa.select(_TOKENS.c.agent_id).where(
            _TOKENS.c.hash == hashed, _TOKENS.c.revoked_at.is_(None)
        )
    ).scalar()
    if agent_id is None:
        return None
    agent = load_directory(connection).agents[agent_id]
    return agent if agent.active else None

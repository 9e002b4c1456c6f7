"""Build wire models with one line: every field has a sensible value, name those that matter."""

from datetime import datetime, timedelta
from typing import Any

from inbox_tui.testing.clock import NOON
from inbox_tui.wire.models import (
    Agent,
    Channel,
    ContactRef,
    Content,
    Delivery,
    Entry,
    Event,
    Me,
    Session,
    Team,
)
from inbox_tui.wire.words import (
    ChannelKind,
    ContentKind,
    DeliveryState,
    EntryKind,
    EventKind,
    Method,
    Presence,
    Role,
    SessionState,
)

Field = Any
"""A value of a field of a wire model, given by the field's name."""


def session(session_id: int = 1, **fields: Field) -> Session:
    """Return an open session of contact and conversation ``session_id`` on LINE."""
    values: dict[str, Any] = {
        "id": session_id,
        "version": 1,
        "state": SessionState.OPEN,
        "contact": ContactRef(id=session_id, name=f"Customer {session_id}"),
        "conversation_id": session_id,
        "channel": "line-main",
        "channel_kind": ChannelKind.LINE,
        "opened_at": NOON,
        "last_activity_at": NOON,
    }
    return Session(**(values | fields))


def waiting(session_id: int = 1, *, seconds: float = 60, **fields: Field) -> Session:
    """Return a session whose customer has waited ``seconds`` at noon."""
    since = NOON - timedelta(seconds=seconds)
    values: dict[str, Any] = {
        "waiting_since": since,
        "last_customer_message_at": since,
        "unanswered": True,
        "customer_messages": 1,
        "unread_count": 1,
    }
    return session(session_id, **(values | fields))


def agent(nickname: str = "amy", **fields: Field) -> Agent:
    """Return an agent who is present and accepts."""
    values: dict[str, Any] = {
        "id": sum(map(ord, nickname)),
        "nickname": nickname,
        "name": nickname.title(),
        "role": Role.AGENT,
        "presence": Presence.PRESENT,
        "accepting": True,
        "limit": 5,
        "teams": ["sales"],
    }
    return Agent(**(values | fields))


def team(slug: str = "sales", **fields: Field) -> Team:
    """Return a round robin team."""
    values: dict[str, Any] = {
        "id": sum(map(ord, slug)),
        "slug": slug,
        "name": slug.title(),
        "method": Method.ROUND_ROBIN,
    }
    return Team(**(values | fields))


def channel(slug: str = "line-main", **fields: Field) -> Channel:
    """Return a LINE account that carries text."""
    values: dict[str, Any] = {
        "id": sum(map(ord, slug)),
        "slug": slug,
        "kind": ChannelKind.LINE,
        "name": "Baan Shop LINE",
        "can_send": [ContentKind.TEXT],
    }
    return Channel(**(values | fields))


def me(nickname: str = "amy", **fields: Field) -> Me:
    """Return who ``nickname`` is in a workspace of several."""
    values: dict[str, Any] = {
        "agent": agent(nickname),
        "workspace": "Baan Shop",
        "language": "en",
        "timezone": "UTC",
        "response_target": 86_400.0,
        "due_soon": 7_200.0,
        "presence_grace": 20.0,
        "switch_shown": True,
        "last_seq": 0,
    }
    return Me(**(values | fields))


def message(
    entry_id: int = 1, text: str = "hello", *, at: datetime = NOON, **fields: Field
) -> Entry:
    """Return what the customer of conversation 1 wrote."""
    values: dict[str, Any] = {
        "id": entry_id,
        "conversation_id": 1,
        "session_id": 1,
        "kind": EntryKind.CUSTOMER,
        "at": at,
        "content": Content(kind=ContentKind.TEXT, text=text),
    }
    return Entry(**(values | fields))


def reply(
    entry_id: int = 2,
    text: str = "hi",
    *,
    state: DeliveryState = DeliveryState.SENT,
    author: str = "amy",
    **fields: Field,
) -> Entry:
    """Return what an agent wrote in conversation 1."""
    values: dict[str, Any] = {
        "kind": EntryKind.REPLY,
        "author": author,
        "author_name": author.title(),
        "delivery": Delivery(state=state),
    }
    return message(entry_id, text, **(values | fields))


def event(seq: int, kind: EventKind, **fields: Field) -> Event:
    """Return a frame of the live stream at noon."""
    values: dict[str, Any] = {"seq": seq, "kind": kind, "at": NOON}
    return Event(**(values | fields))

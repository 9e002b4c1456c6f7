"""Sends one automatic message, once for its cause (M10).

:func:`say` is a part of whatever unit of work finds that there is something to say, so that the
message and what it tells of are committed together, or neither is. It goes the way of every reply,
through the outbox; but it is none: what the customer waits for, who answered first and what stands
last in the lists stay as they were.
"""

from collections.abc import Mapping
from typing import Any

from inbox_tui.backend.automatic import templates
from inbox_tui.backend.automatic.templates import Own, Value
from inbox_tui.backend.contacts.service import unnamed
from inbox_tui.backend.directory import Directory, directory_of
from inbox_tui.backend.messages.entries import add_message
from inbox_tui.backend.messages.queueing import queue
from inbox_tui.backend.sessions.opening import base_language
from inbox_tui.channels.registry import describe
from inbox_tui.clock import Millis
from inbox_tui.store import tables
from inbox_tui.store.work import Work
from inbox_tui.wire.models import Content, Entry
from inbox_tui.wire.words import Automatic, ContentKind, DeliveryState, EntryKind, EventKind

SAFE_LENGTH = 1_000
"""UTF-16 code units that any channel carries, for those of which nothing is known."""

_OWN = "automatic_templates"
_TO = """
SELECT conversations.channel_id, conversations.contact_id, contacts.name, contacts.blocked,
  identities.reachable, coalesce(identities.language, contacts.language), sessions.language,
  identities.name = '' AND identities.profile_at IS NULL
FROM conversations
JOIN identities ON identities.id = conversations.identity_id
JOIN contacts ON contacts.id = conversations.contact_id
LEFT JOIN sessions ON sessions.id = :session
WHERE conversations.id = :conversation
"""
_TEMPLATES = "SELECT kind, language, channel_id, text FROM automatic_templates"


class NotYet(Exception):
    """The contact's name is being asked for: try again when it is there, or when time is up."""


def say(
    work: Work,
    kind: Automatic,
    conversation_id: int,
    cause: str,
    *,
    session_id: int | None,
    values: Mapping[str, Value],
    told: Mapping[str, Any] | None = None,
    named_by: Millis = 0,
) -> Entry | None:
    """Send the message of a kind to who writes in a conversation; return it.

    None, and nothing is sent, when there was one for this ``cause`` before, when the contact is
    blocked or cannot be reached, and when the template has nothing to say. ``values`` are what the
    template's variables stand for, beside the names of contact, shop and channel. ``told`` is kept
    with the cause. Whether the kind is switched on is asked by whoever calls.

    Raises NotYet until the moment ``named_by`` while the contact's platform is being asked for the
    name: whoever writes for the first time on LINE has none yet.
    """
    row_id = work.insert_new(
        tables.AutomaticMessage,
        or_ignore=True,
        cause=cause,
        kind=kind,
        conversation_id=conversation_id,
        session_id=session_id,
        at=work.now,
        told=None if told is None else dict(told),
    )
    if row_id is None:
        return None
    found = work.plain(_TO, session=session_id, conversation=conversation_id).fetchone()
    if found is None:
        return None
    channel_id, _contact_id, name, blocked, reachable, language, of_session, nameless = found
    if blocked or not reachable:
        return None
    if nameless and work.now < named_by:
        raise NotYet
    directory = directory_of(work)
    common: dict[str, Value] = {
        "contact_name": name_told(name),
        "shop_name": directory.settings.name,
        "channel_name": directory.channels[channel_id].name,
    }
    languages = languages_for(directory, of_session or language)
    text, spoken = templates.choose(kind, languages, channel_id, own_templates(work))
    filled = templates.fill(text, {**common, **values}, spoken).text
    if not filled:
        return None
    entry = add_message(
        work,
        conversation_id=conversation_id,
        session_id=session_id,
        kind=EntryKind.AUTOMATIC,
        content=Content(
            kind=ContentKind.TEXT, text=templates.fit(filled, longest(directory, channel_id))
        ),
        delivery=DeliveryState.QUEUED,
        data={"automatic": kind},
    )
    queue(work, entry.id, conversation_id, channel_id)
    work.update(tables.AutomaticMessage, row_id, {"entry_id": entry.id})
    work.append(
        EventKind.MESSAGE_QUEUED,
        session_id=session_id,
        subject_id=entry.id,
        data={"automatic": kind},
        entry=entry,
    )
    return entry


def name_told(name: str) -> str | None:
    """Return a contact's name as they are called by it; None while their platform told none."""
    return None if name.startswith(unnamed("")) else name


def languages_for(directory: Directory, language: str | None) -> list[str]:
    """Return the languages in which a text is looked for: the customer's, then the workspace's."""
    wanted = (language, directory.settings.language)
    return list(dict.fromkeys(base_language(tag) for tag in wanted if tag))


def longest(directory: Directory, channel_id: int) -> int:
    """Return how long a message a channel carries, in UTF-16 code units."""
    return describe(directory.channels[channel_id].kind).max_text or SAFE_LENGTH


def own_templates(work: Work) -> Own:
    """Return the texts written here, read once and kept until :func:`templates_changed`."""
    own: Own | None = work.shared.get(_OWN)
    if own is None:
        rows = work.plain(_TEMPLATES).fetchall()
        own = {(Automatic(kind), language, channel): text for kind, language, channel, text in rows}
        work.shared[_OWN] = own
    return own


def templates_changed(work: Work) -> None:
    """Have the texts read again."""
    work.shared.pop(_OWN, None)

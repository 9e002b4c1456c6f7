"""Contacts: found or made as they write, named by their platform or by us, searchable by name.

Plain functions of one unit of work. The profile as it is shown is left to :mod:`queries`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from inbox_tui.backend.directory import Directory, directory_of
from inbox_tui.backend.sessions import opening
from inbox_tui.backend.views import CONTACTS, SESSIONS
from inbox_tui.errors import Invalid, NotFound, StaleVersion
from inbox_tui.store import tables
from inbox_tui.store.work import Prepared, Work
from inbox_tui.text import fold, safe_line, safe_text
from inbox_tui.wire.models import Entry
from inbox_tui.wire.requests import PatchContact
from inbox_tui.wire.words import EventKind, SessionState

MOST_NAME = 100
MOST_NOTE = 20_000
MOST_TAG = 60
MOST_TAGS = 50
"""Characters of a name or nickname, of the note on a contact, of a tag or tier; tags of a
contact."""

UNNAMED_TAIL = 6
"""Characters of a platform's id that name a contact whose platform tells no name."""

_IDENTITIES = tables.table(tables.Identity)
_CONVERSATIONS = tables.table(tables.Conversation)

_KNOWN = Prepared(
    sa.select(
        _IDENTITIES.c.id,
        _IDENTITIES.c.contact_id,
        _CONVERSATIONS.c.id.label("conversation_id"),
        CONTACTS.c.blocked,
    )
    .join_from(_IDENTITIES, _CONVERSATIONS, _CONVERSATIONS.c.identity_id == _IDENTITIES.c.id)
    .join(CONTACTS, CONTACTS.c.id == _IDENTITIES.c.contact_id)
    .where(
        _IDENTITIES.c.channel_id == sa.bindparam("channel"),
        _IDENTITIES.c.external_id == sa.bindparam("external"),
    )
)
_OPEN_SESSIONS = "SELECT id FROM sessions WHERE contact_id = ? AND state = 'open' ORDER BY id"
_ROW = Prepared(sa.select(CONTACTS).where(CONTACTS.c.id == sa.bindparam("contact")))
_DEDICATED = sa.select(CONTACTS.c.id).where(CONTACTS.c.dedicated_agent_id == sa.bindparam("agent"))
_NEW_VERSION = (
    sa.update(SESSIONS)
    .where(
        SESSIONS.c.contact_id == sa.bindparam("contact"),
        SESSIONS.c.state == SessionState.OPEN.value,
    )
    .values(version=SESSIONS.c.version + 1)
)
_IN_ROWS = frozenset({"name", "nickname"})
_INDEX = sa.text("INSERT INTO contact_search(rowid, folded) VALUES (:id, :folded)")
# The index keeps no text of its own, so what it forgets has to be told it (SQLite FTS5, §4.4.3).
_FORGET = sa.text(
    "INSERT INTO contact_search(contact_search, rowid, folded) VALUES ('delete', :id, :folded)"
)


def find_or_create(
    work: Work, channel_id: int, external_id: str, name: str | None, language: str | None
) -> tuple[int, int, int, bool]:
    """Return identity, contact and conversation id of who writes here, and whether blocked.

    Somebody new becomes a contact of their own, under the name the platform told or, without one,
    the end of their id there.
    """
    known = work.fetch(_KNOWN, channel_id, external_id)
    if known is not None:
        return known["id"], known["contact_id"], known["conversation_id"], bool(known["blocked"])
    told = _told_name(name)
    search = _search_text(told or unnamed(external_id), None, [told, external_id])
    contact_id = work.insert(
        tables.Contact,
        name=told or unnamed(external_id),
        language=language,
        created_at=work.now,
        search=search,
    )
    work.execute(_INDEX, {"id": contact_id, "folded": search})
    identity_id = work.insert(
        tables.Identity,
        channel_id=channel_id,
        external_id=external_id,
        contact_id=contact_id,
        name=told,
        language=language,
    )
    conversation_id = work.insert(
        tables.Conversation,
        identity_id=identity_id,
        channel_id=channel_id,
        contact_id=contact_id,
    )
    work.touched.add("contacts")
    return identity_id, contact_id, conversation_id, False


def profile_known(work: Work, identity_id: int, name: str | None, language: str | None) -> None:
    """Take in what the platform tells about an identity (None: it tells nothing of that).

    The contact is renamed with it unless somebody here has given them another name; a language
    is only filled in. Raises NotFound.
    """
    identity = work.one(sa.select(_IDENTITIES).where(_IDENTITIES.c.id == identity_id))
    if identity is None:
        raise NotFound(f"There is no identity {identity_id}.")
    told = _told_name(name) or identity.name
    work.execute(
        sa.update(_IDENTITIES).where(_IDENTITIES.c.id == identity_id),
        {"name": told, "language": language or identity.language, "profile_at": work.now},
    )
    row = row_of(work, identity.contact_id)
    changes: dict[str, Any] = {}
    if told and row["name"] == (identity.name or unnamed(identity.external_id)):
        changes["name"] = told
    if language and row["language"] is None:
        changes["language"] = language
    changes = {key: value for key, value in changes.items() if row[key] != value}
    write_row(work, row, changes)
    if changes:
        if "language" in changes:
            opening.profile_told(work, row["id"], changes["language"])
        tell(work, row, None, changes)


def edit(
    work: Work, contact_id: int, patch: PatchContact, agent_id: int, version: int | None
) -> int:
    """Edit a profile (F1); return its id. An empty nickname, language, tier or agent takes it away.

    ``version`` is the one that was read, None to edit whatever is there. An edit that changes
    nothing leaves no trace. Raises NotFound, StaleVersion, Invalid.
    """
    row = row_of(work, contact_id)
    if version is not None and version != row["version"]:
        raise StaleVersion(
            "This contact was changed since you read it.", data={"version": row["version"]}
        )
    wanted: dict[str, Any] = {}
    if patch.name is not None:
        wanted["name"] = _within(safe_line(patch.name), MOST_NAME, "name")
        if not wanted["name"]:
            raise Invalid("A contact needs a name.", data={"path": "name"})
    if patch.nickname is not None:
        wanted["nickname"] = _within(safe_line(patch.nickname), MOST_NAME, "nickname") or None
    if patch.language is not None:
        wanted["language"] = opening.language_set(patch.language) if patch.language else None
    if patch.note is not None:
        wanted["note"] = _within(safe_text(patch.note).strip(), MOST_NOTE, "note")
    if patch.tier is not None:
        wanted["tier"] = _within(safe_line(patch.tier), MOST_TAG, "tier") or None
    if patch.tags is not None:
        wanted["tags"] = tags_of(patch.tags)
    if patch.dedicated_agent is not None:
        wanted["dedicated_agent_id"] = _dedicated(work, patch.dedicated_agent)
    changes = {key: value for key, value in wanted.items() if row[key] != value}
    if changes:
        was = {key: row[key] for key in changes}
        write_row(work, row, changes)
        tell(work, row, agent_id, changes, was)
    return contact_id


def tags_of(given: Sequence[str]) -> list[str]:
    """Return tags as they are kept: safe, each once whatever its case, sorted. Raises Invalid."""
    if len(given) > MOST_TAGS:
        raise Invalid(f"There are more than {MOST_TAGS} tags.", data={"path": "tags"})
    tags = (_within(safe_line(tag), MOST_TAG, "tags") for tag in given)
    return sorted({tag.casefold(): tag for tag in tags if tag}.values(), key=str.casefold)


def tagged(tags: Sequence[str], more: Sequence[str]) -> list[str]:
    """Return a contact's tags and more of them, as they are kept; as many as a contact has."""
    known = {tag.casefold() for tag in tags}
    new = [tag for tag in more if tag.casefold() not in known][: MOST_TAGS - len(tags)]
    return sorted([*tags, *new], key=str.casefold) if new else list(tags)


def _dedicated(work: Work, nickname: str) -> int | None:
    return directory_of(work).agent_named(nickname).id if nickname.strip() else None


def end_dedicated(work: Work, agent_id: int, by: int | None) -> int:
    """Take an agent from every contact they are dedicated to (R12); return how many."""
    found = work.execute(_DEDICATED, {"agent": agent_id}).scalars().all()
    for contact_id in found:
        row = row_of(work, contact_id)
        write_row(work, row, {"dedicated_agent_id": None})
        tell(work, row, by, {"dedicated_agent_id": None}, {"dedicated_agent_id": agent_id})
    return len(found)


def open_sessions(work: Work, contact_id: int) -> Sequence[int]:
    """Return the ids of a contact's open sessions."""
    return [session_id for (session_id,) in work.plain(_OPEN_SESSIONS, contact_id).fetchall()]


def unnamed(external_id: str) -> str:
    """Return what a contact is called whose platform tells no name, such as "…4f2a9c"."""
    return f"…{safe_line(external_id)[-UNNAMED_TAIL:]}"


def _told_name(name: str | None) -> str:
    return safe_line(name or "")[:MOST_NAME]


def _search_text(name: str, nickname: str | None, known_as: list[str]) -> str:
    words = dict.fromkeys(fold(word) for word in (name, nickname, *known_as) if word)
    return "\n".join(words)


def row_of(work: Work, contact_id: int) -> dict[str, Any]:
    """Read a contact to work on. Raises NotFound."""
    row = work.fetch(_ROW, contact_id)
    if row is None:
        raise NotFound(f"There is no contact {contact_id}.")
    return row


def write_row(work: Work, row: dict[str, Any], changes: Mapping[str, Any]) -> None:
    """Write changes to a contact and keep what they are searched by in step; ``row`` follows."""
    row.update(changes)
    identities = work.execute(
        sa.select(_IDENTITIES.c.name, _IDENTITIES.c.external_id)
        .where(_IDENTITIES.c.contact_id == row["id"])
        .order_by(_IDENTITIES.c.id)
    )
    known_as = [word for identity in identities for word in identity]
    search = _search_text(row["name"], row["nickname"], known_as)
    if search != row["search"]:
        work.execute(_FORGET, {"id": row["id"], "folded": row["search"]})
        work.execute(_INDEX, {"id": row["id"], "folded": search})
        changes = {**changes, "search": search}
    if changes:
        write_columns(work, row, changes)


def write_columns(work: Work, row: dict[str, Any], changes: Mapping[str, Any]) -> None:
    """Write changes to a contact that they are not searched by; ``row`` follows."""
    row.update(changes)
    row["version"] += 1
    work.update(tables.Contact, row["id"], {**changes, "version": row["version"]})


def tell(
    work: Work,
    row: Mapping[str, Any],
    actor_id: int | None,
    changes: Mapping[str, Any],
    was: Mapping[str, Any] | None = None,
    entries: Mapping[int, Entry] | None = None,
) -> None:
    """Append what changed, with the open session it shows in, and which is routed by it (R1, R2).

    Somebody served on several channels at once has more of them: those are named without the
    changes, so that their rows follow and the audit log tells the change once. ``entries`` are
    what the timelines of those sessions were told of it, by session id.
    """
    sessions = open_sessions(work, row["id"])
    if changes.keys() & _IN_ROWS:
        # Their rows show it: a new version, so that no older answer brings the old name back.
        work.execute(_NEW_VERSION, {"contact": row["id"]})
    names = directory_of(work)
    data: dict[str, Any] = {"contact_id": row["id"], "changes": _by_name(names, changes)}
    if was is not None:
        data["was"] = _by_name(names, was)
    shown_in: Sequence[int | None] = sessions or [None]
    for session_id in shown_in:
        entry = None if entries is None or session_id is None else entries.get(session_id)
        work.append(
            EventKind.CONTACT_CHANGED,
            actor_id=actor_id,
            session_id=session_id,
            subject_id=row["id"],
            data=data if entry is None else {**data, "entry_id": entry.id},
            entry=entry,
        )
        data = {"contact_id": row["id"]}


def _by_name(names: Directory, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return changed columns as they are told: people by nickname."""
    told = dict(values)
    if "dedicated_agent_id" in told:
        told["dedicated_agent"] = names.nickname(told.pop("dedicated_agent_id"))
    return told


def _within(text: str, most: int, path: str) -> str:
    if len(text) > most:
        raise Invalid(f"{path} is too long: {len(text):,} of {most:,}.", data={"path": path})
    return text

"""Channels, the contacts who write on them, and to whom contacts are bound."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, UniqueConstraint, text
from sqlmodel import Field

from inbox_tui.store.tables.columns import Row, big, json_dict, json_list, new_id, ref


class Channel(Row, table=True):
    """One account on one messaging platform. ``poll_offset`` is Telegram's next update id."""

    __tablename__ = "channels"

    id: int | None = new_id()
    slug: str = Field(unique=True)
    kind: str
    name: str
    team_id: int | None = ref("teams.id", null=True)
    api_base: str | None = None
    credentials: dict[str, str] = json_dict()
    poll_offset: int | None = big(null=True)
    problem: str | None = None


class Contact(Row, table=True):
    """A person who writes to the business.

    ``bound_agent_id`` and ``bound_team_id`` repeat the live binding, so that a session is read with
    it in one join; only :mod:`inbox_tui.backend.bindings.service` writes them.
    """

    __tablename__ = "contacts"
    __table_args__ = (
        Index(
            "dedicated_contacts",
            "dedicated_agent_id",
            sqlite_where=text("dedicated_agent_id IS NOT NULL"),
            postgresql_where=text("dedicated_agent_id IS NOT NULL"),
        ),
        # Q11: the list of contacts by whom they are bound to, each a walk along one of these.
        Index(
            "contacts_of_agent",
            "bound_agent_id",
            "id",
            sqlite_where=text("bound_agent_id IS NOT NULL"),
            postgresql_where=text("bound_agent_id IS NOT NULL"),
        ),
        Index(
            "contacts_of_team",
            "bound_team_id",
            "id",
            sqlite_where=text("bound_team_id IS NOT NULL"),
            postgresql_where=text("bound_team_id IS NOT NULL"),
        ),
        Index(
            "contacts_unbound",
            "id",
            sqlite_where=text("bound_agent_id IS NULL AND bound_team_id IS NULL"),
            postgresql_where=text("bound_agent_id IS NULL AND bound_team_id IS NULL"),
        ),
    )

    id: int | None = new_id()
    name: str
    nickname: str | None = None
    language: str | None = None
    note: str = ""
    blocked: bool = False
    created_at: int = big()
    version: int = 1
    search: str = ""
    tier: str | None = None
    tags: list[str] = json_list()
    dedicated_agent_id: int | None = big(null=True)
    bound_agent_id: int | None = big(null=True)
    bound_team_id: int | None = big(null=True)


class Identity(Row, table=True):
    """A contact on one channel. ``reachable`` is false once they blocked the account."""

    __tablename__ = "identities"
    __table_args__ = (
        UniqueConstraint("channel_id", "external_id"),
        Index(
            "nameless",
            "id",
            sqlite_where=text("profile_at IS NULL AND name = ''"),
            postgresql_where=text("profile_at IS NULL AND name = ''"),
        ),
    )

    id: int | None = new_id()
    channel_id: int = ref("channels.id")
    external_id: str
    contact_id: int = ref("contacts.id", index=True)
    name: str = ""
    language: str | None = None
    reachable: bool = True
    profile_at: int | None = big(null=True)


class Conversation(Row, table=True):
    """The whole thread with a contact on a channel: one per identity."""

    __tablename__ = "conversations"

    id: int | None = new_id()
    identity_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("identities.id"), unique=True, nullable=False)
    )
    channel_id: int = ref("channels.id")
    contact_id: int = ref("contacts.id", index=True)
    reply_token: str | None = None
    reply_token_until: int | None = big(null=True)


class Binding(Row, table=True):
    """The lasting link of a contact to an agent, a team, or an agent inside a team (section 3).

    Ended ones stay as history. ``how`` is ``hand``, ``moved``, or ``code:`` and the code that was
    sent. ``by_id`` and ``ended_by_id`` are who did it, null for the system and the contact.
    """

    __tablename__ = "bindings"
    __table_args__ = (
        # Q4: at most one live binding a contact, guaranteed by the database itself.
        Index(
            "one_live_binding",
            "contact_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(
            "bound_to_agent",
            "agent_id",
            "id",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(
            "bound_to_team",
            "team_id",
            "id",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("bindings_of_contact", "contact_id", "id"),
    )

    id: int | None = new_id()
    contact_id: int = ref("contacts.id")
    agent_id: int | None = ref("agents.id", null=True)
    team_id: int | None = ref("teams.id", null=True)
    made_at: int = big()
    how: str
    by_id: int | None = big(null=True)
    ended_at: int | None = big(null=True)
    ended_by_id: int | None = big(null=True)

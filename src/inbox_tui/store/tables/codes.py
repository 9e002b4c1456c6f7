"""Codes by which contacts bind themselves to agents and teams (section 3 of the specification)."""

from sqlalchemy import Column, Index, String, text
from sqlmodel import Field

from inbox_tui.store.tables.columns import Row, big, json_list, new_id, ref


class Code(Row, table=True):
    """A code for one assignee on one channel (Q1): an agent, a team, or an agent inside a team.

    ``code`` is kept as it is compared: NFKC- and case-folded. ``assignee`` is the ids of whom it is
    for as one text, such as ``agent:3 team:2``. ``link`` is the deep link as it was
    when the code was made, so that what was printed can be shown again. ``tags`` are given to
    whoever binds by it (Q10). Revoked ones stay as history.
    """

    __tablename__ = "codes"
    __table_args__ = (
        # Q1: at most one code that is not revoked for an assignee on a channel.
        Index(
            "one_code",
            "channel_id",
            "assignee",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
        Index("codes_of_agent", "agent_id", "id"),
        Index("codes_of_team", "team_id", "id"),
    )

    id: int | None = new_id()
    code: str = Field(sa_column=Column(String, nullable=False, unique=True))
    channel_id: int = ref("channels.id")
    assignee: str
    agent_id: int | None = ref("agents.id", null=True)
    team_id: int | None = ref("teams.id", null=True)
    link: str
    tags: list[str] = json_list()
    made_at: int = big()
    by_id: int | None = big(null=True)
    expires_at: int | None = big(null=True)
    revoked_at: int | None = big(null=True)
    revoked_by_id: int | None = big(null=True)

"""Cases and their records."""

from sqlalchemy import Index
from sqlmodel import Field

from inbox_tui.store.tables.columns import Row, big, json_list, new_id, ref


class Case(Row, table=True):
    """The record kept of a session."""

    __tablename__ = "cases"
    __table_args__ = (Index("cases_status", "status", "id"), Index("cases_owner", "owner_id", "id"))

    id: int | None = new_id()
    code: str | None = Field(default=None, unique=True)
    session_id: int = ref("sessions.id", index=True)
    contact_id: int = ref("contacts.id", index=True)
    channel_id: int = ref("channels.id")
    version: int = 1
    status: str = "in_progress"
    title: str = ""
    description: str = ""
    severity: str = "normal"
    tags: list[str] = json_list()
    owner_id: int | None = big(null=True)
    opened_at: int = big()
    closed_at: int | None = big(null=True)
    follow_up_at: int | None = big(null=True)
    search: str = ""


class CaseActivity(Row, table=True):
    """One line of a case's record, in order."""

    __tablename__ = "case_activity"
    __table_args__ = (Index("activity_of_case", "case_id", "id"),)

    id: int | None = new_id()
    case_id: int = ref("cases.id")
    at: int = big()
    kind: str
    actor_id: int | None = big(null=True)
    detail: str = ""

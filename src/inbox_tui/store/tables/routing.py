"""Distribution rules and business hours."""

from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey
from sqlmodel import Field

from inbox_tui.store.tables.columns import Row, json_dict, json_list, new_id, ref


class Rule(Row, table=True):
    """A distribution rule (R2); the enabled one with the lowest ``position`` that matches decides.

    ``condition`` is a :class:`inbox_tui.wire.rules.Conditions` without its nulls: channels by slug,
    business hours by name. Its sessions go to ``team_id`` or, where that is null, to ``agents``
    (ids). Null ``method`` and ``consider`` are the team's.
    """

    __tablename__ = "rules"

    id: int | None = new_id()
    version: int = 1
    name: str = Field(unique=True)
    position: int
    enabled: bool = True
    condition: dict[str, Any] = json_dict()
    team_id: int | None = ref("teams.id", null=True)
    agents: list[int] = json_list()
    method: str | None = None
    consider: str | None = None
    priority: str | None = None
    skills: list[str] = json_list()


class RuleTurn(Row, table=True):
    """An agent's place in the rotation of a rule that keeps one of its own (R14)."""

    __tablename__ = "rule_turns"

    rule_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("rules.id"), primary_key=True),
    )
    agent_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("agents.id"), primary_key=True),
    )
    turn: float = 0.0


class Hours(Row, table=True):
    """Business hours by name (M11); ``calendar`` is what :func:`inbox_tui.hours.to_json` makes.

    ``timezone`` repeats the calendar's, for whoever lists them.
    """

    __tablename__ = "hours"

    id: int | None = new_id()
    name: str = Field(unique=True)
    timezone: str
    calendar: dict[str, Any] = json_dict()

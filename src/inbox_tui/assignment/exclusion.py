"""What is given out by hand only, and why (R4)."""

from collections.abc import Iterator

import msgspec

from inbox_tui.assignment.facts import Policy, SessionFact, TeamFact
from inbox_tui.assignment.precedence import Setup


class Exclusion(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why a session is given out by hand only: a ``tag`` of its contact, else its age.

    ``older_than`` is the age in milliseconds that it has passed.
    """

    tag: str = ""
    older_than: int | None = None


def exclusion(
    fact: SessionFact, team_id: int | None, setup: Setup, now: int
) -> tuple[Exclusion | None, int | None]:
    """Say why a session is given out by hand only, else when it grows too old for anything else.

    What the workspace excludes counts everywhere, what a team excludes for its own sessions.
    """
    too_old: int | None = None
    for excludes in _that_exclude(team_id, setup):
        tag = next((tag for tag in fact.tags if tag in excludes.exclude_tags), None)
        if tag is not None:
            return Exclusion(tag=tag), None
        age = excludes.exclude_older_than
        if age is not None:
            if fact.opened_at + age <= now:
                return Exclusion(older_than=age), None
            too_old = min(fact.opened_at + age, too_old or fact.opened_at + age)
    return None, too_old


def _that_exclude(team_id: int | None, setup: Setup) -> Iterator[Policy | TeamFact]:
    if setup.excludes:
        yield setup.policy
        if team_id is not None:
            yield setup.teams[team_id]

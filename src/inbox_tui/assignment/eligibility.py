"""Whether an agent may be given a session now: one question, one answer, one place.

The hot path and the explanation ask the same functions, so what is explained is what was done.
"""

from collections.abc import Mapping
from enum import StrEnum

from inbox_tui.assignment.facts import AgentFact
from inbox_tui.wire.words import Method, Presence, UnassignedReason


class Verdict(StrEnum):
    """What stands between an agent and a session, nearest to a yes first.

    ``NO_SKILL`` and ``LAPSED`` are about one session: it asks for a language or a skill the agent
    does not have (R4), or the agent let it lapse before (R10). The others hold for a whole queue.
    """

    ELIGIBLE = "eligible"
    SETTLING = "settling"
    NO_SKILL = "no_skill"
    LAPSED = "lapsed"
    TEAM_FULL = "team_full"
    FULL = "full"
    SWITCHED_OFF = "switched_off"
    GRACE = "grace"
    ABSENT = "absent"
    INACTIVE = "inactive"


def duty(fact: AgentFact) -> Verdict:
    """Say whether an agent is on duty: active, an inbox window open, accept on (P2, P3).

    ``ELIGIBLE`` means on duty; whether there is room is :func:`judge`'s question.
    """
    if not fact.active:
        return Verdict.INACTIVE
    if fact.presence is Presence.GRACE:
        return Verdict.GRACE
    if fact.presence is not Presence.PRESENT:
        return Verdict.ABSENT
    if not fact.accepting:
        return Verdict.SWITCHED_OFF
    return Verdict.ELIGIBLE


def duty_anywhere(fact: AgentFact) -> Verdict:
    """Say whether an agent is on duty where every active agent is considered (R3)."""
    if not fact.active:
        return Verdict.INACTIVE
    return Verdict.ELIGIBLE if fact.accepting else Verdict.SWITCHED_OFF


def judge(
    on_duty: Verdict,
    open_now: int,
    limit: int,
    team_open: int,
    team_limit: int | None,
    settling: bool,
) -> Verdict:
    """Say whether a member may be given one more session of this team (P2, P3, R5, R9)."""
    if on_duty is not Verdict.ELIGIBLE:
        return on_duty
    if open_now >= limit:
        return Verdict.FULL
    if team_limit is not None and team_open >= team_limit:
        return Verdict.TEAM_FULL
    if settling:
        return Verdict.SETTLING
    return Verdict.ELIGIBLE


def reason(method: Method, tally: Mapping[Verdict, int]) -> UnassignedReason | None:
    """Say why sessions wait, from how many members have which verdict (R7).

    The nearest miss is told: somebody on duty but without room, before somebody there with accept
    off, before nobody. None while somebody can take one, now or when the settle window ends: then
    whatever was said before still stands.
    """
    if method is Method.SELF_CLAIM:
        return UnassignedReason.SELF_CLAIM
    if method is Method.MANUAL:
        return UnassignedReason.MANUAL
    if tally[Verdict.ELIGIBLE] or tally[Verdict.SETTLING]:
        return None
    if tally[Verdict.FULL] or tally[Verdict.TEAM_FULL]:
        return UnassignedReason.ALL_FULL
    if tally[Verdict.SWITCHED_OFF]:
        return UnassignedReason.SWITCHED_OFF
    return UnassignedReason.NOBODY_ON_DUTY

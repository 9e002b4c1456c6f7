"""Explanations to look at: of a rule's decision, a wait for an agent, a full team (R13).

Each is a list, the present decision first, and what came before it after that, as the backend
numbers them. Names are Thai, Vietnamese and English, and one wants to be markup.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from inbox_tui.wire.explanation import Candidate, Earlier, Explanation, StepTaken
from inbox_tui.wire.models import Agent, Session
from inbox_tui.wire.words import Happening, Method, Presence, Priority, UnassignedReason

NOBODY_SET = (
    StepTaken(step="binding", outcome="passed", because="none"),
    StepTaken(step="dedicated_agent", outcome="passed", because="none"),
)


def candidate(
    agent: str,
    verdict: str = "eligible",
    *,
    rank: int | None = None,
    load: tuple[int, int] = (0, 5),
    team: tuple[int, int] | None = None,
    presence: Presence = Presence.PRESENT,
    accepting: bool = True,
    preferred: str | None = None,
    turn: float | None = None,
    last: datetime | None = None,
) -> Candidate:
    """Return a candidate; ``load`` and ``team`` are what is open, and the limit."""
    return Candidate(
        agent=agent,
        verdict=verdict,
        detail=verdict,
        rank=rank,
        open=load[0],
        limit=load[1],
        team_open=team[0] if team else None,
        team_limit=team[1] if team else None,
        presence=presence,
        accepting=accepting,
        preferred=preferred,
        turn=turn,
        last_assigned_at=last,
    )


def by_rule(session_id: int, now: datetime) -> list[Explanation]:
    """A rule gave it to chai, after bo had let it lapse."""
    first = now - timedelta(minutes=31)
    taken = now - timedelta(minutes=4, seconds=10)
    given = now - timedelta(minutes=4)
    present = Explanation(
        session_id=session_id,
        at=given,
        summary="The rule “ลูกค้า VIP” matched; next: chai (round robin).",
        step="rule",
        how=Happening.ASSIGNED,
        team="sales",
        rule="ลูกค้า VIP",
        method=Method.ROUND_ROBIN,
        priority=Priority.HIGH,
        assignee="chai",
        language="th",
        skills=["returns"],
        steps=[
            *NOBODY_SET,
            StepTaken(step="previous_agent", outcome="passed", name="bo", because="lapsed"),
            StepTaken(
                step="rule", outcome="passed", name="Night shift", because="outside_business_hours"
            ),
            StepTaken(
                step="rule", outcome="passed", name="Tiếng Việt", because="language", value="th"
            ),
            StepTaken(step="rule", outcome="passed", name="Refunds", because="off"),
            StepTaken(step="rule", outcome="decided", name="ลูกค้า VIP"),
        ],
        candidates=[
            candidate("chai", rank=1, load=(3, 5), team=(2, 4), turn=6),
            candidate("สมชาย [b]ใจดี[/b]", rank=2, load=(1, 5), team=(1, 4), turn=7),
            candidate("dung", "settling", load=(0, 5), team=(0, 4), turn=6),
            candidate("nguyễn", "no_skill", load=(0, 8), team=(0, 4), turn=5),
            candidate("bo", "lapsed", load=(4, 5), team=(3, 4), preferred="previous_agent"),
            candidate("fon", "team_full", load=(4, 6), team=(4, 4), turn=7),
            candidate("em", "absent", team=(0, 4), presence=Presence.ABSENT, turn=4),
        ],
        candidates_total=9,
    )
    back = Explanation(
        session_id=session_id,
        decision=1,
        at=taken,
        summary="It was taken back from bo: not answered in time.",
        step="",
        how=Happening.UNASSIGNED,
        team="sales",
        taken_from="bo",
        cause="lapsed",
    )
    claimed = Explanation(
        session_id=session_id,
        decision=2,
        at=first,
        summary="amy assigned it to bo. That was one over the limit.",
        step="designated",
        how=Happening.DESIGNATED,
        by="amy",
        team="sales",
        assignee="bo",
        warnings=["over-limit"],
        note="knows this customer",
    )
    return linked([present, back, claimed])


def waiting_for_agent(session_id: int, now: datetime) -> list[Explanation]:
    """It waits for the agent who served the customer before, who is away."""
    told = Explanation(
        session_id=session_id,
        at=now,
        summary="It waits 92 s more: the customer was last served by amy (not there).",
        step="channel_team",
        team="sales",
        method=Method.LEAST_OPEN,
        reason=UnassignedReason.WAITING_FOR_AGENT,
        waits_for="amy",
        wait_until=now + timedelta(seconds=92),
        steps=[
            *NOBODY_SET,
            StepTaken(step="previous_agent", outcome="waits", name="amy", because="absent"),
        ],
        candidates=[
            candidate(
                "amy",
                "absent",
                load=(2, 5),
                presence=Presence.ABSENT,
                preferred="previous_agent",
                last=now - timedelta(hours=2),
            ),
            candidate("bo", rank=1, load=(1, 5), last=now - timedelta(minutes=9)),
            candidate("cho", "switched_off", accepting=False),
        ],
        candidates_total=3,
    )
    return [told]


def full_team(session_id: int, now: datetime) -> list[Explanation]:
    """Nobody on duty has room."""
    told = Explanation(
        session_id=session_id,
        at=now,
        summary="It waits: all on duty in care are full (2 full, 1 not there). Position 3 of 12.",
        step="channel_team",
        team="care",
        method=Method.LEAST_LOADED,
        reason=UnassignedReason.ALL_FULL,
        queue_position=3,
        queue_length=12,
        steps=[
            *NOBODY_SET,
            StepTaken(step="previous_agent", outcome="passed", because="none"),
            StepTaken(step="rule", outcome="passed", name="ลูกค้า VIP", because="tier"),
            StepTaken(step="channel_team", outcome="decided", name="care"),
        ],
        candidates=[
            candidate("bo", "team_full", load=(3, 5), team=(3, 3), last=now - timedelta(minutes=2)),
            candidate("dung", "full", load=(5, 5), team=(2, 3), last=now - timedelta(minutes=7)),
            candidate("em", "grace", load=(1, 5), team=(1, 3), presence=Presence.GRACE),
            candidate("cho", "absent", team=(0, 3), presence=Presence.ABSENT, accepting=False),
        ],
        candidates_total=4,
    )
    return [told]


def linked(decisions: Sequence[Explanation]) -> list[Explanation]:
    """Return explanations that each list those before the present one."""
    earlier = [
        Earlier(
            decision=each.decision,
            at=each.at,
            how=each.how or Happening.ASSIGNED,
            assignee=each.assignee,
            step=each.step,
            rule=each.rule,
            team=each.team,
            by=each.by,
            taken_from=each.taken_from,
            cause=each.cause,
        )
        for each in decisions[1:]
    ]
    return [replace(each, earlier=earlier, earlier_total=len(earlier)) for each in decisions]


def turn_of(session: Session, people: Sequence[Agent], now: datetime) -> Explanation:
    """Return why a session of a world without an engine is where it is: it was somebody's turn."""
    chosen = session.assignee
    return Explanation(
        session_id=session.id,
        at=session.assigned_at or now,
        summary=f"Team {session.team}, round robin: it was the turn of {chosen}.",
        step="channel_team",
        how=None if chosen is None else Happening.ASSIGNED,
        team=session.team,
        method=Method.ROUND_ROBIN,
        assignee=chosen,
        reason=session.unassigned_reason,
        queue_position=1 if chosen is None else None,
        steps=[
            *NOBODY_SET,
            StepTaken(step="channel_team", outcome="decided", name=session.team or ""),
        ],
        candidates=[
            candidate(
                agent.nickname,
                "eligible" if agent.accepting else "switched_off",
                rank=1 if agent.nickname == chosen else None,
                load=(agent.open_count, agent.limit),
                presence=agent.presence,
                accepting=agent.accepting,
            )
            for agent in people
        ],
        candidates_total=len(people),
    )

"""Why a session is where it is, in words and numbers (R13).

Reads what the engine knows and changes nothing. The verdicts are those the engine acted on; only
the sentences are made here. Looking at a whole pool is O(members), which is why the engine does
it on request only.
"""

from dataclasses import dataclass
from heapq import nsmallest

from inbox_tui.assignment.decisions import Candidate
from inbox_tui.assignment.eligibility import Verdict
from inbox_tui.assignment.pool import Pool
from inbox_tui.assignment.precedence import Route, Step
from inbox_tui.assignment.roster import Agent, Member, Session
from inbox_tui.wire.words import Method, UnassignedReason


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a session is where it is; ``summary`` is the sentence to read first.

    ``method`` is None where none was asked (the only account gets everything). ``assignee_id`` is
    who serves the session, or whom the proposal that waits for its commit names. ``candidates``
    are the first ``most`` of ``candidates_total``: by rank, then nearest to a yes.
    """

    session_id: int
    at: int
    summary: str
    step: Step
    team_id: int | None
    method: Method | None
    assignee_id: int | None
    reason: UnassignedReason | None
    queue_position: int | None
    queue_length: int
    candidates: tuple[Candidate, ...]
    candidates_total: int


_NEARNESS = {verdict: place for place, verdict in enumerate(Verdict)}

_IN_WORDS = {
    Verdict.ELIGIBLE: "can take one",
    Verdict.SETTLING: "just arrived",
    Verdict.TEAM_FULL: "full in this team",
    Verdict.FULL: "full",
    Verdict.SWITCHED_OFF: "there with accept off",
    Verdict.GRACE: "with a dropped link",
    Verdict.ABSENT: "not there",
    Verdict.INACTIVE: "not active",
}


def explanation(
    session: Session,
    way: Route,
    pool: Pool,
    *,
    now: int,
    most: int,
    proposed_to: Agent | None,
    only_account: Agent | None,
) -> Explanation:
    """Explain a session that is routed to a pool by ``way``.

    Of one that is served, step and candidates tell what would happen if it were routed now.
    """
    session_id = session.fact.id
    assignee = session.served_by or proposed_to
    waits = session.route is not None
    return Explanation(
        session_id=session_id,
        at=now,
        summary=_summary(session, pool, proposed_to, only_account),
        step=way.step if only_account is None else Step.ONLY_ACCOUNT,
        team_id=way.team_id,
        method=pool.method if only_account is None else None,
        assignee_id=None if assignee is None else assignee.fact.id,
        reason=_reason(session, pool, assignee, only_account),
        queue_position=pool.queue.position(session_id) if waits else None,
        queue_length=len(pool.queue),
        candidates=candidates(pool, only_account, most),
        candidates_total=total(pool, only_account),
    )


def total(pool: Pool, only_account: Agent | None) -> int:
    """Count the candidates of a session of this pool."""
    return len(pool.members) if only_account is None else 1


def candidates(pool: Pool, only_account: Agent | None, most: int) -> tuple[Candidate, ...]:
    """Return the first ``most`` candidates: by rank, then those nearest to a yes."""
    if only_account is not None:
        member = only_account.members[None]
        return (_candidate(pool, member, Verdict.ELIGIBLE, 1, "the only active account"),)
    ranked = pool.ranked(most)
    others = nsmallest(
        most - len(ranked),
        (member for member in pool.members.values() if member.verdict is not Verdict.ELIGIBLE),
        key=lambda member: (_NEARNESS[member.verdict], member.agent.fact.id),
    )
    told = [
        _candidate(pool, member, member.verdict, rank, _detail(pool, member))
        for rank, member in enumerate(ranked, start=1)
    ]
    told += [
        _candidate(pool, member, member.verdict, None, _detail(pool, member)) for member in others
    ]
    return tuple(told)


def _candidate(
    pool: Pool, member: Member, verdict: Verdict, rank: int | None, detail: str
) -> Candidate:
    agent = member.agent
    fact = agent.fact
    return Candidate(
        agent_id=fact.id,
        nickname=fact.nickname,
        verdict=verdict,
        detail=detail,
        rank=rank,
        open=agent.open,
        limit=agent.limit,
        team_open=pool.team_open(agent),
        team_limit=pool.limit,
        presence=fact.presence,
        accepting=fact.accepting,
        last_assigned=agent.last_assigned,
        turn=member.base if pool.method is Method.ROUND_ROBIN else None,
    )


def _detail(pool: Pool, member: Member) -> str:
    agent = member.agent
    load = f"{agent.open} of {agent.limit} open"
    match member.verdict:
        case Verdict.ELIGIBLE if pool.method is Method.ROUND_ROBIN:
            return f"{load}, turn {member.base:g}"
        case Verdict.ELIGIBLE:
            return load
        case Verdict.SETTLING:
            return f"{load}, has just arrived and shares the backlog in a moment"
        case Verdict.TEAM_FULL:
            return f"{load}, but {pool.team_open(agent)} of {pool.limit} of this team"
        case Verdict.FULL:
            return f"{load}: full"
        case Verdict.SWITCHED_OFF:
            return "accept is off"
        case Verdict.GRACE:
            return "the link dropped a moment ago"
        case Verdict.ABSENT:
            return "no inbox window is open"
        case Verdict.INACTIVE:
            return "the account is not active"


def _reason(
    session: Session, pool: Pool, assignee: Agent | None, only_account: Agent | None
) -> UnassignedReason | None:
    if assignee is not None:
        return None
    if session.route is None:
        return session.fact.held_reason
    return None if only_account is not None else pool.reason() or pool.told


# The sentences. A name is never the subject of one: it may be “you”, or a plural.


def _summary(
    session: Session, pool: Pool, proposed_to: Agent | None, only_account: Agent | None
) -> str:
    if session.served_by is not None:
        served = f"Served by {session.served_by.fact.nickname}."
        return f"{served} If it were routed now: {_prospect(pool, only_account)}"
    if proposed_to is not None:
        return f"It is being given to {proposed_to.fact.nickname} at this moment."
    if session.route is None:
        return f"It is not given to anybody by itself: {_held(session)}. Anyone may claim it."
    place = f"Position {pool.queue.position(session.fact.id)} of {len(pool.queue)}."
    return f"It waits: {_prospect(pool, only_account)} {place}"


def _held(session: Session) -> str:
    match session.fact.held_reason:
        case UnassignedReason.TAKEN_BACK:
            return "everybody it could go to has let it lapse"
        case UnassignedReason.DECLINED:
            return "it was declined"
        case UnassignedReason.WITH_BOT:
            return "the bot serves it"
        case other:
            return "it is held back" if other is None else other.replace("_", " ")


def _prospect(pool: Pool, only_account: Agent | None) -> str:
    """Say what a pool does with a session now."""
    where = "the workspace pool" if pool.team_id is None else pool.slug
    if only_account is not None:
        return f"the only active account gets every session: {only_account.fact.nickname}."
    match pool.reason():
        case UnassignedReason.SELF_CLAIM:
            return f"the people of {where} take sessions themselves."
        case UnassignedReason.MANUAL:
            return f"a manager hands out the sessions of {where}."
        case UnassignedReason.ALL_FULL:
            return f"all on duty in {where} are full ({_staff(pool)})."
        case UnassignedReason.SWITCHED_OFF:
            return f"nobody there has accept on in {where} ({_staff(pool)})."
        case UnassignedReason.NOBODY_ON_DUTY:
            return f"nobody is on duty in {where} ({_staff(pool)})."
    next_up = pool.next_up()
    if next_up is None:
        return f"those who have just come to {where} share the backlog in a moment."
    agent = next_up.agent
    method = pool.method.replace("_", " ")
    load = f"{agent.open} of {agent.limit} open"
    return f"next in {where} by {method}: {agent.fact.nickname}, with {load}."


def _staff(pool: Pool) -> str:
    counts = [f"{count} {_IN_WORDS[verdict]}" for verdict, count in pool.tally().items() if count]
    return ", ".join(counts) or "it has no members"

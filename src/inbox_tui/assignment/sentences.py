"""The English of an explanation (R13). A screen in another language makes its own from the codes.

A name is never the subject of a sentence: it may be “you”, or a plural.
"""

from collections.abc import Sequence

from inbox_tui.assignment.conditions import Condition
from inbox_tui.assignment.decisions import Candidate
from inbox_tui.assignment.eligibility import Verdict
from inbox_tui.assignment.exclusion import Exclusion
from inbox_tui.assignment.facts import SessionFact
from inbox_tui.assignment.pool import Pool
from inbox_tui.assignment.precedence import WORKSPACE, Route, Step
from inbox_tui.assignment.roster import Agent, Member, Session
from inbox_tui.assignment.staff import Staff
from inbox_tui.wire.words import Method, UnassignedReason

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
_OWN = {
    Step.BINDING: "the customer is bound to",
    Step.DEDICATED_AGENT: "the customer's dedicated agent is",
    Step.PREVIOUS_AGENT: "the customer was last served by",
}


def detail(pool: Pool, agent: Agent, member: Member | None, verdict: Verdict) -> str:
    """Say what stands between an agent and a session, with the numbers."""
    load = f"{agent.open} of {agent.limit} open"
    match verdict:
        case Verdict.ELIGIBLE if member is not None and pool.method is Method.ROUND_ROBIN:
            return f"{load}, turn {member.base:g}"
        case Verdict.ELIGIBLE:
            return load
        case Verdict.SETTLING:
            return f"{load}, has just arrived and shares the backlog in a moment"
        case Verdict.NO_SKILL:
            return f"{load}, but without the language or skill it asks for"
        case Verdict.LAPSED:
            return "had it and let it lapse"
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


def condition(failed: Condition, session: SessionFact) -> str:
    """Say why a rule's condition does not hold."""
    match failed:
        case Condition.CHANNEL:
            return "another channel"
        case Condition.LANGUAGE:
            return f"the language is {session.language or 'not known'}"
        case Condition.CATEGORY:
            category = session.category
            return f"the category is {category.replace('_', '-') if category else 'not set'}"
        case Condition.CONTACT:
            return "a returning contact" if session.returning else "a new contact"
        case Condition.TIER:
            return f"the tier is {session.tier or 'not set'}"
        case Condition.TAG:
            return "none of its tags"
        case Condition.BUSINESS_HOURS:
            return "outside its business hours"
        case Condition.OUTSIDE_BUSINESS_HOURS:
            return "inside business hours"
        case Condition.KEYWORD:
            return "none of its keywords"


def summary(
    session: Session,
    way: Route,
    pool: Pool,
    staff: Staff,
    now: int,
    assignee: Agent | None,
    told: UnassignedReason | None,
    seen: Sequence[Candidate],
    position: int | None,
    excluded: Exclusion | None,
) -> str:
    """Say in a sentence or two where a session is and why."""
    prospect = _prospect(session, way, pool, staff, told, seen, excluded)
    if session.served_by is not None:
        served = f"Served by {session.served_by.fact.nickname}."
        return f"{served} If it were routed now: {prospect}"
    if assignee is not None:
        return f"It is being given to {assignee.fact.nickname} at this moment."
    if session.wait_until is not None:
        seconds = max(0, session.wait_until - now + 999) // 1000
        step, agent_id = session.asked[0]
        name = staff.agents[agent_id].fact.nickname
        stands = seen[0].detail if seen else ""
        return f"It waits {seconds} s more: {_OWN[step]} {name} ({stands}). Anyone may claim it."
    if session.route is None or not session.lines:
        if told is None:
            return f"If it came now: {prospect}"
        return f"It is not given to anybody by itself: {_held(told)}. Anyone may claim it."
    return f"It waits: {prospect} Position {position} of {pool.waiting}."


def _held(told: UnassignedReason) -> str:
    match told:
        case UnassignedReason.DECLINED:
            return "it was declined"
        case UnassignedReason.WITH_BOT:
            return "the bot serves it"
        case other:
            return f"it is held back ({other.replace('_', ' ')})"


def _prospect(
    session: Session,
    way: Route,
    pool: Pool,
    staff: Staff,
    told: UnassignedReason | None,
    seen: Sequence[Candidate],
    excluded: Exclusion | None,
) -> str:
    """Say what routing does with the session now."""
    where = _where(way, pool)
    if staff.only_account is not None:
        return f"the only active account gets every session: {staff.only_account.fact.nickname}."
    if excluded is not None:
        return f"it is handed out by hand only, since {_excluded(excluded)}."
    first = next((each for each in seen if each.rank == 1), None)
    if first is not None and first.preferred is not None:
        return f"{_OWN[first.preferred]} {first.nickname}, with {first.detail}."
    line = session.lines[-1] if session.lines else pool.base
    match told or line.reason():
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
        case UnassignedReason.NO_SKILL:
            return f"nobody with its language or skill is free in {where} ({_staff(pool)})."
        case UnassignedReason.TAKEN_BACK:
            return f"everybody in {where} has let it lapse."
    if first is None:
        return f"those who have just come to {where} share the backlog in a moment."
    return f"next in {where} by {pool.method.replace('_', ' ')}: {first.nickname}, with " + (
        f"{first.open} of {first.limit} open."
    )


def _excluded(excluded: Exclusion) -> str:
    if excluded.older_than is None:
        return f"its customer has the tag “{excluded.tag}”"
    hours, minutes = divmod(excluded.older_than // 60_000, 60)
    return f"it was opened more than {f'{hours} h' if hours else f'{minutes} min'} ago"


def _where(way: Route, pool: Pool) -> str:
    if pool.queue_name == WORKSPACE:
        return "the workspace pool"
    return f"the rule “{way.rule.name}”" if way.rule is not None and not pool.label else pool.label


def _staff(pool: Pool) -> str:
    tally = pool.view().tally
    counts = [f"{tally[verdict]} {words}" for verdict, words in _IN_WORDS.items() if tally[verdict]]
    return ", ".join(counts) or "it has no members"

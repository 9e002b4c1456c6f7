"""Why a session is where it is, in words and numbers (R13).

Reads what the engine knows and changes nothing. The verdicts are those the engine acted on; only
the sentences (:mod:`sentences`) are made for people. Looking at a whole pool is O(members), which
is why the engine does it on request only.
"""

from heapq import nsmallest

import msgspec

from inbox_tui.assignment import needs as asks
from inbox_tui.assignment import sentences
from inbox_tui.assignment.conditions import failing, value_of
from inbox_tui.assignment.decisions import Candidate, Considered, Outcome
from inbox_tui.assignment.eligibility import Verdict
from inbox_tui.assignment.exclusion import Exclusion, exclusion
from inbox_tui.assignment.lines import PoolLine
from inbox_tui.assignment.needs import Needs, needs_of
from inbox_tui.assignment.pool import Pool
from inbox_tui.assignment.precedence import Route, Setup, Step, priority_of, route
from inbox_tui.assignment.roster import Agent, Member, Session
from inbox_tui.assignment.staff import Staff
from inbox_tui.wire.words import Method, Priority, UnassignedReason


class Explanation(msgspec.Struct, frozen=True):
    """Why a session is where it is; ``summary`` is the sentence to read first.

    ``steps`` are those of R1 up to the one that decided. ``method`` is None where none was asked.
    ``assignee_id`` is who serves the session, or whom the proposal that waits for its commit names.
    ``candidates`` are the first of ``candidates_total``: by rank, then nearest to a yes. ``needs``
    is what is asked of them. ``excluded`` is why the session is given out by hand only, if it is.
    """

    session_id: int
    at: int
    summary: str
    step: Step
    team_id: int | None
    rule: str
    method: Method | None
    priority: Priority
    assignee_id: int | None
    reason: UnassignedReason | None
    wait_until: int | None
    queue_position: int | None
    queue_length: int
    needs: Needs
    steps: tuple[Considered, ...]
    candidates: tuple[Candidate, ...]
    candidates_total: int
    excluded: Exclusion | None = None


_NEARNESS = {verdict: place for place, verdict in enumerate(Verdict)}


def explanation(
    session: Session, setup: Setup, staff: Staff, now: int, most: int, proposed_to: Agent | None
) -> Explanation:
    """Explain a session.

    Of one that is served, steps and candidates tell what routing it now would do; the same is told
    of one that is not there at all.
    """
    fact = session.fact
    way = session.route if session.lines and session.route else route(fact, setup)
    pool = staff.pools[way.queue]
    assignee = session.served_by or proposed_to
    only = staff.only_account
    needs = needs_now(session, way, setup, staff, now)
    seen, total = candidates(session, way, staff, needs, most)
    stands = position_of(session)
    position = None if stands is None else stands[1]
    told = _reason(session, pool, assignee, only)
    excluded = None if only else exclusion(fact, way.team_id, setup, now)[0]
    summary = sentences.summary(
        session, way, pool, staff, now, assignee, told, seen, position, excluded
    )
    return Explanation(
        session_id=fact.id,
        at=now,
        summary=summary,
        step=Step.ONLY_ACCOUNT if only else way.step,
        team_id=way.team_id,
        rule="" if way.rule is None else way.rule.name,
        method=None if only else pool.method,
        priority=priority_of(fact, way.rule, setup.policy),
        assignee_id=None if assignee is None else assignee.fact.id,
        reason=told,
        wait_until=session.wait_until,
        queue_position=position,
        queue_length=pool.waiting,
        needs=needs,
        steps=steps(session, way, setup, staff),
        candidates=seen,
        candidates_total=total,
        excluded=excluded,
    )


def position_of(session: Session) -> tuple[str, int] | None:
    """Return the queue a session waits in, and its position from 1, over all its lines (M9).

    None where it waits in none: served, held, or waiting for its own agent.
    """
    line = next((line for line in session.lines if isinstance(line, PoolLine)), None)
    if line is None:
        return None
    place = line.queue.waiting[session.fact.id]
    before = sum(each.queue.before(place) for each in line.pool.lines.values())
    return line.pool.queue_name, 1 + before


def needs_now(session: Session, way: Route, setup: Setup, staff: Staff, now: int) -> Needs:
    """Return what is asked of whoever gets a session: less, once it has waited long enough."""
    for line in session.lines:
        if isinstance(line, PoolLine):
            return line.needs
    if session.lines and now >= session.fact.queued_at + setup.policy.skill_wait:
        return asks.NONE
    return needs_of(session.fact, way.rule, staff.languages_matter)


def _reason(
    session: Session, pool: Pool, assignee: Agent | None, only: Agent | None
) -> UnassignedReason | None:
    if assignee is not None or only is not None:
        return None
    if not session.lines:
        return session.fact.held_reason
    if session.wait_until is not None:
        return UnassignedReason.WAITING_FOR_AGENT
    line = session.lines[-1]
    return line.reason() or line.told


# Candidates


def candidates(
    session: Session, way: Route, staff: Staff, needs: Needs, most: int
) -> tuple[tuple[Candidate, ...], int]:
    """Return the first ``most`` candidates and how many there are, judged by what is asked.

    First the session's own agents, then the pool's: by rank, then those nearest to a yes.
    """
    only = staff.only_account
    pool = staff.pools[way.queue]
    if only is not None:
        detail = "the only active account"
        return (_candidate(pool, only, None, Verdict.ELIGIBLE, 1, detail),), 1
    told: list[Candidate] = []
    rank = 0
    for step, agent_id in way.preferred:
        agent = staff.agents.get(agent_id)
        if agent is not None:
            verdict = staff.verdict(agent, way.team_id)
            rank += verdict is Verdict.ELIGIBLE
            place = rank if verdict is Verdict.ELIGIBLE else None
            detail = sentences.detail(pool, agent, None, verdict)
            told.append(_candidate(pool, agent, None, verdict, place, detail, step))
    own = {each.agent_id for each in told}
    lapsed = frozenset(session.fact.lapsed)
    ranked = [
        member
        for member in pool.ranked(most + len(own), needs, lapsed)
        if member.agent.fact.id not in own
    ][: max(0, most - len(told))]
    for place, member in enumerate(ranked, start=rank + 1):
        told.append(_member(pool, member, Verdict.ELIGIBLE, place))
    seen = own | {member.agent.fact.id for member in ranked}
    others = (
        (_verdict(member, needs, lapsed), agent_id, member)
        for agent_id, member in pool.members.items()
        if agent_id not in seen
    )
    rest = nsmallest(
        max(0, most - len(told)), others, key=lambda each: (_NEARNESS[each[0]], each[1])
    )
    told += [_member(pool, member, verdict, None) for verdict, _, member in rest]
    return tuple(told), len(own | pool.members.keys())


def _verdict(member: Member, needs: Needs, lapsed: frozenset[int]) -> Verdict:
    """Judge a member for one session."""
    fact = member.agent.fact
    if fact.id in lapsed:
        return Verdict.LAPSED
    if member.verdict is Verdict.ELIGIBLE and needs is not asks.NONE and not needs.are_met_by(fact):
        return Verdict.NO_SKILL
    return member.verdict


def _member(pool: Pool, member: Member, verdict: Verdict, rank: int | None) -> Candidate:
    detail = sentences.detail(pool, member.agent, member, verdict)
    return _candidate(pool, member.agent, member, verdict, rank, detail)


def _candidate(
    pool: Pool,
    agent: Agent,
    member: Member | None,
    verdict: Verdict,
    rank: int | None,
    detail: str,
    preferred: Step | None = None,
) -> Candidate:
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
        turn=member.base if member is not None and pool.method is Method.ROUND_ROBIN else None,
        preferred=preferred,
    )


# Steps


def steps(session: Session, way: Route, setup: Setup, staff: Staff) -> tuple[Considered, ...]:
    """Go through R1 once more, noting what became of each step."""
    only = staff.only_account
    if only is not None:
        return (Considered(Step.ONLY_ACCOUNT, Outcome.DECIDED, only.fact.nickname),)
    return tuple(_steps(session, way, setup, staff))


def _steps(session: Session, way: Route, setup: Setup, staff: Staff) -> list[Considered]:
    fact = session.fact
    if way.step is Step.DESIGNATED:
        return [_decided(way, staff)]
    done: list[Considered] = []
    asked = {each.agent_id for each in session.asked} if session.wait_until is not None else set()
    named = {each.step: each.agent_id for each in way.preferred}
    for step, agent_id in (
        (Step.BINDING, fact.bound_agent_id),
        (Step.DEDICATED_AGENT, fact.dedicated_agent_id),
        (Step.PREVIOUS_AGENT, fact.previous_agent_id),
    ):
        agent = None if agent_id is None else staff.agents.get(agent_id)
        if agent is None:
            done.append(Considered(step, Outcome.PASSED, because="none"))
            continue
        name = agent.fact.nickname
        if named.get(step) != agent_id:
            because = Verdict.LAPSED if agent_id in fact.lapsed else "named_before"
            done.append(Considered(step, Outcome.PASSED, name, because))
            continue
        verdict = staff.verdict(agent, way.team_id)
        detail = sentences.detail(staff.pools[way.queue], agent, None, verdict)
        if verdict is Verdict.ELIGIBLE:
            return [*done, Considered(step, Outcome.DECIDED, name, detail=detail)]
        waits = Outcome.WAITS if agent_id in asked else Outcome.PASSED
        done.append(Considered(step, waits, name, verdict, detail=detail))
        if waits is Outcome.WAITS:
            return done
    if way.step is not Step.BOUND_TEAM:
        done += _rules(session, way, setup)
        if way.step is Step.WORKSPACE_POOL:
            done.append(Considered(Step.CHANNEL_TEAM, Outcome.PASSED, because="none"))
    if way.step is not Step.RULE:
        done.append(_decided(way, staff))
    return done


def _decided(way: Route, staff: Staff) -> Considered:
    return Considered(way.step, Outcome.DECIDED, staff.pools[way.queue].label)


def _rules(session: Session, way: Route, setup: Setup) -> list[Considered]:
    """Say of each rule, up to the one that matched, what did not hold."""
    done: list[Considered] = []
    for rule in setup.rules:
        if way.rule is not None and rule.id == way.rule.id:
            return [*done, Considered(Step.RULE, Outcome.DECIDED, rule.name)]
        failed = failing(rule.when, session.fact, setup.open_hours)
        because = "off" if not rule.enabled else str(failed or "no_team")
        value = detail = ""
        if failed and rule.enabled:
            value = value_of(failed, session.fact)
            detail = sentences.condition(failed, session.fact)
        done.append(Considered(Step.RULE, Outcome.PASSED, rule.name, because, value, detail))
    return done

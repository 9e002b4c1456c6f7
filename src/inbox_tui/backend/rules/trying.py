"""*Try it on a message*: what the rules say to it, and who would get it now (R2).

The engine itself answers, one of its own made from the tables and thrown away: what it is told of
the message it would decide in earnest, by the whole order of decision (R1). Nothing is written,
nothing is assigned and no turn moves (R14). Other sessions that wait are left out, so that it is
always about this one.
"""

from dataclasses import replace

import msgspec
from sqlalchemy.engine import Connection

from inbox_tui.assignment import Assign, Condition, Engine, RuleFact, SessionFact, When
from inbox_tui.assignment.conditions import failing
from inbox_tui.backend.assigner.facts import (
    people,
    policy,
    rule_facts,
    session_fact,
)
from inbox_tui.backend.directory import Directory, RuleName
from inbox_tui.backend.rules.facts import rule_fact
from inbox_tui.backend.rules.service import checked, names_of
from inbox_tui.backend.sessions.opening import MOST_OPENING, base_language, language_set
from inbox_tui.backend.sessions.sight import Sight
from inbox_tui.backend.sessions.why import candidates_shown
from inbox_tui.backend.views import SESSION_ROWS, SESSIONS, session_row
from inbox_tui.clock import Millis, to_datetime, to_millis
from inbox_tui.errors import Invalid, NotFound
from inbox_tui.languages import detect
from inbox_tui.text import fold, safe_text
from inbox_tui.wire.rules import RuleDraft, RuleTrial, RuleVerdict, Tried, TryRules
from inbox_tui.wire.words import ContactKind, Priority, SessionState, UnassignedReason

_SERVED = SESSION_ROWS.where(
    SESSIONS.c.state == SessionState.OPEN, SESSIONS.c.assignee_id.is_not(None)
)
"""What the agents are busy with."""

_TRIED = 0
"""The id of the session that is tried: none that is stored has it."""

_FIELDS = {
    Condition.CHANNEL: "channels",
    Condition.LANGUAGE: "languages",
    Condition.CATEGORY: "categories",
    Condition.CONTACT: "contact",
    Condition.TIER: "tiers",
    Condition.TAG: "tags",
    Condition.BUSINESS_HOURS: "business_hours",
    Condition.OUTSIDE_BUSINESS_HOURS: "outside_business_hours",
    Condition.KEYWORD: "keywords",
}


def try_rules(
    connection: Connection, body: TryRules, now: Millis, sight: Sight | None = None
) -> RuleTrial:
    """Say of each rule whether it matches a message, and who would get it if it came now.

    ``sight`` is what who asks may see (R17), None for everything. Raises NotFound for a rule that
    is not there or a session that is not there for them, Invalid for a message without a
    channel and for a rule as typed that is wrong.
    """
    directory, agents, teams = people(connection)
    session, at = _session(connection, directory, body, now, sight)
    rules = _rules(connection, directory, body)
    engine = Engine(policy(directory.settings))
    engine.put_hours(directory.hours)
    for agent in agents:
        engine.put_agent(agent)
    for each in teams:
        engine.put_team(each)
    engine.put_rules([fact for _, fact in rules])
    for row in connection.execute(_SERVED):
        if row.id != body.session_id:
            engine.put_session(session_fact(row, directory))
    engine.put_session(session)
    decided = next(
        (
            decision
            for decision in engine.decide(at)
            if isinstance(decision, Assign) and decision.session_id == _TRIED
        ),
        None,
    )
    found = engine.explain(_TRIED, at)
    open_hours = {name for name, each in directory.hours.items() if each.is_open(at)}
    verdicts = [_verdict(rule_id, fact, session, open_hours) for rule_id, fact in rules]
    place = next(
        (
            place
            for place, verdict in enumerate(verdicts)
            if found.rule and verdict.enabled and verdict.matches
        ),
        None,
    )
    rule = None if place is None else rules[place][1]
    if place is not None:
        verdicts[place] = replace(verdicts[place], decides=True)
    team = None if found.team_id is None else directory.teams[found.team_id]
    return RuleTrial(
        tried=_tried(session, directory, at),
        rules=verdicts,
        summary=found.summary,
        step=found.step,
        rule=None if rule is None else rule.name,
        team=directory.slug(found.team_id),
        agents=[directory.agents[agent].nickname for agent in rule.agents]
        if rule is not None and rule.team_id is None
        else None,
        method=found.method,
        consider=(rule.consider if rule is not None else None) or (team.consider if team else None),
        priority=Priority(found.priority),
        assignee=directory.nickname(found.assignee_id if decided is None else decided.agent_id),
        reason=None if found.reason is None else UnassignedReason(found.reason),
        candidates=candidates_shown(found.candidates),
        candidates_total=found.candidates_total,
    )


def _session(
    connection: Connection, directory: Directory, body: TryRules, now: Millis, sight: Sight | None
) -> tuple[SessionFact, Millis]:
    """Return what the engine is told of the message, as if it came anew, and when it came."""
    at = None
    if body.at is not None:
        if body.at.tzinfo is None:
            raise Invalid("at needs its offset from UTC, or a Z.", data={"path": "at"})
        at = to_millis(body.at)
    if body.session_id is None:
        if body.channel is None:
            raise Invalid("channel: say on which channel it comes.", data={"path": "channel"})
        at = now if at is None else at
        base = SessionFact(_TRIED, 1, open=True, priority=Priority.NORMAL, waits_from=at)
        channel_id = directory.channel_named(body.channel).id
    else:
        row = session_row(connection, body.session_id)
        if row is None or (sight is not None and not sight.covers(row.team_id, row.assignee_id)):
            raise NotFound(f"There is no session {body.session_id}.")
        stored = session_fact(row, directory)
        at = stored.opened_at if at is None else at
        base = _anew(stored)
        channel_id = stored.channel_id or 0
        if body.channel is not None:
            channel_id = directory.channel_named(body.channel).id
    text = None if body.text is None else safe_text(body.text)[:MOST_OPENING]
    language = base.language or directory.settings.language
    if text is not None:
        language = detect(text) or language
    given = {
        "language": base_language(language_set(body.language) if body.language else language),
        "category": body.category,
        "tags": None if body.tags is None else tuple(body.tags),
        "tier": body.tier,
        "returning": None if body.contact is None else body.contact is ContactKind.RETURNING,
        "text": None if text is None else fold(text),
        "channel_id": channel_id,
        "channel_team_id": directory.channels[channel_id].team_id,
        "waits_from": at,
        "opened_at": at,
        "queued_at": at,
    }
    told = {key: value for key, value in given.items() if value is not None}
    return msgspec.structs.replace(base, **told), at


def _anew(stored: SessionFact) -> SessionFact:
    """Return a stored session as it was before anybody decided on it."""
    return msgspec.structs.replace(
        stored,
        id=_TRIED,
        version=1,
        open=True,
        priority=stored.priority if stored.priority_chosen else Priority.NORMAL,
        team_id=None,
        channel_team_id=None,
        assignee_id=None,
        counted_team_id=None,
        held_reason=None,
        shown_reason=None,
        queue=None,
        shown_wait_until=None,
        owner_waited=False,
        lapsed=(),
        assigned_at=None,
    )


def _rules(
    connection: Connection, directory: Directory, body: TryRules
) -> list[tuple[int | None, RuleFact]]:
    """Return the rules in their order, each with its stored id, the typed one in its place."""
    stored = {fact.id: fact for fact in rule_facts(connection, directory)}
    rules: list[tuple[int | None, RuleFact]] = list(stored.items())
    if body.rule is None:
        return rules
    present = None
    if body.in_place_of is not None:
        present = directory.rules.get(body.in_place_of)
        if present is None:
            raise NotFound(f"There is no rule {body.in_place_of}.")
    draft = checked(body.rule, names_of(directory, present))
    own_id = max(directory.rules, default=0) + 1 if present is None else present.id
    turns = None if present is None else stored[present.id].turns
    typed = rule_fact(_named(draft, own_id, directory), directory, turns)
    if present is None:
        return [*rules, (None, typed)]
    return [(own_id, typed) if rule_id == own_id else (rule_id, fact) for rule_id, fact in rules]


def _named(draft: RuleDraft, rule_id: int, directory: Directory) -> RuleName:
    return RuleName(
        rule_id,
        1,
        draft.name,
        draft.enabled,
        draft.when,
        None if draft.team is None else directory.team_slugs[draft.team],
        tuple(directory.nicknames[nickname] for nickname in draft.agents or ()),
        draft.method,
        draft.consider,
        draft.priority,
        tuple(draft.skills),
    )


def _verdict(
    rule_id: int | None, rule: RuleFact, session: SessionFact, open_hours: set[str]
) -> RuleVerdict:
    """Say which of a rule's conditions do not hold: all of them, not only the first."""
    failed = [
        condition.value
        for condition, name in _FIELDS.items()
        if failing(When(**{name: getattr(rule.when, name)}), session, open_hours) is not None
    ]
    return RuleVerdict(
        id=rule_id, name=rule.name, enabled=rule.enabled, matches=not failed, failed=failed
    )


def _tried(session: SessionFact, directory: Directory, at: Millis) -> Tried:
    return Tried(
        text=session.text,
        channel=directory.channels[session.channel_id or 0].slug,
        language=session.language,
        category=session.category,
        contact=ContactKind.RETURNING if session.returning else ContactKind.NEW,
        tags=list(session.tags),
        tier=session.tier,
        at=to_datetime(at),
    )

"""Why a session is where it is, on the wire (R13): codes and numbers, with an English sentence.

Like :mod:`inbox_tui.wire.models`: plain frozen dataclasses, people and things by the names that
people type. Codes (``step``, ``outcome``, ``because``, ``verdict``, ``cause``) are words of the
assignment engine; a screen makes its sentences from them, so an unknown one must not break it.
"""

from datetime import datetime

from inbox_tui.records import dataclass, field
from inbox_tui.wire.words import Happening, Method, Presence, Priority, UnassignedReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One agent as the engine saw them when it decided (R13).

    ``rank`` counts from 1 among those who could be given the session, null for the others.
    ``open`` and ``limit`` are over all teams, ``team_open`` and ``team_limit`` of the session's
    team only, null where it has no limit of its own. ``preferred`` is the step of R1 by which the
    session is this agent's own. ``turn`` is the place in a round robin, lowest next;
    ``last_assigned_at`` breaks ties, null for never.
    """

    agent: str
    verdict: str
    detail: str
    rank: int | None = None
    open: int = 0
    limit: int = 0
    team_open: int | None = None
    team_limit: int | None = None
    presence: Presence = Presence.ABSENT
    accepting: bool = False
    preferred: str | None = None
    turn: float | None = None
    last_assigned_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTaken:
    """One step of the order of decision, as it was gone through (R1).

    ``outcome`` is ``decided``, ``waits`` or ``passed``. ``name`` is the agent, team or rule it is
    about; ``because`` what stood in the way: a verdict on the agent, the condition of the rule that
    did not hold, ``off`` for a rule that is switched off, ``none`` where nothing is set. ``value``
    is what the session has where a condition asks for something else. ``detail`` is English.
    """

    step: str
    outcome: str
    name: str = ""
    because: str = ""
    value: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """One decision of the past, to be asked for by its number.

    ``decision`` 1 is the latest before the present one. ``how`` is what happened, ``by`` the person
    who did it, null for the engine. ``taken_from`` is who had it before; ``cause`` why it was taken
    from them: ``lapsed`` (R10), ``left`` or ``deactivated`` (R12), null where a person just did it.
    """

    decision: int
    at: datetime
    how: Happening
    assignee: str | None = None
    step: str = ""
    rule: str | None = None
    team: str | None = None
    by: str | None = None
    taken_from: str | None = None
    cause: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a session is where it is (R13). ``summary`` is the sentence to read first, in English.

    ``decision`` 0 is the present one, 1 the latest before it; ``earlier`` has the newest of the
    ``earlier_total`` before the present one. ``how`` is what happened, null while the session waits
    to be given out, and for one that nobody was ever given. ``by``, ``taken_from`` and ``cause``
    are as in :class:`Earlier`; ``note`` is what was written to the receiver, ``warnings`` what was
    asked about and done all the same (``over-limit``, ``absent``).

    ``step`` is the step of R1 that decided, ``rule`` the distribution rule that matched, ``steps``
    the whole way there. ``language`` and ``skills`` are what was asked of the agents. ``priority``
    is null for a past decision that no rule had a part in: nobody wrote it down. Of a session
    that waits, ``reason``, ``wait_until`` with ``waits_for`` (R6) and its place in the queue are
    told. The ``candidates`` are the first of ``candidates_total``, with their numbers at ``at``;
    ``candidates_kept`` is false when those of a past decision are kept no longer. ``excluded_tag``
    or ``excluded_age`` (seconds) is why the session is given out by hand only (R4).
    """

    session_id: int
    at: datetime
    summary: str
    step: str
    decision: int = 0
    closed: bool = False
    how: Happening | None = None
    by: str | None = None
    taken_from: str | None = None
    cause: str | None = None
    note: str | None = None
    warnings: list[str] = field(default_factory=list)
    team: str | None = None
    rule: str | None = None
    method: Method | None = None
    priority: Priority | None = None
    assignee: str | None = None
    reason: UnassignedReason | None = None
    waits_for: str | None = None
    wait_until: datetime | None = None
    queue_position: int | None = None
    queue_length: int = 0
    language: str | None = None
    skills: list[str] = field(default_factory=list)
    steps: list[StepTaken] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
    candidates_total: int = 0
    candidates_kept: bool = True
    excluded_tag: str | None = None
    excluded_age: float | None = None
    earlier: list[Earlier] = field(default_factory=list)
    earlier_total: int = 0

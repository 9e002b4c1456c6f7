"""What the engine answers: who should get what, and why the rest waits.

A decision is a proposal. The caller tries to commit it, with the limits checked again in the same
transaction, and tells the engine how it went (``Engine.committed``, ``Engine.refused``).
"""

from enum import StrEnum
from typing import NamedTuple

import msgspec

from inbox_tui.assignment.eligibility import Verdict
from inbox_tui.assignment.needs import NONE, Needs
from inbox_tui.assignment.precedence import Step
from inbox_tui.wire.words import Method, Presence, Priority, UnassignedReason


class Turn(NamedTuple):
    """How one member's rotation number moves when a round-robin assignment is committed (R14).

    It is a movement, not a number: ``max(turn, floor) + stride``. Of two proposals for one agent
    either may be refused, and the other still moves the number by its own stride only.
    ``floor`` lifts those who were away level with the rest, so that missed turns do not add up.
    """

    floor: float
    stride: float

    def after(self, turn: float) -> float:
        """Return the number to store for a member whose stored number is ``turn`` (0 if none)."""
        return max(turn, self.floor) + self.stride


class Candidate(msgspec.Struct, frozen=True, omit_defaults=True):
    """One agent as the engine saw them (R13): the verdict, their place and the numbers.

    ``rank`` counts from 1 among those who could be given the session, and is None for the others.
    ``team_open`` and ``team_limit`` are about this team's sessions only. ``preferred`` is the step
    of R1 by which the session is this agent's own, None for the members of the queue.
    """

    agent_id: int
    nickname: str
    verdict: Verdict
    detail: str
    rank: int | None
    open: int
    limit: int
    team_open: int
    team_limit: int | None
    presence: Presence
    accepting: bool
    last_assigned: int
    turn: float | None
    preferred: Step | None = None


class Outcome(StrEnum):
    """What became of one step of the order (R1)."""

    DECIDED = "decided"
    WAITS = "waits"
    PASSED = "passed"


class Considered(msgspec.Struct, frozen=True, omit_defaults=True):
    """One step of the order, as it was gone through (R13).

    ``name`` is the agent, team or rule it is about, empty where there is none; ``because`` the code
    of what stood in the way: a :class:`Verdict`, a :class:`Condition`, ``off`` for a rule that is
    switched off, ``none`` where nothing is set. ``value`` is what the session had where a condition
    asks for something else, such as a language. ``detail`` says it in English.
    """

    step: Step
    outcome: Outcome
    name: str = ""
    because: str = ""
    value: str = ""
    detail: str = ""


class Assign(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    """Give this session to this agent.

    Commit it only if the session still has ``session_version``, and store ``turn`` with it when
    there is one, in the rotation of ``queue`` ("team:3", "rule:7"). ``team_id`` is the team the
    session counts against from now on, ``rule_id`` the distribution rule that sent it there,
    ``priority`` what tier and rule made of it, ``at`` the time of the decision. ``online_only`` is
    whether the agent has to be present. What explains it is filled on request only: ``candidates``
    (best first), ``candidates_total``, the ``steps`` of R1 up to the one that decided, the name of
    the ``rule``, and what was asked of the agent (``needs``).
    """

    session_id: int
    session_version: int
    agent_id: int
    team_id: int | None
    step: Step
    method: Method | None
    turn: Turn | None
    at: int
    queue: str = ""
    rule_id: int | None = None
    priority: Priority = Priority.NORMAL
    online_only: bool = True
    candidates: tuple[Candidate, ...] = ()
    candidates_total: int = 0
    rule: str = ""
    needs: Needs = NONE
    steps: tuple[Considered, ...] = ()


class Wait(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    """This session waits (R7): let its row say where and why.

    ``team_id`` is the team whose queue it is, ``queue`` the engine's own name of the line it stands
    in, which :class:`WaitReason` goes by. ``wait_until`` is set with ``waiting_for_agent`` (R6).
    """

    session_id: int
    session_version: int
    team_id: int | None
    step: Step
    reason: UnassignedReason
    queue: str = ""
    rule_id: int | None = None
    priority: Priority = Priority.NORMAL
    wait_until: int | None = None


class WaitReason(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    """All rows that say they wait in ``queue`` show ``reason`` from now on (R7).

    One statement over the rows does it.
    """

    queue: str
    reason: UnassignedReason


class Cause(StrEnum):
    """Why a session is taken from its agent: unanswered for too long (R10), or off duty (R12)."""

    LAPSED = "lapsed"
    LEFT = "left"


class TakeBack(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    """Take this session from its agent and route it again (R10, R12).

    Commit it only if the session still has ``session_version``, and note that it has waited for
    an agent of its own; after ``LAPSED`` also that this agent let it lapse.
    """

    session_id: int
    session_version: int
    agent_id: int
    cause: Cause
    at: int


Decision = Assign | Wait | WaitReason | TakeBack

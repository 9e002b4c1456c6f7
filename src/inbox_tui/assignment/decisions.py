"""What the engine answers: who should get what, and why the rest waits.

A decision is a proposal. The caller tries to commit it, with the limits checked again in the same
transaction, and tells the engine how it went (``Engine.committed``, ``Engine.refused``).
"""

from typing import NamedTuple

import msgspec

from inbox_tui.assignment.eligibility import Verdict
from inbox_tui.assignment.precedence import Step
from inbox_tui.wire.words import Method, Presence, UnassignedReason


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


class Candidate(msgspec.Struct, frozen=True):
    """One agent as the engine saw them (R13): the verdict, their place and the numbers.

    ``rank`` counts from 1 among those who could be given the session, and is None for the others.
    ``team_open`` and ``team_limit`` are about this team's sessions only.
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


class Assign(msgspec.Struct, frozen=True):
    """Give this session to this agent.

    Commit it only if the session still has ``session_version``, and store ``turn`` with it when
    there is one. ``team_id`` is the team the session counts against, ``at`` the time of the
    decision. ``candidates`` (best first) and ``candidates_total`` are filled on request only.
    """

    session_id: int
    session_version: int
    agent_id: int
    team_id: int | None
    step: Step
    method: Method | None
    turn: Turn | None
    at: int
    candidates: tuple[Candidate, ...] = ()
    candidates_total: int = 0


class Wait(msgspec.Struct, frozen=True):
    """This queued session shows another reason than the true one (R7): show ``reason``."""

    session_id: int
    session_version: int
    team_id: int | None
    step: Step
    reason: UnassignedReason


class WaitReason(msgspec.Struct, frozen=True):
    """All sessions that wait for this team show ``reason`` from now on (R7).

    ``team_id`` None is the workspace pool. One statement over the rows does it; sessions with a
    held reason of their own are not meant.
    """

    team_id: int | None
    reason: UnassignedReason


Decision = Assign | Wait | WaitReason

"""Who serves whom: the assignment engine (P1-P3, R1-R15).

Pure: no clock, no I/O, no database, no randomness, and nothing of ours but the words of the wire.
It reads no tables and commits nothing; the caller puts facts in and carries decisions out.
"""

from inbox_tui.assignment.conditions import Condition
from inbox_tui.assignment.decisions import (
    Assign,
    Candidate,
    Cause,
    Considered,
    Decision,
    Outcome,
    TakeBack,
    Turn,
    Wait,
    WaitReason,
)
from inbox_tui.assignment.eligibility import Verdict
from inbox_tui.assignment.engine import Engine, UnknownSession
from inbox_tui.assignment.explain import Explanation
from inbox_tui.assignment.facts import (
    AgentFact,
    Hours,
    Policy,
    RuleFact,
    SessionFact,
    TeamFact,
    When,
)
from inbox_tui.assignment.precedence import Step, queue_of_team

__all__ = [
    "AgentFact",
    "Assign",
    "Candidate",
    "Cause",
    "Condition",
    "Considered",
    "Decision",
    "Engine",
    "Explanation",
    "Hours",
    "Outcome",
    "Policy",
    "RuleFact",
    "SessionFact",
    "Step",
    "TakeBack",
    "TeamFact",
    "Turn",
    "UnknownSession",
    "Verdict",
    "Wait",
    "WaitReason",
    "When",
    "queue_of_team",
]

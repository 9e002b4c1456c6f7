"""Who serves whom: the assignment engine (R1-R9, R13-R15).

Pure: no clock, no I/O, no database, no randomness, and nothing of ours but the words of the wire.
It reads no tables and commits nothing; the caller puts facts in and carries decisions out.
"""

from inbox_tui.assignment.decisions import Assign, Candidate, Decision, Turn, Wait, WaitReason
from inbox_tui.assignment.eligibility import Verdict
from inbox_tui.assignment.engine import Engine, UnknownSession
from inbox_tui.assignment.explain import Explanation
from inbox_tui.assignment.facts import AgentFact, Policy, SessionFact, TeamFact
from inbox_tui.assignment.precedence import Step

__all__ = [
    "AgentFact",
    "Assign",
    "Candidate",
    "Decision",
    "Engine",
    "Explanation",
    "Policy",
    "SessionFact",
    "Step",
    "TeamFact",
    "Turn",
    "UnknownSession",
    "Verdict",
    "Wait",
    "WaitReason",
]

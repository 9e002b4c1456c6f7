"""What is kept of a decision to explain it later, and how it is read again (R13).

It stands in the event of the assignment, under ``why``: codes and numbers of that moment. What a
person did has a ``step`` and ``warnings`` only. Empty values are left out, and unknown ones are
passed over, so that what an older program wrote can be read.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from inbox_tui import assignment
from inbox_tui.clock import to_datetime
from inbox_tui.wire.explanation import Candidate, StepTaken

MOST_KEPT = 12
"""Candidates kept with a decision; how many there were is kept as well."""


def why(decision: assignment.Assign) -> dict[str, Any]:
    """Return what is kept with an assignment."""
    return {
        "step": decision.step,
        "method": decision.method,
        "rule_id": decision.rule_id,
        "rule": decision.rule,
        "priority": decision.priority,
        "at": decision.at,
        "language": decision.needs.language,
        "skills": list(decision.needs.skills),
        "steps": [_filled(msgspec.to_builtins(each)) for each in decision.steps],
        "total": decision.candidates_total,
        "candidates": [_kept(each) for each in decision.candidates[:MOST_KEPT]],
    }


def _kept(candidate: assignment.Candidate) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(candidate)
    del plain["agent_id"]
    plain["agent"] = plain.pop("nickname")
    if candidate.team_limit is None:
        del plain["team_open"]
    return _filled(plain)


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in (None, "")}


def kept_candidates(kept: Mapping[str, Any]) -> list[Candidate]:
    """Read the candidates of a decision as they were then; none where they were not kept."""
    return [_candidate(each) for each in kept.get("candidates", [])]


def kept_steps(kept: Mapping[str, Any]) -> list[StepTaken]:
    """Read the steps of a decision as they were then; none where they were not kept."""
    return [msgspec.convert(each, StepTaken, strict=False) for each in kept.get("steps", [])]


def candidates_shown(found: Sequence[assignment.Candidate]) -> list[Candidate]:
    """Show candidates as the engine sees them now."""
    return [_candidate(_kept(each)) for each in found]


def steps_shown(found: Sequence[assignment.Considered]) -> list[StepTaken]:
    """Show the steps as the engine goes through them now."""
    return [msgspec.convert(msgspec.to_builtins(each), StepTaken, strict=False) for each in found]


def _candidate(kept: Mapping[str, Any]) -> Candidate:
    last = kept.get("last_assigned")
    return msgspec.convert(
        {**kept, "last_assigned_at": to_datetime(last) if last else None}, Candidate, strict=False
    )

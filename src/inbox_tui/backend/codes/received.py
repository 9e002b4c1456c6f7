"""What becomes of a code that a contact sends (Q3-Q7): judged, carried out, answered, at once.

A contact is bound by their own message only (Q2). All of it is one unit of work with the message
itself, which the platform's id keeps from being stored twice: so nothing here ever happens twice,
and of two codes that come at once the first binds.
"""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from inbox_tui import codes
from inbox_tui.backend.automatic.sending import say
from inbox_tui.backend.automatic.templates import Value
from inbox_tui.backend.bindings import service as bindings
from inbox_tui.backend.codes import service
from inbox_tui.backend.directory import Directory, directory_of
from inbox_tui.channels.port import CustomerMessage
from inbox_tui.store.work import Work
from inbox_tui.wire.words import Automatic, CodeOutcome, CodeState, ContentKind

_REPLY = {
    CodeOutcome.BOUND: Automatic.CODE_BOUND,
    CodeOutcome.DUPLICATE: Automatic.CODE_DUPLICATE,
    CodeOutcome.FAILED: Automatic.CODE_FAILED,
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a code does: ``code`` is the one that binds, if it does.

    The ids are whom the contact is bound to once it is carried out, None for nobody.
    """

    outcome: CodeOutcome
    agent_id: int | None = None
    team_id: int | None = None
    code: dict[str, Any] | None = None


FAILED = Verdict(CodeOutcome.FAILED)


def read(message: CustomerMessage) -> codes.Reading | None:
    """Return what code a message carries, if any: what it says, or what its start link carried."""
    if message.content.kind is not ContentKind.TEXT:
        return None
    return codes.read(message.start or message.content.text)


def judge(work: Work, channel_id: int, contact_id: int, reading: codes.Reading) -> Verdict:
    """Say what a code does to a contact who is not blocked; nothing is changed yet.

    First whether it binds at all: an altered, unknown, revoked or expired one fails, and so does
    one whose agent or team is not there any more, and one of another channel (Q3). Then whether the
    contact is bound already: the first binding wins (Q4), also against the same code (Q5).
    """
    found = None if reading.code is None else service.find(work, reading.code)
    if found is None or found["channel_id"] != channel_id:
        return FAILED
    row = SimpleNamespace(**found)
    if service.state_of(row, directory_of(work), work.now) is not CodeState.LIVE:
        return FAILED
    there = bindings.live(work, contact_id)
    if there is not None:
        return Verdict(CodeOutcome.DUPLICATE, there.agent_id, there.team_id)
    return Verdict(CodeOutcome.BOUND, row.agent_id, row.team_id, found)


def carry_out(
    work: Work,
    verdict: Verdict,
    *,
    contact_id: int,
    conversation_id: int,
    session_id: int | None,
    entry_id: int,
) -> None:
    """Bind the contact if that is the verdict, and answer the message they sent, once (Q6)."""
    if verdict.code is not None:
        bindings.bind(
            work,
            contact_id,
            agent_id=verdict.agent_id,
            team_id=verdict.team_id,
            how=bindings.CODE + verdict.code["code"],
            tags=verdict.code["tags"],
        )
    say(
        work,
        _REPLY[verdict.outcome],
        conversation_id,
        f"code:{entry_id}",
        session_id=session_id,
        values=_values(work, verdict),
    )


def _values(work: Work, verdict: Verdict) -> dict[str, Value]:
    values: dict[str, Value] = {"assignee": _named(directory_of(work), verdict)}
    if verdict.code is not None:
        values["my_code_link" if verdict.agent_id else "team_code_link"] = verdict.code["link"]
    return values


def _named(directory: Directory, verdict: Verdict) -> str | None:
    """Return what a customer knows the assignee by: the agent's name, else the team's."""
    if verdict.agent_id is not None:
        return directory.agents[verdict.agent_id].name
    return None if verdict.team_id is None else directory.teams[verdict.team_id].name

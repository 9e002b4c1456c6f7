"""How a team chooses among those who may be given a session: one key a method (R3).

A key is a tuple of numbers; the lowest is chosen; the last number is the agent's id, so that no
two are equal. A new method is a new function here.
"""

from collections.abc import Callable

from inbox_tui.assignment.ranking import Key
from inbox_tui.assignment.roster import Member
from inbox_tui.wire.words import Method


def round_robin(member: Member) -> Key:
    """Lowest rotation number first; a tie goes to whose turn in this team is longest ago (R14).

    Each turn adds ``1 / weight`` to the number (stride scheduling); with equal weights that is
    turn by turn, exactly. Proposals count as turns until they are refused, so that a batch goes
    round as well.
    """
    # Written out, since every decision asks it: what the properties of Member say.
    agent, turn, held = member.agent, member.turn, member.held
    fact = agent.fact
    position = max(turn, member.level)
    if held:
        return (position + held / fact.weight, member.proposed, turn, agent.last_assigned, fact.id)
    return (position, member.served, turn, agent.last_assigned, fact.id)


def least_open(member: Member) -> Key:
    """Fewest open sessions for their weight; a tie goes to the longest since last assignment."""
    agent = member.agent
    return (agent.open / agent.fact.weight, agent.last_assigned, agent.fact.id)


def least_loaded(member: Member) -> Key:
    """Lowest share of their limit in use, for their weight; ties as in least open.

    Asked for those below their limit only, which is therefore above 0.
    """
    agent = member.agent
    return (agent.open / (agent.limit * agent.fact.weight), agent.last_assigned, agent.fact.id)


KEYS: dict[Method, Callable[[Member], Key]] = {
    Method.ROUND_ROBIN: round_robin,
    Method.LEAST_OPEN: least_open,
    Method.LEAST_LOADED: least_loaded,
}
"""The methods that hand out by themselves. Self-claim and manual are missing on purpose."""

WORKSPACE_METHOD = Method.LEAST_OPEN
"""How sessions without a team are handed out, over all agents (R1, step 7)."""

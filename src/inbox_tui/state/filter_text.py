"""Filters as a line of text that a person can read, edit and clear (L4, L5).

``is:overdue channel:line-main agent:bo red shoes``: words with a known operator are filters, all
others are searched for.
"""

from inbox_tui.state.lists import Filters
from inbox_tui.wire.words import StateFilter

_STATES = {state.value: state for state in StateFilter}


def read_filters(text: str) -> Filters:
    """Return the filters of a line. The last of an operator counts; an unknown one is a word."""
    state: StateFilter | None = None
    channel = agent = team = bound = ""
    words: list[str] = []
    for word in text.split():
        operator, colon, value = word.partition(":")
        match operator.lower() if colon and value else "":
            case "is" if value.lower() in _STATES:
                state = _STATES[value.lower()]
            case "channel":
                channel = value
            case "agent":
                agent = value
            case "team":
                team = value
            case "bound":
                bound = value
            case _:
                words.append(word)
    return Filters(
        q=" ".join(words), state=state, channel=channel, agent=agent, team=team, bound=bound
    )


def filters_text(filters: Filters) -> str:
    """Return the line that :func:`read_filters` reads as these filters."""
    parts = []
    if filters.state is not None:
        parts.append(f"is:{filters.state.value}")
    if filters.channel:
        parts.append(f"channel:{filters.channel}")
    if filters.agent:
        parts.append(f"agent:{filters.agent}")
    if filters.team:
        parts.append(f"team:{filters.team}")
    if filters.bound:
        parts.append(f"bound:{filters.bound}")
    if filters.q:
        parts.append(filters.q)
    return " ".join(parts)

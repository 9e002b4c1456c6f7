"""The English of decisions of the past (R13); that of the present is the engine's own.

A name may be "you" or a plural: no verb's form may hang on it. A screen in any language makes its
sentences from the codes; these are for who reads the JSON.
"""

from inbox_tui.wire.explanation import Explanation
from inbox_tui.wire.words import Happening, Method

OVER_LIMIT = "over-limit"
ABSENT = "absent"

_METHODS = {
    Method.ROUND_ROBIN: "round robin: the longest since their last turn",
    Method.LEAST_OPEN: "least open: the fewest open sessions",
    Method.LEAST_LOADED: "least loaded: the lowest share of their limit",
}
_BY_ENGINE = {
    "only_account": "The only account gets every session: {assignee}.",
    "designated": "It was sent to the team {team}; next there: {assignee} ({method}).",
    "binding": "The customer is bound to {assignee}.",
    "dedicated_agent": "The customer's dedicated agent is {assignee}.",
    "previous_agent": "The customer was last served by {assignee}.",
    "bound_team": "The customer is bound to the team {team}; next there: {assignee} ({method}).",
    "rule": "The rule “{rule}” matched; next: {assignee} ({method}).",
    "channel_team": "Its channel belongs to the team {team}; next there: {assignee} ({method}).",
    "workspace_pool": "Its channel has no team; next of everybody: {assignee} ({method}).",
}
_BY_HAND = {
    Happening.CLAIMED: "{assignee} took it from Unassigned.",
    Happening.DESIGNATED: "{by} assigned it to {to}.",
    Happening.TRANSFERRED: "{by} transferred it to {to}.",
    Happening.TAKEN_BACK: "{by} took it back from {taken_from}.",
    Happening.UNASSIGNED: "{by} took it from {taken_from}.",
}
_BY_CAUSE = {
    "lapsed": "It was taken back from {taken_from}: not answered in time.",
    "left": "It was taken back from {taken_from}: off duty, and not answered yet.",
    "deactivated": "The account of {taken_from} was made inactive by {by}.",
}


def sentence(told: Explanation) -> str:
    """Return a decision of the past, all but its ``summary`` filled in, in a sentence or two."""
    if told.how is None:
        return _no_decision(told)
    if told.assignee is None and told.cause in _BY_CAUSE:
        pattern = _BY_CAUSE[told.cause]
    elif told.by is not None:
        pattern = _BY_HAND.get(told.how, "{by} gave it to {to}.")
    elif told.assignee is None:
        pattern = "It was taken back from {taken_from}."
    else:
        pattern = _BY_ENGINE.get(told.step, "Served by {assignee}.")
    said = pattern.format(
        assignee=told.assignee,
        by=told.by,
        to=told.assignee or f"the team {told.team}",
        taken_from=told.taken_from or "nobody",
        team=told.team,
        rule=told.rule,
        method=_METHODS.get(told.method, told.method) if told.method else "",
    )
    return " ".join([said, *_more(told)])


def _no_decision(told: Explanation) -> str:
    if told.assignee is not None:
        return f"Served by {told.assignee}. How it came there is no longer kept."
    return "It was closed before anybody served it." if told.closed else ""


def _more(told: Explanation) -> list[str]:
    more = []
    chosen = next((each for each in told.candidates if each.agent == told.assignee), None)
    if chosen is not None and told.step != "only_account":
        more.append(f"{chosen.open} of {chosen.limit} were open.")
    if OVER_LIMIT in told.warnings:
        more.append("That was one over the limit.")
    if ABSENT in told.warnings:
        more.append("No inbox window was open there.")
    if told.closed:
        more.append("It is closed now.")
    return more

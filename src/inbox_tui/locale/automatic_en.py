"""English, sixth part: codes and automatic messages, in the timeline and on their screen."""

SENTENCES: dict[str, str] = {
    # what became of a code that was sent
    "code_outcome": "sent a code",
    "code_outcome.bound": "sent a code: bound",
    "code_outcome.duplicate": "sent a code: already bound",
    "code_outcome.failed": "sent a code: not accepted",
    # the kinds of automatic messages
    "automatic_kind.greeting": "greeting",
    "automatic_kind.assigned": "who serves them",
    "automatic_kind.away": "outside business hours",
    "automatic_kind.over_capacity": "all are busy",
    "automatic_kind.transferred": "transferred",
    "automatic_kind.ended": "end of session",
    "automatic_kind.rating": "rating question",
    "automatic_kind.order_shipped": "order shipped",
    "automatic_kind.parcel_delivered": "parcel delivered",
    "automatic_kind.delivery_delayed": "delivery delayed",
    "automatic_kind.code_bound": "code: bound",
    "automatic_kind.code_duplicate": "code: already bound",
    "automatic_kind.code_failed": "code: not accepted",
    # whom a contact is bound to
    "side.bound": "bound to",
    "side.bound_in": "{agent} in {team}",
    "side.bound_team": "team {team}",
    "side.bound_since": "since",
    "side.bound_how": "by",
    "side.bound_code": "code {code}",
    "side.bound_hand": "hand, {by}",
    "side.bound_moved": "move, {by}",
    "bound.to_you": "{name} is now bound to you.",
    "bound.to_you_code": "{name} is now bound to you by your code.",
    "bound.to_you_by": "{by} bound {name} to you.",
    "bound.to_you_serves": "{assignee} serves them now.",
    "bound.to_other": "{name} is now bound to {to}; you go on serving them.",
    "bound.moved": "{by} bound {name} to {to} instead of you.",
    "bound.ended": "{by} ended the binding of {name} to you.",
}
"""Sentences by key."""

"""What all bodies of calls have in common: a key that they do not know is refused.

A misspelt key would otherwise be silence, or worse: a rule whose only condition is misspelt would
take every session.
"""


class Body:
    """The base of everything that a client sends as JSON."""

    __slots__ = ()

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012 - read by FastAPI's validation, never written

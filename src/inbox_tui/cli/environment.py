"""The values that a workspace file takes from the environment: ``"env:NAME"``."""

import os
import tomllib
from collections.abc import Iterator, Mapping

PREFIX = "env:"


def environment_for(text: str, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the values of the variables that a file refers to, as far as they are set.

    Nothing else of the environment leaves this process. A file that is no TOML refers to none:
    what is wrong with it is said by whoever applies it.
    """
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}
    names = {value.removeprefix(PREFIX) for value in _strings(told) if value.startswith(PREFIX)}
    return {name: environ[name] for name in sorted(names) if name in environ}


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)

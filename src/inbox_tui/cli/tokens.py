"""The tokens of this machine's windows, by nickname, in a file private to its owner."""

import json
import os
from collections.abc import Mapping

from inbox_tui.config import Home


def read_tokens(home: Home) -> dict[str, str]:
    """Return the tokens of a workspace; a file that cannot be read holds none."""
    try:
        told = json.loads(home.tokens.read_bytes())
    except (OSError, ValueError):
        return {}
    return {str(k): str(v) for k, v in told.items()} if isinstance(told, dict) else {}


def write_tokens(home: Home, tokens: Mapping[str, str]) -> None:
    """Replace the tokens of a workspace."""
    draft = home.tokens.with_name(f"{home.tokens.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(dict(tokens), file)
    draft.replace(home.tokens)

"""structlog, without what makes it slow to start.

It imports rich, and with it pygments and attrs, to paint tracebacks where it finds it: a twentieth
of a server's start. Ours are told as plain text (`backend/logs.py`), and structlog does without
rich when it is missing, so it is made missing meanwhile.
"""

import sys
from typing import Any, cast

_loaded = cast("dict[str, Any]", sys.modules)
_hidden = "rich" not in _loaded
if _hidden:
    _loaded["rich"] = None

import structlog  # noqa: E402 - only now

if _hidden:
    del _loaded["rich"]

__all__ = ["structlog"]

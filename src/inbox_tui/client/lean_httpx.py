"""httpx without its command line.

Importing httpx imports that as well where it can be had, and with it rich, click and pygments: a
third of the whole, before the first row is shown. Nobody here needs it, and httpx does without
when it is missing, so it is made missing.
"""

import sys
from typing import Any, cast

cast("dict[str, Any]", sys.modules).setdefault("httpx._main", None)

import httpx  # noqa: E402 - only now

__all__ = ["httpx"]

"""httpx, without what makes it slow here.

Importing httpx imports its command line as well where it can be had, and with it rich, click and
pygments: a third of the whole, before the first row is shown. Nobody here needs it, and httpx does
without when it is missing, so it is made missing.

httpcore tries to import sniffio at every request. Where it is missing, that looks through the whole
path each time, which takes longer than the rest of a call: so it is looked for once.
"""

import sys
from importlib.util import find_spec
from typing import Any, cast

_loaded = cast("dict[str, Any]", sys.modules)
_loaded.setdefault("httpx._main", None)
if "sniffio" not in _loaded and find_spec("sniffio") is None:
    _loaded["sniffio"] = None

import httpx  # noqa: E402 - only now

__all__ = ["httpx"]

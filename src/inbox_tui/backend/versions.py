"""What an endpoint is told about the version its caller has read: the ``If-Match`` header."""

import re
from typing import Annotated

from fastapi import Depends, Header

from inbox_tui.errors import Invalid

_TAG = re.compile(r'(?:W/)?"?(\d{1,18})"?')


async def read_version(if_match: Annotated[str | None, Header()] = None) -> int | None:
    """Return the version in ``If-Match``, quoted or bare; None where there is none, or ``*``.

    Raises Invalid for anything else.
    """
    # Async, though it waits for nothing: FastAPI would run a plain function in a thread.
    if if_match is None or if_match.strip() == "*":
        return None
    found = _TAG.fullmatch(if_match.strip())
    if found is None:
        raise Invalid(
            "If-Match has to be the version that was read, such as 3.", data={"path": "If-Match"}
        )
    return int(found[1])


ReadVersion = Annotated[int | None, Depends(read_version)]

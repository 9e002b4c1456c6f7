"""What went wrong, in one line of the reader's language.

What this side found out has a sentence of its own; what the server says is put behind a few words
that say what kind of trouble it is, in its own words where there is nothing better.
"""

from inbox_tui.errors import InboxError
from inbox_tui.locale import Catalogue, times


def sentence(error: InboxError, catalogue: Catalogue) -> str:
    """Return what went wrong and what to do about it.

    Hints are English, as details are. Where a sentence of another language says it all without the
    detail, it says what to do as well.
    """
    told = _told(error, catalogue)
    if not error.hint or (catalogue.language != "en" and error.detail not in told):
        return told
    return f"{told} {error.hint}"


def _told(error: InboxError, catalogue: Catalogue) -> str:
    values = {key: str(value) for key, value in error.data.items()}
    if isinstance(seconds := error.data.get("seconds_ago"), int | float):
        values["ago"] = times.span_long(seconds, catalogue)
    for code in (error.data.get("say"), error.type):
        key = f"error.{code}"
        if code is not None and catalogue.has(key):
            try:
                return catalogue.t(key, **{**values, "detail": error.detail})
            except KeyError:
                continue  # the server left out what the sentence names
    return error.detail

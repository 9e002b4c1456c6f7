"""The filter of the list of contacts as a line of text: ``bound:me gold`` (Q11)."""

from inbox_tui.records import dataclass

BOUND = "bound:"
NONE = "none"
ME = "me"


@dataclass(frozen=True, slots=True)
class ContactFilter:
    """To whom they are bound (``me``, ``none``, a nickname, a slug; empty: whomever), and words."""

    bound: str = ""
    words: str = ""


def read_contact_filter(text: str) -> ContactFilter:
    """Return the filter of a line. The last ``bound:`` counts; all else is searched for."""
    bound = ""
    words: list[str] = []
    for word in text.split():
        name = word[len(BOUND) :]
        if word.lower().startswith(BOUND) and name:
            bound = name.lower() if name.lower() in (ME, NONE) else name
        else:
            words.append(word)
    return ContactFilter(bound, " ".join(words))


def contact_filter_text(asked: ContactFilter) -> str:
    """Return the line that :func:`read_contact_filter` reads as this filter."""
    parts = [f"{BOUND}{asked.bound}" if asked.bound else "", asked.words]
    return " ".join(part for part in parts if part)

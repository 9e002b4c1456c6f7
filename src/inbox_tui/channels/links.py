"""Deep links: what opens an account's chat with a text in the message box, unsent (Q1, Q2).

One plain function a platform, from the account's public address there; adapters know theirs. A
platform whose links cannot fill in a message cannot carry a code, and :func:`why_not` says why: a
code binds when the contact sends it, so a link that only tells us who opened it is not enough.

Sources: LINE, "Use LINE features with the LINE URL scheme"; Telegram, Bot API "Deep linking";
WhatsApp, "How to use click to chat"; Meta, "m.me Links" (``text``) and "ig.me Links" (a ``ref``
only); RFC 5724 (``sms:``); Zalo's Official Account links open the chat alone.
"""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from inbox_tui.errors import Invalid
from inbox_tui.wire.words import ChannelKind

CANNOT: Final[Mapping[ChannelKind, str]] = {
    ChannelKind.INSTAGRAM: "Instagram's links cannot fill in a message, so they cannot carry a "
    "code.",
    ChannelKind.ZALO: "Zalo's links cannot fill in a message, so they cannot carry a code.",
    ChannelKind.SHOP: "The chat of a shop platform has no link that fills in a message, so it "
    "cannot carry a code.",
    ChannelKind.WEBCHAT: "The web chat has no link that fills in a message, so it cannot carry a "
    "code.",
    ChannelKind.EMAIL: "An e-mail comes with subject, signature and quotes, so it is never a code "
    "alone.",
}
"""The platforms that cannot carry a code, each with the reason."""

_LINE_ID = re.compile(r"@?[A-Za-z0-9._-]{1,64}")
_USER_NAME = re.compile(r"@?[A-Za-z0-9_]{1,64}")
_START = re.compile(r"[A-Za-z0-9_-]{1,64}")
_PAGE = re.compile(r"[A-Za-z0-9.]{1,100}")
_NUMBER = re.compile(r"[0-9]{5,15}")


def why_not(kind: ChannelKind) -> str | None:
    """Return why a platform cannot carry a code, as a sentence; None when it can."""
    return CANNOT.get(kind)


def line(basic_id: str, text: str) -> str:
    """Return LINE's link to an account by its basic or premium id, with or without the @.

    It adds the account as a friend first, where it is none. The text is the whole query. Raises
    Invalid for what can be no id.
    """
    name = _one(_LINE_ID, basic_id, "LINE basic id").removeprefix("@")
    return f"https://line.me/R/oaMessage/%40{name}/?{quote(text, safe='')}"


def telegram(user_name: str, text: str) -> str:
    """Return Telegram's start link of a bot: its Start button sends ``/start`` and the text.

    Raises Invalid for what can be no name, or a text that a start link cannot carry (1 to 64 of
    A-Z a-z 0-9 _ -).
    """
    name = _one(_USER_NAME, user_name, "Telegram user name").removeprefix("@")
    return f"https://t.me/{name}?start={_one(_START, text, 'text for a start link')}"


def whatsapp(number: str, text: str) -> str:
    """Return WhatsApp's link to a number in international form. Raises Invalid."""
    return f"https://wa.me/{_number(number)}?text={quote(text, safe='')}"


def messenger(page: str, text: str) -> str:
    """Return Messenger's link to a page by its name or id. Raises Invalid."""
    return f"https://m.me/{_one(_PAGE, page, 'page name')}?text={quote(text, safe='')}"


def sms(number: str, text: str) -> str:
    """Return the link that opens a message to a number in international form. Raises Invalid."""
    return f"sms:+{_number(number)}?body={quote(text, safe='')}"


def _number(number: str) -> str:
    digits = re.sub(r"[\s().+-]", "", number)
    return _one(_NUMBER, digits, "phone number in international form")


def _one(form: re.Pattern[str], value: str, what: str) -> str:
    if form.fullmatch(value.strip()) is None:
        raise Invalid(f"That is no {what}: {value[:100]!r}.")
    return value.strip()

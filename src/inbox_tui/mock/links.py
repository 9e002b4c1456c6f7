"""What a platform's app does with a link that somebody opens or scans.

LINE: "Open a chat with an Official Account with a prefilled message" (LINE URL scheme,
``https://line.me/R/oaMessage/{LINE ID}/?{text}``). Telegram: "Bot links" (``https://t.me/{bot}
?start={parameter}``), whose START button sends ``/start {parameter}``.
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from inbox_tui.mock.words import Platform

_LINE_HOSTS = ("line.me", "lin.ee")
_TELEGRAM_HOSTS = ("t.me", "telegram.me", "telegram.dog")
_START = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Opened:
    """The chat that a link opens, and what stands in its message box then."""

    platform: Platform
    address: str
    text: str


def opened(link: str) -> Opened | None:
    """Return what a link opens; None where no app of a simulated platform would open a chat."""
    try:
        parts = urlsplit(link.strip())
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    if parts.scheme != "https":
        return None
    places = [unquote(place) for place in parts.path.split("/") if place]
    if host in _LINE_HOSTS and len(places) == 3 and places[:2] == ["R", "oaMessage"]:
        return Opened(Platform.LINE, places[2].lower(), unquote(parts.query))
    if host in _TELEGRAM_HOSTS and len(places) == 1:
        given = parse_qs(parts.query).get("start", [""])[0]
        start = f"/start {given}" if _START.fullmatch(given) else "/start"
        return Opened(Platform.TELEGRAM, places[0].lower(), start)
    return None

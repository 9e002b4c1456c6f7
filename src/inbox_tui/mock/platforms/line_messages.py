"""What LINE says about messages it is asked to send: which are wrong, and why.

After the Messaging API reference ("Message objects"): lengths are counted in UTF-16 code units.
Kinds that an inbox seldom sends (flex, template, imagemap) are taken as they are.
"""

from collections.abc import Callable

from inbox_tui.mock.words import JsonObject

MAX_MESSAGES = 5
MAX_TEXT = 5000

_REQUIRED: dict[str, tuple[str, ...]] = {
    "text": ("text",),
    "textV2": ("text",),
    "sticker": ("packageId", "stickerId"),
    "image": ("originalContentUrl", "previewImageUrl"),
    "video": ("originalContentUrl", "previewImageUrl"),
    "audio": ("originalContentUrl", "duration"),
    "location": ("title", "address", "latitude", "longitude"),
    "flex": ("altText", "contents"),
    "template": ("altText", "template"),
    "imagemap": ("baseUrl", "altText"),
}
_READABLE: dict[str, Callable[[JsonObject], str]] = {
    "text": lambda message: str(message["text"]),
    "textV2": lambda message: str(message["text"]),
    "sticker": lambda message: f"{message['packageId']}/{message['stickerId']}",
    "location": lambda message: f"{message['title']}, {message['address']}",
}


def problems(messages: object) -> list[JsonObject]:
    """Return the ``details`` of an error answer; empty when all is well."""
    if not isinstance(messages, list) or not 1 <= len(messages) <= MAX_MESSAGES:
        return [_problem("Size must be between 1 and 5", "messages")]
    found: list[JsonObject] = []
    for number, message in enumerate(messages):
        found += _problems_of(message, f"messages[{number}]")
    return found


def readable(message: JsonObject) -> str:
    """Return what a customer would read of a message."""
    read = _READABLE.get(str(message["type"]))
    if read is not None:
        return read(message)
    return str(message.get("originalContentUrl") or message.get("altText") or "")


def _problems_of(message: object, where: str) -> list[JsonObject]:
    if not isinstance(message, dict):
        return [_problem("Must be a JSON object", where)]
    required = _REQUIRED.get(str(message.get("type")))
    if required is None:
        return [_problem("Must be one of the message types", f"{where}.type")]
    found = [
        _problem("May not be empty", f"{where}.{name}")
        for name in required
        if message.get(name) in (None, "")
    ]
    text = message.get("text")
    if isinstance(text, str) and len(text.encode("utf-16-le", "surrogatepass")) // 2 > MAX_TEXT:
        found.append(_problem(f"Length must be between 0 and {MAX_TEXT}", f"{where}.text"))
    for name in ("originalContentUrl", "previewImageUrl"):
        url = message.get(name)
        if isinstance(url, str) and url and not url.startswith("https://"):
            found.append(_problem("invalid uri scheme", f"{where}.{name}"))
    return found


def _problem(message: str, where: str) -> JsonObject:
    return {"message": message, "property": where}

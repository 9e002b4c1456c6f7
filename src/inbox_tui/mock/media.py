"""Small files for customers to send: a picture of one colour, a page, a second of silence."""

import base64
import binascii
import struct
import zlib

from inbox_tui.errors import Refused
from inbox_tui.mock.words import Say
from inbox_tui.wire.words import ContentKind

_MIME = {
    ContentKind.IMAGE: "image/png",
    ContentKind.VIDEO: "video/mp4",
    ContentKind.AUDIO: "audio/mp4",
    ContentKind.FILE: "application/pdf",
}
_NAME = {
    ContentKind.IMAGE: "photo.png",
    ContentKind.VIDEO: "video.mp4",
    ContentKind.AUDIO: "voice.m4a",
    ContentKind.FILE: "document.pdf",
}
WIDTH, HEIGHT = 48, 36
"""The size of a made-up picture, in pixels."""


class Media:
    """A file as a platform keeps it."""

    __slots__ = ("data", "mime", "name", "not_ready")

    def __init__(self, data: bytes, mime: str, name: str) -> None:
        self.data = data
        self.mime = mime
        self.name = name
        self.not_ready = 0


def of(say: Say) -> Media | None:
    """Return the file that goes with what is said, made up if none is given; None for no file.

    Raises Refused when ``data`` is no base64.
    """
    if say.kind not in _MIME:
        return None
    mime = say.mime or _MIME[say.kind]
    name = say.file_name or _NAME[say.kind]
    if say.data is not None:
        try:
            return Media(base64.b64decode(say.data, validate=True), mime, name)
        except binascii.Error as error:
            raise Refused(f"data is no base64: {error}.") from None
    if say.kind is ContentKind.IMAGE:
        return Media(picture(say.user + say.text + name), mime, name)
    return Media(b"%PDF-1.4\n% " + f"{name} {say.text}".encode() + b"\n%%EOF\n", mime, name)


def picture(seed: str) -> bytes:
    """Return a PNG of one colour that depends on ``seed`` only."""
    colour = struct.pack(">I", zlib.crc32(seed.encode()))[:3]
    rows = b"".join(b"\0" + colour * WIDTH for _ in range(HEIGHT))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

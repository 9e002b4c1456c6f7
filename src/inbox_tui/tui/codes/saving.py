"""Keeps a code as a picture in a file (Q9): PNG, SVG, or the sheet to print.

Nothing that is there is written over unless a person said so.
"""

import errno
from enum import StrEnum
from pathlib import Path

from inbox_tui.text import safe_line
from inbox_tui.wire.codes import Code


class Picture(StrEnum):
    """What is kept of a code."""

    PNG = "png"
    SVG = "svg"
    SHEET = "sheet"

    @property
    def suffix(self) -> str:
        """How the name of the file ends: the sheet is an SVG."""
        return ".svg" if self is Picture.SHEET else f".{self.value}"


def default_name(picture: Picture, code: Code) -> str:
    """Return what the file is called unless somebody says otherwise."""
    parts = ["code", code.agent, code.team, code.channel]
    name = "-".join(part for part in parts if part)
    name = "".join(letter if letter.isalnum() or letter in "-_." else "-" for letter in name)
    end = "-sheet" if picture is Picture.SHEET else ""
    return f"{name}{end}{picture.suffix}"


def drawn(picture: Picture, code: Code, *, name: str, channel: str, language: str) -> bytes:
    """Return the bytes of the picture. Raises Refused for a link that no QR code holds.

    ``name`` is who the code is for and ``channel`` what the channel is called, as customers know
    them; ``language`` is the workspace's, in which the sheet speaks.
    """
    from inbox_tui.qr import image

    if picture is Picture.PNG:
        return image.png(code.link)
    if picture is Picture.SVG:
        return image.svg(code.link).encode()
    from inbox_tui.qr import sheet

    return sheet.sheet(
        code.link, code=code.code, name=name, channel=channel, language=language
    ).encode()


def path_of(typed: str) -> Path:
    """Return the file that was typed: ``~`` is the home, what has no place is put here."""
    return Path(safe_line(typed).strip()).expanduser().absolute()


def keep(path: Path, data: bytes, *, over: bool) -> None:
    """Write a file. Raises FileExistsError when it is there and not to be written ``over``.

    Raises OSError for whatever else is in the way; then what was there is as it was.
    """
    if not over:
        with path.open("xb") as file:
            file.write(data)
        return
    if path.exists() and not path.is_file():  # a device would be replaced by the picture
        raise OSError(errno.EINVAL, "it is no plain file")
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise

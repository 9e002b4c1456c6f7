"""The modules of a QR code: the smallest one that holds a link (ISO/IEC 18004).

Encoding, error correction and the choice of a mask are the qrcode library's, which is imported
when the first code is drawn. Here it is decided which of the possible codes is taken.
"""

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from inbox_tui.errors import Refused
from inbox_tui.records import dataclass

if TYPE_CHECKING:
    from qrcode.main import QRCode

QUIET: Final = 4
"""Modules of white that the standard asks for on every side."""

_LEVELS: Final = "LMQH"
_NONE: Final = 41
"""The version after the last."""
_SHORTEST_RUN: Final = 11
"""Digits or capitals in a row from which it pays to write them in a denser mode of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """A QR code with its quiet zone: ``rows`` from above, true is dark, as many as columns."""

    version: int
    """1 to 40: ``17 + 4 * version`` modules wide."""
    level: str
    """How much damage it survives: L 7 %, M 15 %, Q 25 %, H 30 %."""
    rows: tuple[tuple[bool, ...], ...]

    @property
    def size(self) -> int:
        """Modules on a side, the quiet zone included."""
        return len(self.rows)


@lru_cache(32)
def matrix(link: str) -> Matrix:
    """Return the QR code of a link, byte for byte.

    The smallest version that fits at level L, so that it fits into a small window; then the
    highest level that this version has room for. Raises Refused for a link that no QR code holds.
    """
    version, split = min((_version(link, "L", split), split) for split in (0, _SHORTEST_RUN))
    if version == _NONE:
        raise Refused(f"No QR code holds a link of {len(link.encode())} bytes.")
    level = next(it for it in reversed(_LEVELS) if _version(link, it, split) == version)
    code = _code(link, level, split)
    code.make()
    white = (False,) * QUIET
    across = (False,) * (len(code.modules) + 2 * QUIET)
    drawn = tuple((*white, *map(bool, row), *white) for row in code.modules)
    above = (across,) * QUIET
    return Matrix(version=version, level=level, rows=(*above, *drawn, *above))


def _version(link: str, level: str, split: int) -> int:
    """Return the smallest version that holds the link at this level, or ``_NONE``."""
    try:
        return _code(link, level, split).best_fit()
    except ValueError:  # the library refuses the version after the last, before it says why
        return _NONE


def _code(link: str, level: str, split: int) -> "QRCode[Any]":
    from qrcode import constants
    from qrcode.main import QRCode

    levels = {
        "L": constants.ERROR_CORRECT_L,
        "M": constants.ERROR_CORRECT_M,
        "Q": constants.ERROR_CORRECT_Q,
        "H": constants.ERROR_CORRECT_H,
    }
    code: QRCode[Any] = QRCode(error_correction=levels[level], border=QUIET)
    code.add_data(link, optimize=split)
    return code

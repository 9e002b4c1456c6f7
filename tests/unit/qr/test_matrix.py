"""The smallest QR that holds a link, with a whole quiet zone, read back byte for byte (Q9)."""

import random
from typing import Any

import pytest
from qrcode import constants
from qrcode.main import QRCode

from inbox_tui import codes
from inbox_tui.channels import links
from inbox_tui.errors import Refused
from inbox_tui.qr import half_blocks
from inbox_tui.qr.matrix import QUIET, Matrix, matrix
from inbox_tui.testing.links import LINKS
from inbox_tui.testing.scanner import BLACK, WHITE, of_cells, of_ink, scan

LEVELS = {
    "L": constants.ERROR_CORRECT_L,
    "M": constants.ERROR_CORRECT_M,
    "Q": constants.ERROR_CORRECT_Q,
    "H": constants.ERROR_CORRECT_H,
}


def drawn(code: Matrix, *, wide: bool = False) -> str:
    """Draw a code in its own colours, and scan it."""
    lines = half_blocks.wide_lines(code) if wide else half_blocks.lines(code)
    shades = {True: BLACK, False: WHITE}
    cells = [
        [(glyph, shades[ink], shades[ground]) for text, ink, ground in line for glyph in text]
        for line in lines
    ]
    size = half_blocks.wide_size(code) if wide else half_blocks.size(code)
    assert {len(row) for row in cells} == {size[0]}
    assert len(cells) == size[1]
    return scan(of_cells(cells))


def version_of_bytes(link: str, level: str) -> int:
    """Return the version that holds a link as it is, by the library's own account."""
    code: QRCode[Any] = QRCode(error_correction=LEVELS[level])
    code.add_data(link, optimize=0)
    return code.best_fit()


@pytest.mark.parametrize("link", LINKS.values(), ids=LINKS)
def test_q9_each_platforms_link_is_read_from_half_blocks(link: str) -> None:
    assert drawn(matrix(link)) == link


@pytest.mark.parametrize("link", LINKS.values(), ids=LINKS)
def test_q9_and_from_blanks_on_their_ground(link: str) -> None:
    assert drawn(matrix(link), wide=True) == link


@pytest.mark.parametrize("link", LINKS.values(), ids=LINKS)
def test_q9_as_text_it_is_read_on_a_light_ground(link: str) -> None:
    assert scan(of_ink(half_blocks.ink(matrix(link)))) == link
    wide = [line.replace("##", "██") for line in half_blocks.wide_ink(matrix(link))]
    assert scan(of_ink(wide)) == link


def test_q9_a_reader_refuses_an_inverted_one() -> None:
    """Why colours go with the cells: this is what a dark terminal would make of plain text."""
    link = LINKS["line"]
    assert scan(of_ink(half_blocks.ink(matrix(link)), ink=WHITE, ground=BLACK)) == ""


def test_q9_any_code_on_any_platform_is_read() -> None:
    dice = random.Random(4)
    for number in range(8):
        code = codes.make(dice.randrange)
        for link in (
            links.line(f"@{number:03}shop{'x' * number}", code),
            links.telegram(f"Shop{'y' * number}_bot", code),
            links.whatsapp(str(dice.randrange(10**8, 10**15)), code),
            links.messenger(f"page{'.z' * number}", code),
        ):
            assert drawn(matrix(link)) == link


@pytest.mark.parametrize("link", LINKS.values(), ids=LINKS)
def test_q9_no_smaller_version_holds_it_and_no_higher_level_is_free(link: str) -> None:
    code = matrix(link)
    assert code.size == 17 + 4 * code.version + 2 * QUIET
    assert code.version <= version_of_bytes(link, "L")
    higher = "LMQH"["LMQH".index(code.level) + 1 :]
    assert all(version_of_bytes(link, level) > code.version for level in higher)


@pytest.mark.parametrize("link", LINKS.values(), ids=LINKS)
def test_q9_it_fits_into_80_by_24_with_a_line_to_spare(link: str) -> None:
    columns, lines = half_blocks.size(matrix(link))
    assert columns <= 80
    assert lines <= 23


def test_digits_in_a_row_make_it_smaller() -> None:
    link = "https://zalo.me/1234567890123456789"
    assert version_of_bytes(link, "L") == 3
    assert matrix(link).version == 2
    assert drawn(matrix(link)) == link


def test_the_quiet_zone_is_four_modules_of_white() -> None:
    rows = matrix(LINKS["line"]).rows
    around = [*rows[:QUIET], *rows[-QUIET:]]
    around += [row[:QUIET] + row[-QUIET:] for row in rows]
    assert not any(any(row) for row in around)
    assert rows[QUIET][QUIET]
    assert {len(row) for row in rows} == {len(rows)}


def test_the_largest_there_is_and_one_byte_more() -> None:
    code = matrix("x" * 2953)
    assert (code.version, code.level) == (40, "L")
    with pytest.raises(Refused, match="2954 bytes"):
        matrix("x" * 2954)

"""PNG and SVG of a code, read back as a phone would (Q9)."""

import re
import xml.etree.ElementTree as ET

import pytest

from inbox_tui.qr import image
from inbox_tui.qr.matrix import matrix
from inbox_tui.testing.links import LINKS
from inbox_tui.testing.scanner import BLACK, WHITE, of_file, of_path, scan

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("link", LINKS.values(), ids=LINKS)
def test_q9_the_png_is_read(link: str) -> None:
    pixels = of_file(image.png(link))
    side = matrix(link).size * image.PIXELS
    assert pixels.size == (side, side)
    assert {colour for _, colour in pixels.getcolors() or ()} == {BLACK, WHITE}
    assert scan(pixels) == link


@pytest.mark.parametrize("scale", [3.0, 7.5, 12.0])
@pytest.mark.parametrize("link", LINKS.values(), ids=LINKS)
def test_q9_the_svg_is_read_at_any_scale(link: str, scale: float) -> None:
    root = ET.fromstring(image.svg(link))
    size = matrix(link).size
    assert root.get("viewBox") == f"0 0 {size} {size}"
    ground, dark = root.iter(f"{SVG}path")
    assert (ground.get("fill"), dark.get("fill")) == ("#ffffff", "#000000")
    assert ground.get("d") == f"M0 0h{size}v{size}h-{size}z"
    assert scan(of_path(dark.get("d", ""), size, size, scale)) == link


def test_the_svg_is_one_path_and_a_fifth_of_a_square_for_each_module() -> None:
    link = LINKS["line"]
    dark = sum(map(sum, matrix(link).rows))
    squares = len('<rect x="10" y="10" width="1" height="1"/>') * dark
    assert len(image.svg(link)) < squares / 5
    assert len(re.findall("<path", image.svg(link))) == 2

"""The card to print: A6, whose code, what to do in the shop's language, QR and code (Q3, Q9)."""

import re
import xml.etree.ElementTree as ET

import pytest

from inbox_tui.qr import sheet as a_sheet
from inbox_tui.qr.matrix import matrix
from inbox_tui.qr.prompts import prompts
from inbox_tui.qr.sheet import HEIGHT, WIDTH, sheet
from inbox_tui.testing.hostile import forbidden
from inbox_tui.testing.links import CODE, LINKS
from inbox_tui.testing.scanner import of_path, scan

SVG = "{http://www.w3.org/2000/svg}"
LINK = LINKS["line"]


def card(
    name: str = "Amy Tan", channel: str = "Baan Shop LINE", language: str = "en"
) -> ET.Element:
    return ET.fromstring(sheet(LINK, code=CODE, name=name, channel=channel, language=language))


def texts(root: ET.Element) -> list[list[str]]:
    """Return the lines of each text."""
    return [[span.text or "" for span in text] for text in root.iter(f"{SVG}text")]


def said(root: ET.Element) -> list[str]:
    return [" ".join(lines) for lines in texts(root)]


@pytest.mark.parametrize("link", LINKS.values(), ids=LINKS)
def test_q9_its_qr_is_read(link: str) -> None:
    root = ET.fromstring(sheet(link, code=CODE, name="Amy", channel="LINE", language="en"))
    _ground, drawn = root.iter(f"{SVG}path")
    scale = float(re.findall(r"scale\(([\d.]+)\)", drawn.get("transform", ""))[0])
    size = matrix(link).size
    assert scale >= 1.3  # millimetres of a module
    pixels_of_mm = 150 / 25.4
    assert scan(of_path(drawn.get("d", ""), size, size, scale * pixels_of_mm)) == link


def test_q9_it_is_an_a6_card() -> None:
    root = card()
    assert (root.get("width"), root.get("height")) == ("105mm", "148mm")
    assert root.get("viewBox") == "0 0 105 148"


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "unchanged"), ("th", "โดยไม่ต้องแก้ไข"), ("vi", "không sửa gì"), ("de", "unchanged")],
)
def test_q3_it_tells_in_the_shops_language_to_send_it_unchanged(language: str, told: str) -> None:
    name, channel, send, say, code = said(card(language=language))
    assert (name, channel, code) == ("Amy Tan", "Baan Shop LINE", CODE)
    assert told in send
    assert send == prompts(language).send
    assert "Baan Shop LINE" in say


def test_a_language_with_a_region_is_that_language() -> None:
    assert prompts("th-TH") is prompts("th")


@pytest.mark.parametrize(
    "name",
    [
        "Bo",
        "Nguyễn Thị Minh Khai · Đội Chăm sóc khách hàng miền Nam",
        "คุณสมหญิง ใจดีมากที่สุดในร้าน",
        "王小明客户服务中心",
        "W" * 79,
        "word " * 100,
    ],
)
def test_a_long_name_is_written_smaller_and_stays_on_the_card(name: str) -> None:
    root = card(name=name, channel=name)
    for text in root.iter(f"{SVG}text"):
        size = float(text.get("font-size", "0"))
        assert size > 0.5
        for span in text:
            assert a_sheet._ems(span.text or "") * size <= WIDTH - 15
            assert 0 < float(span.get("y", "0")) < HEIGHT
    heights = [float(span.get("y", "0")) for text in root.iter(f"{SVG}text") for span in text]
    assert heights == sorted(heights)


def test_u6_a_name_is_text_whatever_it_holds() -> None:
    root = card(name='</text><script>x</script>&"\x1b[31m\u202e\ufffe\n', channel="{0} {code} %s")
    assert said(root)[:2] == ['</text><script>x</script>&"[31m', "{0} {code} %s"]
    assert root.find(f"{SVG}script") is None
    assert not forbidden("".join(map("".join, texts(root))))

"""Only safe text gets into a sequence, and nothing but safe text gets onto the screen."""

import base64

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from inbox_tui.terminal import escapes
from inbox_tui.terminal.guard import guard_segments, guard_strip, guard_text
from inbox_tui.terminal.writer import Notice, Terminal

HOSTILE = "a\x1b]52;c;QQ==\x07b\x9b31m\u202ec\nd\x00"


def payload(sequence: str) -> str:
    assert sequence.startswith("\x1b]")
    assert sequence.endswith("\x1b\\")
    return sequence[2:-2]


@pytest.mark.parametrize(
    "sequence",
    [
        escapes.title(HOSTILE),
        escapes.notice_osc9(HOSTILE, HOSTILE),
        escapes.notice_osc777(HOSTILE, HOSTILE),
        escapes.copy(HOSTILE),
    ],
)
def test_text_cannot_end_or_begin_a_sequence(sequence: str) -> None:
    inner = payload(sequence)
    assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in inner)


def test_a_copy_says_exactly_what_was_copied() -> None:
    assert base64.b64decode(payload(escapes.copy("น้ำ\n2")).split(";")[2]).decode() == "น้ำ\n2"
    with pytest.raises(ValueError, match="too many"):
        escapes.copy("x" * (escapes.MAX_COPY + 1))


def test_semicolons_do_not_part_a_notice() -> None:
    assert escapes.notice_osc777("a;b", "c;d").count(";") == 3


@pytest.mark.parametrize(
    ("notice", "begins"),
    [
        (Notice.AUTO, "\a"),
        (Notice.BELL, "\a"),
        (Notice.OSC9, "\x1b]9;"),
        (Notice.OSC777, "\x1b]777;"),
        (Notice.OFF, ""),
    ],
)
def test_notices_follow_the_setting(notice: Notice, begins: str) -> None:
    written: list[str] = []
    Terminal(written.append, notice=notice).notify("Baan Shop", "a new chat")
    assert "".join(written).startswith(begins)
    assert bool(written) is (notice is not Notice.OFF)


def test_a_title_is_written_once() -> None:
    written: list[str] = []
    terminal = Terminal(written.append)
    terminal.title("3 waiting")
    terminal.title("3 waiting")
    assert len(written) == 1
    assert terminal.copy("x")
    assert not terminal.copy("x" * 100_000)


def test_the_guard_keeps_safe_segments_as_they_are() -> None:
    strip = Strip([Segment("น้ำ ", Style(bold=True)), Segment("  ok  ")])
    assert guard_strip(strip) is strip
    assert guard_text("  two  spaces  ") == "  two  spaces  "


def test_the_guard_takes_commands_out_and_keeps_the_width() -> None:
    strip = Strip([Segment("ab\x1b[2Jcd", Style(bold=True)), Segment("x\u202ey\nz")])
    guarded = guard_strip(strip)
    assert guarded.text.startswith("ab[2Jcdxy")
    assert not set(guarded.text) & set("\x1b\n\u202e")
    assert guarded.cell_length == strip.cell_length
    assert guard_segments([Segment("\x1b[2J", None, [(1,)])]) == []  # type: ignore[list-item]

"""A code in plain lines, on a terminal of any size: its words all there, its QR whole (Q9)."""

import os
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from inbox_tui.cli.drawing import check_place, show_code
from inbox_tui.errors import Refused
from inbox_tui.testing.clock import NOON
from inbox_tui.testing.links import CODE, LINKS
from inbox_tui.testing.scanner import of_ink, scan
from inbox_tui.tui.codes.saving import keep
from inbox_tui.tui.render.cells import width
from inbox_tui.wire.codes import Code
from inbox_tui.wire.words import ChannelKind, CodeState

STYLE = re.compile(r"\x1b\[[0-9;]*m")
BLACK_ON_WHITE = re.compile(r"\x1b\[38;5;(16|231);48;5;(16|231)m([ ▀]+)")

A_CODE = Code(
    code=CODE,
    channel="line-main",
    channel_kind=ChannelKind.LINE,
    link=LINKS["line"],
    state=CodeState.LIVE,
    made_at=NOON,
    agent="amy",
    tags=["งานแฟร์"],
)


def on_terminal(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    """Have what is written go to a terminal of so many columns."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("LINES", "24")


def inked(line: str) -> str:
    """Return what a line has of the QR as plain ink."""
    shown = ""
    for upper, lower, text in BLACK_ON_WHITE.findall(line):
        both = {("231", "231"): " ", ("16", "231"): "▀", ("231", "16"): "▄", ("16", "16"): "█"}
        shown += both[upper, lower] * len(text)
    return shown


@pytest.mark.parametrize("columns", [41, 42, 60, 68, 69, 70, 80, 120, 300])
@pytest.mark.parametrize("tags", [1, 40])
def test_q9_whatever_there_is_to_say_all_of_it_stands_there(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], columns: int, tags: int
) -> None:
    on_terminal(monkeypatch, columns)
    code = replace(A_CODE, tags=[f"tag-{number}" for number in range(tags)], expires_at=NOON)
    show_code(code, name="คุณเอมี่", channel="Baan Shop LINE")
    out = capsys.readouterr().out.splitlines()
    assert scan(of_ink([inked(line) for line in out if inked(line)])) == code.link
    plain = [STYLE.sub("", line) for line in out]
    assert all(width(line) <= columns for line in plain if line != code.link)
    told = " ".join(" ".join(BLACK_ON_WHITE.sub("", line) for line in out).split())
    told = STYLE.sub("", told)
    for words in (code.link, CODE, "คุณเอมี่ (amy)", "unchanged", f"tag-{tags - 1}", "Expires 2026"):
        assert words in " ".join(told.split())


def test_u6_names_are_no_commands(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    on_terminal(monkeypatch, 80)
    show_code(A_CODE, name="\x1b]0;title\x07A\u202eB", channel="\x9b31mshop\n")
    out = STYLE.sub("", capsys.readouterr().out)
    assert "\x1b" not in out
    assert "]0;titleAB" in out
    assert "\x9b" not in out


def test_a_file_in_a_directory_of_somebody_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(Refused, match="cannot be written: no permission"):
        check_place(tmp_path / "a.png", over=False)


def test_u6_a_file_name_is_no_command_either(tmp_path: Path) -> None:
    path = tmp_path / "\x1b[31m.png"
    path.touch()
    with pytest.raises(Refused) as refused:
        check_place(path, over=False)
    assert "\x1b" not in refused.value.detail


@pytest.mark.parametrize("over", [False, True])
def test_a_device_is_never_written_over(over: bool, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="is no plain file"):
        check_place(Path("/dev/null"), over=over)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="no plain file"):
        keep(tmp_path / "pipe", b"", over=True)

"""Plain lines: aligned as a terminal shows them, and safe."""

from datetime import timedelta

import pytest

from inbox_tui.cli import plain
from inbox_tui.cli.environment import environment_for
from inbox_tui.cli.sessions import described, states, who
from inbox_tui.testing.builders import session as a_session
from inbox_tui.testing.clock import NOON
from inbox_tui.wire.models import Content
from inbox_tui.wire.words import ContentKind, Priority, SessionState, UnassignedReason


def test_columns_of_thai_and_emoji_are_aligned(capsys: pytest.CaptureFixture[str]) -> None:
    plain.print_table([["ที่นี่", "end"], ["abcd", "end"], ["🙂", "end"]])
    assert capsys.readouterr().out == "ที่นี่    end\nabcd  end\n🙂    end\n"


def test_cells_are_made_safe(capsys: pytest.CaptureFixture[str]) -> None:
    plain.print_table([["a\x1b[31m\nb", "\u202ec"]])
    assert capsys.readouterr().out == "a[31m b  c\n"


def test_json_is_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    plain.print_json(Content(kind=ContentKind.TEXT, text="ที่นี่"))
    told = capsys.readouterr().out
    assert "ที่นี่" in told
    assert told.startswith("{\n")
    assert told.endswith("}\n")


def test_states_are_words() -> None:
    session = a_session(
        state=SessionState.CLOSED, unread_count=2, starred=True, priority=Priority.URGENT
    )
    assert {"closed", "unread:2", "starred", "urgent"} <= set(states(session))


def test_r6_a_row_says_for_whom_it_waits_and_how_long_yet() -> None:
    waits = a_session(
        unassigned_reason=UnassignedReason.WAITING_FOR_AGENT,
        waits_for="amy",
        wait_until=NOON + timedelta(seconds=83),
    )
    assert who(waits, NOON) == "unassigned:waiting_for_agent:amy 1:23"
    assert who(a_session(unassigned_reason=UnassignedReason.ALL_FULL), NOON) == (
        "unassigned:all_full"
    )
    assert who(a_session(assignee="bo"), NOON) == "bo"


def test_what_is_no_text_is_described() -> None:
    content = Content(kind=ContentKind.FILE, file_name="slip.pdf", text="slip.pdf")
    assert described(content) == "[file] slip.pdf"


class TestEnvironment:
    """Only what a workspace file refers to leaves this process."""

    def test_takes_what_is_referred_to(self) -> None:
        text = 'a = "env:ONE"\n[[b]]\nc = ["env:TWO", "THREE"]\n'
        environ = {"ONE": "1", "THREE": "3", "FOUR": "4"}
        assert environment_for(text, environ) == {"ONE": "1"}

    def test_a_file_that_is_no_toml_refers_to_nothing(self) -> None:
        assert environment_for("= nonsense", {"ONE": "1"}) == {}


def test_sentences_are_broken_between_words(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    plain.print_wrapped("- line-main, line-two: webhooks\x1b[2J fail.")
    assert capsys.readouterr().out == "- line-main,\n  line-two:\n  webhooks[2J fail.\n"

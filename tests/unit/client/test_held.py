"""Replies on their way survive a closed terminal and go by themselves only where they may."""

import stat
from pathlib import Path

import pytest

from inbox_tui.client.held import HeldSend, HeldSends, Verdict, verdict
from inbox_tui.testing import builders as build
from inbox_tui.testing.clock import NOON
from inbox_tui.wire.models import Session
from inbox_tui.wire.words import SessionState


def held(key: str = "k1", **fields: str) -> HeldSend:
    return HeldSend(
        key=key,
        session_id=1,
        conversation_id=1,
        text=fields.get("text", "hello"),
        at=NOON,
        assignee=fields.get("assignee", "amy"),
    )


def test_what_is_held_is_there_after_a_restart_in_order(tmp_path: Path) -> None:
    path = tmp_path / "private" / "held.jsonl"
    sends = HeldSends(path)
    sends.hold(held("k1", text="สวัสดี\nค่ะ"))
    sends.hold(held("k2"))
    sends.stop("k1", "closed meanwhile")
    again = HeldSends(path)
    assert [(one.key, one.stopped) for one in again.all()] == [
        ("k1", "closed meanwhile"),
        ("k2", None),
    ]
    first = again.get("k1")
    assert first is not None
    assert (first.text, first.stopped) == ("สวัสดี\nค่ะ", "closed meanwhile")


def test_the_file_is_private_and_empty_when_nothing_is_held(tmp_path: Path) -> None:
    path = tmp_path / "private" / "held.jsonl"
    sends = HeldSends(path)
    sends.hold(held())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    sends.drop("k1")
    assert path.read_bytes() == b""
    assert len(sends) == 0


def test_a_dropped_reply_does_not_come_back_while_others_stay(tmp_path: Path) -> None:
    path = tmp_path / "held.jsonl"
    sends = HeldSends(path)
    sends.hold(held("k1"))
    sends.hold(held("k2"))
    sends.drop("k1")
    assert [one.key for one in HeldSends(path).all()] == ["k2"]
    assert b"hello" in path.read_bytes()


def test_a_write_that_was_cut_off_harms_neither_what_was_before_nor_what_comes_after(
    tmp_path: Path,
) -> None:
    path = tmp_path / "held.jsonl"
    HeldSends(path).hold(held("k1"))
    with path.open("ab") as file:
        file.write(b'{"key":"k2","te')
    HeldSends(path).hold(held("k3"))
    assert [one.key for one in HeldSends(path).all()] == ["k1", "k3"]


def test_a_person_lets_a_stopped_reply_go(tmp_path: Path) -> None:
    sends = HeldSends(tmp_path / "held.jsonl")
    sends.hold(held())
    sends.stop("k1", "bo has it now")
    released = sends.release("k1", assignee="bo")
    assert released.stopped is None
    assert verdict(released, build.session(1, assignee="bo")) is Verdict.SEND


@pytest.mark.parametrize(
    ("session", "expected"),
    [
        (build.session(1, assignee="amy"), Verdict.SEND),
        (build.session(1), Verdict.SEND),
        (build.session(1, assignee="bo"), Verdict.MOVED),
        (build.session(1, assignee="amy", state=SessionState.CLOSED), Verdict.CLOSED),
    ],
)
def test_a_reply_goes_by_itself_only_where_nothing_changed(
    session: Session, expected: Verdict
) -> None:
    assert verdict(held(), session) is expected


class TestTwoWindows:
    """Of one person, on one file."""

    def test_one_that_is_done_forgets_nothing_of_the_other(self, tmp_path: Path) -> None:
        path = tmp_path / "held.jsonl"
        one, other = HeldSends(path), HeldSends(path)
        one.hold(held("k1"))
        other.hold(held("k2"))
        other.drop("k2")
        assert [each.key for each in HeldSends(path).all()] == ["k1"]

    def test_what_one_gave_up_is_gone_for_the_other(self, tmp_path: Path) -> None:
        path = tmp_path / "held.jsonl"
        one = HeldSends(path)
        one.hold(held("k1"))
        one.hold(held("k2"))
        other = HeldSends(path)
        one.drop("k1")
        assert other.is_gone("k1")
        assert not other.is_gone("k2")
        one.drop("k2")
        assert other.is_gone("k2")
        assert not other.all()

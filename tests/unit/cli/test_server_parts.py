"""What a server leaves beside its database, and what it says in its log."""

import stat
from pathlib import Path

import pytest

from inbox_tui.backend.logs import HIDDEN, hide_secrets
from inbox_tui.backend.running import (
    Lock,
    Running,
    forget_running,
    read_running,
    running_file,
    write_running,
)

RUNNING = Running(pid=1, addresses=("http://127.0.0.1:1", "unix:///s"), local_key="k")


class TestRunFile:
    """The private file that says how to reach a server."""

    def test_comes_back_and_goes(self, tmp_path: Path) -> None:
        database = tmp_path / "inbox.db"
        assert read_running(database) is None
        write_running(database, RUNNING)
        assert read_running(database) == RUNNING
        assert stat.S_IMODE(running_file(database).stat().st_mode) == 0o600
        assert [path.name for path in tmp_path.iterdir()] == ["inbox.db.server.json"]
        forget_running(database)
        assert read_running(database) is None

    @pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": "x"}', "null"])
    def test_nonsense_counts_as_none(self, tmp_path: Path, text: str) -> None:
        running_file(tmp_path / "inbox.db").write_text(text)
        assert read_running(tmp_path / "inbox.db") is None

    def test_a_socket_is_nearer_than_a_port(self) -> None:
        assert RUNNING.address == "unix:///s"


def test_a_lock_is_had_by_one(tmp_path: Path) -> None:
    first, second = Lock(tmp_path / "inbox.db"), Lock(tmp_path / "inbox.db")
    assert first.take()
    assert first.take()
    assert not second.take()
    first.release()
    assert second.take()
    second.release()


class TestSecrets:
    """No secret may stand in a log."""

    @pytest.mark.parametrize(
        "text",
        [
            "GET https://platform/bot123456:abcdefghijklmnopqrstuvwxyz012345678/getUpdates",
            "Authorization: Bearer abcdefgh.ijkl+mnop/qrst==",
            "token it_abcdefghijklmnopqrstuvwxyz",
        ],
    )
    def test_are_cut_out_of_texts(self, text: str) -> None:
        told = str(hide_secrets(None, "info", {"event": text, "deep": [{"x": text}]}))
        assert HIDDEN in told
        assert "abcdefgh" not in told

    def test_are_left_out_by_name(self) -> None:
        told = hide_secrets(
            None,
            "info",
            {
                "event": "x",
                "access_token": "a",
                "inner": {"channel_secret": "b"},
                "has_token": True,
            },
        )
        assert told == {
            "event": "x",
            "access_token": HIDDEN,
            "inner": {"channel_secret": HIDDEN},
            "has_token": True,
        }

    def test_other_values_stay(self) -> None:
        event = {"event": "ready", "addresses": ("unix:///s",), "count": 3, "none": None}
        assert hide_secrets(None, "info", dict(event)) == event | {"addresses": ["unix:///s"]}

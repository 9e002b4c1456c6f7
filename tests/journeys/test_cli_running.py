"""Running the server, applying a workspace, making tokens: from the command line."""

import json
import os
import signal
import stat
import subprocess

import pytest
from tests.journeys.conftest import WITHIN, CommandLine, Server

from inbox_tui.backend.running import read_running, running_file


class TestServe:
    """``inbox-tui serve`` (O1)."""

    def test_says_where_in_exactly_one_line_and_ends_cleanly(self, server: Server) -> None:
        assert server.ready_line.startswith(f"inbox-tui serves {server.unix} http://127.0.0.1:")
        token = server.token("amy")
        assert server.stop(signal.SIGTERM) == 0
        assert not running_file(server.database).exists()
        assert not server.uds.exists()
        lines = server.log.read_text().splitlines()
        assert json.loads(lines[0])["event"] == "ready"
        assert token not in server.log.read_text()

    def test_keeps_its_key_to_its_owner(self, standing: Server) -> None:
        assert stat.S_IMODE(running_file(standing.database).stat().st_mode) == 0o600
        assert stat.S_IMODE(standing.uds.stat().st_mode) == 0o600
        running = read_running(standing.database)
        assert running is not None
        assert running.local_key not in repr(running)

    def test_refuses_a_second_server_on_the_same_database(self, standing: Server) -> None:
        second = standing.line.run("serve", "--port", "0", "--database-url", standing.database_url)
        assert second.code == 1
        assert second.err.count("\n") == 1
        assert f"process {standing.process.pid}" in second.err
        assert second.out == ""

    def test_starts_again_after_a_kill(self, server: Server) -> None:
        server.stop(signal.SIGKILL)
        assert running_file(server.database).exists()
        server.start()
        assert server.run_as("amy", "list", "all").code == 0
        assert server.stop(signal.SIGINT) == 0

    @pytest.mark.thorough
    def test_refuses_a_port_that_is_taken(self, standing: Server) -> None:
        port = standing.http.rpartition(":")[2]
        other = f"sqlite:///{standing.database.with_name('other.db')}"
        second = standing.line.run("serve", "--port", port, "--database-url", other)
        assert second.code == 1
        assert "already in use" in second.err
        assert second.err.count("\n") == 1

    def test_wrong_usage_is_exit_code_2(self, line: CommandLine) -> None:
        assert line.run("no-such-command").code == 2
        assert line.run_here("serve", "--port", "many").code == 2
        ran = line.run_here("serve", "--database-url", "postgresql://somewhere/inbox")
        assert ran.code == 1
        assert "SQLite" in ran.err


class TestApply:
    """``inbox-tui apply``."""

    def test_twice_changes_nothing(self, standing: Server) -> None:
        again = standing.apply(standing.shop)
        assert (again.code, again.out) == (0, "Nothing to change.\n")

    def test_works_directly_as_through_the_server(self, server: Server, shop: str) -> None:
        """And a wrong file changes nothing and names the key, either way."""
        wrong = shop.replace('method = "self_claim"', 'method = "by_luck"').replace("Bo", "Bob")
        for running in (True, False):
            name = "Bo Le" if running else "Bo Lam"
            if not running:
                server.stop()
            changed = server.apply(shop.replace('name = "Bo"', f'name = "{name}"'))
            assert changed.out == "changed agent bo\n"
            refused = server.apply(wrong)
            assert refused.code == 1
            assert "teams[0].method" in refused.err
            assert "line " in refused.err
            assert refused.err.count("\n") == 1
            assert server.apply(shop).out == "changed agent bo\n"
            assert server.apply(shop).out == "Nothing to change.\n"

    def test_takes_secrets_from_the_environment(self, standing: Server) -> None:
        text = standing.shop.replace('"line-access-token"', '"env:SHOP_LINE_TOKEN"')
        refused = standing.apply(text)
        assert refused.code == 1
        assert "SHOP_LINE_TOKEN" in refused.err
        taken = standing.apply(text, SHOP_LINE_TOKEN="line-access-token")
        assert taken.out == "Nothing to change.\n"

    def test_a_file_that_is_not_there(self, line: CommandLine) -> None:
        ran = line.run("apply", "/nowhere/shop.toml")
        assert ran.code == 1
        assert (
            ran.err == "inbox-tui: /nowhere/shop.toml cannot be read: No such file or directory.\n"
        )


class TestToken:
    """``inbox-tui token``."""

    def test_works_at_once_on_the_running_server(self, standing: Server) -> None:
        made = standing.line.ok("token", "bo", "--database-url", standing.database_url)
        assert made.out.startswith("it_")
        ran = standing.line.run(
            "list", "--json", INBOX_TUI_URL=standing.unix, INBOX_TUI_TOKEN=made.out.strip()
        )
        assert ran.json == {
            "items": [],
            "next_cursor": None,
            "total": 0,
            "total_is_exact": True,
        }

    def test_nobody_of_that_name(self, standing: Server) -> None:
        empty = f"sqlite:///{standing.database.with_name('empty.db')}"
        for database in (standing.database_url, empty):
            ran = standing.line.run("token", "zoe", "--database-url", database)
            assert ran.code == 1
            assert "zoe" in ran.err

    def test_a_wrong_token_is_refused_plainly(self, standing: Server) -> None:
        ran = standing.line.run(
            "list", INBOX_TUI_URL=standing.http, INBOX_TUI_TOKEN="it_" + "x" * 40
        )
        assert ran.code == 1
        assert ran.err.startswith("inbox-tui: ")
        assert ran.err.count("\n") == 1


def test_a_pipe_that_closes_is_no_traceback(line: CommandLine) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    process = subprocess.Popen(
        line.command("--help"), stdout=writer, stderr=subprocess.PIPE, text=True
    )
    os.close(writer)
    with process:
        _, said = process.communicate(timeout=WITHIN)
    assert "Traceback" not in said

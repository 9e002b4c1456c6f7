"""``doctor`` and ``open``: looking at what is there."""

import pytest
from tests.journeys.conftest import CommandLine, Server, eventually

from inbox_tui.mock.handle import MockPlatforms
from inbox_tui.mock.words import FaultKind


def about(ran_json: list[dict[str, str]], what: str) -> dict[str, str]:
    """Return the finding about something."""
    return next(finding for finding in ran_json if finding["about"].startswith(what))


class TestDoctor:
    """``inbox-tui doctor``."""

    def test_nothing_there_is_nothing_wrong(self, line: CommandLine) -> None:
        ran = line.run_here("doctor", "--json")
        assert ran.code == 0
        assert about(ran.json, "database")["state"] == "note"
        assert not line.data.exists()

    def test_a_running_server_and_its_channels(self, server: Server, mock: MockPlatforms) -> None:
        arguments = ("doctor", "--json", "--database-url", server.database_url)
        found = server.line.run_here(*arguments)
        assert found.code == 0, found.out
        assert about(found.json, "channel line-main")["state"] == "good"
        assert str(server.process.pid) in about(found.json, "backend")["detail"]
        mock.fault(FaultKind.EXPIRED_TOKEN, count=9, method="any")
        wrong = server.line.run_here(*arguments)
        assert wrong.code == 1
        assert about(wrong.json, "channel line-main")["state"] == "wrong"
        mock.clear_faults()
        server.stop()
        stopped = server.line.run_here(*arguments)
        assert stopped.code == 0, stopped.out
        assert about(stopped.json, "channel line-main")["state"] == "good"
        assert about(stopped.json, "backend")["detail"] == "None runs now."

    def test_a_configured_server_that_is_not_there(self, line: CommandLine) -> None:
        config = line.home / "config" / "inbox-tui"
        config.mkdir(parents=True)
        (config / "config.toml").write_text('url = "http://127.0.0.1:1"\ntoken = "it_x"\n')
        ran = line.run_here("doctor")
        assert ran.code == 1
        assert "cannot be reached" in ran.out

    def test_a_wrong_config_file(self, line: CommandLine) -> None:
        config = line.home / "config" / "inbox-tui"
        config.mkdir(parents=True)
        (config / "config.toml").write_text('adress = "http://127.0.0.1:1"\n')
        for command in ("doctor", "list"):
            ran = line.run_here(command)
            assert ran.code == 1
            assert "“adress”" in ran.out + ran.err

    @pytest.mark.parametrize(
        ("text", "wrong"),
        [
            (b'[[channels]]\nslug = "bot"\nkind = "telegrm"\n', "channels[0].kind"),
            (b"[workspace\n", "line 1"),
            (b"\xff", "not UTF-8"),
        ],
    )
    def test_a_wrong_workspace_file(self, line: CommandLine, text: bytes, wrong: str) -> None:
        line.data.mkdir(parents=True)
        (line.data / "workspace.toml").write_bytes(text)
        ran = line.run_here("doctor", "--json")
        assert ran.code == 1
        found = about(ran.json, "workspace file")
        assert found["state"] == "wrong"
        assert str(line.data / "workspace.toml") in found["detail"]
        assert wrong in found["detail"]
        assert about(ran.json, "database")["state"] == "note"

    def test_a_workspace_file_may_refer_to_what_is_there(
        self, line: CommandLine, shop: str
    ) -> None:
        line.run_here("apply", "-", stdin=shop)
        team = '[[teams]]\nslug = "care"\nmembers = ["amy"]\n'
        (line.data / "workspace.toml").write_text(team)
        found = about(line.run_here("doctor", "--json").json, "workspace file")
        assert (found["state"], found["detail"]) == ("good", str(line.data / "workspace.toml"))

    def test_a_database_that_others_can_read(self, server: Server) -> None:
        server.database.chmod(0o644)
        ran = server.line.run_here("doctor", "--database-url", server.database_url)
        assert ran.code == 1
        assert "chmod 600" in ran.out


class TestOpen:
    """``inbox-tui open``."""

    async def test_prints_the_case_of_a_link(self, server: Server, mock: MockPlatforms) -> None:
        mock.say("line-main", "ann", "hello")

        def code() -> str:
            items = server.run_as("amy", "list", "all", "--json").json["items"]
            return str(items[0]["case_code"]) if items else ""

        case = str(await eventually(code))
        told = server.run_as("amy", "open", f"inbox-tui://case/{case}", "--json").json
        assert told["code"] == case
        assert told["link"] == f"inbox-tui://case/{case}"
        assert server.run_as("amy", "open", case, "--plain").out.splitlines()[0].split() == [
            "case:",
            case,
        ]

    def test_refuses_what_is_no_link(self, line: CommandLine) -> None:
        for link in ("https://example.org/", "inbox-tui://case/", "inbox-tui://session/1"):
            ran = line.run_here("open", link)
            assert ran.code == 1
            assert ran.err.count("\n") == 1


def test_every_command_explains_itself(line: CommandLine) -> None:
    listed = line.run_here("--help")
    assert listed.code == 0
    from inbox_tui.cli.group import COMMANDS

    for command in COMMANDS:
        assert f"  {command} " in listed.out
        ran = line.run_here(command, "--help")
        assert ran.code == 0
        assert ran.out.startswith(f"Usage: inbox-tui {command} ")
    assert line.run_here("--version").out.startswith("inbox-tui, version ")

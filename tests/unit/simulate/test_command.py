"""``inbox-tui simulate`` as people run it."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from tests.unit.simulate.shops import MINUTE, START

from inbox_tui.backend.workspace import service
from inbox_tui.cli.main import FAILED, WRONG_USAGE, run
from inbox_tui.cli.simulation import goal_of
from inbox_tui.clock import to_datetime
from inbox_tui.simulate import staffing
from inbox_tui.store import schema, tables
from inbox_tui.store.schema import open_database
from inbox_tui.store.work import Work
from inbox_tui.testing.clock import FakeClock

WORKSPACE = """
[workspace]
timezone = "Asia/Bangkok"
max_open = 1
[[agents]]
nickname = "amy"
[[agents]]
nickname = "สมชาย"
[[teams]]
slug = "sales"
members = ["amy", "สมชาย"]
[[channels]]
slug = "line-main"
kind = "line"
team = "sales"
[channels.credentials]
channel_secret = "env:NOT_SET_ANYWHERE"
access_token = "env:NOT_SET_EITHER"
"""
SECRETS = {"NOT_SET_ANYWHERE": "a", "NOT_SET_EITHER": "b"}
TRAFFIC = """
start = 2026-01-05
[arrivals]
per_hour = 20
[customers]
service = { exponential = "4m" }
patience = { exponential = "5m" }
"""


class Files:
    """Files of one test, and the command run on them."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._folder = folder
        self._capsys = capsys

    def write(self, name: str, text: str) -> str:
        path = self._folder / name
        path.write_text(text, "utf-8")
        return str(path)

    def run(self, *arguments: str) -> tuple[int, str, str]:
        code = run(["simulate", *arguments])
        said = self._capsys.readouterr()
        return code, said.out, said.err

    def json(self, *arguments: str) -> Any:
        code, out, err = self.run(*arguments, "--json")
        assert (code, err) == (0, "")
        return json.loads(out)


@pytest.fixture
def files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Files:
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    return Files(tmp_path, capsys)


@pytest.fixture
def usual(files: Files) -> list[str]:
    """Return the options of a workspace under made-up traffic."""
    return [
        *("--workspace", files.write("new.toml", WORKSPACE)),
        *("--traffic", files.write("traffic.toml", TRAFFIC)),
    ]


class TestTraffic:
    """Made-up traffic."""

    def test_tables_and_charts(self, files: Files, usual: Sequence[str]) -> None:
        code, out, err = files.run(*usual)
        assert (code, err) == (0, "")
        for words in ("answered within 1m", "Waiting, mean by hour", "By agent", "สมชาย", "█"):
            assert words in out

    def test_two_workspaces_side_by_side(self, files: Files, usual: Sequence[str]) -> None:
        old = files.write("old.toml", WORKSPACE.replace("max_open = 1", "max_open = 3"))
        made = files.json(*usual, "--against", old)
        new, before = made["runs"]
        assert (new["name"], before["name"]) == ("new.toml", "old.toml")
        assert new["came"] == before["came"]
        assert new["within"] < before["within"]
        _, out, _ = files.run(*usual, "--against", old)
        assert "change" in out
        assert max(len(line) for line in out.splitlines()) <= 80

    def test_one_name_twice(self, files: Files, usual: Sequence[str]) -> None:
        made = files.json(*usual, "--against", usual[1])
        assert [one["name"] for one in made["runs"]] == ["new.toml (new)", "new.toml (old)"]

    def test_the_same_seed_gives_the_same_and_another_another(
        self, files: Files, usual: Sequence[str]
    ) -> None:
        first = files.json(*usual, "--seed", "5")
        assert first == files.json(*usual, "--seed", "5")
        assert first != files.json(*usual, "--seed", "6")

    def test_rules_decide(self, files: Files, usual: Sequence[str]) -> None:
        ruled = WORKSPACE + (
            '[[rules]]\nname = "refunds"\nwhen = { keyword = ["refund"] }\nagents = ["amy"]\n'
        )
        traffic = TRAFFIC + 'texts = { "Refund please" = 1 }\n'
        made = files.json(
            *("--workspace", files.write("ruled.toml", ruled)),
            *("--traffic", files.write("refunds.toml", traffic)),
        )
        sessions = {one["nickname"]: one["sessions"] for one in made["runs"][0]["agents"]}
        assert sessions["สมชาย"] == 0
        assert sessions["amy"] > 0

    def test_who_is_never_there_is_named(self, files: Files, usual: Sequence[str]) -> None:
        shifts = TRAFFIC + '[[staff]]\nagents = ["amy"]\nevery_day = ["09:00-18:00"]\n'
        code, out, _ = files.run(*usual[:2], "--traffic", files.write("shifts.toml", shifts))
        assert code == 0
        assert "Never on duty in this traffic: สมชาย." in out

    def test_without_unicode(
        self, files: Files, usual: Sequence[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("inbox_tui.cli.commands.simulate._ascii_only", lambda: True)
        _, out, _ = files.run(*usual)
        assert "█" not in out


class TestFindStaff:
    """How many agents are needed."""

    @pytest.fixture(autouse=True)
    def _fewer_sessions(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(staffing, "ENOUGH", 2_000)

    def test_by_hour(self, files: Files, usual: Sequence[str]) -> None:
        made = files.json(*usual, "--find-staff", "80% within 60s")
        assert (made["share"], made["within_ms"]) == (0.8, 60_000)
        assert [hour["hour"] for hour in made["hours"]] == [*range(24)]
        assert all(1 <= hour["queues"]["sales"] <= 6 for hour in made["hours"])

    def test_in_words(self, files: Files, usual: Sequence[str]) -> None:
        code, out, _ = files.run(*usual, "--find-staff", "80% within 60s")
        assert code == 0
        assert "Agents needed by hour of the day" in out
        assert "Erlang" in out

    @pytest.mark.parametrize(
        ("said", "share", "within"),
        [
            ("90% within 60s", 0.9, 60_000),
            ("99.5% in 1m30s", 0.995, 90_000),
            (" 80 %  within 2h ", 0.8, 7_200_000),
        ],
    )
    def test_goals(self, said: str, share: float, within: int) -> None:
        goal = goal_of(said)
        assert goal.share == pytest.approx(share)
        assert goal.within == within

    @pytest.mark.parametrize(
        "said", ["", "90%", "90 within 60s", "100% within 60s", "90% within 0s"]
    )
    def test_no_goal(self, files: Files, usual: Sequence[str], said: str) -> None:
        code, out, err = files.run(*usual, "--find-staff", said)
        assert (code, out) == (WRONG_USAGE, "")
        assert "90% within 60s" in err


class TestWrong:
    """One clear line, and an exit code."""

    def test_neither_or_both(self, files: Files, usual: Sequence[str]) -> None:
        code, _, err = files.run(*usual[:2])
        assert code == WRONG_USAGE
        assert "either --history or --traffic" in err
        assert files.run(*usual, "--history", "x.db")[0] == WRONG_USAGE
        assert files.run(*usual, "--find-staff", "9% in 1s", "--against", "x")[0] == WRONG_USAGE

    @pytest.mark.parametrize(
        ("workspace", "traffic", "said"),
        [
            ("[workspace]\nmax_opne = 3", TRAFFIC, "new.toml: line 2: workspace.max_opne"),
            ("", TRAFFIC, "There is no agent in this workspace."),
            (WORKSPACE, TRAFFIC + "returning = 7", "traffic.toml: line 8: customers.returning"),
            (WORKSPACE, "[arrivals", "traffic.toml: "),
        ],
    )
    def test_files(self, files: Files, workspace: str, traffic: str, said: str) -> None:
        code, out, err = files.run(
            *("--workspace", files.write("new.toml", workspace)),
            *("--traffic", files.write("traffic.toml", traffic)),
        )
        assert (code, out) == (FAILED, "")
        assert said in err
        assert err.count("\n") == 1

    def test_what_is_not_there(self, files: Files, usual: Sequence[str]) -> None:
        code, _, err = files.run(*usual[:2], "--traffic", "nowhere.toml")
        assert code == FAILED
        assert "nowhere.toml cannot be read" in err
        code, _, err = files.run(*usual[:2], "--history", "nowhere.db")
        assert code == FAILED
        assert "nowhere.db is not there." in err

    def test_a_channel_only_the_other_has(self, files: Files, usual: Sequence[str]) -> None:
        old = files.write("old.toml", WORKSPACE.replace("line-main", "line-old"))
        code, _, err = files.run(*usual, "--against", old)
        assert code == FAILED
        assert "no channel “line-main”" in err

    def test_no_database(self, files: Files, usual: Sequence[str]) -> None:
        other = files.write("other.db", "this is no database, but long enough to be one" * 30)
        code, _, err = files.run(*usual[:2], "--history", other)
        assert code == FAILED
        assert "cannot be read as a database" in err


class TestHistory:
    """Traffic out of a database."""

    @pytest.fixture
    def database(self, tmp_path: Path) -> Path:
        """Return a database of a day on which amy alone was there, and was slow."""
        path = tmp_path / "recorded.db"
        clock = FakeClock(to_datetime(START))
        opened = open_database(path, clock)
        opened.write_now(service.apply_file, WORKSPACE, SECRETS)
        opened.write_now(_agent_changed, {"presence": "present"})
        opened.write_now(_agent_changed, {"accepting": True})
        for place in range(40):
            opened.write_now(_session, place)
            clock.move(120)
        clock.move(3_600)
        opened.write_now(_agent_changed, {"presence": "absent"})
        opened.close()
        return path

    def test_beside_today(self, files: Files, usual: Sequence[str], database: Path) -> None:
        before = database.read_bytes()
        wider = files.write("wider.toml", "[workspace]\nmax_open = 3\n")
        made = files.json("--workspace", wider, "--history", str(database))
        new, today = made["runs"]
        assert (new["name"], today["name"]) == ("wider.toml", "today")
        assert new["came"] == today["came"] == 40
        assert new["wait"]["mean"] < today["wait"]["mean"]
        sessions = {one["nickname"]: one["sessions"] for one in today["agents"]}
        assert sessions["สมชาย"] == 0
        assert any("Patience" in note for note in made["notes"])
        assert database.read_bytes() == before

    def test_staff_for_it(
        self, files: Files, usual: Sequence[str], database: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(staffing, "ENOUGH", 400)
        made = files.json(
            *("--workspace", usual[1], "--history", str(database)),
            *("--find-staff", "80% within 60s"),
        )
        assert sum(hour["agents"] for hour in made["hours"]) > 0

    def test_an_empty_one(self, files: Files, usual: Sequence[str], tmp_path: Path) -> None:
        path = tmp_path / "empty.db"
        opened = open_database(path, FakeClock())
        opened.write_now(service.apply_file, WORKSPACE, SECRETS)
        opened.close()
        code, _, err = files.run(*usual[:2], "--history", str(path))
        assert code == FAILED
        assert "has no sessions" in err

    def test_one_of_an_older_version(
        self, files: Files, usual: Sequence[str], tmp_path: Path
    ) -> None:
        """It is read from a migrated copy, and stays as old as it is."""
        path = tmp_path / "older.db"
        _make_at(path, "0001")
        before = path.read_bytes()
        code, _, err = files.run(*usual[:2], "--against", usual[1], "--history", str(path))
        assert code == FAILED
        assert "has no sessions" in err
        assert path.read_bytes() == before


def _make_at(path: Path, revision: str) -> None:
    """Make an empty database as it was at a revision."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


def _agent_changed(work: Work, data: dict[str, Any]) -> None:
    work.append("agent.changed", actor_id=1, subject_id=1, data=data)


def _session(work: Work, place: int) -> None:
    contact = work.insert(tables.Contact, name=f"c{place}", created_at=work.now)
    identity = work.insert(
        tables.Identity, channel_id=1, external_id=f"u{place}", contact_id=contact
    )
    conversation = work.insert(
        tables.Conversation, identity_id=identity, channel_id=1, contact_id=contact
    )
    session = work.insert(
        tables.Session,
        conversation_id=conversation,
        contact_id=contact,
        channel_id=1,
        team_id=1,
        state="closed",
        assignee_id=1,
        opened_at=work.now,
        assigned_at=work.now,
        first_reply_at=work.now + 10_000,
        last_activity_at=work.now + 3 * MINUTE,
        closed_at=work.now + 3 * MINUTE,
        close_reason="ended",
    )
    work.append("session.opened", session_id=session)

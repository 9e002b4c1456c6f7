"""One folder a person, whether they say their name or are the only agent."""

import json
from pathlib import Path

import pytest

from inbox_tui.cli.own_state import OwnState
from inbox_tui.config import Home


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Return a workspace in which nobody has opened a window yet."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    home = Home(tmp_path / "home")
    home.prepare()
    return home


def tokens(home: Home, *nicknames: str) -> None:
    """Let these people have tokens on this machine."""
    home.tokens.write_text(json.dumps(dict.fromkeys(nicknames, "it_x")))


def test_a_name_is_the_same_in_any_case(home: Home) -> None:
    assert OwnState.of(home, "amy") == OwnState.of(home, "AMY")
    assert OwnState.of(home, "amy") != OwnState.of(home, "bo")
    assert OwnState.of(home, "amy") != OwnState.of(Home(home.directory / "other"), "amy")


def test_nobody_named_is_the_one_who_was_here(home: Home) -> None:
    tokens(home, "amy")
    assert OwnState.of(home, None) == OwnState.of(home, "amy")


def test_the_first_time_is_found_again_by_name(home: Home) -> None:
    first = OwnState.of(home, None)
    first.folder.mkdir(parents=True)
    (first.folder / "drafts.json").write_text("{}")
    for _ in range(2):
        first.belongs_to("amy")
    assert (OwnState.of(home, "Amy").folder / "drafts.json").read_text() == "{}"
    tokens(home, "amy")
    assert (OwnState.of(home, None).folder / "drafts.json").read_text() == "{}"


def test_what_is_somebodys_is_given_to_nobody_else(home: Home) -> None:
    tokens(home, "amy")
    hers = OwnState.of(home, None)
    hers.folder.mkdir(parents=True)
    hers.belongs_to("bo")
    assert not OwnState.of(home, "bo").folder.exists()


def test_of_several_nobody_is_meant(home: Home) -> None:
    tokens(home, "amy", "bo")
    assert OwnState.of(home, None) not in (OwnState.of(home, "amy"), OwnState.of(home, "bo"))

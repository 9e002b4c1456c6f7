"""The scenario files of the docs: each runs, and shows what it is there to show."""

import json
from pathlib import Path
from typing import Any

import pytest

from inbox_tui.cli.main import run

FOLDER = Path(__file__).parents[3] / "docs" / "assignment"
NAMES = sorted(path.name.removesuffix(".traffic.toml") for path in FOLDER.glob("*.traffic.toml"))


@pytest.fixture
def figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Any:
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))

    def simulated(name: str) -> Any:
        code = run(
            [
                "simulate",
                *("--workspace", str(FOLDER / f"{name}.toml")),
                *("--traffic", str(FOLDER / f"{name}.traffic.toml")),
                "--json",
            ]
        )
        said = capsys.readouterr()
        assert (code, said.err) == (0, "")
        return json.loads(said.out)["runs"][0]

    return simulated


def sessions(run_of_one: Any) -> dict[str, int]:
    return {agent["nickname"]: agent["sessions"] for agent in run_of_one["agents"]}


def test_every_strategy_is_there() -> None:
    assert NAMES == [
        "high-quality-least-open",
        "languages",
        "low-cost-online-only",
        "returning-and-high-value",
        "sales-round-robin",
        "self-claim",
    ]
    told = (FOLDER / "README.md").read_text("utf-8")
    assert all(f"[{name}]({name}.toml)" in told for name in NAMES)


def test_round_robin_is_even_by_weight(figures: Any) -> None:
    made = figures("sales-round-robin")
    by_agent = sessions(made)
    assert max(by_agent["amy"], by_agent["bo"], by_agent["dee"]) - by_agent["dee"] <= 2
    assert abs(by_agent["cam"] - 2 * by_agent["amy"]) <= 4 * 5  # full at times, once a day or so


def test_high_quality_takes_back(figures: Any) -> None:
    made = figures("high-quality-least-open")
    assert made["taken_back"] > 0
    assert all(agent["most"] <= 2 for agent in made["agents"])


def test_low_cost_waits_for_the_morning(figures: Any) -> None:
    hours = figures("low-cost-online-only")["hours"]
    assert hours[6]["queue"] > 10 * hours[14]["queue"]


def test_gold_goes_to_its_own(figures: Any) -> None:
    made = figures("returning-and-high-value")
    assert sessions(made)["dee"] < sessions(made)["bo"]  # dee has the gold ones, and no others
    assert made["within"] > 0.8


def test_self_claim_is_claimed(figures: Any) -> None:
    made = figures("self-claim")
    assert made["answered"] > 0.9 * made["came"]
    assert made["wait"]["p50"] > 2_000


def test_languages_find_their_speakers(figures: Any) -> None:
    made = figures("languages")
    assert made["within"] > 0.85
    assert made["wait"]["p99"] > 60_000  # who waited for a speaker

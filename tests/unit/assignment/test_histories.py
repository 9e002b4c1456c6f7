"""Generated histories of the engine against the naive rules: a few here, many in ``make soak``."""

import os

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from tests.soak.engine_histories import EngineHistories

HISTORIES = int(os.environ.get("INBOX_HISTORIES", "50"))


def test_the_engine_follows_the_rules_whatever_happens() -> None:
    """P1-P3, R1-R14, M11: proposals, reasons, counts, positions, rotations after every step."""
    run_state_machine_as_test(
        EngineHistories,
        settings=settings(
            max_examples=HISTORIES,
            stateful_step_count=40,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )

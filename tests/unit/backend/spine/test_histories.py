"""Generated histories of a whole shop, against the naive rules; many more in ``make soak``."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from tests.soak.shop_histories import ShopHistories

STEPS = 500
"""At least, for each seed: 1,000 at each change, as many again by ``make thorough``."""

SEEDS = [0, 1, *(pytest.param(seed, marks=pytest.mark.thorough) for seed in (2, 3))]


@pytest.mark.parametrize("number", SEEDS)
def test_the_services_follow_the_rules_whatever_happens(migrated: Path, number: int) -> None:
    """P1-P3, R1-R15 on a real database, with restarts between; then all of it replayed."""

    class OnDisk(ShopHistories):
        empty = migrated
        steps = 0

    run_state_machine_as_test(
        seed(number)(OnDisk),
        settings=settings(
            max_examples=7,
            stateful_step_count=80,
            derandomize=False,
            database=None,
            # Shortening a failing history takes minutes: for that there is `make soak`.
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert OnDisk.steps >= STEPS

"""Generated histories of a whole shop, against the naive rules; many more in ``make soak``."""

from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from tests.soak.shop_histories import ShopHistories


def test_the_services_follow_the_rules_whatever_happens(migrated: Path) -> None:
    """P1-P3, R1-R15 on a real database, with restarts between; then all of it replayed."""

    class OnDisk(ShopHistories):
        empty = migrated

    run_state_machine_as_test(
        OnDisk,
        settings=settings(
            max_examples=15,
            stateful_step_count=30,
            derandomize=True,
            # Shortening a failing history takes minutes: for that there is `make soak`.
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )

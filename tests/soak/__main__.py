"""``make soak``: generated histories for as long as asked.

By turns of the engine alone and of the whole shop, each against the naive rules. Prints how many
steps were done and, if one failed, its seed and the shortest history that fails.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

import structlog
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test
from tests.soak.engine_histories import EngineHistories
from tests.soak.shop_histories import ShopHistories

from inbox_tui.store.schema import open_database
from inbox_tui.testing.clock import FakeClock

MACHINES: dict[str, type[EngineHistories] | type[ShopHistories]] = {
    "engine": EngineHistories,
    "shop": ShopHistories,
}


def run(machine: type[RuleBasedStateMachine], number: int, histories: int, length: int) -> None:
    """Run some histories of one seed; the shortest that fails is told, and raised."""
    run_state_machine_as_test(
        seed(number)(machine),
        settings=settings(
            max_examples=histories,
            stateful_step_count=length,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
            report_multiple_bugs=False,
        ),
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--minutes", type=float, help="how long to go on")
    parser.add_argument("--steps", type=int, help="how many steps to do")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="where to begin")
    parser.add_argument("--only", choices=sorted(MACHINES), help="the engine, or the whole shop")
    asked = parser.parse_args()
    until = time.monotonic() + 60 * (asked.minutes or (5 if asked.steps is None else 1e6))
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    names = [asked.only] if asked.only else sorted(MACHINES)
    with tempfile.TemporaryDirectory(prefix="inbox-soak-") as folder:
        ShopHistories.empty = Path(folder) / "empty.db"
        open_database(ShopHistories.empty, FakeClock()).close()
        number = asked.seed
        while time.monotonic() < until:
            for name in names:
                try:
                    run(MACHINES[name], number, 20, 80)
                except Exception:
                    sys.stderr.write(f"\nfailed: --only {name} --seed {number}\n")
                    raise
            done = {name: MACHINES[name].steps for name in names}
            told = ", ".join(f"{steps:,} of the {name}" for name, steps in done.items())
            sys.stdout.write(f"seed {number}: {told} steps clean\n")
            sys.stdout.flush()
            if asked.steps is not None and min(done.values()) >= asked.steps:
                return 0
            number += 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

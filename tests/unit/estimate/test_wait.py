"""The expected wait at a position (M9)."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from inbox_tui.estimate.wait import estimated_wait


@pytest.mark.parametrize(
    ("position", "free", "slots", "service_time", "expected"),
    [
        (1, 1, 5, 300.0, 0.0),  # there is a slot for them: soon
        (2, 1, 5, 300.0, 60.0),  # the first of five services to end
        (1, 0, 1, 300.0, 300.0),
        (4, 0, 2, 300.0, 600.0),
        (1, 3, 3, None, 0.0),  # a free slot needs no history
        (1, 0, 5, None, None),  # no recent service
        (1, 0, 0, 300.0, None),  # nobody on duty
    ],
)
def test_m9_the_wait_follows_from_slots_and_recent_services(
    position: int, free: int, slots: int, service_time: float | None, expected: float | None
) -> None:
    assert estimated_wait(position, free=free, slots=slots, service_time=service_time) == expected


@given(some.integers(1, 1_000), some.integers(0, 50), some.integers(0, 50), some.floats(0, 1e6))
def test_m9_nobody_further_back_is_told_a_shorter_wait(
    position: int, free: int, busy: int, service_time: float
) -> None:
    here, next_one = (
        estimated_wait(at, free=free, slots=free + busy, service_time=service_time)
        for at in (position, position + 1)
    )
    assert here is None or next_one is None or here <= next_one


@pytest.mark.parametrize(
    ("position", "free", "slots", "service_time"), [(0, 1, 1, 1.0), (1, -1, 1, 1.0), (1, 2, 1, 1.0)]
)
def test_what_is_no_place_in_a_queue_is_refused(
    position: int, free: int, slots: int, service_time: float
) -> None:
    with pytest.raises(ValueError, match="no place"):
        estimated_wait(position, free=free, slots=slots, service_time=service_time)

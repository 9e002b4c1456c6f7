"""Approved pictures of explanations and of a row that counts down (R6, R13)."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from tests.snapshot.test_pictures import SIZE_NAMES, SIZES, Compare
from tests.snapshot.test_pictures import picture as picture  # noqa: PLC0414 - a fixture of both

from inbox_tui.testing.explanations import by_rule, full_team, waiting_for_agent
from inbox_tui.testing.scenes import busy_shop
from inbox_tui.wire.explanation import Explanation
from inbox_tui.wire.words import UnassignedReason

Scene = Callable[[int, datetime], list[Explanation]]

UNSERVED = 4
"""The session that stands first in Unassigned."""


@pytest.mark.parametrize("size", SIZES, ids=SIZE_NAMES)
@pytest.mark.parametrize("scene", [by_rule, waiting_for_agent, full_team])
def test_explained(picture: Compare, scene: Scene, size: tuple[int, int]) -> None:
    """A rule that decided, a wait for an agent, a full team: sentence, steps, candidates."""
    world = busy_shop()
    world.explanations[UNSERVED] = scene(UNSERVED, world.now)
    assert picture(["2", "w"], size, world=world)


def test_counting_down(picture: Compare) -> None:
    """A row, a chat and a side pane that wait for cho, in Thai."""
    world = busy_shop()
    until = world.now + timedelta(seconds=92)
    reason = UnassignedReason.WAITING_FOR_AGENT
    world.change(UNSERVED, unassigned_reason=reason, waits_for="cho", wait_until=until)
    assert picture(["2", "enter"], (140, 30), world=world, language="th")

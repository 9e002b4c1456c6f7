"""Why a session is where it is, on the screen; and the countdown of a wait (R6, R13)."""

from datetime import timedelta

import pytest
from tests.ui.app.conftest import Opens, Window

from inbox_tui.testing.clock import FakeClock
from inbox_tui.testing.explanations import by_rule, full_team, waiting_for_agent
from inbox_tui.testing.scenes import busy_shop
from inbox_tui.testing.world import World
from inbox_tui.tui.dialogs.explain import ExplainDialog
from inbox_tui.wire.words import UnassignedReason

WAITING = 4
"""Emma's session, which nobody serves."""


def shop() -> World:
    """The busy shop, where one session waits for cho for another 92 seconds."""
    world = busy_shop()
    world.change(
        WAITING,
        unassigned_reason=UnassignedReason.WAITING_FOR_AGENT,
        waits_for="cho",
        wait_until=world.now + timedelta(seconds=92),
    )
    return world


def passes(window: Window, seconds: float) -> None:
    clock = window.world.clock
    assert isinstance(clock, FakeClock)
    clock.move(seconds)


class TestDialog:
    async def test_r13_one_key_pages_to_earlier_decisions_and_back(
        self, open_window: Opens
    ) -> None:
        world = busy_shop()
        async with open_window(world) as window:
            session = window.inbox.target()
            assert session is not None
            world.explanations[session.id] = by_rule(session.id, world.now)
            await window.press("w")
            assert "The rule “ลูกค้า VIP” matched" in window.text
            assert "← earlier: 2" in window.text
            await window.press("left")
            assert "taken back from bo: not answered in time" in window.text
            assert "Why was it there? 1 of 2 earlier" in window.text
            await window.press("left", "left")
            assert "That was one over the limit." in window.text
            assert "Why was it there? 2 of 2 earlier" in window.text
            await window.press("right", "right")
            assert "Order of decision" in window.text
            await window.press("escape")
            assert window.at_inbox

    async def test_r13_a_decision_that_cannot_be_had_is_said_in_the_dialog(
        self, open_window: Opens
    ) -> None:
        world = busy_shop()
        async with open_window(world) as window:
            session = window.inbox.target()
            assert session is not None
            world.explanations[session.id] = by_rule(session.id, world.now)
            await window.press("w")
            window.client.cut()
            await window.press("left")
            assert isinstance(window.app.screen, ExplainDialog)
            assert window.app.screen.explanation.decision == 0

    @pytest.mark.parametrize("size", [(60, 20), (80, 24), (160, 45)])
    async def test_r13_the_foot_stays_in_sight_and_the_rest_is_scrolled_to(
        self, open_window: Opens, size: tuple[int, int]
    ) -> None:
        world = busy_shop()
        async with open_window(world, size=size) as window:
            session = window.inbox.target()
            assert session is not None
            world.explanations[session.id] = by_rule(session.id, world.now)
            await window.press("w")
            assert "Close" in window.text
            seen = window.text
            for _ in range(6):
                await window.press("pagedown")
                seen += window.text
            for told in ("accept", "here", "full in the team", "and 2 more", "amy assigned it"):
                assert told in seen

    async def test_r6_the_dialog_counts_down_and_follows_when_it_is_over(
        self, open_window: Opens
    ) -> None:
        world = shop()
        async with open_window(world) as window:
            await window.press("2")
            await window.select(WAITING)
            world.explanations[WAITING] = waiting_for_agent(WAITING, world.now)
            await window.press("w")
            dialog = window.app.screen
            assert isinstance(dialog, ExplainDialog)
            assert "1:32 left" in window.text
            passes(window, 2)
            dialog._tick()
            await window.settle()
            assert "1:30 left" in window.text
            world.explanations[WAITING] = full_team(WAITING, world.now)
            passes(window, 90)
            dialog._tick()
            await window.settle()
            assert "are full" in window.text


class TestRow:
    async def test_r6_the_row_counts_down_to_the_second(self, open_window: Opens) -> None:
        async with open_window(shop()) as window:
            await window.press("2")
            assert "waits for cho 1:32" in window.text
            passes(window, 1)
            window.inbox._tick()
            await window.settle()
            assert "waits for cho 1:31" in window.text

    async def test_r6_only_the_cells_of_the_countdown_are_painted(
        self, open_window: Opens, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with open_window(shop()) as window:
            await window.press("2")
            rows = window.inbox.list_pane.rows
            painted = []
            monkeypatch.setattr(rows, "refresh", lambda *regions, **_: painted.extend(regions))
            passes(window, 1)
            window.inbox.list_pane.tick()
            (region,) = painted
            assert (region.width, region.height) == (len(" 1:31"), 1)

    async def test_r6_nothing_is_painted_where_nothing_counts_down(
        self, open_window: Opens, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with open_window() as window:
            await window.press("2")
            rows = window.inbox.list_pane.rows
            painted: list[object] = []
            monkeypatch.setattr(rows, "refresh", lambda *regions, **_: painted.append(regions))
            passes(window, 1)
            window.inbox.list_pane.tick()
            assert painted == []

    @pytest.mark.parametrize("size", [(44, 20), (60, 20), (80, 24), (100, 30), (160, 45)])
    async def test_r6_the_countdown_is_never_cut(
        self, open_window: Opens, size: tuple[int, int]
    ) -> None:
        async with open_window(shop(), size=size) as window:
            await window.press("2")
            assert "cho 1:32" in window.text

    async def test_r7_chat_and_side_pane_say_why_it_waits(self, open_window: Opens) -> None:
        world = shop()
        async with open_window(world, size=(160, 45)) as window:
            await window.press("2")
            await window.select(WAITING)
            await window.press("enter")
            side = window.text
            assert side.count("waits for cho") == 3
            world.change(
                WAITING,
                unassigned_reason=UnassignedReason.NO_SKILL,
                waits_for=None,
                wait_until=None,
            )
            await window.settle()
            assert window.text.count("no one with the skill") == 3

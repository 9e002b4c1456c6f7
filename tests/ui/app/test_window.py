"""The window: panes by width, the line lost and found, held replies, leaving."""

import pytest
from tests.ui.app.conftest import Opens, screen_text

from inbox_tui.client.port import SessionQuery
from inbox_tui.errors import InboxError, NotFound, NotSignedIn, Unavailable
from inbox_tui.state.changes import Link
from inbox_tui.testing.client import FakeClient
from inbox_tui.testing.scenes import busy_shop, empty_shop
from inbox_tui.testing.window import make_app
from inbox_tui.tui.app import InboxApp
from inbox_tui.tui.dialogs.too_small import TooSmallScreen
from inbox_tui.wire.models import Page, Session
from inbox_tui.wire.words import DeliveryState, ListName

SOMCHAI, DAO = 2, 7


class PickyClient(FakeClient):
    """A backend that gives no list while it has something against it."""

    refusal: InboxError | None = None

    async def sessions(self, query: SessionQuery) -> Page[Session]:
        if self.refusal is not None:
            raise self.refusal
        return await super().sessions(query)


class TestPanes:
    @pytest.mark.parametrize(("width", "panes"), [(60, 1), (89, 1), (90, 2), (139, 2), (140, 3)])
    async def test_panes_by_width(self, open_window: Opens, width: int, panes: int) -> None:
        async with open_window(size=(width, 30)) as window:
            await window.press("enter")
            shown = (window.inbox.list_pane, window.inbox.chat, window.inbox.side)
            assert sum(one.region.width > 0 for one in shown) == panes
            assert window.inbox.panes == panes

    async def test_one_pane_has_a_way_back(self, open_window: Opens) -> None:
        async with open_window(size=(60, 20)) as window:
            await window.press("enter")
            assert "Note · bo" in window.text
            await window.press("p")
            assert "Case C-0002" in window.text
            await window.press("escape")
            assert "Note · bo" in window.text
            await window.press("r", "escape", "escape")
            assert "Unassigned 2" in window.text
            assert window.app.focused is window.inbox.list_pane.rows

    async def test_two_panes_show_the_profile_in_the_place_of_the_list(
        self, open_window: Opens
    ) -> None:
        async with open_window(size=(100, 30)) as window:
            await window.press("enter", "p")
            assert "Case C-0002" in window.text
            assert "Note · bo" in window.text
            assert "Unassigned 2" not in window.text
            await window.press("p", "escape")
            assert "Unassigned 2" in window.text

    async def test_a_window_too_small_says_so_and_comes_back(self, open_window: Opens) -> None:
        async with open_window() as window:
            await window.pilot.resize_terminal(30, 8)
            await window.settle()
            assert isinstance(window.app.screen, TooSmallScreen)
            await window.pilot.resize_terminal(100, 30)
            await window.settle()
            assert window.at_inbox

    async def test_everything_is_there_in_thai(self, open_window: Opens) -> None:
        async with open_window(language="th") as window:
            await window.press("enter")
            assert "ตอบ" in window.text
            assert "ลูกค้า" in window.text


class TestFirstFrame:
    async def test_panes_stand_and_keys_work_before_anything_is_connected(
        self, open_window: Opens
    ) -> None:
        async with open_window() as window:
            seen: list[str] = []

            async def connect() -> FakeClient:
                seen.append(screen_text(app))
                return window.client

            app = InboxApp(
                connect,
                state_dir=window.app.desk.preferences_path.parent,
                config_dir=window.app.desk.preferences_path.parent,
                clock=window.world.clock,
            )
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.pause()
        assert "Mine" in seen[0]
        assert "Loading" in seen[0]
        assert "connecting" in seen[0]

    async def test_a_backend_that_is_not_there_is_told_and_tried_again(
        self, open_window: Opens
    ) -> None:
        async with open_window() as window:
            state_dir = window.app.desk.preferences_path.parent
            tries = 0

            async def connect() -> FakeClient:
                nonlocal tries
                tries += 1
                if tries == 1:
                    raise Unavailable("The inbox server cannot be reached.")
                return window.client

            app = InboxApp(connect, state_dir=state_dir, config_dir=state_dir)
        waits: list[float] = []

        async def sleep(seconds: float) -> None:
            waits.append(seconds)

        app.desk.live._sleep = sleep
        async with app.run_test(size=(120, 40)) as pilot:
            for _ in range(6):
                await pilot.pause()
            assert app.desk.store.link is Link.LIVE
        assert waits == [2.0]

    async def test_a_token_that_is_not_valid_is_told_and_not_tried_again(
        self, open_window: Opens
    ) -> None:
        async with open_window() as window:
            state_dir = window.app.desk.preferences_path.parent

        async def connect() -> FakeClient:
            raise NotSignedIn("This token is not valid.", hint="Make one with: inbox-tui token")

        app = InboxApp(connect, state_dir=state_dir, config_dir=state_dir)
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.pause()
            await pilot.pause()
            await pilot.pause()
            assert app.desk.store.link is Link.REFUSED
            app._inbox.bottom.say("")
            await pilot.pause()
            drawn = screen_text(app)
            header, rest = drawn.partition("\n")[::2]
            assert "This token is not valid. Make one with: inbox-tui token" in header
            assert "not signed in" in header
            assert "inbox-tui token. Quit with q" in " ".join(rest.split())
            assert "Loading" not in drawn


class TestEmptyLists:
    async def test_a_list_that_holds_nothing_says_so(self, open_window: Opens) -> None:
        async with open_window(nickname="cho") as window:
            await window.press("1")
            assert "Mine 0" in window.text
            assert "Nothing here" in window.text
            assert "Loading" not in window.text.partition("No conversation")[0]

    async def test_a_filter_that_finds_nothing_says_how_to_clear_it(
        self, open_window: Opens
    ) -> None:
        async with open_window() as window:
            await window.press("slash")
            await window.type("zzz")
            await window.press("enter")
            assert "Nothing matches this filter." in window.text

    async def test_a_filter_the_backend_refuses_says_why_in_the_list(
        self, open_window: Opens
    ) -> None:
        client = PickyClient(busy_shop(), "amy")
        async with open_window(client=client) as window:
            client.refusal = NotFound("There is no channel nowhere.")
            await window.press("v")
            window.inbox.bottom.say("")
            await window.settle()
            assert "There is no channel nowhere." in window.text
            assert "Loading" not in window.text
            client.refusal = None
            await window.press("x")
            assert list(window.app.desk.store.view(ListName.MINE)) == [SOMCHAI, DAO, 5]

    async def test_a_list_a_busy_backend_could_not_give_comes_by_itself(
        self, open_window: Opens
    ) -> None:
        client = PickyClient(busy_shop(), "amy")
        async with open_window(client=client) as window:
            waits: list[float] = []

            async def sleep(seconds: float) -> None:
                waits.append(seconds)
                client.refusal = None

            window.app.desk.live._sleep = sleep
            client.refusal = Unavailable("The inbox server is busy.")
            await window.press("2")
            await window.settle()
            assert waits == [2.0]
            assert window.app.desk.store.view(ListName.UNASSIGNED).loaded

    async def test_the_selected_row_stays_when_the_order_changes_or_all_is_read_again(
        self, open_window: Opens
    ) -> None:
        async with open_window() as window:
            await window.select(DAO)
            await window.press("o")
            assert window.inbox.list_pane.cursor == DAO
            await window.press("2", "1")
            assert window.inbox.list_pane.cursor == DAO
            world = window.world
            world.listeners.clear()
            world.assign(4, "amy")
            world.listeners.append(window.client._queue.put_nowait)
            world.star(SOMCHAI, "amy", True)
            await window.settle()
            await window.settle()
            assert window.inbox.list_pane.cursor == DAO

    async def test_the_open_chat_is_right_after_a_hole_in_the_events(
        self, open_window: Opens
    ) -> None:
        async with open_window() as window:
            await window.select(DAO)
            await window.press("enter")
            world = window.world
            world.listeners.clear()
            world.close(DAO)
            world.listeners.append(window.client._queue.put_nowait)
            world.star(SOMCHAI, "amy", True)
            await window.settle()
            await window.settle()
            assert DAO not in window.app.desk.store.view(ListName.MINE)
            assert "This session is closed" in window.text


class TestOffline:
    async def test_a_reply_written_offline_is_held_shown_and_sent_once(
        self, open_window: Opens
    ) -> None:
        async with open_window() as window:
            await window.press("enter")
            window.client.cut()
            await window.settle()
            assert "not connected" in window.text
            await window.press("r")
            await window.type("later")
            await window.press("enter")
            assert "held until connected" in window.text
            assert "1 held, sent when connected" in window.text
            window.client.mend()
            await window.settle()
            said = [one for one in window.said(SOMCHAI) if one.client_key]
            assert [one.client_key for one in said] == ["k1"]
            assert "1 held" not in window.text

    async def test_held_replies_survive_a_restart(self, open_window: Opens) -> None:
        async with open_window() as window:
            await window.press("enter")
            window.client.cut()
            await window.settle()
            await window.press("r")
            await window.type("later")
            await window.press("enter", "escape")
            await window.quit()
        async with open_window(window.world) as again:
            await again.settle()
            said = [one for one in window.said(SOMCHAI) if one.client_key]
            assert [one.client_key for one in said] == ["k1"]
            assert "held" not in again.text

    @pytest.mark.parametrize("what", ["closed", "moved"])
    async def test_what_changed_meanwhile_waits_for_my_decision(
        self, open_window: Opens, what: str
    ) -> None:
        async with open_window() as window:
            await window.press("enter")
            window.client.cut()
            await window.settle()
            await window.press("r")
            await window.type("later")
            await window.press("enter", "escape")
            if what == "closed":
                window.world.close(SOMCHAI)
            else:
                window.world.assign(SOMCHAI, "bo")
            window.client.mend()
            await window.settle()
            assert "1 not sent" in window.text
            assert "post_message" not in window.client.calls
            if what == "moved":
                assert "bo serves it now" in window.text
                await window.press("R")
                assert "post_message" in window.client.calls
            else:
                await window.press("X")
                assert window.inbox.chat.composer.text == "later"
                assert "not sent" not in window.text

    async def test_an_action_offline_says_why_not(self, open_window: Opens) -> None:
        async with open_window() as window:
            window.client.cut()
            await window.settle()
            await window.press("s")
            assert "Not connected: this needs the server." in window.text

    async def test_what_happened_meanwhile_is_there_after_the_line_stands_again(
        self, open_window: Opens
    ) -> None:
        async with open_window() as window:
            window.client.cut()
            await window.settle()
            window.world.assign(4, "amy")
            window.client.mend()
            await window.settle()
            assert 4 in window.app.desk.store.view(ListName.MINE)

    async def test_a_hole_in_the_events_reads_everything_again(self, open_window: Opens) -> None:
        async with open_window() as window:
            await window.press("enter")
            world = window.world
            world.listeners.clear()
            world.assign(4, "amy")
            world.listeners.append(window.client._queue.put_nowait)
            entry = world.reply(SOMCHAI, "from another window", by="amy")
            world.deliver(entry, DeliveryState.SENT)
            await window.settle()
            await window.settle()
            assert 4 in window.app.desk.store.view(ListName.MINE)
            assert "from another window" in window.text


async def test_closing_says_goodbye(open_window: Opens) -> None:
    async with open_window() as window:
        await window.quit()
    assert window.client.said_goodbye


async def test_an_empty_workspace_says_so(open_window: Opens) -> None:
    async with open_window(empty_shop()) as window:
        assert "Nothing here" in window.text
        await window.press("enter", "c")
        assert "Select a session first." in window.text


async def test_keys_of_ones_own_count_and_their_faults_are_told(open_window: Opens) -> None:
    async with open_window() as window:
        state_dir = window.app.desk.preferences_path.parent
        state_dir.mkdir()
        (state_dir / "keys.txt").write_text("session.star = f5\nsession.flag = z\n")
        client = FakeClient(window.world, "amy")
        app = make_app(window.world, state_dir, client=client)
    async with app.run_test(size=(120, 40)) as pilot:
        for _ in range(4):
            await pilot.pause()
        assert "keys.txt:2: there is no action session.flag" in screen_text(app)
        await pilot.press("s")
        await pilot.pause()
        assert "star" not in client.calls
        await pilot.press("f5")
        await pilot.pause()
        assert "star" in client.calls

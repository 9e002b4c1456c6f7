"""The supervisor's wall: what it shows (V1), and what is done from it (V2), by keys alone."""

from dataclasses import replace

import pytest
from tests.grids import LANGUAGES, grid
from tests.ui.app.conftest import Opens, Window

from inbox_tui.state.wall import PickKind
from inbox_tui.testing.client import FakeClient
from inbox_tui.testing.scenes import busy_shop, empty_shop, late
from inbox_tui.testing.world import World
from inbox_tui.tui.dialogs.confirm import ConfirmDialog
from inbox_tui.tui.dialogs.explain import ExplainDialog
from inbox_tui.tui.screens import wall as screens
from inbox_tui.tui.screens.wall import WallScreen
from inbox_tui.tui.wall.dialogs import HandOverDialog, LimitDialog, NoteDialog, SwitchDialog
from inbox_tui.wire.words import EntryKind, Happening, Priority, Role

SOMCHAI, LINH, EMMA, MALEE, KIT, DAO = 2, 3, 4, 5, 6, 7


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read the wall as soon as something was told."""
    monkeypatch.setattr(screens, "SETTLE", 0.001)
    monkeypatch.setattr(screens, "AT_MOST_EVERY", 0.001)


def wall_of(window: Window) -> WallScreen:
    screen = window.app.screen
    assert isinstance(screen, WallScreen)
    return screen


def picked(window: Window) -> int | None:
    found = wall_of(window).picked()
    return None if found is None else found.id


async def until_read(window: Window, calls: int) -> None:
    """Wait until the wall was read so often."""
    for _ in range(50):
        if window.client.calls.count("wall") >= calls:
            break
        await window.pilot.pause()
    await window.settle()


class TestWatching:
    async def test_v1_one_action_leads_from_the_inbox_to_the_wall_and_back(
        self, open_window: Opens
    ) -> None:
        async with open_window(nickname="cho") as window:
            await window.press("W")
            assert isinstance(window.app.screen, WallScreen)
            await window.press("escape")
            assert window.at_inbox

    async def test_v1_who_looks_after_nobody_is_told_so(self, open_window: Opens) -> None:
        async with open_window(nickname="amy") as window:
            await window.press("W")
            assert window.at_inbox
            assert "The wall is for supervisors and owners." in window.text

    async def test_v1_queues_agents_and_who_waits_stand_at_80_by_24(
        self, open_window: Opens
    ) -> None:
        world = busy_shop()
        late(world, LINH)
        world.change(EMMA, priority=Priority.URGENT)
        world.change_agent("bo", accepting=False, accepting_reason="lunch", accepting_by="cho")
        async with open_window(world, nickname="cho", size=(80, 24)) as window:
            await window.press("W")
            lines = window.text.splitlines()
            assert "2 in line   ⚑ 1 overdue   ◔ 0 due soon" in lines[1]
            assert "2 of 3 here" in lines[1]
            (sales,) = [line for line in lines if line.startswith("  Sales")]
            assert sales.split()[:4] == ["Sales", "1", "16m", "soon"]
            assert sales.split()[-1] == "0"  # nothing was served in the last hour
            (bo,) = [line for line in lines if line.startswith("  ● bo")]
            assert "here" in bo
            assert "off: lunch, by cho" in bo
            assert "1/5" in bo
            assert "Nguyễn Thị" in bo
            (linh,) = [line for line in lines if line.startswith("  Nguyễn Thị Linh")]
            assert "⚑ overdue" in linh
            (emma,) = [line for line in lines if "Emma [b]Brown[/b]" in line]
            assert "urgent" in emma
            assert "all full" in emma

    async def test_v1_a_wide_wall_has_method_slots_charts_and_all_that_wait(
        self, open_window: Opens
    ) -> None:
        async with open_window(nickname="cho", size=(200, 50)) as window:
            await window.press("W", "j")
            (care,) = [line for line in window.text.splitlines() if line.startswith("▌ Care")]
            assert "round robin" in care
            assert "4/5" in care
            assert "came in the last hour: 4" in window.text
            assert "██" in window.text
            assert "Care  round robin · free 4 of 5" in window.text
            assert "Waiting for an answer" in window.text

    @pytest.mark.parametrize(
        ("size", "language"),
        grid([(60, 20), (80, 24), (119, 30), (120, 34), (300, 100)], LANGUAGES),
    )
    async def test_v1_it_stands_in_every_size_and_language(
        self, open_window: Opens, size: tuple[int, int], language: str
    ) -> None:
        async with open_window(nickname="cho", size=size, language=language) as window:
            await window.press("W", "2", "j", "3", "4")
            assert len(window.text.splitlines()) == size[1]
            assert "Emma [b]Brown[/b]" in window.text
            assert window.app.screen.query_one("#queues").size.height >= 3
            assert window.app.screen.query_one("#agents").size.height >= 3

    async def test_v1_what_happens_is_seen_without_a_key(self, open_window: Opens) -> None:
        async with open_window(nickname="cho", size=(80, 24)) as window:
            await window.press("W")
            reads = window.client.calls.count("wall")
            window.world.write(window.world.contact("The newest"), "hello")
            await until_read(window, reads + 1)
            assert "3 in line" in window.text
            assert "The newest" in window.text

    async def test_v1_many_events_at_once_are_one_or_two_readings(self, open_window: Opens) -> None:
        async with open_window(nickname="cho", size=(80, 24)) as window:
            await window.press("W")
            reads = window.client.calls.count("wall")
            for number in range(40):
                window.world.write(window.world.contact(f"Customer {number}"), "hello")
            await until_read(window, reads + 1)
            assert "42 in line" in window.text
            assert window.client.calls.count("wall") - reads <= 3

    async def test_v1_a_lost_line_is_said_and_what_was_known_stays(
        self, open_window: Opens
    ) -> None:
        async with open_window(nickname="cho", size=(80, 24)) as window:
            await window.press("W")
            window.client.cut()
            await window.settle()
            assert "as it was at 17:18" in window.text
            assert "Emma [b]Brown[/b]" in window.text
            await window.press("3", "b")
            assert "Not connected" in window.text
            reads = window.client.calls.count("wall")
            window.client.mend()
            await until_read(window, reads + 1)
            assert "as it was at" not in window.text

    async def test_v1_nobody_and_nothing_is_told_in_words(self, open_window: Opens) -> None:
        async with open_window(empty_shop(), nickname="cho", size=(80, 24)) as window:
            await window.press("W")
            assert "0 in line" in window.text
            assert "Nobody waits here." in window.text
            await window.press("2")
            assert "Amy Tan serves nobody." in window.text

    async def test_v1_time_alone_makes_waits_grow_and_has_it_read_once_a_minute(
        self, open_window: Opens
    ) -> None:
        async with open_window(nickname="cho", size=(80, 24)) as window:
            await window.press("W")
            screen, reads = wall_of(window), window.client.calls.count("wall")
            window.world.clock.move(59)  # type: ignore[attr-defined]
            screen.tick()
            await window.settle()
            assert window.client.calls.count("wall") == reads
            window.world.clock.move(61)  # type: ignore[attr-defined]
            screen.tick()
            await until_read(window, reads + 1)
            assert "18m" in window.text

    async def test_v1_keys_lead_from_part_to_part(self, open_window: Opens) -> None:
        async with open_window(nickname="cho", size=(80, 24)) as window:
            await window.press("W")
            screen = wall_of(window)
            ids = []
            for _ in range(4):
                assert screen.focused is not None
                ids.append(screen.focused.id)
                await window.press("right_square_bracket")
            assert ids == ["queues", "agents", "sessions", "queues"]
            assert screen.focused is not None
            await window.press("left_square_bracket", "left_square_bracket")
            assert screen.focused.id == "sessions"
            await window.press("1", "j", "enter")
            assert (screen.focused.id, screen.pick.kind) == ("sessions", PickKind.QUEUE)
            assert picked(window) == KIT
            await window.press("4")
            assert (screen.pick.kind, picked(window)) == (PickKind.ALL, SOMCHAI)
            await window.press("escape")
            assert screen.focused.id == "queues"


class TestBehindTheWall:
    async def test_v1_the_inbox_shows_what_came_once_it_is_seen_again(
        self, open_window: Opens
    ) -> None:
        async with open_window(nickname="cho") as window:
            await window.press("4")
            await window.select(LINH)
            await window.press("enter", "W")
            window.world.write(2, "are you there?")
            window.world.assign(KIT, "cho", by="bo")
            await window.settle()
            assert not window.inbox._told
            await window.press("escape")
            assert window.at_inbox
            assert "are you there?" in window.text
            assert "1/5 open" in window.text
            (whose,) = [line for line in window.text.splitlines() if "hello?" in line]
            assert "you ●1" in whose
            assert window.app.desk.store.counts.mine == 1

    async def test_v1_nothing_behind_the_wall_has_it_painted_anew(self, open_window: Opens) -> None:
        async with open_window(nickname="cho") as window:
            await window.press("4", "enter", "W")
            window.inbox._tick()
            window.world.note(SOMCHAI, "a note changes nothing on the wall", by="bo")
            await window.settle()
            assert not window.inbox._compositor._dirty_regions
            assert not window.inbox._dirty_widgets


class TestDoing:
    async def test_v2_a_session_is_assigned_with_a_note(self, open_window: Opens) -> None:
        async with open_window(nickname="cho", size=(80, 24)) as window:
            await window.press("W", "1", "j", "j", "enter", "a")
            assert isinstance(window.app.screen, HandOverDialog)
            await window.type("bo")
            await window.press("enter")
            await window.type("please")
            await window.press("enter")
            assert window.world.sessions[EMMA].assignee == "bo"
            entry = window.said(EMMA)[-1]
            assert (entry.happening, entry.data["note"]) == (Happening.DESIGNATED, "please")
            assert "Emma [b]Brown[/b]: given to bo." in window.text

    async def test_v2_a_supervisor_may_take_a_session_themselves(self, open_window: Opens) -> None:
        async with open_window(nickname="cho", size=(80, 24)) as window:
            await window.press("W", "3", "a")
            await window.type("cho")
            await window.press("ctrl+s")
            assert isinstance(window.app.screen, ConfirmDialog)  # who is away is asked about first
            await window.press("ctrl+s")
            assert window.world.sessions[SOMCHAI].assignee == "cho"

    async def test_v2_a_session_is_moved_to_a_team(self, open_window: Opens) -> None:
        async with open_window(nickname="cho", size=(80, 24)) as window:
            await window.press("W", "3", "m")
            assert isinstance(window.app.screen, HandOverDialog)
            assert "amy" not in window.text.partition("To")[2].partition("Note")[0]
            await window.type("care")
            await window.press("ctrl+s")
            session = window.world.sessions[SOMCHAI]
            assert (session.assignee, session.team) == (None, "care")

    async def test_v2_a_session_is_taken_back_once_that_was_confirmed(
        self, open_window: Opens
    ) -> None:
        async with open_window(nickname="cho", size=(80, 24)) as window:
            await window.press("W", "3", "b")
            assert isinstance(window.app.screen, ConfirmDialog)
            assert "Take สมชาย ใจดี back from amy?" in window.text
            await window.press("escape")
            assert window.world.sessions[SOMCHAI].assignee == "amy"
            await window.press("b", "ctrl+s")
            assert window.world.sessions[SOMCHAI].assignee is None
            assert window.said(SOMCHAI)[-1].happening is Happening.TAKEN_BACK
            assert "taken back from amy" in window.text

    async def test_v2_what_nobody_serves_cannot_be_taken_back(self, open_window: Opens) -> None:
        async with open_window(nickname="cho", size=(80, 24)) as window:
            await window.press("W", "1", "j", "enter", "b")
            assert "Nobody serves this session: it waits already." in window.text

    async def test_v2_a_note_is_whispered(self, open_window: Opens) -> None:
        async with open_window(nickname="cho", size=(80, 24)) as window:
            await window.press("W", "3", "n")
            assert isinstance(window.app.screen, NoteDialog)
            await window.press("enter")
            assert "needed" in window.text
            await window.type("be kind")
            await window.press("enter")
            entry = window.said(SOMCHAI)[-1]
            assert (entry.kind, entry.author) == (EntryKind.NOTE, "cho")
            assert entry.content is not None
            assert entry.content.text == "be kind"
            assert isinstance(window.app.screen, WallScreen)

    async def test_v2_looking_leaves_no_read_mark_and_says_so(self, open_window: Opens) -> None:
        async with open_window(nickname="cho", size=(80, 24)) as window:
            await window.press("W", "3", "enter")
            assert wall_of(window).is_looking
            assert "Looking: leaves no read mark" in window.text
            assert "image: shoe.jpg" in window.text
            window.world.write(1, "are you there?")
            await window.settle()
            assert "are you there?" in window.text
            await window.press("G", "j", "k", "escape")
            screen = wall_of(window)
            assert not screen.is_looking
            assert screen.focused is not None
            assert screen.focused.id == "sessions"
            assert "read" not in window.client.calls
            assert window.world.seen == {}

    async def test_v2_a_key_that_leads_on_from_a_look_is_not_led_back(
        self, open_window: Opens
    ) -> None:
        """Whoever leaves a chat for a part of the wall stays there, however fast the screen is."""
        async with open_window(nickname="cho", size=(80, 24)) as window:
            await window.press("W")
            screen = wall_of(window)
            for key, part in (("1", "queues"), ("2", "agents"), ("4", "sessions")):
                await window.press("4", "enter")
                assert screen.is_looking
                await window.press(key)
                assert screen.focused is not None
                assert (screen.is_looking, screen.focused.id) == (False, part)

    async def test_v2_a_key_that_comes_before_the_screen_has_followed_a_look(
        self, open_window: Opens
    ) -> None:
        async with open_window(nickname="cho", size=(80, 24)) as window:
            await window.press("W", "4", "enter")
            screen = wall_of(window)
            screen.go_back()  # both are through before anything was painted
            screen.go("agents")
            await window.settle()
            assert screen.focused is not None
            assert screen.focused.id == "agents"
            await window.press("escape")
            assert window.at_inbox

    async def test_v2_after_a_look_the_hands_are_where_they_were(self, open_window: Opens) -> None:
        async with open_window(nickname="cho", size=(140, 40)) as window:
            await window.press("W", "4", "j", "o", "escape")
            screen = wall_of(window)
            assert screen.focused is not None
            assert (screen.focused.id, picked(window)) == ("waiting", LINH)
            await window.press("2", "3", "o", "escape")
            assert screen.focused.id == "sessions"

    async def test_v2_what_is_looked_at_is_what_deeds_are_about(self, open_window: Opens) -> None:
        async with open_window(nickname="cho", size=(140, 40)) as window:
            await window.press("W", "4", "j", "o")
            assert picked(window) == LINH
            window.world.assign(LINH, "amy")
            await window.settle()
            await window.press("b", "ctrl+s")
            assert window.world.sessions[LINH].assignee is None
            assert "taken back from amy" in window.text
            await window.press("2")
            assert not wall_of(window).is_looking

    async def test_v2_a_switch_is_turned_off_with_a_reason_and_on_again(
        self, open_window: Opens
    ) -> None:
        async with open_window(nickname="cho", size=(80, 24)) as window:
            await window.press("W", "2", "A")
            assert isinstance(window.app.screen, SwitchDialog)
            assert "Amy Tan gets no new sessions from the system" in window.text
            await window.press("right", "enter")
            amy = window.world.agents["amy"]
            assert (amy.accepting, amy.accepting_reason, amy.accepting_by) == (
                False,
                "break",
                "cho",
            )
            assert "off: break, by cho" in window.text
            await window.press("A")
            assert window.world.agents["amy"].accepting
            assert "Amy Tan accepts again." in window.text

    async def test_v2_a_limit_is_changed_or_left_to_the_workspace(self, open_window: Opens) -> None:
        async with open_window(nickname="cho", size=(80, 24)) as window:
            await window.press("W", "2", "L")
            assert isinstance(window.app.screen, LimitDialog)
            await window.type("x")
            await window.press("enter")
            assert "a whole number" in window.text
            await window.press("backspace", "2", "enter")
            assert window.world.agents["amy"].limit == 2
            assert "3/2 over" in window.text
            await window.press("L", "backspace", "enter")
            assert window.world.agents["amy"].limit == 5

    async def test_v2_switch_and_limit_need_a_colleague(self, open_window: Opens) -> None:
        async with open_window(nickname="cho", size=(80, 24)) as window:
            for key in ("A", "L"):
                await window.press("W" if window.at_inbox else "1", key)
                assert "Select a colleague among the agents first." in window.text

    async def test_v2_a_session_that_left_by_itself_is_not_acted_on(
        self, open_window: Opens
    ) -> None:
        async with open_window(nickname="cho", size=(80, 24)) as window:
            await window.press("W", "3")
            assert picked(window) == SOMCHAI
            reads = window.client.calls.count("wall")
            window.world.reply(SOMCHAI, "done", by="amy")
            await until_read(window, reads + 1)
            assert picked(window) is None  # the cursor shows another one, which nobody chose
            await window.press("b")
            assert "Select a session first." in window.text
            await window.press("k")
            assert picked(window) == LINH

    async def test_v2_why_a_session_is_where_it_is(self, open_window: Opens) -> None:
        async with open_window(nickname="cho", size=(80, 24)) as window:
            await window.press("W", "3", "w")
            assert isinstance(window.app.screen, ExplainDialog)

    async def test_v2_the_help_names_every_deed(self, open_window: Opens) -> None:
        async with open_window(nickname="cho", size=(140, 60)) as window:
            await window.press("W", "question_mark")
            for label in ("Look", "Assign", "Move", "Take back", "Whisper", "Their limit"):
                assert label in window.text

    async def test_v1_the_program_can_begin_on_the_wall(self, open_window: Opens) -> None:
        world = busy_shop()
        world.agents["amy"] = replace(world.agents["amy"], role=Role.OWNER)
        client = FakeClient(world, "amy")
        async with open_window(world, client=client, size=(80, 24)) as window:
            window.app.push_screen(WallScreen(window.app.desk))
            await window.settle()
            assert "2 in line" in window.text


def test_the_world_of_these_tests_has_a_supervisor() -> None:
    world: World = busy_shop()
    assert world.agents["cho"].role is Role.SUPERVISOR

"""The main job by keys: lists, chat, claim, transfer, end, star, switch."""

from datetime import timedelta

from tests.ui.app.conftest import Opens

from inbox_tui.errors import AlreadyTaken
from inbox_tui.testing.scenes import empty_shop
from inbox_tui.tui.dialogs.away import AwayDialog
from inbox_tui.tui.dialogs.case_form import CaseDialog
from inbox_tui.tui.dialogs.confirm import ConfirmDialog
from inbox_tui.tui.dialogs.end_session import EndSessionDialog
from inbox_tui.tui.dialogs.explain import ExplainDialog
from inbox_tui.tui.dialogs.help import HelpDialog
from inbox_tui.tui.dialogs.transfer import TransferDialog
from inbox_tui.tui.screens.cases import CasesScreen
from inbox_tui.tui.screens.people import PeopleScreen
from inbox_tui.wire.words import (
    CaseStatus,
    DeliveryState,
    EntryKind,
    ListName,
    Priority,
    SessionState,
    Sort,
    StateFilter,
)

SOMCHAI, LINH, EMMA, MALEE, KIT, DAO = 2, 3, 4, 5, 6, 7


class TestLists:
    async def test_the_first_list_is_mine_with_the_longest_wait_on_top(
        self, open_window: Opens
    ) -> None:
        async with open_window() as window:
            assert list(window.app.desk.store.view(ListName.MINE)) == [SOMCHAI, DAO, MALEE]
            assert window.app.desk.store.counts == window.world.counts_of("amy")
            assert "Mine 3   Unassigned 2   Team 4" in window.text

    async def test_number_keys_and_brackets_show_other_lists(self, open_window: Opens) -> None:
        async with open_window() as window:
            await window.press("2")
            assert window.list_name == "unassigned"
            assert "Emma [b]Brown[/b]" in window.text
            await window.press("right_square_bracket")
            assert window.list_name == "team"
            await window.press("left_square_bracket")
            assert window.list_name == "unassigned"

    async def test_the_order_is_remembered_for_each_list(self, open_window: Opens) -> None:
        async with open_window() as window:
            await window.press("o")
            assert window.app.desk.store.view(ListName.MINE).id_at(0) == DAO
            await window.press("2", "1")
            assert window.app.desk.store.view(ListName.MINE).sort is Sort.RECENT
        async with open_window(window.world) as again:
            assert again.app.desk.store.view(ListName.MINE).sort is Sort.RECENT
            assert "latest message first" in again.text

    async def test_a_new_message_moves_rows_but_not_the_cursor(self, open_window: Opens) -> None:
        async with open_window() as window:
            await window.select(DAO)
            window.world.assign(EMMA, "amy")
            await window.settle()
            assert window.inbox.list_pane.cursor == DAO
            assert EMMA in window.app.desk.store.view(ListName.MINE)
            assert window.app.desk.store.counts == window.world.counts_of("amy")

    async def test_a_selected_row_that_somebody_else_took_is_told(self, open_window: Opens) -> None:
        async with open_window() as window:
            await window.press("2")
            await window.select(EMMA)
            window.world.assign(EMMA, "bo")
            await window.settle()
            assert window.inbox.list_pane.cursor == KIT
            assert "assigned to bo 0s ago" in window.text

    async def test_filters_are_text_and_one_key_clears_them(self, open_window: Opens) -> None:
        async with open_window() as window:
            await window.press("4", "f", "f", "f")
            assert window.app.desk.filters_now.state is StateFilter.UNANSWERED
            assert "is:unanswered" in window.text
            await window.press("v")
            assert "is:unanswered channel:line-main" in window.text
            assert LINH not in window.app.desk.store.view(ListName.ALL)
            await window.press("x")
            assert "channel:" not in window.text
            assert LINH in window.app.desk.store.view(ListName.ALL)

    async def test_a_search_finds_words_of_any_message(self, open_window: Opens) -> None:
        async with open_window() as window:
            await window.press("4", "slash")
            await window.type("refund")
            await window.press("enter")
            assert list(window.app.desk.store.view(ListName.ALL)) == [EMMA]
            assert "1 found in All" in window.text
            await window.press("escape")
            assert len(window.app.desk.store.view(ListName.ALL)) == 6

    async def test_the_next_work_key_goes_to_what_needs_me_and_says_why(
        self, open_window: Opens
    ) -> None:
        async with open_window() as window:
            window.world.change(DAO, due_at=window.world.now - timedelta(seconds=1))
            await window.settle()
            await window.press("n")
            assert window.app.desk.open_id == DAO
            assert "ดาว: overdue" in window.text


class TestChat:
    async def test_opening_is_what_marks_as_read(self, open_window: Opens) -> None:
        async with open_window() as window:
            await window.select(DAO)
            assert "read" not in window.client.calls
            await window.press("enter")
            assert window.client.calls.count("read") == 1
            session = window.app.desk.store.session(DAO)
            assert session is not None
            assert session.unread_count == 0
            assert "ราคาเท่าไหร่คะ" in window.text

    async def test_a_reply_goes_out_and_its_state_is_followed(self, open_window: Opens) -> None:
        async with open_window() as window:
            await window.select(DAO)
            await window.press("enter", "r")
            await window.type("290 baht")
            await window.press("enter")
            entry = window.said(DAO)[-1]
            assert entry.content is not None
            assert (entry.content.text, entry.client_key) == ("290 baht", "k1")
            assert window.app.desk.sending.waiting(entry.conversation_id) == []
            window.world.deliver(entry, DeliveryState.DELIVERED)
            await window.settle()
            assert "delivered" in window.text
            held = window.app.desk.preferences_path.with_name("held.jsonl")
            assert held.read_bytes() == b""

    async def test_a_note_is_kept_as_a_note(self, open_window: Opens) -> None:
        async with open_window() as window:
            await window.press("enter", "a")
            await window.type("vip")
            await window.press("enter")
            assert window.said(SOMCHAI)[-1].kind is EntryKind.NOTE
            assert "Note kept" in window.text

    async def test_a_draft_is_there_after_a_restart(self, open_window: Opens) -> None:
        async with open_window() as window:
            await window.press("enter", "r")
            await window.type("almost")
            await window.press("escape")
            await window.quit()
        async with open_window(window.world) as again:
            await again.press("enter")
            assert again.inbox.chat.composer.text == "almost"

    async def test_somebody_elses_session_is_named_before_sending(self, open_window: Opens) -> None:
        async with open_window() as window:
            await window.press("4")
            await window.select(LINH)
            await window.press("r")
            assert "served by bo" in window.text
            await window.type("hello")
            await window.press("enter")
            assert isinstance(window.app.screen, ConfirmDialog)
            assert "bo serves this session" in window.text
            await window.press("escape")
            assert window.inbox.chat.composer.text == "hello"
            assert "post_message" not in window.client.calls
            await window.press("enter", "shift+tab", "enter")
            assert window.client.calls.count("post_message") == 1
            assert window.world.sessions[LINH].assignee == "bo"

    async def test_older_entries_are_loaded_on_the_way_up(self, open_window: Opens) -> None:
        world = empty_shop()
        contact = world.contact("Long")
        for number in range(150):
            world.write(contact, f"line {number}")
        world.assign(1, "amy")
        async with open_window(world) as window:
            await window.press("enter")
            assert len(window.app.desk.store.timeline(contact)) < 152
            for _ in range(6):
                await window.press("home")
            assert "line 0" in window.text
            assert window.app.desk.store.timeline(contact).older is None

    async def test_a_failed_reply_is_sent_again_by_enter_on_it(self, open_window: Opens) -> None:
        async with open_window() as window:
            await window.select(MALEE)
            await window.press("enter")
            assert "the monthly limit is reached" in window.text
            await window.press("k", "enter")
            assert "retry_message" in window.client.calls

    async def test_a_closed_session_takes_no_reply_and_says_so(self, open_window: Opens) -> None:
        async with open_window() as window:
            await window.press("6", "enter", "r")
            assert "This session is closed" in window.text
            assert not window.inbox.chat.composer.has_text_focus


class TestActions:
    async def test_claim_takes_the_session(self, open_window: Opens) -> None:
        async with open_window() as window:
            await window.press("2")
            await window.select(EMMA)
            await window.press("c")
            assert window.world.sessions[EMMA].assignee == "amy"
            assert "is yours" in window.text
            assert window.app.desk.store.counts == window.world.counts_of("amy")

    async def test_of_two_who_claim_the_other_is_told_who_was_first(
        self, open_window: Opens
    ) -> None:
        async with open_window() as window:

            async def too_late(session_id: int) -> None:
                raise AlreadyTaken("Taken by bo 3 s ago.")

            window.client.claim = too_late  # type: ignore[method-assign,assignment]
            await window.press("2", "c")
            assert "Taken by bo 3 s ago." in window.text

    async def test_an_action_that_is_not_possible_says_why(self, open_window: Opens) -> None:
        async with open_window() as window:
            await window.press("c")
            assert "This session is yours already." in window.text

    async def test_transfer_with_a_note(self, open_window: Opens) -> None:
        async with open_window() as window:
            await window.press("t")
            assert isinstance(window.app.screen, TransferDialog)
            await window.type("bo")
            await window.press("enter")
            await window.type("size question")
            await window.press("enter")
            session = window.world.sessions[SOMCHAI]
            assert session.assignee == "bo"
            assert window.said(SOMCHAI)[-1].data["note"] == "size question"
            assert "Transferred to bo: 1." in window.text

    async def test_transfer_all(self, open_window: Opens) -> None:
        async with open_window() as window:
            await window.press("T")
            await window.type("bo")
            await window.press("enter", "enter")
            await window.settle()
            mine = [one for one in window.world.sessions.values() if one.assignee == "amy"]
            assert [one.state for one in mine] == [SessionState.CLOSED]
            assert "Mine 0" in window.text

    async def test_end_opens_the_case_form_and_saving_it_ends(self, open_window: Opens) -> None:
        async with open_window() as window:
            await window.press("e")
            assert isinstance(window.app.screen, EndSessionDialog)
            await window.press("ctrl+s")
            assert window.world.sessions[SOMCHAI].state is SessionState.CLOSED
            assert window.world.cases["C-0002"].status is CaseStatus.CLOSED
            assert SOMCHAI not in window.app.desk.store.view(ListName.MINE)

    async def test_ending_without_a_reply_needs_a_reason(self, open_window: Opens) -> None:
        async with open_window() as window:
            await window.select(DAO)
            await window.press("e", "ctrl+s")
            assert isinstance(window.app.screen, EndSessionDialog)
            await window.type("spam")
            await window.press("ctrl+s")
            assert window.world.sessions[DAO].state is SessionState.CLOSED

    async def test_star_priority_and_category(self, open_window: Opens) -> None:
        async with open_window() as window:
            await window.press("s", "exclamation_mark", "y")
            assert ("amy", SOMCHAI) in window.world.stars
            assert window.world.sessions[SOMCHAI].priority is Priority.HIGH
            assert window.world.sessions[SOMCHAI].category == "pre_sale"
            assert window.app.desk.store.counts.starred == 2

    async def test_the_switch_is_turned_off_with_a_reason_and_on_again(
        self, open_window: Opens
    ) -> None:
        async with open_window() as window:
            await window.press("A")
            assert isinstance(window.app.screen, AwayDialog)
            await window.press("enter")
            assert not window.world.agents["amy"].accepting
            assert "accept off" in window.text
            await window.press("A")
            assert window.world.agents["amy"].accepting

    async def test_explain_shows_the_decision(self, open_window: Opens) -> None:
        async with open_window() as window:
            await window.press("w")
            assert isinstance(window.app.screen, ExplainDialog)
            assert "round robin" in window.text

    async def test_a_case_is_edited_and_a_stale_one_is_not_written_over(
        self, open_window: Opens
    ) -> None:
        async with open_window() as window:
            await window.press("E")
            assert isinstance(window.app.screen, CaseDialog)
            window.world.edit_case("C-0002", by="bo", title="By bo")
            await window.type("X")
            await window.press("ctrl+s")
            assert window.world.cases["C-0002"].title == "By bo"
            await window.press("ctrl+s")
            assert window.world.cases["C-0002"].title == "X"


class TestRooms:
    async def test_cases_are_found_edited_and_lead_to_their_chat(self, open_window: Opens) -> None:
        async with open_window() as window:
            await window.press("C")
            assert isinstance(window.app.screen, CasesScreen)
            await window.press("slash")
            await window.type("chiang")
            await window.press("enter")
            assert "C-0001" in window.text
            assert "C-0002" not in window.text
            await window.press("o")
            assert window.at_inbox
            assert window.app.desk.open_id == 1
            assert "Do you ship to Chiang Mai?" in window.text

    async def test_colleagues_are_seen_and_lead_to_their_sessions(self, open_window: Opens) -> None:
        async with open_window(nickname="cho") as window:
            await window.press("P")
            assert isinstance(window.app.screen, PeopleScreen)
            window.world.change_agent("bo", accepting=False, accepting_reason="lunch")
            await window.settle()
            assert "accept off: lunch" in window.text
            await window.press("j", "enter")
            assert window.app.desk.list_name is ListName.ALL
            assert "agent:bo" in window.text
            assert list(window.app.desk.store.view(ListName.ALL)) == [LINH]

    async def test_help_lists_every_key_and_runs_what_is_chosen(self, open_window: Opens) -> None:
        async with open_window() as window:
            await window.press("question_mark")
            assert isinstance(window.app.screen, HelpDialog)
            await window.type("star it")
            await window.press("enter")
            assert ("amy", SOMCHAI) in window.world.stars

    async def test_the_palette_finds_actions_and_hostile_names(self, open_window: Opens) -> None:
        async with open_window() as window:
            window.world.write(window.world.contact("[/foo] [@click=app.quit]x"), "zebra")
            await window.press("ctrl+p")
            await window.type("zebra")
            await window.pilot.pause(0.3)
            await window.settle()
            assert "[/foo]" in window.text
            await window.press("enter")
            await window.settle()
            assert window.app.desk.open_id == 8

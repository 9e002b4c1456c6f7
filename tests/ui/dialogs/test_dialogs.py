"""Each dialog by keyboard alone, and the result it gives."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

import pytest
from textual import events
from textual.pilot import Pilot
from textual.screen import ModalScreen

from inbox_tui.locale import Catalogue
from inbox_tui.testing.gallery import SCENES, Gallery, screen_text
from inbox_tui.testing.shop import ME, NAMES, NOW, agents, case, help_rows, teams
from inbox_tui.tui.dialogs.away import AwayDialog
from inbox_tui.tui.dialogs.base import Errors
from inbox_tui.tui.dialogs.case_form import CaseDialog
from inbox_tui.tui.dialogs.confirm import ConfirmDialog
from inbox_tui.tui.dialogs.end_session import EndSessionDialog
from inbox_tui.tui.dialogs.help import HelpDialog
from inbox_tui.tui.dialogs.ranking import consequences, match, receivers
from inbox_tui.tui.dialogs.too_small import SMALLEST
from inbox_tui.tui.dialogs.transfer import TransferDialog
from inbox_tui.wire.requests import CaseEdit, PostEnd, PostTransfer, PutAccepting
from inbox_tui.wire.words import CaseStatus, Severity, TransferScope

ENGLISH = Catalogue.of("en")


async def press(pilot: Pilot[Any], *keys: str) -> None:
    """Post keys; wait after each that may move the focus, as a hand does."""
    for key in keys:
        pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))
        if len(key) > 1:
            await pilot.pause()
    await pilot.pause()


class Asked:
    """An application that puts one dialog and keeps its answer."""

    def __init__(
        self, make: Callable[[], ModalScreen[Any]], size: tuple[int, int] = (80, 24)
    ) -> None:
        self.app = Gallery()
        self.answers: list[Any] = []
        self._make = make
        self._run = self.app.run_test(size=size)

    async def __aenter__(self) -> Pilot[None]:
        pilot = await self._run.__aenter__()
        await pilot.pause()
        await self.app.push_screen(self._make(), self.answers.append)
        await pilot.pause()
        return pilot

    async def __aexit__(self, *details: Any) -> None:
        await self._run.__aexit__(*details)


def transfer(**options: Any) -> TransferDialog:
    return TransferDialog(
        ENGLISH, contact="Somchai", me=ME, agents=agents(), teams=teams(), open_mine=2, **options
    )


@pytest.mark.parametrize("scene", sorted(set(SCENES) - {"small"}))
async def test_escape_leaves_every_dialog_without_a_result(scene: str) -> None:
    asked = Asked(lambda: SCENES[scene](ENGLISH))  # type: ignore[arg-type, return-value]
    async with asked as pilot:
        await press(pilot, "escape")
        assert asked.answers == [None]


async def test_transfer_by_a_few_letters_and_a_note() -> None:
    asked = Asked(transfer)
    async with asked as pilot:
        await press(pilot, *"cha", "enter", *"hi", "enter")
        assert asked.answers == [PostTransfer(agent="chai", note="hi")]


async def test_transfer_all_mine_to_a_team_chosen_with_the_arrows() -> None:
    asked = Asked(transfer)
    async with asked as pilot:
        await press(pilot, *"sales", "down", "tab", "right", "tab", "enter")
        assert asked.answers == [PostTransfer(team="sales", scope=TransferScope.ALL_MINE)]


async def test_transfer_asks_first_about_somebody_full_and_no_means_no() -> None:
    asked = Asked(transfer)
    async with asked as pilot:
        await press(pilot, *"bo", "enter", "enter")
        told = screen_text(asked.app)
        assert "Transfer to Bo Chan?" in told
        assert "5 of 5 open" in told
        await press(pilot, "enter")
        assert asked.answers == []
        await press(pilot, "enter", "shift+tab", "enter")
        assert asked.answers == [PostTransfer(agent="bo")]


async def test_transfer_to_nobody_is_refused_at_the_field() -> None:
    asked = Asked(transfer)
    async with asked as pilot:
        await press(pilot, *"zzzz", "ctrl+s")
        told = screen_text(asked.app)
        assert "Nobody matches" in told
        assert "✕ needed" in told
        assert asked.answers == []


def test_receivers_are_ranked_by_match_presence_and_free_slots() -> None:
    everyone = [each.slug for each in receivers("", agents(), teams(), me=ME)]
    assert everyone == ["chai", "bo", "fon", "dung", "em", "repair", "sales"]
    assert [each.slug for each in receivers("ฝน", agents(), teams(), me=ME)] == ["fon"]
    assert [each.slug for each in receivers("tran", agents(), teams(), me=ME)] == ["dung"]
    assert ME not in everyone


@pytest.mark.parametrize(
    ("query", "name", "score"),
    [
        ("", "bo", 0),
        ("@bo", "bo", 0),
        ("b", "bo", 1),
        ("chan", "bo chan", 2),
        ("han", "bo chan", 3),
        ("bcn", "bo chan", 4),
        ("x", "bo", None),
    ],
)
def test_match(query: str, name: str, score: int | None) -> None:
    assert match(query, name) == score


def test_consequences_name_what_will_happen() -> None:
    by_name = {each.slug: each for each in receivers("", agents(), teams(), me=ME)}
    assert consequences(by_name["chai"], 4, ENGLISH) == []
    assert "over the limit" in " ".join(consequences(by_name["chai"], 5, ENGLISH))
    assert "no inbox window" in " ".join(consequences(by_name["em"], 1, ENGLISH))
    assert "link was lost" in " ".join(consequences(by_name["dung"], 1, ENGLISH))
    assert "no members" in " ".join(consequences(by_name["repair"], 1, ENGLISH))


async def test_ending_gives_the_case_and_needs_no_reason_after_a_reply() -> None:
    asked = Asked(lambda: EndSessionDialog(ENGLISH, contact=NAMES[0], undo_for=5))
    async with asked as pilot:
        await press(pilot, *"size", "tab", *"a", ",", "b", ",", "a", "tab", "right", "ctrl+s")
        edit = CaseEdit(title="size", description="", severity=Severity.HIGH, tags=["a", "b"])
        assert asked.answers == [PostEnd(case=edit, undo_for=5)]


async def test_ending_without_any_reply_needs_a_reason() -> None:
    asked = Asked(lambda: EndSessionDialog(ENGLISH, contact=NAMES[0], replied=False), (60, 20))
    async with asked as pilot:
        await press(pilot, "ctrl+s")
        assert "✕ no reply was made: say why" in screen_text(asked.app)
        assert asked.answers == []
        await press(pilot, *"spam", "ctrl+s")
        assert asked.answers[0].reason == "spam"


async def test_what_the_server_refuses_stands_beside_its_field_and_nothing_is_lost() -> None:
    sent: list[PostEnd] = []

    async def submit(body: PostEnd) -> Errors:
        sent.append(body)
        return {"title": "this title is taken"} if len(sent) == 1 else {}

    asked = Asked(lambda: EndSessionDialog(ENGLISH, contact="x", submit=submit))
    async with asked as pilot:
        await press(pilot, *"size", "ctrl+s")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        told = screen_text(asked.app)
        assert "✕ this title is taken" in told
        assert "size" in told
        await press(pilot, "end", "s", "ctrl+s")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        assert [body.case.title for body in sent if body.case] == ["size", "sizes"]
        assert asked.answers == sent[1:]


async def test_a_case_is_edited_with_all_its_fields() -> None:
    asked = Asked(lambda: CaseDialog(ENGLISH, case(), now=NOW, zone=NOW.tzinfo))  # type: ignore[arg-type]
    async with asked as pilot:
        await press(pilot, "tab", "tab", "tab", "right", "ctrl+s")
        (edit,) = asked.answers
        assert edit.status is CaseStatus.CLOSED
        assert edit.tags == case().tags
        assert edit.description == case().description


async def test_away_needs_nothing_and_takes_a_reason_and_minutes() -> None:
    asked = Asked(lambda: AwayDialog(ENGLISH, now=NOW))
    async with asked as pilot:
        await press(pilot, "enter")
        assert asked.answers == [PutAccepting(accepting=False)]
    asked = Asked(lambda: AwayDialog(ENGLISH, now=NOW))
    async with asked as pilot:
        await press(pilot, "tab", "tab", *"0", "ctrl+s")
        assert "✕ whole minutes" in screen_text(asked.app)
        await press(pilot, "backspace", *"30", "shift+tab", "shift+tab", "right", "right", "ctrl+s")
        assert asked.answers == [
            PutAccepting(accepting=False, reason="lunch", back_at=NOW + timedelta(minutes=30))
        ]


async def test_confirm_begins_on_no() -> None:
    asked = Asked(lambda: ConfirmDialog(ENGLISH, "Really?"))
    async with asked as pilot:
        await press(pilot, "enter")
        assert asked.answers == [None]
    asked = Asked(lambda: ConfirmDialog(ENGLISH, "Really?"))
    async with asked as pilot:
        await press(pilot, "shift+tab", "enter")
        assert asked.answers == [True]


async def test_help_finds_by_typing_and_runs_what_it_lists() -> None:
    asked = Asked(lambda: HelpDialog(ENGLISH, help_rows()))
    async with asked as pilot:
        await press(pilot, *"trans", "enter")
        assert asked.answers == ["transfer"]


async def test_help_says_why_an_action_is_not_possible() -> None:
    asked = Asked(lambda: HelpDialog(ENGLISH, help_rows()))
    async with asked as pilot:
        await press(pilot, *"claim", "enter")
        assert asked.answers == []
        assert "somebody serves it already" in screen_text(asked.app)


async def test_text_from_outside_is_no_markup_and_no_command_in_any_dialog() -> None:
    hostile = "[/foo] \x1b]52;c;QQ==\x07\x9b2J\u202e [@click=app.quit]x[/]"
    dialogs: list[Callable[[], ModalScreen[Any]]] = [
        lambda: ConfirmDialog(ENGLISH, hostile, [hostile]),
        lambda: EndSessionDialog(ENGLISH, contact=hostile, replied=False),
        lambda: TransferDialog(ENGLISH, contact=hostile, me=ME, agents=agents(), teams=teams()),
    ]
    for make in dialogs:
        asked = Asked(make)
        async with asked as pilot:
            await pilot.pause()
            told = screen_text(asked.app)
            assert "[/foo]" in told
            assert not set(told) & set("\x1b\x07\x9b\u202e")


@pytest.mark.parametrize("name", ["transfer", "end"])
async def test_in_the_smallest_window_the_field_that_has_the_hands_is_in_view(name: str) -> None:
    app = Gallery()
    async with app.run_test(size=(SMALLEST.width, SMALLEST.height)) as pilot:
        await pilot.pause()
        await app.push_screen(SCENES[name](ENGLISH))
        await pilot.pause()
        seen = set()
        while app.screen.focused not in seen:
            focused = app.screen.focused
            assert focused is not None
            seen.add(focused)
            assert app.screen.find_widget(focused).visible_region, focused
            await press(pilot, "tab")
        assert len(seen) >= 4


@pytest.mark.parametrize("name", ["end", "case"])
async def test_what_was_typed_into_a_form_is_thrown_away_only_when_asked_twice(name: str) -> None:
    asked = Asked(lambda: cast("ModalScreen[Any]", SCENES[name](ENGLISH)))
    async with asked as pilot:
        await press(pilot, "x", "escape")
        assert "Not saved. Esc again throws it away." in screen_text(pilot.app)
        await press(pilot, "y", "escape")  # what came since was not warned of
        assert asked.answers == []
        await press(pilot, "escape")
    assert asked.answers == [None]

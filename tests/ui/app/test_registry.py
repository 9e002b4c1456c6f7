"""One registry: every binding, sentence, handler and the page of keys come from it."""

import subprocess
import sys
from pathlib import Path

import pytest
from textual.binding import Binding

from inbox_tui.locale import Catalogue
from inbox_tui.tui.actions.docs import keys_document
from inbox_tui.tui.actions.registry import ACTIONS, Action, Group, Room, actions_of
from inbox_tui.tui.keys import read_keymap
from inbox_tui.tui.screens.cases import CasesScreen
from inbox_tui.tui.screens.code import CodeScreen
from inbox_tui.tui.screens.contacts import ContactsScreen
from inbox_tui.tui.screens.inbox import InboxScreen
from inbox_tui.tui.screens.people import PeopleScreen
from inbox_tui.tui.screens.room import RoomScreen
from inbox_tui.tui.screens.rules import RulesScreen

SCREENS: list[type[RoomScreen]] = [
    InboxScreen,
    CasesScreen,
    PeopleScreen,
    RulesScreen,
    ContactsScreen,
    CodeScreen,
]
ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("screen", SCREENS)
def test_a_screen_binds_and_handles_exactly_its_actions(screen: type[RoomScreen]) -> None:
    wanted = {action.id for action in actions_of(screen.ROOM)}
    bound = {one.id for one in screen.BINDINGS if isinstance(one, Binding)}
    assert bound == wanted
    assert set(screen.handlers) == wanted


@pytest.mark.parametrize("room", list(Room))
def test_no_key_has_two_actions_on_one_screen(room: Room) -> None:
    keys = [key for action in actions_of(room) for key in action.keys]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_every_action_has_a_name_and_an_explanation(action: Action) -> None:
    catalogue = Catalogue.of("en")
    assert catalogue.has(action.label)
    assert catalogue.has(action.help)


@pytest.mark.parametrize("language", ["en", "th", "vi"])
def test_every_action_and_group_is_named_in_every_language(language: str) -> None:
    from inbox_tui.locale.catalogue import table

    named = table(language)
    assert {action.label for action in ACTIONS} <= set(named)
    assert {f"group.{group.value}" for group in Group} <= set(named)


def test_thai_says_everything_and_nothing_that_english_does_not() -> None:
    from inbox_tui.locale import screens_en, screens_th

    assert set(screens_th.SENTENCES) == set(screens_en.SENTENCES)


def test_the_page_of_keys_is_the_generated_one() -> None:
    assert (ROOT / "docs" / "keys.md").read_text("utf-8") == keys_document()


class TestKeyFile:
    def test_an_assignment_takes_the_key_from_its_default_owner(self) -> None:
        keymap = read_keymap(["session.star = c  # mine", "", "view.people ="], "keys.txt")
        assert keymap.of("session.star") == ("c",)
        assert keymap.of("session.claim") == ()
        assert keymap.of("view.people") == ()
        assert keymap.problems == []

    def test_screens_may_have_the_same_key_for_different_actions(self) -> None:
        keymap = read_keymap(["session.star = d", "rules.new = s"], "keys.txt")
        assert keymap.of("cases.search") == keymap.of("list.search") == ("slash",)
        assert (keymap.of("session.star"), keymap.of("rules.delete")) == (("d",), ("d",))
        assert (keymap.of("rules.new"), keymap.of("rules.switch")) == (("s",), ())
        assert keymap.problems == []

    def test_faults_are_told_with_their_line(self) -> None:
        lines = ["nonsense", "session.flag = z", "session.star = bananas", "list.sort = o, /"]
        keymap = read_keymap(lines, "keys.txt")
        assert keymap.problems == [
            "keys.txt:1: expected ACTION = KEYS",
            "keys.txt:2: there is no action session.flag",
            "keys.txt:3: there is no key bananas",
        ]
        assert keymap.of("session.star") == ("s",)
        assert keymap.of("list.sort") == ("o", "slash")

    def test_two_assignments_of_one_key_are_told(self) -> None:
        keymap = read_keymap(["session.star = z", "session.claim = z"], "keys.txt")
        assert keymap.problems == ["keys.txt:2: z is the key of session.star already"]


def test_starting_the_terminal_imports_nothing_of_the_backend_and_no_http() -> None:
    """The proof at run time beside the static contract; imports delay the first frame most."""
    heavy = ("fastapi", "sqlmodel", "sqlalchemy", "pydantic", "httpx", "uvicorn", "qrcode")
    program = (
        "import sys; import inbox_tui.tui.app; "
        f"print([name for name in {heavy!r} if name in sys.modules], "
        "[name for name in sys.modules if name.startswith(('inbox_tui.backend', "
        "'inbox_tui.store', 'inbox_tui.client.http'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[] []"

"""One widget alone on a screen, with the messages it posts kept, and a source of numbered rows."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar

from textual.app import App, ComposeResult
from textual.message import Message
from textual.widget import Widget

from inbox_tui.tui.render.lines import Line
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.styles import THEMES

Kind = TypeVar("Kind", bound=Message)


class Numbers:
    """Rows by number, each ``height`` lines high; every ``rule`` th number is only a rule."""

    def __init__(self, numbers: Sequence[int], height: int = 1, *, rule: int = 0) -> None:
        self.numbers = numbers
        self.height = height
        self.asked = 0
        self._rule = rule
        self._at = {number: at for at, number in enumerate(numbers)}

    def __len__(self) -> int:
        return len(self.numbers)

    def key_at(self, index: int) -> int:
        """Return the number at ``index``."""
        return self.numbers[index]

    def index_of(self, key: int) -> int | None:
        """Return where a number stands, or None."""
        return self._at.get(key)

    def revision(self, key: int) -> Hashable:
        """Return what never changes."""
        del key
        return 0

    def selectable(self, key: int) -> bool:
        """Say whether the cursor may stand there."""
        return not self._rule or key % self._rule != 0

    def lines(self, key: int, width: int) -> Sequence[Line]:
        """Return lines that name their number; counts how often it was asked."""
        self.asked += 1
        return [((f"row {key}.{line}"[:width], Role.TEXT),) for line in range(self.height)]


class OneWidget(App[None]):
    """Shows the widget that ``make`` returns, focused, and hears all that it posts."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, make: Callable[[], Widget]) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name
        self._make = make
        self.heard: list[Message] = []

    def compose(self) -> ComposeResult:
        """Put the widget on the screen."""
        yield self._make()

    def on_mount(self) -> None:
        """Begin in it."""
        self.screen.focus_next()

    def keep(self, message: Message) -> None:
        """Keep a message: the hook of ``run_test``."""
        self.heard.append(message)

    def told(self, kind: type[Kind]) -> list[Kind]:
        """Return the messages of a kind, each once, in order."""
        found: dict[int, Any] = {id(each): each for each in self.heard if isinstance(each, kind)}
        return list(found.values())

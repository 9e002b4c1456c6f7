"""The lists as one line of names with their counts (L1)."""

from collections.abc import Sequence

from textual import events
from textual.message import Message
from textual.reactive import reactive

from inbox_tui.records import dataclass
from inbox_tui.tui.render import cells
from inbox_tui.tui.render.lines import Line
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.widgets.one_line import OneLine


@dataclass(frozen=True, slots=True)
class Tab:
    """One list: its name in the API, its label, how many it holds (None: not known)."""

    id: str
    label: str
    count: int | None = None

    @property
    def text(self) -> str:
        """What stands on screen."""
        if self.count is None:
            return self.label
        return f"{self.label} {self.count}"


class ListTabs(OneLine):
    """A line of tabs; the active one always stands on it, with signs for those that do not."""

    DEFAULT_CSS = """
    ListTabs {
        background: $surface;
    }
    """

    tabs: reactive[Sequence[Tab]] = reactive[Sequence[Tab]](())
    """The lists."""

    active: reactive[str] = reactive("")
    """The id of the one that is shown."""

    @dataclass
    class Chosen(Message):
        """A tab was clicked."""

        tabs: "ListTabs"
        tab: str

        @property
        def control(self) -> "ListTabs":
            """The line of tabs."""
            return self.tabs

    def line(self, width: int) -> Line:
        """Return the tabs that fit, around the active one."""
        shown = self._placed(width)
        if not shown:
            return ()
        mark = self.symbols.ellipsis
        parts: list[tuple[str, Role]] = []
        if self.tabs[0] is not shown[0][1]:
            parts.append((f"{mark} ", Role.MUTED))
        for number, (_, tab) in enumerate(shown):
            if number:
                parts.append(("   ", Role.TEXT))
            parts.append((tab.text, Role.TAB_ON if tab.id == self.active else Role.TAB))
        if self.tabs[-1] is not shown[-1][1]:
            parts.append((f" {mark}", Role.MUTED))
        return tuple(parts)

    def on_click(self, event: events.Click) -> None:
        """Choose the tab under the pointer."""
        for start, tab in self._placed(self.size.width - 2):
            if start <= event.x - 1 < start + cells.width(tab.text):
                self.post_message(self.Chosen(self, tab.id))
                return

    def _placed(self, width: int) -> list[tuple[int, Tab]]:
        """Return the tabs that fit, each with the cell where it begins."""
        tabs = list(self.tabs)
        if not tabs:
            return []
        at = next((index for index, tab in enumerate(tabs) if tab.id == self.active), 0)
        first = last = at
        while True:
            if last + 1 < len(tabs) and self._fits(tabs, first, last + 1, width):
                last += 1
            elif first > 0 and self._fits(tabs, first - 1, last, width):
                first -= 1
            else:
                break
        start = 2 if first else 0
        placed: list[tuple[int, Tab]] = []
        for tab in tabs[first : last + 1]:
            placed.append((start, tab))
            start += cells.width(tab.text) + 3
        return placed

    def _fits(self, tabs: list[Tab], first: int, last: int, width: int) -> bool:
        taken = sum(cells.width(tab.text) + 3 for tab in tabs[first : last + 1]) - 3
        taken += (2 if first else 0) + (2 if last < len(tabs) - 1 else 0)
        return taken <= width

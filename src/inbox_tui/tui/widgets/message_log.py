"""The log of a conversation: items of any height, kept in place while others come and go.

Lines are wrapped once for each item, revision and width. The view is pinned to the end only while
it is at the end; otherwise what is seen stays where it is, whether older entries are put before,
newer ones after, or the width changes (C8).
"""

from bisect import bisect_right
from collections.abc import Hashable, Sequence
from itertools import accumulate
from typing import Any, ClassVar, Generic, Protocol

from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.selection import Selection
from textual.strip import Strip

from inbox_tui.records import dataclass
from inbox_tui.tui.render import cells
from inbox_tui.tui.render.lines import Line, line_text, rule
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.render.symbols import UNICODE, Symbols
from inbox_tui.tui.widgets.line_view import GUTTER, Key, LineView, Source


class LogSource(Source[Key], Protocol[Key]):
    """A source some of whose items are only rules."""

    def selectable(self, key: Key) -> bool:
        """Say whether the cursor may stand on the item."""
        ...


@dataclass
class OfLog(Message):
    """What a log tells. Facts: nobody changes them."""

    log: "MessageLog[Any]"

    @property
    def control(self) -> "MessageLog[Any]":
        """The log, for the selector of ``on``."""
        return self.log


class MessageLog(LineView[Key], Generic[Key]):
    """A log of entries with a cursor that may stand on one of them, or on none."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", "Next entry", show=False, id="log.next"),
        Binding("up,k", "move(-1)", "Previous entry", show=False, id="log.previous"),
        Binding("pagedown,ctrl+f", "page(1)", "Page down", show=False, id="log.page_down"),
        Binding("pageup,ctrl+b", "page(-1)", "Page up", show=False, id="log.page_up"),
        Binding("home,g", "first", "Beginning", show=False, id="log.first"),
        Binding("end,G", "last", "End", show=False, id="log.last"),
        Binding("enter", "choose", "Act on entry", show=False, id="log.choose"),
    ]

    @dataclass
    class Highlighted(OfLog):
        """The cursor stands on another entry, or on none (None)."""

        key: Any | None

    @dataclass
    class Chosen(OfLog):
        """An entry was chosen, by Enter or by a double click."""

        key: Any

    @dataclass
    class NearTop(OfLog):
        """The view comes near the oldest item ``first``: time for the older page.

        Posted once for each oldest item.
        """

        first: Any

    @dataclass
    class EndReached(OfLog):
        """The newest entry came into view after it had not been."""

    def __init__(
        self,
        source: LogSource[Key],
        *,
        empty: str = "",
        symbols: Symbols = UNICODE,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(symbols=symbols, name=name, id=id, classes=classes)
        self._source = source
        self.empty = empty
        self._wrapped: dict[Key, tuple[Hashable, int, Sequence[Line]]] = {}
        self._tops: list[int] = [0]  # first line of each item, and the line after the last
        self._width = 0
        self._cursor: Key | None = None
        self._pinned = True
        self._view: tuple[Key, int] | None = None  # an entry in view, and its end from the top
        self._last: Key | None = None
        self._asked: Key | None = None
        self.new_below = 0

    # What there is

    @property
    def source(self) -> LogSource[Key]:
        """The items."""
        return self._source

    @property
    def cursor(self) -> Key | None:
        """The key of the selected entry, None when there is none."""
        return self._cursor

    @property
    def at_end(self) -> bool:
        """Whether the newest line is in view."""
        return self.top >= self.max_scroll_y

    def item_at(self, line: int) -> int:
        """Return the index of the item that holds ``line`` of the whole."""
        return bisect_right(self._tops, line, hi=max(1, len(self._tops) - 1)) - 1

    # What changes

    def on_mount(self) -> None:
        """Begin at the end."""
        self._measure()
        self._go_to_end()

    def show(self, source: LogSource[Key], *, at: Key | None = None) -> None:
        """Show another conversation: at its end, or with ``at`` in view."""
        self._source = source
        self._wrapped.clear()
        self._strips.clear()
        self._cursor, self._asked = None, None
        self.new_below = 0
        if not self.is_attached:
            return
        self._measure()
        index = None if at is None else source.index_of(at)
        if index is None:
            self._go_to_end()
        else:
            self._pinned = False
            self.jump(max(0, self._tops[index] - self.rows_visible // 3))
            self._cursor = at
        self._settle()
        self.refresh()

    def source_changed(self, source: LogSource[Key] | None = None) -> None:
        """Take note that items were added at either end, changed or went."""
        if source is not None:
            self._source = source
        if not self.is_attached:
            return
        view, last, pinned = self._view, self._last, self._pinned
        self._measure()
        if self._cursor is not None and self._source.index_of(self._cursor) is None:
            self._cursor = None
            self.post_message(self.Highlighted(self, None))
        if pinned:
            self._go_to_end()
        else:
            self._hold(view)
            end = None if last is None else self._source.index_of(last)
            if end is not None:
                fresh = range(end + 1, len(self._source))
                self.new_below += sum(
                    self._source.selectable(self._source.key_at(at)) for at in fresh
                )
        self._settle()
        self.refresh()

    def select(self, key: Key) -> bool:
        """Put the cursor on an entry and bring it into view; false if it is not there."""
        index = self._source.index_of(key)
        if index is None:
            return False
        self._stand(index)
        return True

    # Keys and mouse

    def action_move(self, by: int) -> None:
        """Move the cursor to the next selectable entry; an entry taller than the view scrolls."""
        index = self._cursor_index()
        if index is None:
            edge = self.top if by > 0 else self.top + self.rows_visible - 1
            self._step(self.item_at(edge) - by, by)
            return
        start, end = self._tops[index], self._tops[index + 1]
        if by > 0 and end > self.top + self.rows_visible:
            self.jump(self.top + max(1, self.rows_visible // 2))
        elif by < 0 and start < self.top:
            self.jump(max(start, self.top - max(1, self.rows_visible // 2)))
        else:
            self._step(index, by)

    def action_page(self, by: int) -> None:
        """Scroll by a page; the cursor lets go."""
        self._let_go()
        self.jump(self.top + by * max(1, self.rows_visible - 1))

    def action_first(self) -> None:
        """Scroll to the oldest line there is."""
        self._let_go()
        self.jump(0)

    def action_last(self) -> None:
        """Scroll to the newest line and stay there."""
        self._let_go()
        self.jump(self.max_scroll_y)
        self._settle()

    def action_choose(self) -> None:
        """Act on the selected entry."""
        if self._cursor is not None:
            self.post_message(self.Chosen(self, self._cursor))

    def on_click(self, event: events.Click) -> None:
        """Select the entry clicked; a double click chooses it, one on the hint goes to the end."""
        if self._hint_row() == event.y:
            self.action_last()
            return
        if self.top + event.y >= self._tops[-1]:
            return
        key = self._source.key_at(self.item_at(self.top + event.y))
        if self._source.selectable(key):
            self._put_cursor(key)
            if event.chain > 1:
                self.action_choose()

    # Drawing

    def render_line(self, y: int) -> Strip:
        """Draw one line of the screen."""
        if y == self._hint_row():
            return self.draw(self._hint_line())
        line = self.top + y
        if line >= self._tops[-1]:
            if not len(self._source) and self.empty:
                said = cells.wrap(self.empty, max(1, self.line_room - GUTTER))
                if y < len(said):
                    return self.draw(((said[y], Role.MUTED),))
            return Strip.blank(self.line_room, self.base_style)
        index = self.item_at(line)
        key = self._source.key_at(index)
        inside = line - self._tops[index]
        selected = key == self._cursor
        known = (
            key,
            inside,
            self._wrapped[key][:2],
            self.line_room,
            self.looks.name,
            selected and (1 + self.has_focus),
        )
        strip = self._strips.get(known)
        if strip is None:
            lines = self._wrapped[key][2]
            strip = self.draw(lines[inside] if inside < len(lines) else (), selected=selected)
            self._strips[known] = strip
        selection = self.text_selection
        if selection is not None and (span := selection.get_span(line)) is not None:
            style = self.screen.get_component_rich_style("screen--selection")
            strip = _highlighted(strip, *span, style)
        return strip.apply_offsets(0, line)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return the text under the selection, without gutter and trailing blanks."""
        lines = [
            " " * GUTTER + line_text(line)
            for index in range(len(self._source))
            for line in self._wrapped[self._source.key_at(index)][2]
        ]
        text = selection.extract("\n".join(lines))
        return "\n".join(line.strip() for line in text.split("\n")), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        """Draw the selection."""
        del selection
        self.refresh()

    def new_below_text(self, count: int) -> str:
        """Say how many entries came below; owners put their language in its place."""
        return f"{count} new" if count else "more"

    # Private

    def _hint_row(self) -> int:
        """The line of the screen that says there is more below, -1 when there is not."""
        return -1 if self.at_end or not self._tops[-1] else self.rows_visible - 1

    def _hint_line(self) -> Line:
        label = f"{self.symbols.more_below} {self.new_below_text(self.new_below)}"
        role = Role.HINT if self.new_below else Role.MUTED
        room = self.line_room - GUTTER
        return rule(label, room, self.symbols.dash, role, self.symbols.ellipsis)

    def _measure(self) -> None:
        """Wrap what is not wrapped yet and add up where each item begins."""
        room = max(1, self.line_room - GUTTER)
        self._width = self.line_room
        heights: list[int] = []
        wrapped: dict[Key, tuple[Hashable, int, Sequence[Line]]] = {}
        for index in range(len(self._source)):
            key = self._source.key_at(index)
            revision = self._source.revision(key)
            kept = self._wrapped.get(key)
            if kept is None or kept[0] != revision or kept[1] != room:
                kept = (revision, room, self._source.lines(key, room))
            wrapped[key] = kept
            heights.append(len(kept[2]))
        self._wrapped = wrapped
        self._tops = list(accumulate(heights, initial=0))
        self.virtual_size = Size(self.line_room, self._tops[-1])

    def _hold(self, view: tuple[Key, int] | None) -> None:
        """Scroll so that the entry that was seen at the top ends where it ended.

        Entries, since a rule may move; the end, since an entry may lose its heading to an older
        one that comes before it.
        """
        index = None if view is None else self._source.index_of(view[0])
        if view is not None and index is not None:
            self.jump(max(0, self._tops[index + 1] - view[1]))

    def _go_to_end(self) -> None:
        self._pinned = True
        self.jump(self.max_scroll_y)

    def _cursor_index(self) -> int | None:
        return None if self._cursor is None else self._source.index_of(self._cursor)

    def _step(self, index: int, by: int) -> None:
        """Stand on the next selectable item from ``index`` on."""
        index += by
        while 0 <= index < len(self._source):
            if self._source.selectable(self._source.key_at(index)):
                self._stand(index)
                return
            index += by
        if by > 0:
            self.action_last()
        else:
            self.jump(0)

    def _stand(self, index: int) -> None:
        start, end = self._tops[index], self._tops[index + 1]
        room = self.rows_visible
        if start < self.top or end - start >= room:
            self.jump(start)
        elif end > self.top + room:
            self.jump(end - room)
        # The hint takes the last line when there is more below.
        if end == self.top + room and not self.at_end and end - start < room:
            self.jump(self.top + 1)
        self._put_cursor(self._source.key_at(index))

    def _put_cursor(self, key: Key | None) -> None:
        if key != self._cursor:
            self._cursor = key
            self.post_message(self.Highlighted(self, key))
            self.refresh()
        self._place_hardware_cursor()

    def _let_go(self) -> None:
        self._put_cursor(None)

    def _place_hardware_cursor(self) -> None:
        index = self._cursor_index()
        if index is None:
            return
        lines = self._wrapped[self._source.key_at(index)][2]
        first = next((at for at, line in enumerate(lines) if line), 0)
        self.put_hardware_cursor(self._tops[index] + first - self.top)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Follow the scroll bar."""
        super().watch_scroll_y(old_value, new_value)
        self._settle()

    def watch_has_focus(self, has_focus: bool) -> None:
        """Show the cursor as active or not."""
        super().watch_has_focus(has_focus)
        self.refresh()
        self._place_hardware_cursor()

    def on_resize(self) -> None:
        """Wrap again for the new width; what is seen stays, the end stays the end."""
        view, pinned = self._view, self._pinned
        if self.line_room != self._width:
            self._measure()
        if pinned:
            self._go_to_end()
        else:
            self._hold(view)
        self._settle()

    def _settle(self) -> None:
        """Remember what is in view, and tell what follows from it."""
        count = len(self._source)
        if not count or not self._tops[-1]:
            self._view, self._last = None, None
            return
        index = self.item_at(min(self.top, self._tops[-1] - 1))
        while index < count - 1 and not self._source.selectable(self._source.key_at(index)):
            index += 1
        self._view = (self._source.key_at(index), self._tops[index + 1] - self.top)
        self._last = self._source.key_at(count - 1)
        was = self._pinned
        self._pinned = self.at_end
        if self._pinned:
            self.new_below = 0
            if not was:
                self.post_message(self.EndReached(self))
        # Rules stand above entries and may be the same before and after an older page.
        keys = [self._source.key_at(at) for at in range(min(4, len(self._source)))]
        oldest = next((key for key in keys if self._source.selectable(key)), keys[0])
        if self._asked != oldest and self.top < self.rows_visible:
            self._asked = oldest
            self.post_message(self.NearTop(self, keys[0]))
        self._place_hardware_cursor()


def _highlighted(strip: Strip, start: int, end: int, style: Style) -> Strip:
    """Return the strip with ``style`` over its characters from ``start`` to ``end`` (-1: all)."""
    first = strip.index_to_cell_position(start)
    last = strip.cell_length if end < 0 else strip.index_to_cell_position(end)
    before, middle, after = strip.crop(0, first), strip.crop(first, last), strip.crop(last)
    return Strip.join([before, middle.apply_style(style), after])

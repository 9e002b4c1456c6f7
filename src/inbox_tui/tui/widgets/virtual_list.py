"""A list whose cursor is bound to an item and whose cost does not grow with its length.

Rows have one height. The list asks its source only for rows in view, so a key costs the same with
a hundred rows and with a hundred thousand. When the source has changed, ``source_changed`` finds
the selected item again and scrolls by as much as it moved: nothing moves under the cursor (L2).
"""

from collections.abc import Hashable
from typing import Any, ClassVar, Generic

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from inbox_tui.records import dataclass
from inbox_tui.tui.render import cells
from inbox_tui.tui.render.lines import Line, columns
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.render.symbols import UNICODE, Symbols
from inbox_tui.tui.widgets.line_view import GUTTER, Key, LineView, Source
from inbox_tui.tui.widgets.look import differing

NEIGHBOURS = 64
"""Keys remembered on each side of the cursor, to find the next one when the item goes."""


@dataclass
class OfList(Message):
    """What a list tells. Facts: nobody changes them."""

    list: "VirtualList[Any]"

    @property
    def control(self) -> "VirtualList[Any]":
        """The list, for the selector of ``on``."""
        return self.list


class VirtualList(LineView[Key], Generic[Key]):
    """A list of rows.

    Its first screen line is its head: the caption, what is marked, and how many items arrived
    above the rows in view. The head is always there, so that nothing moves when it speaks.

    ``lost`` is the item the cursor stood on when that item left by itself, until a person moves the
    cursor or the owner sets it to None: so that no key is taken to mean the item in its place.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", "Next", show=False, id="list.next"),
        Binding("up,k", "move(-1)", "Previous", show=False, id="list.previous"),
        Binding("pagedown,ctrl+f", "page(1)", "Page down", show=False, id="list.page_down"),
        Binding("pageup,ctrl+b", "page(-1)", "Page up", show=False, id="list.page_up"),
        Binding("home,g", "first", "First", show=False, id="list.first"),
        Binding("end,G", "last", "Last", show=False, id="list.last"),
        Binding("enter", "choose", "Open", show=False, id="list.choose"),
        Binding("space", "mark", "Mark", show=False, id="list.mark"),
    ]

    caption: reactive[Line] = reactive[Line]((), layout=False)
    """What the head says at its left, such as the order of the list."""

    new_above: reactive[int] = reactive(0)
    """Items that arrived above the rows in view since those rows were last seen."""

    @dataclass
    class Highlighted(OfList):
        """The cursor stands on another item; ``key`` is None when the list became empty."""

        key: Any | None
        index: int

    @dataclass
    class Chosen(OfList):
        """An item was chosen, by Enter or by a second click."""

        key: Any

    @dataclass
    class Gone(OfList):
        """The selected item left the list; the cursor went on to ``now`` in its place."""

        key: Any
        now: Any | None

    @dataclass
    class Marked(OfList):
        """The set of marked items changed."""

        keys: frozenset[Any]

    @dataclass
    class NearEnd(OfList):
        """The rows in view come near the end of the ``loaded`` ones: time for the next page.

        Posted once for each number of loaded rows.
        """

        loaded: int

    def __init__(
        self,
        source: Source[Key],
        *,
        row_height: int = 2,
        head: bool = True,
        empty: str = "",
        markable: bool = False,
        symbols: Symbols = UNICODE,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(symbols=symbols, name=name, id=id, classes=classes)
        self._source = source
        self._height = row_height
        self._head = 1 if head else 0
        self.empty = empty
        self.markable = markable
        self.marks: frozenset[Key] = frozenset()
        self._cursor: Key | None = None
        self._index = -1
        self.lost: Key | None = None
        self._near: list[Key] = []
        self._near_start = 0
        self._view_key: Key | None = None
        self._view_index = 0
        self._asked = -1

    # What there is

    @property
    def source(self) -> Source[Key]:
        """The items."""
        return self._source

    @property
    def cursor(self) -> Key | None:
        """The key of the selected item."""
        return self._cursor

    @property
    def cursor_index(self) -> int:
        """Where the selected item stands, -1 when there is none."""
        return self._index

    @property
    def row_height(self) -> int:
        """Lines of a row."""
        return self._height

    @row_height.setter
    def row_height(self, height: int) -> None:
        if height != self._height:
            row = self._index * self._height - self.top
            first = self.top // self._height
            self._height = height
            self._resize_view()
            visible = 0 <= row < self._room
            y = self._index * height - min(row, max(0, self._room - height))
            self.jump(y if visible else first * height)
            self.forget_strips()

    @property
    def _room(self) -> int:
        """Screen lines for rows."""
        return max(0, self.rows_visible - self._head)

    def screen_row(self) -> int:
        """Return on which line of this view the selected row begins; outside it if not seen."""
        return self._index * self._height - self.top + self._head

    # What changes

    def on_mount(self) -> None:
        """Stand on the first row."""
        self._resize_view()
        index = None if self._cursor is None else self._source.index_of(self._cursor)
        self._cursor = None
        if len(self._source):
            self._stand(index or 0)

    def show(self, source: Source[Key], *, select: Key | None = None) -> None:
        """Show other items (another list, another filter) from their top, or around ``select``."""
        self._source = source
        self._strips.clear()
        self._asked = -1
        if not self.is_attached:
            self._cursor = select
            return
        self.new_above = 0
        self.marks = frozenset()
        self._cursor, self._index, self.lost = None, -1, None
        self._view_key = None
        self._resize_view()
        self.jump(0)
        index = source.index_of(select) if select is not None else None
        if len(source):
            self._stand(index or 0)
        else:
            self.post_message(self.Highlighted(self, None, -1))
        self._settle()

    def source_changed(self, source: Source[Key] | None = None) -> None:
        """Take note that items came, went, moved or changed.

        The selected item keeps its line on the screen as far as the ends of the list allow. If it
        went, the item after it stands in its place. Rows in view without the cursor stay as well.
        """
        if source is not None:
            self._source = source
        if not self.is_attached:
            return
        gone = self._cursor
        row = self._index * self._height - self.top
        held = gone is not None and -self._height < row < self._room
        view_before, offset = self._view_index, self.top - self._view_index * self._height
        index = self._find_again()
        view = self._source.index_of(self._view_key) if self._view_key is not None else None
        self._resize_view()
        if index is None:
            self._cursor, self._index = None, -1
        else:
            self._cursor, self._index = self._source.key_at(index), index
        if held and index is not None:
            self.jump(index * self._height - row)
        elif view is not None:
            self.jump(view * self._height + offset)
        if view is not None and view > view_before and self.top > 0:
            self.new_above += view - view_before
        if self.marks:
            self._set_marks(
                frozenset(k for k in self.marks if self._source.index_of(k) is not None)
            )
        if gone != self._cursor:
            if gone is not None:
                self.lost = gone if self.lost is None else self.lost
                self.post_message(self.Gone(self, gone, self._cursor))
            self.post_message(self.Highlighted(self, self._cursor, self._index))
        self._settle()
        self.refresh()

    def keys_in_view(self) -> list[Key]:
        """Return the items of which something can be seen."""
        first = self.top // self._height
        last = min(len(self._source), first + self._room // self._height + 2)
        return [self._source.key_at(index) for index in range(first, last)]

    def retouch(self, key: Key, before: Hashable) -> None:
        """Paint what time has changed of a row: the cells that differ, and no others.

        ``before`` is the revision it was drawn at.
        """
        index = self._source.index_of(key)
        if index is None:
            return
        for line in range(self._height):
            y = index * self._height + line + self._head - self.top
            old = self._strips.get(self._strip_key(key, index, line, before))
            new = self._row_strip(key, index, line)
            first, last = (0, new.cell_length) if old is None else differing(old, new)
            if first < last and self._head <= y < self._head + self._room:
                self.refresh(Region(first, y, last - first, 1))

    def select(self, key: Key) -> bool:
        """Put the cursor on ``key`` and bring it into view; false if it is not there."""
        index = self._source.index_of(key)
        if index is None:
            return False
        self._stand(index)
        return True

    def ask_again(self) -> None:
        """Ask for the next page once more at the next key: it could not be had."""
        self._asked = -1

    def clear_marks(self) -> None:
        """Unmark everything."""
        self._set_marks(frozenset())

    # Keys and mouse

    def action_move(self, by: int) -> None:
        """Move the cursor by ``by`` rows."""
        self._stand(self._index + by)

    def action_page(self, by: int) -> None:
        """Move the cursor by ``by`` pages; the page moves along."""
        rows = max(1, self._room // self._height)
        self.jump(self.top + by * rows * self._height)
        self._stand(self._index + by * rows)

    def action_first(self) -> None:
        """Move the cursor to the first row."""
        self._stand(0)

    def action_last(self) -> None:
        """Move the cursor to the last row."""
        self._stand(len(self._source) - 1)

    def action_choose(self) -> None:
        """Choose the selected item."""
        if self._cursor is not None:
            self.post_message(self.Chosen(self, self._cursor))

    def action_mark(self) -> None:
        """Mark or unmark the selected item and go on to the next, where marks mean something."""
        if self.markable and self._cursor is not None:
            self._set_marks(self.marks ^ {self._cursor})
            self._refresh_row(self._index)
            self._stand(self._index + 1)

    def on_click(self, event: events.Click) -> None:
        """Select the row clicked; a second click chooses, one on the gutter marks."""
        index = (event.y - self._head + self.top) // self._height
        if event.y < self._head or not 0 <= index < len(self._source):
            return
        again = index == self._index
        self._stand(index)
        if self.markable and (event.x < GUTTER or event.ctrl):
            self._set_marks(self.marks ^ {self._source.key_at(index)})
            self._refresh_row(index)
        elif again and event.chain > 1:
            self.action_choose()

    # Drawing

    def render_line(self, y: int) -> Strip:
        """Draw one line of the screen."""
        if y < self._head:
            return self.draw(self._head_line())
        count = len(self._source)
        index, line = divmod(self.top + y - self._head, self._height)
        if index >= count:
            if count == 0 and self.empty:
                said = cells.wrap(self.empty, max(1, self.line_room - GUTTER))
                if y - self._head < len(said):
                    return self.draw(((said[y - self._head], Role.MUTED),))
            return Strip.blank(self.line_room, self.base_style)
        return self._row_strip(self._source.key_at(index), index, line)

    def _row_strip(self, key: Key, index: int, line: int) -> Strip:
        """Return one line of a row, drawn once for each look of it."""
        known = self._strip_key(key, index, line, self._source.revision(key))
        strip = self._strips.get(known)
        if strip is None:
            lines = self._source.lines(key, self.line_room - GUTTER)
            strip = self.draw(
                lines[line] if line < len(lines) else (),
                selected=index == self._index,
                marked=key in self.marks,
            )
            self._strips[known] = strip
        return strip

    def _strip_key(self, key: Key, index: int, line: int, revision: Hashable) -> Hashable:
        return (
            key,
            line,
            revision,
            self.line_room,
            self.looks.name,
            index == self._index and (1 + self.has_focus),
            key in self.marks,
        )

    def _head_line(self) -> Line:
        right: Line = ()
        if self.marks:
            right = ((f"{self.symbols.marked} {len(self.marks)}", Role.MARK),)
        if self.new_above:
            gap: Line = (("  ", Role.TEXT),) if right else ()
            above = (f"{self.symbols.more_above} {self.new_above_text(self.new_above)}", Role.HINT)
            right = (*right, *gap, above)
        return columns(self.caption, right, self.line_room - GUTTER, self.symbols.ellipsis)

    def new_above_text(self, count: int) -> str:
        """Say how many items arrived above, in words; owners put their language in its place."""
        return f"{count} new"

    # Private

    def _resize_view(self) -> None:
        height = len(self._source) * self._height + self._head
        self.virtual_size = Size(self.line_room, height)

    def _stand(self, index: int) -> None:
        """Put the cursor on the row at ``index``, or the nearest there is."""
        count = len(self._source)
        if count == 0:
            return
        index = max(0, min(index, count - 1))
        before = self._index
        key = self._source.key_at(index)
        changed = key != self._cursor or self.lost is not None
        self._cursor, self._index, self.lost = key, index, None
        self._bring_into_view()
        if before != index:
            self._refresh_row(before)
        self._refresh_row(index)
        if changed:
            self.post_message(self.Highlighted(self, key, index))
        self._settle()

    def _bring_into_view(self) -> None:
        start = self._index * self._height
        if self._room < self._height:
            return  # not laid out yet, or nothing to be seen anyway
        if start < self.top:
            self.jump(start)
        elif start + self._height > self.top + self._room:
            self.jump(start + self._height - self._room)

    def _refresh_row(self, index: int) -> None:
        if index >= 0:
            y = index * self._height + self._head
            self.refresh_lines(y, self._height)

    def _set_marks(self, marks: frozenset[Key]) -> None:
        if marks != self.marks:
            self.marks = marks
            self._refresh_head()
            self.post_message(self.Marked(self, marks))

    def _refresh_head(self) -> None:
        self.refresh_lines(self.top, self._head)

    def watch_caption(self) -> None:
        """Draw the head anew."""
        self._refresh_head()

    def watch_new_above(self) -> None:
        """Draw the head anew."""
        self._refresh_head()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Follow the scroll bar: remember what is in view, ask for more near the end."""
        super().watch_scroll_y(old_value, new_value)
        self._settle()

    def watch_has_focus(self, has_focus: bool) -> None:
        """Show the cursor as active or not."""
        super().watch_has_focus(has_focus)
        self._refresh_row(self._index)
        self.put_hardware_cursor(self.screen_row())

    def on_resize(self) -> None:
        """Keep the selected row in view."""
        row = self.screen_row()
        self._resize_view()
        if self._index >= 0 and row >= 0:
            self._bring_into_view()
        self._settle()

    def _settle(self) -> None:
        """Remember what stands around the cursor and at the top, and tell what follows from it."""
        count = len(self._source)
        first = min(self.top // self._height, max(0, count - 1))
        if count:
            self._view_key, self._view_index = self._source.key_at(first), first
        else:
            self._view_key, self._view_index = None, 0
        self.new_above = min(self.new_above, first)
        self._near_start = max(0, self._index - NEIGHBOURS)
        end = min(count, self._index + NEIGHBOURS + 1)
        self._near = [self._source.key_at(at) for at in range(self._near_start, end)]
        self.put_hardware_cursor(self.screen_row())
        last_seen = (self.top + self._room) // self._height
        if count and self._asked != count and last_seen + 2 * self._room >= count:
            self._asked = count
            self.post_message(self.NearEnd(self, count))

    def _find_again(self) -> int | None:
        """Return where the cursor is to stand: its item, or the next that is still there."""
        if self._cursor is None:
            return 0 if len(self._source) else None
        index = self._source.index_of(self._cursor)
        if index is not None:
            return index
        at = self._index - self._near_start
        for key in [*self._near[at + 1 :], *reversed(self._near[:at])]:
            index = self._source.index_of(key)
            if index is not None:
                return index
        count = len(self._source)
        return min(self._index, count - 1) if count else None

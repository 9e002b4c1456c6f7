"""A list with the details of what is selected beside it; in a narrow window in its place (U2)."""

from collections.abc import Iterable

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.geometry import Size
from textual.widget import Widget

from inbox_tui.tui.again import SETTLE
from inbox_tui.tui.desk import Desk
from inbox_tui.tui.screens.room import RoomScreen
from inbox_tui.tui.widgets.lines_pane import LinesPane

BESIDE_FROM = 110
"""Columns from which both stand side by side."""


class DetailsScreen(RoomScreen):
    """Children give the list, what stands above it, and what is written of the selected item."""

    DEFAULT_CSS = """
    DetailsScreen {
        & #both { height: 1fr; }
        & #both > VirtualList { width: 1fr; height: 1fr; }
        & #both > LinesPane { width: 1fr; height: 1fr; display: none; }
        &.-beside #both > VirtualList { width: 3fr; }
        &.-beside #both > LinesPane {
            display: block;
            width: 2fr;
            border-left: solid $border-blurred;
        }
        &.-details #both > VirtualList { display: none; }
        &.-details #both > LinesPane { display: block; }
    }
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.details = LinesPane(id="details")

    # What children say

    @property
    def list_view(self) -> Widget:
        """The list."""
        raise NotImplementedError

    def above(self) -> Iterable[Widget]:
        """Return what stands above the list."""
        return ()

    def details_wanted(self, within: float = SETTLE) -> None:
        """Do what is needed so that the details are those of the selected item.

        What has to be read for it is read within so many seconds: a cursor that runs on reads
        nothing on its way.
        """
        raise NotImplementedError

    # What they have

    def compose(self) -> ComposeResult:
        """Put list and details between the lines."""
        self._fit(self.app.size)
        yield self.header
        yield from self.above()
        with Horizontal(id="both"):
            yield self.list_view
            yield self.details
        yield self.bottom

    @property
    def are_details_shown(self) -> bool:
        """Whether the details can be seen."""
        return self.has_class("-beside") or self.has_class("-details")

    @property
    def is_at_details(self) -> bool:
        """Whether the details stand in the place of the list."""
        return self.has_class("-details")

    def toggle_details(self) -> None:
        """Go to the details, or back to the list."""
        if self.is_at_details or self.focused is self.details:
            self.leave_details()
            return
        self.set_class(not self.has_class("-beside"), "-details")
        self.details_wanted(within=0.0)
        self.details.focus()
        self.show_hints()

    def leave_details(self) -> None:
        """Go back to the list."""
        self.remove_class("-details")
        self.list_view.focus()
        self.show_hints()

    def go_back(self) -> None:
        """Go from the details to the list, from there back to the inbox."""
        if self.is_at_details or self.focused is self.details:
            self.leave_details()
        else:
            self.dismiss()

    def on_resize(self, event: events.Resize) -> None:
        """Choose whether both fit."""
        self._fit(event.size)

    def _fit(self, size: Size) -> None:
        beside = size.width >= BESIDE_FROM
        self.set_class(beside, "-beside")
        if not self.is_attached:
            return
        if beside:
            self.remove_class("-details")
        elif self.focused is self.details:
            self.add_class("-details")  # what one reads stays to be seen
        if self.are_details_shown:
            self.details_wanted()

"""Streams that end and begin: the last that is written of a window is what it is (P3)."""

from collections.abc import Callable
from typing import Any

from inbox_tui.backend.live.windows import Windows


class Written:
    """Stands for the database: what was written, in its order."""

    def __init__(self) -> None:
        self.names: list[str] = []

    async def write(self, deed: Callable[..., None], *_arguments: Any) -> None:
        self.names.append(deed.__name__)


async def test_p3_a_stream_that_ends_as_the_next_begins_drops_no_window() -> None:
    written = Written()
    windows = Windows(written)  # type: ignore[arg-type]
    await windows.opened(1, "desk")
    windows.dropped(1, "desk")
    await windows.opened(1, "desk")
    await windows.settle()
    assert (written.names[-1], len(windows)) == ("opened", 1)


async def test_p3_the_end_of_the_last_stream_drops_its_window() -> None:
    written = Written()
    windows = Windows(written)  # type: ignore[arg-type]
    await windows.opened(1, "desk")
    await windows.opened(1, "desk")
    windows.dropped(1, "desk")
    await windows.settle()
    assert written.names == ["opened", "opened"]
    windows.dropped(1, "desk")
    await windows.settle()
    assert (written.names[-1], len(windows)) == ("dropped", 0)

"""One window of the inbox over a world in memory, for tests and pictures."""

from itertools import count
from pathlib import Path

from inbox_tui.state.preferences import Preferences
from inbox_tui.testing.client import FakeClient
from inbox_tui.testing.world import World
from inbox_tui.tui.app import InboxApp


def make_app(
    world: World,
    state_dir: Path,
    *,
    nickname: str = "amy",
    language: str = "en",
    client: FakeClient | None = None,
    theme: str = "",
) -> InboxApp:
    """Return an application that looks at ``world``; sends have the keys ``k1``, ``k2``."""
    client = client or FakeClient(world, nickname)
    numbers = count(1)

    async def connect() -> FakeClient:
        return client

    if theme:
        Preferences(theme=theme).save(state_dir / "preferences.json")
    return InboxApp(
        connect,
        state_dir=state_dir,
        config_dir=state_dir,
        clock=world.clock,
        language=language,
        new_key=lambda: f"k{next(numbers)}",
    )

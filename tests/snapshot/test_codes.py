"""Approved pictures of colleagues and teams, of a code to be scanned, and of contacts (Q9-Q11)."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.snapshot.test_pictures import SIZE_NAMES, SIZES, Compare, settle, show
from textual.pilot import Pilot

from inbox_tui.testing.scenes import coded_shop
from inbox_tui.testing.window import make_app
from inbox_tui.testing.world import World
from inbox_tui.wire.words import Role

SCREENS: dict[str, list[str]] = {
    "colleagues": ["P", "j"],
    "teams": ["P", "2"],
    "code": ["Q"],
    "contacts": ["B", "j"],
}
"""What is pressed to come to each screen."""

DIALOGS: dict[str, list[str]] = {
    "details": ["P", "p"],
    "deactivate": ["P", "j", "d"],
    "move": ["P", "j", "M", *"ca"],
    "save": ["Q", "s"],
    "terms": ["Q", "e"],
    "revoke": ["Q", "d"],
    "no_code": ["Q", "v"],
    "profile": ["B", "j", "j", "p"],
    "bound_me": ["B", "f"],
}
"""The same for what is asked there, and for what takes the place of a list."""

READERS = ("again", "_codes_again", "_profile_again")


@pytest.fixture
def picture(
    snap_compare: Compare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., bool]:
    """Compare the screen that keys lead to, once all of it is read."""
    monkeypatch.setattr(Path, "cwd", lambda: Path("/home/amy"))

    def compare(
        keys: list[str],
        size: tuple[int, int],
        *,
        world: World | None = None,
        language: str = "en",
        theme: str = "",
    ) -> bool:
        app = make_app(world or coded_shop(), tmp_path, language=language, theme=theme)

        async def run(pilot: Pilot[Any]) -> None:
            await show(pilot, keys)
            for name in READERS:
                reader = getattr(pilot.app.screen, name, None)
                if reader is not None:
                    await reader.now()
            await settle(pilot)

        return snap_compare(app, terminal_size=size, run_before=run)

    return compare


@pytest.mark.parametrize("size", SIZES, ids=SIZE_NAMES)
@pytest.mark.parametrize("name", SCREENS)
def test_screens(picture: Compare, name: str, size: tuple[int, int]) -> None:
    """Each screen in the dark theme, in English."""
    assert picture(SCREENS[name], size)


@pytest.mark.parametrize("name", DIALOGS)
def test_dialogs(picture: Compare, name: str) -> None:
    """What is asked, and what is looked at in the place of a list, at 80 by 24."""
    assert picture(DIALOGS[name], (80, 24))


@pytest.mark.parametrize("name", SCREENS)
def test_light(picture: Compare, name: str) -> None:
    """The same in the light theme; the QR code stays black on white."""
    assert picture(SCREENS[name], (160, 45), theme="inbox-light")


@pytest.mark.parametrize("language", ["th", "vi"])
@pytest.mark.parametrize("name", SCREENS)
def test_languages(picture: Compare, name: str, language: str) -> None:
    """The same in Thai and in Vietnamese."""
    assert picture(SCREENS[name], (100, 30), language=language)


def test_expired(picture: Compare) -> None:
    """The code of a colleague that has expired: no QR code, and what to do."""
    assert picture(["P", "j", "c"], (80, 24))


def test_an_agent(picture: Compare) -> None:
    """Colleagues as somebody sees them who looks after nobody: nothing of it is offered."""
    world = coded_shop()
    world.agents["amy"] = replace(world.agents["amy"], role=Role.AGENT)
    assert picture(["P", "j"], (160, 45), world=world)


def test_nobody_found(picture: Compare) -> None:
    """A filter that no contact matches."""
    assert picture(["B", "slash", *"zzz", "enter"], (80, 24))

"""What all tests share: an environment of nobody's own, and pictures in the top-level folder."""

import atexit
import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import pytest_textual_snapshot
import structlog
from hypothesis import HealthCheck, settings
from syrupy.location import PyTestLocation
from tests.parsed_once import share_parsed_rules
from tests.quiet import quiet
from textual import app, pilot
from textual._styles_cache import StylesCache

gc.disable()  # until all tests are collected: what is loaded meanwhile stays

if "PYTEST_XDIST_WORKER" in os.environ:
    # A worker has told everything when it ends. To free what a thousand tests left takes seconds.
    atexit.register(os._exit, 0)
else:
    atexit.register(gc.unfreeze)  # libraries in C++ complain of what they leave behind

for name in list(os.environ):
    if name.startswith("TEXTUAL_SNAPSHOT"):
        continue  # how the picture plugin's processes find each other
    if name in ("NO_COLOR", "UNICODE_VERSION", "COLORTERM") or name.startswith(
        ("TEXTUAL_", "INBOX_TUI_")
    ):
        del os.environ[name]
os.environ["TEXTUAL_ANIMATIONS"] = "none"

# `make test` tries the same examples everywhere; `make thorough` searches for new ones.
# Neither looks at how fast a busy machine is.
_patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same", _patient, derandomize=True)
settings.register_profile("search", _patient, max_examples=500)
settings.load_profile("same")

# Errors are logged as plain lines: to paint a traceback with all its variables takes seconds.
structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.processors.format_exc_info,
        structlog.processors.KeyValueRenderer(),
    ]
)


async def _all_answered(_: pilot.Pilot[object]) -> bool:
    await quiet()
    return True


# Both ways in which Textual's Pilot waits.
app.wait_for_idle = pilot.wait_for_idle = quiet  # type: ignore[attr-defined]
pilot.Pilot._wait_for_screen = _all_answered  # type: ignore[method-assign,assignment]
share_parsed_rules()


def pytest_collection_finish() -> None:
    """Have the collector pass over what stays until the end, and come round less often."""
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
    gc.enable()


@pytest.fixture(autouse=True)
def _no_old_pictures() -> Iterator[None]:
    """Let go of the lines of the last thousand widgets, which Textual keeps for all apps."""
    yield
    StylesCache.get_inner_outer.cache_clear()


class TopLevelPictures(pytest_textual_snapshot.SVGImageExtension):  # type: ignore[misc]
    """Approved pictures of screens, in ``snapshots/`` beside ``tests/``, one folder a module."""

    @classmethod
    def dirname(cls, *, test_location: PyTestLocation) -> str:
        """Return the folder of a test module's pictures."""
        return str(Path(__file__).parents[1] / "snapshots" / test_location.basename)


pytest_textual_snapshot.SVGImageExtension = TopLevelPictures


@pytest.fixture(autouse=True)
def _utc(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing depend on the machine's zone or language."""
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")

"""What all tests share: an environment of nobody's own, and pictures in the top-level folder."""

import os
from pathlib import Path

import pytest
import pytest_textual_snapshot
from syrupy.location import PyTestLocation

for name in list(os.environ):
    if name.startswith("TEXTUAL_SNAPSHOT"):
        continue  # how the picture plugin's processes find each other
    if name in ("NO_COLOR", "UNICODE_VERSION", "COLORTERM") or name.startswith(
        ("TEXTUAL_", "INBOX_TUI_")
    ):
        del os.environ[name]
os.environ["TEXTUAL_ANIMATIONS"] = "none"


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

"""The workspace file as a file: read, and named in whatever is said to be wrong with it.

What stands in it is the backend's to understand (:mod:`inbox_tui.backend.workspace`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from inbox_tui.errors import Invalid, InvalidWorkspace


def read_file(path: Path) -> str:
    """Return the text of a workspace file. Raises Invalid."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        raise Invalid(f"{path} is not UTF-8 text.") from None
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}.") from None


@contextmanager
def named(path: Path) -> Iterator[None]:
    """Name the file before the key and the line in an InvalidWorkspace of what is done here."""
    try:
        yield
    except InvalidWorkspace as error:
        raise InvalidWorkspace(
            f"{path}: {error.detail}", hint=error.hint, data=error.data
        ) from None

"""What a person chose and wants to find again: the order of each list, the theme (L2, W5)."""

from pathlib import Path

from inbox_tui.records import dataclass, field
from inbox_tui.state.files import replace_file
from inbox_tui.wire import codec
from inbox_tui.wire.words import ListName, Sort


@dataclass(slots=True, kw_only=True)
class Preferences:
    """Choices, kept in one small file. An unreadable file counts as no choices."""

    sorts: dict[ListName, Sort] = field(default_factory=dict)
    theme: str = ""

    @classmethod
    def load(cls, path: Path) -> "Preferences":
        """Read the file, or start with none."""
        try:
            return codec.decode(path.read_bytes(), cls)
        except (OSError, codec.NotDecodable):
            return cls()

    def save(self, path: Path) -> None:
        """Write the file. Raises OSError."""
        replace_file(path, codec.encode(self))

    def sort_of(self, name: ListName) -> Sort:
        """Return the order of a list: by wait where somebody waits, by recency in the history."""
        default = Sort.RECENT if name is ListName.CLOSED else Sort.WAIT
        return self.sorts.get(name, default)

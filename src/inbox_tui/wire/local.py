"""What a backend tells the owner of its machine, by the key in its private file."""

from inbox_tui.records import dataclass, field
from inbox_tui.wire.words import ChannelKind


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalChannel:
    """A channel, and how its messages come: by ``webhook`` or by ``poll``."""

    slug: str
    kind: ChannelKind
    receives: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalState:
    """Who may open the inbox (nicknames of active agents), and what is open now."""

    embedded: bool
    windows: int
    agents: list[str] = field(default_factory=list)
    channels: list[LocalChannel] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelCheck:
    """What a platform said of a channel: the account's name, or what is wrong."""

    slug: str
    kind: ChannelKind
    ok: bool
    account: str | None = None
    problem: str | None = None
    hint: str | None = None

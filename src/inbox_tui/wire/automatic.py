"""Automatic messages: what is on, the templates, a preview (section 4 of the specification)."""

from inbox_tui.records import dataclass, field
from inbox_tui.wire.body import Body
from inbox_tui.wire.words import Automatic


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """The text of a kind of message in one language (M8).

    ``channel`` null is for all channels. ``own`` says that somebody here wrote it, and holds in
    place of the text that comes with the program, whose ``version`` is 0.
    """

    language: str
    text: str
    channel: str | None = None
    own: bool = False
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomaticMessage:
    """A kind of message: whether it is sent, what its texts may name, its texts.

    ``always`` is for those that cannot be switched off: the replies to codes (Q6).
    """

    kind: Automatic
    on: bool
    variables: list[str]
    templates: list[Template]
    always: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomaticMessages:
    """All kinds of messages, in their order, and the workspace's part in them.

    ``min_gap`` are seconds; ``language`` is the workspace's, used for contacts whose language has
    no template.
    """

    items: list[AutomaticMessage]
    min_gap: float
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A template filled in with real data.

    ``session_id`` is the session whose data it is, null for an example where there is none yet.
    ``empty`` are the variables that have nothing to say there: their lines are left out (M9).
    """

    text: str
    session_id: int | None = None
    empty: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class PatchAutomatic(Body):
    """Switch kinds of messages on and off, set the least time between two of M4, in seconds."""

    on: dict[Automatic, bool] = field(default_factory=dict)
    min_gap: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PutTemplate(Body):
    """Write a template; ``version`` is the one that was read, 0 for one that is not our own."""

    language: str
    text: str
    channel: str | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostPreview(Body):
    """Fill in a text with the data of a session; of the latest one when none is named."""

    kind: Automatic
    language: str
    text: str | None = None
    channel: str | None = None
    session_id: int | None = None

"""The words of the control interface under ``/sim``: what is asked for, and what is told.

Plain dataclasses, like those of :mod:`inbox_tui.wire`. Times are UTC milliseconds, durations
seconds. These are not words of any platform.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from inbox_tui.wire.words import ContentKind

JsonObject = dict[str, Any]


class Platform(StrEnum):
    """The platforms that are simulated."""

    LINE = "line"
    TELEGRAM = "telegram"


class FaultKind(StrEnum):
    """What can be made to go wrong, only on request."""

    # What the platform does to the next calls of the business
    DROP_RESPONSE = "drop_response"
    SERVER_ERROR = "server_error"
    RATE_LIMIT = "rate_limit"
    QUOTA = "quota"
    EXPIRED_TOKEN = "expired_token"  # noqa: S105 - the name of a fault
    SLOW = "slow"
    # What it does to the next things it tells the business
    DUPLICATE = "duplicate"
    REDELIVER = "redeliver"
    REORDER = "reorder"
    DELAY = "delay"
    BATCH = "batch"
    BAD_SIGNATURE = "bad_signature"
    UNKNOWN_EVENT = "unknown_event"
    UNSEND_FIRST = "unsend_first"
    LOSE = "lose"
    # What it does to the next downloads
    NOT_READY = "not_ready"


ON_CALLS = frozenset(
    {
        FaultKind.DROP_RESPONSE,
        FaultKind.SERVER_ERROR,
        FaultKind.RATE_LIMIT,
        FaultKind.QUOTA,
        FaultKind.EXPIRED_TOKEN,
        FaultKind.SLOW,
    }
)
"""The faults that act on what the business calls."""


@dataclass(slots=True, kw_only=True)
class Fault:
    """Something that goes wrong the next ``count`` times.

    ``account`` and ``user`` narrow it; ``method`` names the call it is for (``push``, ``reply``,
    ``sendMessage``, ``getUpdates``, …), ``send`` means any call that sends, ``any`` every call.
    ``seconds`` is the length of SLOW and DELAY and the ``retry_after`` of RATE_LIMIT, ``size`` how
    many events BATCH and REORDER hold together, ``status`` the code of SERVER_ERROR.
    """

    kind: FaultKind
    count: int = 1
    account: str | None = None
    user: str | None = None
    method: str = "send"
    seconds: float = 1.0
    size: int = 2
    status: int = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class PutAccount:
    """Make an account, or change it; what is left out is made up, or kept as it was.

    ``target`` is where its webhooks go: ``http://host:port`` or ``unix:///path.sock``, by itself
    (then to ``/webhooks/{slug}`` there) or with a path (``http://host:port/hook``,
    ``unix:///path.sock:/hook``). A Telegram account without a target waits to be polled.
    """

    slug: str
    platform: Platform
    name: str | None = None
    target: str | None = None
    channel_secret: str | None = None
    access_token: str | None = None
    basic_id: str | None = None
    token: str | None = None
    secret_token: str | None = None
    redelivery: bool | None = None
    redelivery_after: list[float] | None = None
    webhook_timeout: float | None = None
    connections: int | None = None
    monthly_quota: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account as it is. ``credentials`` stand as in a workspace file."""

    slug: str
    platform: Platform
    name: str
    credentials: dict[str, str]
    target: str
    redelivery: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PutUser:
    """Make a user who knows the account, or change them. ``user`` is a short name of our own."""

    user: str
    name: str | None = None
    language: str | None = None
    picture_url: str | None = None
    status: str | None = None
    blocked: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A user as the platform knows them. ``id`` is the platform's, always as a string."""

    user: str
    id: str
    name: str
    language: str | None = None
    picture_url: str | None = None
    status: str | None = None
    blocked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """What a user writes. A user not seen before is made.

    ``sticker`` is ``package/sticker`` on LINE and an emoji on Telegram; ``data`` is base64 of an
    image or file (a small one is made up without it); ``platform_kind`` names the kind that the
    inbox cannot know when ``kind`` is ``unsupported``; ``at`` is the time the event says it
    happened.
    """

    user: str
    text: str = ""
    kind: ContentKind = ContentKind.TEXT
    file_name: str | None = None
    mime: str | None = None
    data: str | None = None
    title: str | None = None
    address: str | None = None
    latitude: float = 13.7563
    longitude: float = 100.5018
    sticker: str | None = None
    platform_kind: str | None = None
    at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """A user opens a link, or scans its QR, as the platform's app does.

    What stands in the message box then is sent ``times`` times: 0 for somebody who forgets to, 2
    for somebody who is impatient. ``text`` is what they make of it instead. The link itself says
    whose chat it opens; ``account`` only checks that.
    """

    user: str
    link: str
    account: str | None = None
    text: str | None = None
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Happen:
    """Something a user does that is no message: follow, unfollow, unsend, edit.

    ``message_id`` is the message unsent or edited, by default the user's last one.
    """

    user: str
    message_id: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What became of it: the ids that the platform gave."""

    message_id: str | None
    event_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """Whose chat a link opened, what stood in the message box, and what was sent."""

    account: str
    prefilled: str
    said: list[Said] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Sent:
    """One message that the platform ACCEPTED from the business: a line of the ledger.

    ``answered`` is false when the answer was cut off on purpose, ``delivered`` when the platform
    took it and dropped it (LINE does so for a user who blocked the account).
    """

    n: int
    at: int
    account: str
    platform: Platform
    method: str
    user: str
    user_id: str
    kind: str
    text: str
    message_id: str
    message: JsonObject
    request_id: str | None = None
    retry_key: str | None = None
    answered: bool = True
    delivered: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One attempt to tell the business something, and the answer got.

    ``status`` is null when there was no answer; ``error`` is then LINE's class of it:
    ``could_not_connect``, ``request_timeout`` or ``unclassified``. For a polled account an attempt
    is a getUpdates answer that held these events.
    """

    n: int
    at: int
    account: str
    events: list[str]
    attempt: int
    redelivery: bool
    status: int | None
    error: str | None = None
    body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of the business, accepted or not."""

    n: int
    at: int
    account: str | None
    method: str
    status: int
    fault: FaultKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockState:
    """The world's clock: ``advance`` seconds ahead first, then on at ``speed``."""

    now: int = 0
    advance: float = 0.0
    speed: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Whether everything said so far has been told; ``waiting`` names the accounts where not."""

    settled: bool
    waiting: list[str] = field(default_factory=list)

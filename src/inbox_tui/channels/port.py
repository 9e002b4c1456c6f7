"""The contract between the backend and the adapters of the platforms.

Inbound: ``verify`` the raw bytes, ``split`` them into events, store both, answer the platform,
and only then ``parse`` each event. Outbound: ``send`` makes exactly one request and says what
became of it, in words that tell an outbox whether it may be repeated (docs/channels.md). Storing,
deduplicating, ordering and repeating are left to the backend.

Times are UTC milliseconds. Ids are strings, as the platform gives them. Text is the platform's
own, neither trimmed nor made safe to show; it can always be encoded as UTF-8.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, runtime_checkable

from inbox_tui.clock import Millis
from inbox_tui.errors import Invalid, NotFound, NotPossibleNow, NotSignedIn, Refused, Unavailable
from inbox_tui.wire.models import Content
from inbox_tui.wire.words import ChannelKind, ContentKind

Json = dict[str, Any]


class BadSignature(NotSignedIn):
    """The webhook does not prove that it comes from the platform: answer 401, store nothing."""

    title = "The signature is wrong"


class MalformedBody(Refused):
    """The webhook's body is not JSON, or not of the platform's outermost shape: answer 400."""

    title = "The body cannot be read"


class BadCredentials(Invalid):
    """A credential is missing, malformed or refused by the platform; ``data["path"]`` names it."""

    title = "The credentials are wrong"


class NotSupportedYet(Invalid):
    """A platform that the workspace file may name, but that has no adapter yet."""

    title = "Not supported yet"


class PollConflict(NotPossibleNow):
    """Somebody else receives this account's messages: a webhook, or another poller."""

    title = "Somebody else receives the messages"


class PlatformUnavailable(Unavailable):
    """The platform cannot be reached or asks for patience; ``retry_after`` (ms) if it said so."""

    title = "The platform cannot be reached"

    def __init__(self, detail: str, *, retry_after: Millis | None = None) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class MediaGone(NotFound):
    """The platform does not have the content, or has it no more."""

    title = "The content is gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelAccount:
    """One account on one platform, as the workspace file describes it.

    ``credentials`` are by kind (see :func:`.registry.describe`) and never appear in a repr.
    ``api_base`` replaces the platform's own addresses. ``public_url`` is where platforms can reach
    this workspace, empty when they cannot.
    """

    slug: str
    kind: ChannelKind
    name: str = ""
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)
    api_base: str | None = None
    public_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What an account can carry and how it behaves.

    ``max_text`` and ``max_caption`` (words beside a file) count UTF-16 code units.
    ``idempotent_sends``: a send may be repeated with the same key, for ``repeat_within``
    milliseconds after the first attempt.
    """

    can_send: frozenset[ContentKind]
    max_text: int
    idempotent_sends: bool
    receives: Literal["webhook", "poll"]
    repeat_within: Millis | None = None
    max_caption: int = 0

    def why_not(self, content: Content) -> str | None:
        """Return why this content cannot be sent, as a sentence; None when it can (C1)."""
        if content.kind not in self.can_send:
            return f"This channel cannot carry this kind of message: {content.kind}."
        if content.kind is ContentKind.TEXT and not content.text.strip():
            return "The message is empty."
        if content.kind is ContentKind.TEXT:
            return _too_long(content.text, self.max_text)
        if content.kind is ContentKind.LOCATION:
            known = content.latitude is not None and content.longitude is not None
            return None if known else "A location needs a latitude and a longitude."
        if content.kind is ContentKind.STICKER:
            return None if content.sticker else "There is no sticker chosen."
        if not (content.url or "").startswith("https://"):
            return "The platform fetches this from an https address, and there is none."
        caption = caption_of(content)
        if caption and not self.max_caption:
            return "This channel carries no words beside a file: send them as a message."
        return _too_long(caption, self.max_caption)


def caption_of(content: Content) -> str:
    """Return the words that go beside a file; its name alone is none."""
    return "" if content.text == (content.file_name or "") else content.text


def utf16_length(text: str) -> int:
    """Return the length in UTF-16 code units, in which an emoji counts two."""
    return len(text) + sum(character > "\uffff" for character in text)


def _too_long(text: str, limit: int) -> str | None:
    units = utf16_length(text)
    return f"The message is too long: {units:,} of {limit:,} characters." if units > limit else None


# --- What comes in ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class RawEvent:
    """One event of a delivery, told apart from every other by ``dedupe_key`` (per account)."""

    dedupe_key: str
    occurred_at: Millis | None
    payload: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerMessage:
    """A contact wrote to the account.

    ``message_id`` is unique within the conversation. ``media`` is what :meth:`Adapter.media`
    takes to fetch the content, None when there is nothing to fetch. ``reply_token`` is a one-time
    permit for a free answer until ``reply_token_expires``. ``can_reply`` is false when the
    platform has given the conversation to somebody else. ``start`` is what a start link carried,
    where the platform tells it apart from what the contact wrote.
    """

    external_id: str
    message_id: str
    at: Millis | None
    content: Content
    name: str | None = None
    language: str | None = None
    media: str | None = None
    reply_token: str | None = field(default=None, repr=False)
    reply_token_expires: Millis | None = None
    can_reply: bool = True
    start: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """A contact changed a message. May come before it, and out of order: the latest ``at`` wins."""

    external_id: str
    message_id: str
    at: Millis | None
    content: Content


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsent:
    """A contact took a message back. May come before it."""

    external_id: str | None
    message_id: str
    at: Millis | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A contact added the account, or (``unblocked``) stopped blocking it: reachable again."""

    external_id: str
    at: Millis | None
    unblocked: bool = False
    name: str | None = None
    language: str | None = None
    reply_token: str | None = field(default=None, repr=False)
    reply_token_expires: Millis | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfollowed:
    """A contact blocked or removed the account: nothing reaches them any more."""

    external_id: str
    at: Millis | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMessage:
    """A message in a group (C9): stored and shown as unsupported, no session.

    ``external_id`` is the group's id; ``sender`` the member's, where the platform tells.
    """

    external_id: str
    message_id: str
    at: Millis | None
    content: Content
    sender: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """A known event that says nothing to an agent, such as a read receipt."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsupported:
    """An event that is unknown or lacks what it needs: shown as such, with what there is."""

    platform_kind: str
    reason: str
    content: Content
    external_id: str | None = None
    message_id: str | None = None
    at: Millis | None = None


Inbound = (
    CustomerMessage | Edited | Unsent | Followed | Unfollowed | GroupMessage | Ignored | Unsupported
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """The answer of one poll: its bytes, the events :meth:`Adapter.split` finds in them, in order.

    ``next_offset`` acknowledges them when it is given to the next poll: commit first.
    """

    raw: bytes = field(repr=False)
    events: list[RawEvent]
    next_offset: int | None


# --- What goes out ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One message to send, and what was tried before.

    ``key`` (a UUID) is the same for every attempt. ``reply_token`` is given while it is fresh; once
    an attempt's answer was lost (``unsettled``), what that attempt used is given again, also when
    that was none: a message tried by reply token must not be pushed meanwhile.
    """

    external_id: str
    content: Content
    key: str
    reply_token: str | None = field(default=None, repr=False)
    attempt: int = 1
    unsettled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The platform has accepted the message. ``at`` is its own time, where it tells one."""

    platform_ids: tuple[str, ...] = ()
    at: Millis | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The platform has definitely refused the message; repeating it as it is does not help.

    ``reason`` is a short stable word: ``refused``, ``credentials``, ``forbidden``, ``quota``,
    ``blocked``, ``chat_not_found``, ``cannot_send``. ``detail`` is a sentence. ``recipient_gone``
    says that nothing reaches this contact; ``fix`` what an operator has to mend before a retry.
    """

    reason: str
    detail: str
    recipient_gone: bool = False
    fix: Literal["credentials", "quota"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryLater:
    """This attempt was definitely not accepted: repeat it, not before ``after_ms`` if given.

    It says nothing of earlier attempts: what was ``unsettled`` stays so. ``drop_reply_token``:
    the token was refused, so the next attempt goes without (and may go at once).
    """

    reason: str
    detail: str
    after_ms: Millis | None = None
    drop_reply_token: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertain:
    """Nobody knows whether the message was accepted.

    ``repeat``: the same :class:`Outgoing`, marked ``unsettled``, may be sent again without risk
    of a second delivery, and will settle it. Otherwise only the platform's own evidence or a
    person may; it is never repeated blindly.
    """

    reason: str
    detail: str
    repeat: bool = False
    fix: Literal["credentials", "quota"] | None = None


Outcome = Sent | Failed | RetryLater | Uncertain


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What the platform tells about a contact."""

    name: str
    language: str | None = None
    picture_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Whether an account works: ``problem`` says what is wrong, ``hint`` what to do about it."""

    ok: bool
    account: str | None = None
    problem: str | None = None
    hint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """Content fetched from a platform."""

    data: bytes = field(repr=False)
    mime: str | None = None
    file_name: str | None = None


MEDIA_LIMIT = 25 * 1024 * 1024
"""The largest content fetched, in bytes, unless told otherwise."""


class Adapter(Protocol):
    """One account on its platform."""

    @property
    def kind(self) -> ChannelKind:
        """The platform."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What this account can carry."""
        ...

    def verify(self, headers: Mapping[str, str], raw: bytes) -> None:
        """Check that a webhook comes from the platform. Raises BadSignature."""
        ...

    def split(self, raw: bytes) -> list[RawEvent]:
        """Return the events of a delivery: one parse, no interpretation, the same each time.

        Raises MalformedBody. No events at all is a valid delivery.
        """
        ...

    def parse(self, payload: Json) -> Inbound:
        """Return what an event says. Never raises: what is not understood is Unsupported."""
        ...

    async def send(self, outgoing: Outgoing) -> Outcome:
        """Make one request and say what became of it. Never raises but for cancellation."""
        ...

    async def profile(self, external_id: str) -> Profile | None:
        """Return what the platform tells about a contact; None when it does not, or not now."""
        ...

    async def check(self) -> Check:
        """Ask the platform who we are. Never raises but for cancellation."""
        ...

    async def link(self, text: str) -> str:
        """Return the link that opens this account's chat with a text in the message box (Q1).

        It may ask the platform for the account's public address. Raises NotPossibleNow when that
        cannot be known as the channel is set up, BadCredentials, PlatformUnavailable, and Invalid
        for a text that such a link cannot carry.
        """
        ...

    async def media(self, reference: str, *, limit: int = MEDIA_LIMIT) -> Media:
        """Fetch the content of a message (``CustomerMessage.media``), at most ``limit`` bytes.

        Raises MediaGone, TooLarge, BadCredentials, PlatformUnavailable (also when the platform
        is still preparing it: ask again).
        """
        ...

    async def aclose(self) -> None:
        """Close what this adapter opened itself; a client that was handed in stays open."""
        ...


@runtime_checkable
class PollingAdapter(Adapter, Protocol):
    """An adapter whose account can be received by long polling."""

    async def poll(self, offset: int | None, timeout_s: int) -> Polled:
        """Wait up to ``timeout_s`` for new events, acknowledging all below ``offset``.

        Raises PollConflict, BadCredentials, PlatformUnavailable.
        """
        ...

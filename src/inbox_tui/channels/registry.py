"""Which platforms there are adapters for, and what each needs."""

from dataclasses import dataclass

from inbox_tui.channels.line import MAX_TEXT as LINE_TEXT
from inbox_tui.channels.line import LineAdapter
from inbox_tui.channels.port import Adapter, ChannelAccount, NotSupportedYet
from inbox_tui.channels.telegram import MAX_TEXT as TELEGRAM_TEXT
from inbox_tui.channels.telegram import TelegramAdapter
from inbox_tui.lean_httpx import httpx
from inbox_tui.wire.words import ChannelKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """A key of ``[channels.credentials]``. ``needed`` says what for, empty if it is optional."""

    name: str
    about: str
    needed: str = ""
    secret: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """A platform in words. ``supported`` says whether there is an adapter.

    ``max_text`` is the longest message in UTF-16 code units, None where nothing is known of it.
    """

    kind: ChannelKind
    title: str
    supported: bool = False
    credentials: tuple[Credential, ...] = ()
    max_text: int | None = None


_LINE = (
    Credential(
        name="channel_secret",
        about="LINE Developers Console, Basic settings",
        needed="to receive: it signs the webhooks",
    ),
    Credential(
        name="access_token",
        about="LINE Developers Console, Messaging API, long-lived channel access token",
        needed="to send, and to read names and content",
    ),
    Credential(name="channel_id", about="LINE Developers Console, Basic settings", secret=False),
    Credential(name="basic_id", about="the account's @name, for links", secret=False),
)
_TELEGRAM = (
    Credential(
        name="token", about="from @BotFather, like 123456:ABC…", needed="to receive and to send"
    ),
    Credential(
        name="secret_token",
        about="1 to 256 of A-Z a-z 0-9 _ -; given, the bot receives by webhook instead of polling",
    ),
)
_DESCRIPTIONS = {
    ChannelKind.LINE: Description(
        kind=ChannelKind.LINE,
        title="LINE",
        supported=True,
        credentials=_LINE,
        max_text=LINE_TEXT,
    ),
    ChannelKind.TELEGRAM: Description(
        kind=ChannelKind.TELEGRAM,
        title="Telegram",
        supported=True,
        credentials=_TELEGRAM,
        max_text=TELEGRAM_TEXT,
    ),
    ChannelKind.MESSENGER: Description(kind=ChannelKind.MESSENGER, title="Messenger"),
    ChannelKind.INSTAGRAM: Description(kind=ChannelKind.INSTAGRAM, title="Instagram"),
    ChannelKind.WHATSAPP: Description(kind=ChannelKind.WHATSAPP, title="WhatsApp"),
    ChannelKind.ZALO: Description(kind=ChannelKind.ZALO, title="Zalo"),
    ChannelKind.SHOP: Description(kind=ChannelKind.SHOP, title="Shop chat"),
    ChannelKind.WEBCHAT: Description(kind=ChannelKind.WEBCHAT, title="Web chat"),
    ChannelKind.EMAIL: Description(kind=ChannelKind.EMAIL, title="E-mail"),
    ChannelKind.SMS: Description(kind=ChannelKind.SMS, title="SMS"),
}


def describe(kind: ChannelKind) -> Description:
    """Return a platform in words."""
    return _DESCRIPTIONS[kind]


def adapter_for(account: ChannelAccount, client: httpx.AsyncClient | None = None) -> Adapter:
    """Return the adapter of an account.

    ``client`` is shared and stays open; without one the adapter opens its own at its first
    request. Opens no connection. A credential that is missing is no error here: what needs it
    says so. Raises BadCredentials for one that cannot be right, and NotSupportedYet.
    """
    if account.kind is ChannelKind.LINE:
        return LineAdapter(account, client)
    if account.kind is ChannelKind.TELEGRAM:
        return TelegramAdapter(account, client)
    raise NotSupportedYet(
        f"{describe(account.kind).title} is not supported yet.",
        hint="The kinds supported now: "
        + ", ".join(kind for kind, about in _DESCRIPTIONS.items() if about.supported)
        + ".",
        data={"path": f"channels.{account.slug}.kind"},
    )

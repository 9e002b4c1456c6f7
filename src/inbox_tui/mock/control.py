"""Typed calls to the control interface of simulated platforms, here or in another process.

The calls block, and may be made from any thread; asynchronous code hands them to
``asyncio.to_thread``.
"""

from typing import Any, Self, TypeVar

import msgspec

from inbox_tui.errors import BY_TYPE, InboxError, Unavailable
from inbox_tui.lean_httpx import httpx
from inbox_tui.mock import words
from inbox_tui.mock.reach import place
from inbox_tui.mock.words import FaultKind, JsonObject, Platform
from inbox_tui.wire.models import Problem
from inbox_tui.wire.words import ContentKind

T = TypeVar("T")
MAX_WAIT = 60.0


class Control:
    """The controls of the simulated platforms at ``base_url``.

    Every call raises Unavailable when nobody answers there, and the :mod:`inbox_tui.errors` that
    the answer tells otherwise.
    """

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self._client = place(base_url).plain_client(timeout=MAX_WAIT + 5)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    # -- accounts and users ----------------------------------------------------------------------

    def line(
        self,
        slug: str = "line-main",
        *,
        name: str | None = None,
        target: str | None = None,
        channel_secret: str | None = None,
        access_token: str | None = None,
        redelivery: bool | None = None,
        redelivery_after: list[float] | None = None,
        webhook_timeout: float | None = None,
        connections: int | None = None,
        monthly_quota: int | None = None,
    ) -> words.Account:
        """Make or change a LINE Official Account.

        ``redelivery`` is off at first, as on the platform.
        """
        return self.put_account(
            words.PutAccount(
                slug=slug,
                platform=Platform.LINE,
                name=name,
                target=target,
                channel_secret=channel_secret,
                access_token=access_token,
                redelivery=redelivery,
                redelivery_after=redelivery_after,
                webhook_timeout=webhook_timeout,
                connections=connections,
                monthly_quota=monthly_quota,
            )
        )

    def telegram(
        self,
        slug: str = "telegram-main",
        *,
        name: str | None = None,
        token: str | None = None,
        target: str | None = None,
        secret_token: str | None = None,
    ) -> words.Account:
        """Make or change a Telegram bot; without a ``target`` it waits to be polled."""
        return self.put_account(
            words.PutAccount(
                slug=slug,
                platform=Platform.TELEGRAM,
                name=name,
                token=token,
                target=target,
                secret_token=secret_token,
            )
        )

    def put_account(self, given: words.PutAccount) -> words.Account:
        """Make or change an account."""
        return self._call("PUT", "/sim/accounts", words.Account, given)

    def accounts(self) -> list[words.Account]:
        """Return all accounts with their credentials."""
        return self._call("GET", "/sim/accounts", list[words.Account])

    def user(
        self,
        account: str,
        user: str,
        *,
        name: str | None = None,
        language: str | None = None,
        picture_url: str | None = None,
        status: str | None = None,
        blocked: bool | None = None,
    ) -> words.User:
        """Make or change a user; the answer has the platform's id."""
        given = words.PutUser(
            user=user,
            name=name,
            language=language,
            picture_url=picture_url,
            status=status,
            blocked=blocked,
        )
        return self._call("PUT", f"/sim/accounts/{account}/users", words.User, given)

    def users(self, account: str) -> list[words.User]:
        """Return who knows an account."""
        return self._call("GET", f"/sim/accounts/{account}/users", list[words.User])

    # -- what users do ---------------------------------------------------------------------------

    def say(
        self,
        account: str,
        user: str,
        text: str = "",
        *,
        kind: ContentKind = ContentKind.TEXT,
        **more: Any,  # noqa: ANN401 - the other fields of Say, checked there
    ) -> words.Said:
        """Let a user write; ``more`` are the other fields of :class:`inbox_tui.mock.words.Say`.

        Returns at once: see :meth:`settle`.
        """
        return self.speak(account, words.Say(user=user, text=text, kind=kind, **more))

    def speak(self, account: str, say: words.Say) -> words.Said:
        """Let a user write what is given."""
        return self._call("POST", f"/sim/accounts/{account}/say", words.Said, say)

    def scan(
        self,
        user: str,
        link: str,
        *,
        account: str | None = None,
        text: str | None = None,
        times: int = 1,
    ) -> words.Scanned:
        """Let a user open a link and send what stands in the box; see :class:`~.words.Scan`.

        Raises NotFound for a link that opens no account here, Invalid for what is no link.
        """
        given = words.Scan(user=user, link=link, account=account, text=text, times=times)
        return self._call("POST", "/sim/scan", words.Scanned, given)

    def follow(self, account: str, user: str) -> words.Said:
        """Let a user add the account, or unblock it; on Telegram, press start."""
        return self._happen(account, "follow", words.Happen(user=user))

    def unfollow(self, account: str, user: str) -> words.Said:
        """Let a user block the account."""
        return self._happen(account, "unfollow", words.Happen(user=user))

    def unsend(self, account: str, user: str, message_id: str | None = None) -> words.Said:
        """Let a user take back a message, by default the last one (LINE)."""
        return self._happen(account, "unsend", words.Happen(user=user, message_id=message_id))

    def edit(self, account: str, user: str, text: str, message_id: str | None = None) -> words.Said:
        """Let a user change a message, by default the last one (Telegram)."""
        given = words.Happen(user=user, message_id=message_id, text=text)
        return self._happen(account, "edit", given)

    def event(self, account: str, event: JsonObject) -> words.Said:
        """Send any event or update; what is missing of its envelope is added."""
        return self._call("POST", f"/sim/accounts/{account}/event", words.Said, event)

    def settle(self, wait: float = 10.0) -> words.Settled:
        """Wait until everything was told: posted with any answer, or acknowledged by polling.

        Repeats of failed webhooks that are not due yet do not count.
        """
        return self._call("POST", "/sim/settle", words.Settled, wait=wait)

    # -- what happened ---------------------------------------------------------------------------

    def ledger(
        self, *, account: str | None = None, after: int = 0, wait: float = 0.0
    ) -> list[words.Sent]:
        """Return accepted sends numbered above ``after``; wait up to ``wait`` s for the first."""
        return self._call(
            "GET", "/sim/ledger", list[words.Sent], account=account, after=after, wait=wait
        )

    def deliveries(
        self, *, account: str | None = None, after: int = 0, wait: float = 0.0
    ) -> list[words.Delivery]:
        """Return the attempts to tell the business something, with the answers got."""
        return self._call(
            "GET", "/sim/deliveries", list[words.Delivery], account=account, after=after, wait=wait
        )

    def calls(self, *, account: str | None = None, after: int = 0) -> list[words.Call]:
        """Return the calls of the business, accepted or not."""
        return self._call("GET", "/sim/calls", list[words.Call], account=account, after=after)

    # -- faults, clock, reset --------------------------------------------------------------------

    def fault(
        self,
        kind: FaultKind,
        *,
        count: int = 1,
        account: str | None = None,
        user: str | None = None,
        method: str = "send",
        seconds: float = 1.0,
        size: int = 2,
        status: int = 500,
    ) -> words.Fault:
        """Let something go wrong the next ``count`` times; see :class:`~.words.Fault`."""
        given = words.Fault(
            kind=kind,
            count=count,
            account=account,
            user=user,
            method=method,
            seconds=seconds,
            size=size,
            status=status,
        )
        return self._call("POST", "/sim/faults", words.Fault, given)

    def faults(self) -> list[words.Fault]:
        """Return the faults still to come."""
        return self._call("GET", "/sim/faults", list[words.Fault])

    def clear_faults(self) -> None:
        """Let everything go right again."""
        self._call("DELETE", "/sim/faults", JsonObject)

    def flush(self) -> None:
        """Let out what BATCH and REORDER hold back, complete or not."""
        self._call("POST", "/sim/flush", JsonObject)

    def advance(self, seconds: float) -> None:
        """Let the platforms' clock jump ahead: tokens expire, repeats become due."""
        self._call("POST", "/sim/clock", words.ClockState, words.ClockState(advance=seconds))

    def run_at(self, speed: float) -> None:
        """Let the platforms' clock run ``speed`` times as fast."""
        self._call("POST", "/sim/clock", words.ClockState, words.ClockState(speed=speed))

    def reset(self, *, accounts: bool = False) -> None:
        """Forget ledger, deliveries and faults, and with ``accounts`` everything."""
        self._call("POST", "/sim/reset", JsonObject, accounts=int(accounts))

    # --------------------------------------------------------------------------------------------

    def _happen(self, account: str, what: str, given: words.Happen) -> words.Said:
        return self._call("POST", f"/sim/accounts/{account}/{what}", words.Said, given)

    def _call(
        self, method: str, path: str, into: type[T], body: object = None, **query: object
    ) -> T:
        given = {name: str(value) for name, value in query.items() if value is not None}
        content = None if body is None else msgspec.json.encode(body)
        try:
            answer = self._client.request(method, path, params=given, content=content)
        except httpx.HTTPError as error:
            raise Unavailable(
                f"The simulated platforms at {self.base_url} do not answer ({error}).",
                hint="Start them with: inbox-tui mock serve",
            ) from error
        if answer.is_success:
            return msgspec.json.decode(answer.content, type=into)
        raise _told(answer)


def _told(answer: httpx.Response) -> InboxError:
    try:
        problem = msgspec.json.decode(answer.content, type=Problem)
    except msgspec.MsgspecError:
        return Unavailable(f"These are no simulated platforms: HTTP {answer.status_code}.")
    return BY_TYPE.get(problem.type, InboxError)(problem.detail, hint=problem.hint)

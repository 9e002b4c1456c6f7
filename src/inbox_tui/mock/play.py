"""Running a scenario: customers on the simulated platforms, colleagues at the backend.

Also one message (:func:`send`) and a talk typed by hand (:func:`chat`).
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence

from inbox_tui.errors import NotFound
from inbox_tui.mock import words
from inbox_tui.mock.automatic import Automatics
from inbox_tui.mock.colleagues import Colleague
from inbox_tui.mock.control import Control
from inbox_tui.mock.customers import Customers
from inbox_tui.mock.script import FaultAt, Scenario
from inbox_tui.mock.story import Story
from inbox_tui.mock.words import Platform

Say = Callable[[str], None]
LOOK_EVERY = 1.0
TEXTS_FOR = 10.0
"""Seconds that the texts of automatic messages are good for, since somebody may change them."""


def _quiet(_line: str) -> None:
    pass


def prepare(
    control: Control,
    *,
    line: str = "line-main",
    telegram: str = "telegram-main",
    target: str | None = None,
    name: str = "Baan Shop",
) -> dict[Platform, words.Account]:
    """Make the two accounts of the shop and return them with their credentials.

    ``target`` is the backend that LINE's webhooks go to, with redelivery on; Telegram is polled.
    The credentials depend on the slugs only, so that a workspace that was kept fits later worlds.
    """
    return {
        Platform.LINE: control.line(line, name=f"{name} LINE", target=target, redelivery=True),
        Platform.TELEGRAM: control.telegram(telegram, name=f"{name} Telegram"),
    }


def accounts_of(control: Control) -> dict[Platform, str]:
    """Return the first account of each platform. Raises NotFound when there is none at all."""
    found: dict[Platform, str] = {}
    for account in control.accounts():
        found.setdefault(account.platform, account.slug)
    if not found:
        raise NotFound("The simulated platforms have no accounts yet.")
    return found


async def play(
    control: Control,
    scenario: Scenario,
    *,
    seed: int = 1,
    speed: float = 1.0,
    accounts: Mapping[Platform, str] | None = None,
    backend: str | None = None,
    colleagues: Mapping[str, str] | None = None,
    visits: int | None = None,
    links: Mapping[str, Sequence[str]] | None = None,
    say: Say = _quiet,
) -> None:
    """Play a scenario until cancelled, or until ``visits`` customers came and left.

    ``accounts`` are slugs by platform (by default the first ones there are); ``colleagues`` are
    bearer tokens by nickname, for agents at ``backend``, where it is also asked which messages are
    automatic; ``links`` are those of codes that customers may scan, by whose they are; ``say`` is
    told what happens, a line each.
    """
    if accounts is None:
        accounts = await asyncio.to_thread(accounts_of, control)
    story = Story(scenario, seed)
    async with asyncio.TaskGroup() as group:
        others = [
            group.create_task(_fault(control, fault, speed, say)) for fault in scenario.faults
        ]
        if backend is not None:
            others += [
                group.create_task(
                    Colleague(nickname, token, backend, speed=speed, seed=seed, say=say).run()
                )
                for nickname, token in (colleagues or {}).items()
            ]
        everybody = Customers(
            control,
            story,
            accounts,
            speed=speed,
            say=say,
            links=links,
            automatic=_Automatic(backend, next(iter((colleagues or {}).values()), None)).knows,
        )
        await everybody.run(visits=visits)
        for task in others:
            task.cancel()


class _Automatic:
    """Says which messages are automatic; asks the backend for the texts every few seconds."""

    def __init__(self, backend: str | None, token: str | None) -> None:
        self._of = None if backend is None or token is None else (backend, token)
        self._texts = Automatics()
        self._asked_at: float | None = None

    async def knows(self, text: str) -> bool:
        if self._of is None:
            return False
        now = asyncio.get_running_loop().time()
        if self._asked_at is None or now - self._asked_at > TEXTS_FOR:
            self._asked_at = now
            self._texts = await Automatics.of(*self._of)
        return self._texts.knows(text)


async def send(control: Control, account: str, say: words.Say, *, name: str | None = None) -> str:
    """Let one user write one message; return its id on the platform ("" where it has none)."""
    if name is not None:
        await asyncio.to_thread(control.user, account, say.user, name=name)
    said = await asyncio.to_thread(control.speak, account, say)
    return said.message_id or ""


async def chat(
    control: Control,
    account: str,
    user: str,
    *,
    read: Callable[[], str],
    write: Callable[[str], None],
    name: str | None = None,
) -> None:
    """Talk as one user: each line read is sent, each reply is written.

    ``read`` blocks and returns a line, "" at the end (as ``sys.stdin.readline`` does).
    """
    known = await asyncio.to_thread(control.user, account, user, name=name)

    async def listen(seen: int) -> None:
        while True:
            lines = await asyncio.to_thread(
                control.ledger, account=account, after=seen, wait=LOOK_EVERY
            )
            for line in lines:
                seen = line.n
                if line.user == user:
                    write(f"{account}: {line.text or f'[{line.kind}]'}")

    before = await asyncio.to_thread(control.ledger, account=account)
    listener = asyncio.create_task(listen(before[-1].n if before else 0))
    try:
        write(f"You are {known.name}. Write a line; an empty end of input ends the chat.")
        while line := await asyncio.to_thread(read):
            if line.strip():
                await send(control, account, words.Say(user=user, text=line.rstrip("\n")))
    finally:
        listener.cancel()


async def _fault(control: Control, fault: FaultAt, speed: float, say: Say) -> None:
    await asyncio.sleep(fault.at / speed)
    say(f"fault: {fault.kind} × {fault.count}")
    await asyncio.to_thread(
        control.fault,
        fault.kind,
        count=fault.count,
        method=fault.method,
        seconds=fault.seconds,
        size=fault.size,
        status=fault.status,
    )

"""Customers who act a story out: they write, wait for replies, and react to them.

They see replies where a real customer would, on the platform: in its ledger of accepted sends.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial

from inbox_tui.errors import InboxError
from inbox_tui.mock import words
from inbox_tui.mock.control import Control
from inbox_tui.mock.habits import sending
from inbox_tui.mock.links import opened
from inbox_tui.mock.script import Line
from inbox_tui.mock.story import Scan, Story, Visit
from inbox_tui.mock.words import Platform, Sent

LOOK_EVERY = 1.0
"""The longest one look at the ledger waits, in seconds: how soon a customer can be stopped."""
SETTLE_FOR = 1.5
"""How long a customer waits for more of a reply before reacting, in seconds."""

Say = Callable[[str], None]

Automatic = Callable[[str], Awaitable[bool]]
"""Says whether a text was sent by itself: nobody's reply."""


async def _none_is(_text: str) -> bool:
    return False


class Customers:
    """All customers of a story.

    ``accounts`` says which account a platform's customers write to; a customer of a platform that
    is not there writes to the other one. ``links`` are those of the codes that may be scanned, by
    whose they are; who comes by a code that has no link stays away. ``automatic`` says which
    messages are no replies. ``speed`` divides every time of the story.
    """

    def __init__(
        self,
        control: Control,
        story: Story,
        accounts: Mapping[Platform, str],
        *,
        speed: float = 1.0,
        say: Say = lambda _: None,
        links: Mapping[str, Sequence[str]] | None = None,
        automatic: Automatic = _none_is,
    ) -> None:
        self._control = control
        self._story = story
        self._accounts = accounts
        self._speed = speed
        self._say = say
        self._links = {
            (whose, found.platform): link
            for whose, each in (links or {}).items()
            for link in each
            if (found := opened(link)) is not None
        }
        self._automatic = automatic
        self._here: dict[tuple[str, str], asyncio.Queue[Sent]] = {}

    async def run(self, *, visits: int | None = None) -> None:
        """Let customers come, ``visits`` of them or without end, until cancelled.

        With a number, returns when the last of them has left.
        """
        started = asyncio.get_running_loop().time()
        async with asyncio.TaskGroup() as group:
            watch = group.create_task(self._watch(await self._newest()))
            customers: set[asyncio.Task[None]] = set()
            by_code = [group.create_task(self._come(visit)) for visit in self._story.scans()]
            for visit in self._story.visits():
                if visits is not None and visit.number > visits:
                    break
                due = started + visit.at / self._speed
                await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
                address = (self._account(visit), visit.user)
                if address in self._here or len(self._here) >= self._at_once:
                    continue
                self._here[address] = asyncio.Queue()
                task = group.create_task(self._serve(visit, address))
                customers.add(task)
                task.add_done_callback(customers.discard)
            await asyncio.gather(*customers)
            for task in (watch, *by_code):
                task.cancel()

    async def _come(self, visit: Visit) -> None:
        """Let somebody come by a code when it is time, and once more if they are to."""
        if visit.scan is not None and self._link(visit, visit.scan) is None:
            self._say(f'{visit.name} stays away: there is no link of "{visit.scan.whose}" to scan')
            return
        coming: Visit | None = visit
        while coming is not None:
            await asyncio.sleep(coming.at / self._speed)
            address = (self._account(coming), coming.user)
            if address in self._here:
                return
            self._here[address] = asyncio.Queue()
            await self._serve(coming, address)
            coming = coming.again

    def _link(self, visit: Visit, scan: Scan) -> str | None:
        return self._links.get((scan.whose, visit.platform))

    @property
    def _at_once(self) -> int:
        return self._story.scenario.arrivals.at_once

    def _account(self, visit: Visit) -> str:
        return self._accounts.get(visit.platform) or next(iter(self._accounts.values()))

    async def _newest(self) -> int:
        lines = await asyncio.to_thread(self._control.ledger)
        return lines[-1].n if lines else 0

    async def _watch(self, seen: int) -> None:
        """Hand each reply to the customer it was sent to."""
        while True:
            try:
                lines = await asyncio.to_thread(self._control.ledger, after=seen, wait=LOOK_EVERY)
            except InboxError as error:
                self._say(f"customers: {error.detail}")
                await asyncio.sleep(LOOK_EVERY)
                continue
            for line in lines:
                seen = line.n
                queue = self._here.get((line.account, line.user))
                if queue is not None and line.delivered and not await self._automatic(line.text):
                    queue.put_nowait(line)

    async def _serve(self, visit: Visit, address: tuple[str, str]) -> None:
        account, user = address
        try:
            await self._try(
                lambda: asyncio.to_thread(
                    self._control.user, account, user, name=visit.name, language=visit.language
                )
            )
            if visit.scan is not None:
                await self._try(partial(self._scan, visit, visit.scan, address))
            self._say(f"{visit.name} writes on {visit.platform}: {visit.title}")
            for number, turn in enumerate(visit.turns):
                if number and not await self._replied(visit, address):
                    self._say(f"{visit.name} leaves without an answer")
                    return
                for spoken in turn:
                    await asyncio.sleep(spoken.after / self._speed)
                    await self._write(account, _say_of(user, spoken.line))
            self._say(f"{visit.name} is happy")
        finally:
            del self._here[address]

    async def _replied(self, visit: Visit, address: tuple[str, str]) -> bool:
        """Wait for a reply; ask again when it takes long. Return False when they gave up."""
        account, user = address
        queue = self._here[address]
        for reminder in (*visit.impatient, visit.leaves):
            try:
                async with asyncio.timeout(visit.patience / self._speed):
                    await queue.get()
            except TimeoutError:
                await self._write(account, words.Say(user=user, text=reminder))
                continue
            # A reply may come in several messages: read them all before reacting.
            await asyncio.sleep(SETTLE_FOR / self._speed)
            while not queue.empty():
                queue.get_nowait()
            return True
        return False

    async def _scan(self, visit: Visit, scan: Scan, address: tuple[str, str]) -> None:
        """Open the link of a code, look at what it put in the box, and send it, or something."""
        account, user = address
        link = self._link(visit, scan) or ""
        scan_it = partial(self._control.scan, user, link, account=account)
        self._say(f"{visit.name} scans the code of {scan.whose} on {visit.platform}: {scan.does}")
        box = await asyncio.to_thread(scan_it, times=0)
        await asyncio.sleep(scan.after / self._speed)
        sent = sending(scan.does, box.prefilled, slip=scan.slip, words=scan.words)
        if sent.times:
            await asyncio.to_thread(scan_it, text=sent.text, times=sent.times)

    async def _write(self, account: str, say: words.Say) -> None:
        await self._try(lambda: asyncio.to_thread(self._control.speak, account, say))

    async def _try(self, work: Callable[[], Awaitable[object]]) -> None:
        """Do something on the platform; say so when it cannot be done, and go on."""
        try:
            await work()
        except InboxError as error:
            self._say(f"customers: {error.detail}")


def _say_of(user: str, line: Line) -> words.Say:
    return words.Say(
        user=user,
        kind=line.kind,
        text=line.text,
        file_name=line.file_name,
        sticker=line.sticker,
        title=line.title,
        address=line.address,
        latitude=line.latitude,
        longitude=line.longitude,
    )

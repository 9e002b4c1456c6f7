"""Replies on their way: written to the file of held sends first, then sent, in order (U5).

A reply that cannot be sent now stays held and goes by itself when the line stands again, unless
its session closed or went to somebody else meanwhile: then a person decides.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from inbox_tui.client.held import HeldSend, HeldSends, Verdict, verdict
from inbox_tui.client.port import Client
from inbox_tui.clock import Clock, to_datetime
from inbox_tui.errors import InboxError, Unavailable
from inbox_tui.state.changes import Link
from inbox_tui.state.store import Store
from inbox_tui.state.timelines import Outgoing, Way
from inbox_tui.wire.models import Session

Sentence = Callable[..., str]
"""Returns a sentence of the catalogue by its key, with values."""


class Sending:
    """The way of a reply from the composer to the backend."""

    def __init__(
        self,
        store: Store,
        held: HeldSends,
        clock: Clock,
        *,
        client: Callable[[], Client],
        new_key: Callable[[], str],
        t: Sentence,
    ) -> None:
        self._store = store
        self._held = held
        self._clock = clock
        self._client = client
        self._new_key = new_key
        self._t = t
        self._fresh: set[str] = set()
        self._turn = asyncio.Lock()

    @property
    def count(self) -> int:
        """How many replies are not yet confirmed and not just being sent."""
        return sum(held.key not in self._fresh for held in self._held.all())

    def waiting(self, conversation_id: int) -> list[HeldSend]:
        """Return the unconfirmed replies of a conversation, oldest first."""
        return self._held.of(conversation_id)

    def restore(self) -> None:
        """Show what an earlier window left behind."""
        for held in self._held.all():
            way = Way.STOPPED if held.stopped else Way.HELD
            self._store.send(_shown(held, way))

    async def send(self, session: Session, text: str) -> None:
        """Send a reply, or hold it. Raises OSError when it cannot even be kept."""
        held = HeldSend(
            key=self._new_key(),
            session_id=session.id,
            conversation_id=session.conversation_id,
            text=text,
            at=to_datetime(self._clock.now()),
            contact=session.contact.name,
            assignee=session.assignee,
        )
        self._held.hold(held)
        live = self._store.link is Link.LIVE
        if live:
            self._fresh.add(held.key)
        self._store.send(_shown(held, Way.SENDING if live else Way.HELD))
        if live:
            await self.flush()

    async def flush(self) -> None:
        """Send what is held, oldest first, as long as the line stands."""
        async with self._turn:
            for key in [held.key for held in self._held.all()]:
                held = self._held.get(key)
                if held is None or held.stopped is not None:
                    continue
                if not await self._deliver(held):
                    return

    async def try_held(self) -> None:
        """Send what could not be sent although the line stands: the backend may have recovered."""
        due = any(held.stopped is None for held in self._held.all())
        if due and self._store.link is Link.LIVE and not self._turn.locked():
            await self.flush()

    async def let_go(self, key: str) -> None:
        """Send a stopped reply to its session as it is now: a person decided so."""
        held = self._held.get(key)
        if held is None:
            return
        session = await self._client().session(held.session_id)
        self._held.release(key, assignee=session.assignee)
        self._mark(held, Way.HELD)
        await self.flush()

    def give_up(self, key: str) -> str:
        """Take a reply back: nothing is sent. Return its text.

        Raises OSError when that cannot be noted: then it may still be sent.
        """
        held = self._held.get(key)
        if held is None:
            return ""
        self._held.drop(key)
        self._store.give_up(held.conversation_id, key)
        return held.text

    async def _deliver(self, held: HeldSend) -> bool:
        """Try one reply; return whether the next may be tried."""
        client = self._client()
        try:
            if held.key not in self._fresh:
                answer = verdict(held, session := await client.session(held.session_id))
                if self._held.is_gone(held.key):
                    self._store.give_up(held.conversation_id, held.key)
                    return True  # sent or taken back meanwhile, here or in another window
                if answer is not Verdict.SEND:
                    who = session.assignee or ""
                    self._stop(held, self._t(f"held.{answer.value}", assignee=who))
                    return True
            self._mark(held, Way.SENDING)
            entry = await client.post_message(held.session_id, held.text, key=held.key)
        except Unavailable:
            self._fresh.discard(held.key)
            self._mark(held, Way.HELD)
            return False
        except InboxError as error:
            self._stop(held, error.detail)
            return True
        self._fresh.discard(held.key)
        self._store.put_entry(entry, settled=held.key)
        with suppress(OSError):  # the backend has it: its key makes another try harmless
            self._held.drop(held.key)
        return True

    def _stop(self, held: HeldSend, why: str) -> None:
        self._fresh.discard(held.key)
        self._mark(held, Way.STOPPED, why)
        with suppress(OSError):  # a later window judges it anew
            self._held.stop(held.key, why)

    def _mark(self, held: HeldSend, way: Way, why: str | None = None) -> None:
        self._store.mark_outgoing(held.conversation_id, held.key, way, why)


def _shown(held: HeldSend, way: Way) -> Outgoing:
    return Outgoing(
        key=held.key,
        session_id=held.session_id,
        conversation_id=held.conversation_id,
        text=held.text,
        at=held.at,
        way=way,
        why=held.stopped,
    )

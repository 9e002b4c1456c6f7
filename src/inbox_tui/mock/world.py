"""One simulated world: its accounts, ledger, faults and clock. Lives in one event loop."""

from typing import Protocol

from inbox_tui.clock import Clock
from inbox_tui.errors import NotFound
from inbox_tui.mock import words
from inbox_tui.mock.faults import Faults
from inbox_tui.mock.ledger import Ledger
from inbox_tui.mock.people import People
from inbox_tui.mock.pulse import Pulse, SimClock
from inbox_tui.mock.words import JsonObject


class SimAccount(Protocol):
    """What the control interface asks of an account of any platform."""

    slug: str
    target: str
    people: People

    @property
    def platform(self) -> words.Platform:
        """Which platform it is on."""
        ...

    @property
    def address(self) -> str:
        """What stands for it in links: a LINE ID, a bot's username."""
        ...

    @property
    def waiting(self) -> int:
        """How many events are not told yet."""
        ...

    def configure(self, given: words.PutAccount) -> None:
        """Set what is given."""
        ...

    def told(self) -> words.Account:
        """Return it in words of the control interface."""
        ...

    def say(self, given: words.Say) -> words.Said:
        """A user writes."""
        ...

    def enter(self, user: str) -> None:
        """A user opens its chat by a link: whoever has not yet adds it first."""
        ...

    def happen(self, what: str, given: words.Happen) -> words.Said:
        """A user does something else."""
        ...

    def raw(self, event: JsonObject) -> words.Said:
        """Tell any event."""
        ...

    def flush(self) -> None:
        """Let out what faults hold back."""
        ...

    async def close(self) -> None:
        """Stop telling."""
        ...


class World:
    """What all simulated platforms share."""

    def __init__(self, clock: Clock) -> None:
        self.pulse = Pulse()
        self.clock = SimClock(clock, self.pulse)
        self.faults = Faults()
        self.ledger = Ledger(self.clock, self.pulse)
        self.accounts: dict[str, SimAccount] = {}
        # Ids start at the time, so that a world started later never repeats those of an earlier
        # one against a database that was kept.
        self.epoch = clock.now()
        self._number = 0

    def next_number(self) -> int:
        """Return the next of 1, 2, 3 and so on."""
        self._number += 1
        return self._number

    def next_id(self) -> str:
        """Return a message id as LINE writes them: a string of 18 digits."""
        return str(self.epoch * 100_000 + self.next_number())

    def account(self, slug: str) -> SimAccount:
        """Return an account. Raises NotFound."""
        if slug not in self.accounts:
            raise NotFound(f"There is no account {slug!r} here.")
        return self.accounts[slug]

    def unsettled(self) -> list[str]:
        """Return the accounts that have not told everything yet."""
        return [slug for slug, account in self.accounts.items() if account.waiting]

    async def reset(self, *, accounts: bool) -> None:
        """Forget ledger and faults, and the accounts with their users too if asked."""
        self.faults.clear()
        self.ledger.clear()
        for account in self.accounts.values():
            await account.close()
        if accounts:
            self.accounts.clear()

    async def close(self) -> None:
        """Stop everything."""
        for account in self.accounts.values():
            await account.close()

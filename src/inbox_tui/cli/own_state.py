"""Where drafts, replies on their way and choices of a person in the own workspace are kept.

One folder a person. It is opened before the first frame, when somebody who did not say who they
are is only known to be the one agent there is: whoever has a token on this machine. The very first
time there is none; then a folder without a name is used, and is found by the name ever after.
"""

from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from inbox_tui.cli.tokens import read_tokens
from inbox_tui.config import Home, state_dir
from inbox_tui.records import dataclass


@dataclass(frozen=True, slots=True)
class OwnState:
    """The ``folder`` of a person; ``nickname`` is None while it is not known whose it is."""

    home: Home
    nickname: str | None

    @classmethod
    def of(cls, home: Home, nickname: str | None) -> "OwnState":
        """Return that of a nickname as typed; of nobody, that of the only one who was here."""
        if nickname is None:
            known = list(read_tokens(home))
            nickname = known[0] if len(known) == 1 else None
        return cls(home, None if nickname is None else nickname.casefold())

    @property
    def folder(self) -> Path:
        """Where it is kept; it need not be there yet."""
        person = sha256((self.nickname or "").encode()).hexdigest()[:8]
        return state_dir() / f"{self.home.key}-{person}"

    def belongs_to(self, nickname: str) -> None:
        """Let a folder without a name be found by the name of whoever it turned out to be."""
        if self.nickname is None:
            named = OwnState.of(self.home, nickname).folder
            with suppress(OSError):  # it is there already, or there are no links on this disk
                named.symlink_to(self.folder.name)

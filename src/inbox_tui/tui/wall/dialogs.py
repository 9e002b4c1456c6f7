"""What is asked before something is done from the wall (V2)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from textual.widget import Widget

from inbox_tui.locale import Catalogue
from inbox_tui.text import safe_line, safe_text
from inbox_tui.tui.dialogs.away import AwayDialog
from inbox_tui.tui.dialogs.base import Dialog, Field, Submit
from inbox_tui.tui.dialogs.prose_box import Prose
from inbox_tui.tui.dialogs.transfer import TransferDialog
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.widgets.fields import SafeInput
from inbox_tui.wire.models import Agent, Team
from inbox_tui.wire.requests import PatchAgent, PostTransfer, PutAccepting

HIGHEST_LIMIT = 10_000
MAX_NOTE = 1_000


class HandOverDialog(TransferDialog):
    """To whom a session is given: an agent, or a team's queue, never both in one list."""

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        contact: str,
        agents: Sequence[Agent] = (),
        teams: Sequence[Team] = (),
        submit: Submit[PostTransfer],
    ) -> None:
        super().__init__(
            catalogue, contact=contact, me="", agents=agents, teams=teams, submit=submit
        )
        self._verb = "assign" if agents else "move"

    def title_text(self) -> str:
        """Return the title."""
        return self.catalogue.t(f"wall.{self._verb}_of", name=self._contact or "")

    def do_label(self) -> str:
        """Return the label of the button."""
        return self.catalogue.t(f"wall.{self._verb}_do")

    def body(self) -> Iterable[Widget]:
        """Return to whom, and with which note."""
        t = self.catalogue.t
        yield Field(t("transfer.to"), self._query, id="to")
        yield self._list
        yield Field(t("transfer.note"), self._note, id="note")


class SwitchDialog(AwayDialog):
    """Turn a colleague's accept off, with an optional reason (P5)."""

    def __init__(
        self, catalogue: Catalogue, name: str, *, now: datetime, submit: Submit[PutAccepting]
    ) -> None:
        super().__init__(catalogue, now=now, submit=submit)
        self._name = name

    def title_text(self) -> str:
        """Return the title."""
        return self.catalogue.t("wall.switch_of", name=self._name)

    def body(self) -> Iterable[Widget]:
        """Return what it means to them, and what may be said about it."""
        _own, *fields = super().body()
        told = self.catalogue.t("wall.switch_told", name=self._name)
        yield Prose((told, Role.TEXT), ("", Role.TEXT))
        yield from fields


class LimitDialog(Dialog[PatchAgent]):
    """How many open sessions a colleague may be given; nothing is the workspace's limit."""

    def __init__(self, catalogue: Catalogue, agent: Agent, *, submit: Submit[PatchAgent]) -> None:
        super().__init__(catalogue, submit=submit)
        self._agent = agent
        self._limit = SafeInput(
            str(agent.limit), placeholder=catalogue.t("wall.limit_hint"), max_length=6
        )

    def title_text(self) -> str:
        """Return the title."""
        return self.catalogue.t("wall.limit_of", name=self._agent.name)

    def do_label(self) -> str:
        """Return the label of the button."""
        return self.catalogue.t("wall.limit_do")

    def body(self) -> Iterable[Widget]:
        """Return how it stands, and the number."""
        t, agent = self.catalogue.t, self._agent
        told = t("wall.limit_told", open=agent.open_count, limit=agent.limit)
        yield Prose((told, Role.TEXT), ("", Role.TEXT))
        yield Field(t("wall.limit"), self._limit, id="max_open")

    def on_mount(self) -> None:
        """Begin with the number, ready to be typed over."""
        self._limit.focus()
        self._limit.select_all()

    async def on_input_submitted(self) -> None:
        """Enter sets it: there is nothing else to fill in."""
        await self.action_submit()

    async def result(self) -> PatchAgent | None:
        """Return the body of the call, or None with what is wrong shown."""
        typed = self._limit.value.strip()
        if not typed:
            return PatchAgent(max_open="default")
        if not typed.isdecimal() or int(typed) > HIGHEST_LIMIT:
            self.show_errors({"max_open": self.catalogue.t("wall.limit_wrong")})
            return None
        return PatchAgent(max_open=int(typed))


class NoteDialog(Dialog[str]):
    """A note for colleagues, without opening the chat (C3)."""

    def __init__(self, catalogue: Catalogue, name: str, *, submit: Submit[str]) -> None:
        super().__init__(catalogue, submit=submit)
        self._name = name
        self._words = SafeInput(placeholder=catalogue.t("wall.note_hint"), max_length=MAX_NOTE)

    def title_text(self) -> str:
        """Return the title."""
        return self.catalogue.t("wall.note_of", name=self._name)

    def do_label(self) -> str:
        """Return the label of the button."""
        return self.catalogue.t("wall.note_do")

    def body(self) -> Iterable[Widget]:
        """Return the line to write in."""
        yield Field(self.catalogue.t("wall.note"), self._words, id="text")

    def on_mount(self) -> None:
        """Begin to write."""
        self._words.focus()

    async def on_input_submitted(self) -> None:
        """Enter keeps it."""
        await self.action_submit()

    async def result(self) -> str | None:
        """Return what was written, or None when nothing was."""
        text = safe_line(safe_text(self._words.value)).strip()
        if not text:
            self.show_errors({"text": self.catalogue.t("error.required")})
            return None
        return text

"""What all screens share: bindings from the registry, doing an action or saying why not."""

from collections.abc import Awaitable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.reactive import Reactive
from textual.screen import Screen
from textual.widget import Widget

from inbox_tui.errors import InboxError
from inbox_tui.locale import times
from inbox_tui.state.changes import BindingChanged, Change, CountsChanged, LinkChanged, MeChanged
from inbox_tui.tui.actions.handlers import Handlers
from inbox_tui.tui.actions.registry import (
    ACTIONS,
    BY_ID,
    Action,
    Group,
    Room,
    actions_of,
    keys_text,
)
from inbox_tui.tui.actions.situation import Situation, why_not
from inbox_tui.tui.bound import tell_bound
from inbox_tui.tui.desk import Desk
from inbox_tui.tui.keys import Keymap
from inbox_tui.tui.panes.bottom import Bottom
from inbox_tui.tui.panes.facts import header_facts
from inbox_tui.tui.trouble import sentence
from inbox_tui.tui.widgets.flash import Tone
from inbox_tui.tui.widgets.header import StatusHeader

_IN_HEAD = (MeChanged, LinkChanged, CountsChanged)


def bindings_of(room: Room) -> list[BindingType]:
    """Return the bindings of a screen: all from the registry."""
    return [
        Binding(
            ",".join(action.keys),
            f"act('{action.id}')",
            action.id,
            show=False,
            id=action.id,
            priority=action.everywhere and action.id == "view.theme",
        )
        for action in actions_of(room)
        if action.keys
    ]


def own_keys(keymap: Keymap) -> dict[str, str]:
    """Return the keys that differ from the defaults, as Textual wants them.

    Textual cannot take a key away, so an action without keys gets one that no terminal sends.
    """
    return {
        action.id: ",".join(keymap.of(action.id)) or f"no-key-{number}"
        for number, action in enumerate(ACTIONS)
        if keymap.of(action.id) != action.keys
    }


if TYPE_CHECKING:
    from inbox_tui.tui.dialogs.help import HelpRow


class RoomScreen(Screen[None]):
    """A screen whose keys are actions of the registry."""

    AUTO_FOCUS = ""
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    """Where the hands are. What loses or takes them repaints itself, and the rest has not changed:
    over a slow line a whole screen for each step from pane to pane is felt."""
    ROOM: ClassVar[Room]
    handlers: ClassVar[Handlers]

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.header = StatusHeader(desk.catalogue, symbols=desk.symbols)
        self.bottom = Bottom(desk)
        self._stop_listening = desk.store.subscribe(self._head_told)

    def on_unmount(self) -> None:
        """Listen no more."""
        self._stop_listening()

    def show_head(self) -> None:
        """Show who and how I am, and how the line stands."""
        facts = header_facts(self.desk)
        self.header.facts = facts
        self.bottom.header.facts = facts

    @property
    def is_covered(self) -> bool:
        """Whether another room stands before this one, so that nothing of it can be seen.

        Textual paints what is before anew wherever something behind it changes: a room that is
        covered therefore shows what came meanwhile once it is seen again.
        """
        stack = self.app.screen_stack
        if self not in stack:
            return False
        return any(isinstance(each, RoomScreen) for each in stack[stack.index(self) + 1 :])

    def on_screen_resume(self) -> None:
        """Show what came while this room was covered."""
        self.show_head()
        self.show_hints()

    def _head_told(self, changes: tuple[Change, ...]) -> None:
        if not self.is_attached or self.is_covered:
            return
        if any(isinstance(change, _IN_HEAD) for change in changes):
            self.show_head()
            self.show_hints()
        for change in changes:
            if isinstance(change, BindingChanged):
                self.begin(tell_bound(self, change))

    def situation(self) -> Situation:
        """Return what decides which actions are possible."""
        return Situation(link=self.desk.store.link, me=self.desk.store.me)

    def say(self, text: str, tone: Tone = Tone.PLAIN) -> None:
        """Say something in the line at the bottom."""
        self.bottom.say(text, tone)

    def trouble(self, error: InboxError) -> None:
        """Say what went wrong, in one line of plain words."""
        self.bottom.say(sentence(error, self.desk.catalogue), Tone.BAD)

    def why_not(self, action: Action) -> str | None:
        """Return in words why an action is not possible now, or None."""
        situation = self.situation()
        why = why_not(action, situation)
        if why is None:
            return None
        session = situation.session
        if session is None or session.assignee is None:
            return f"{situation.lost} {self.desk.t(why)}".strip()
        since = session.assigned_at or session.opened_at
        ago = times.span_long((self.desk.now - since).total_seconds(), self.desk.catalogue)
        return self.desk.t(why, assignee=session.assignee, ago=ago)

    def action_act(self, action_id: str) -> None:
        """Do an action, or say why it is not possible."""
        why = self.why_not(BY_ID[action_id])
        if why is not None:
            self.say(why, Tone.WARN)
            return
        work = self.handlers[action_id](self)
        if work is not None:
            self.begin(work)

    def begin(self, work: Awaitable[None]) -> None:
        """Do something that asks the backend or a person; what goes wrong is said."""
        self.run_worker(self._guarded(work), group="act")

    async def _guarded(self, work: Awaitable[None]) -> None:
        try:
            await work
        except InboxError as error:
            self.trouble(error)
        except OSError as error:  # the disk: choices, drafts, held replies
            self.say(self.desk.t("disk.trouble", why=str(error)), Tone.BAD)

    @property
    def is_typing(self) -> bool:
        """Whether the hands are on a text."""
        return self.focused is not None and self.focused.check_consume_key("a", "a")

    def on_descendant_focus(self) -> None:
        """What can be done depends on where the hands are."""
        self.show_hints()

    def show_hints(self) -> None:
        """Show what can be done here now; while typing letters are text, and no actions."""
        typing = self.is_typing
        possible = [
            action
            for action in actions_of(self.ROOM)
            if action.footer and (action.everywhere or not typing) and self.why_not(action) is None
        ]
        self.bottom.hints.actions = sorted(possible, key=lambda action: action.footer)

    def help_rows(self) -> "list[HelpRow]":
        """Return every action of this screen, with its keys and why it is not possible."""
        from inbox_tui.tui.dialogs.help import HelpRow

        t = self.desk.t
        return [
            HelpRow(
                id=action.id,
                group=t(f"group.{action.group.value}"),
                keys=keys_text(self.desk.keymap.of(action.id)),
                label=t(action.label),
                help=t(action.help),
                why_not=self.why_not(action),
            )
            for group in Group
            for action in actions_of(self.ROOM)
            if action.group is group and action.id != "app.help"
        ]

    async def show_help(self) -> None:
        """Show all keys, and run what was chosen there."""
        from inbox_tui.tui.dialogs.help import HelpDialog

        chosen = await self.app.push_screen_wait(HelpDialog(self.desk.catalogue, self.help_rows()))
        if chosen is not None:
            self.action_act(chosen)

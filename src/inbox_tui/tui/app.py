"""The application: wires store, line, screens and choices together, and nothing else.

The first frame is painted before anything connects: ``connect`` is awaited only after it, so it
may import HTTP and start a backend without anybody waiting at a blank screen.
"""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import ClassVar

from textual import events
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.command import CommandPalette, Provider
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.screen import Screen
from textual.worker import Worker, WorkerFailed

from inbox_tui.client.held import HeldSends
from inbox_tui.clock import Clock, SystemClock
from inbox_tui.errors import InboxError
from inbox_tui.locale import Catalogue
from inbox_tui.state.drafts import Drafts
from inbox_tui.state.preferences import Preferences
from inbox_tui.state.store import Store
from inbox_tui.terminal.driver import TerminalDriver
from inbox_tui.terminal.lean_strips import use_lean_strips
from inbox_tui.terminal.writer import Terminal
from inbox_tui.text import safe_text
from inbox_tui.tui.desk import Desk
from inbox_tui.tui.dialogs.too_small import SMALLEST, TooSmallScreen
from inbox_tui.tui.keys import load_keymap
from inbox_tui.tui.live import Connect, Live, Revive
from inbox_tui.tui.render.symbols import UNICODE, Symbols
from inbox_tui.tui.screens.inbox import InboxScreen
from inbox_tui.tui.screens.room import RoomScreen, own_keys
from inbox_tui.tui.sending import Sending
from inbox_tui.tui.styles import THEMES, TOKENS
from inbox_tui.tui.type_ahead import TypeAheadApp
from inbox_tui.tui.widgets.flash import Tone
from inbox_tui.wire.words import ListName

use_lean_strips()

HELD_EVERY = 5.0
"""Seconds between two tries of replies that a backend which is there could not take."""


def _palette() -> set[type[Provider] | Callable[[], type[Provider]]]:
    def actions() -> type[Provider]:
        from inbox_tui.tui.screens.palette import ActionsProvider

        return ActionsProvider

    def sessions() -> type[Provider]:
        from inbox_tui.tui.screens.palette import SessionsProvider

        return SessionsProvider

    return {actions, sessions}


class InboxApp(TypeAheadApp[None]):
    """The inbox in a terminal.

    ``connect`` returns a client of a backend that answers, and may start one. ``state_dir`` is a
    private directory of this agent on this workspace (drafts, held replies, choices);
    ``config_dir`` may hold a key file. ``on_wall`` begins on the supervisor's wall.
    """

    CSS_PATH = TOKENS
    TITLE = "inbox-tui"
    COMMANDS: ClassVar = _palette()
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "Quit", show=False, priority=True),
    ]
    ENABLE_COMMAND_PALETTE = True

    def __init__(
        self,
        connect: Connect,
        *,
        state_dir: Path,
        config_dir: Path,
        clock: Clock | None = None,
        language: str = "en",
        symbols: Symbols = UNICODE,
        new_key: Callable[[], str] = lambda: os.urandom(16).hex(),
        on_wall: bool = False,
        revive: Revive | None = None,
    ) -> None:
        super().__init__()
        self._on_wall = on_wall
        clock = clock or SystemClock()
        store, catalogue = Store(), Catalogue.of(language)
        preferences_path = state_dir / "preferences.json"
        preferences = Preferences.load(preferences_path)
        live = Live(
            store,
            connect,
            clock,
            trouble=self._trouble,
            on_live=self._send_held,
            sorts={name: preferences.sort_of(name) for name in ListName},
            revive=revive,
        )
        held = HeldSends(state_dir / "held.jsonl")
        self.desk = Desk(
            store=store,
            live=live,
            sending=Sending(
                store,
                held,
                clock,
                client=lambda: live.client,
                new_key=new_key,
                t=catalogue.t,
            ),
            drafts=Drafts(state_dir / "drafts.json"),
            preferences=preferences,
            preferences_path=preferences_path,
            clock=clock,
            catalogue=catalogue,
            keymap=load_keymap(config_dir / "keys.txt"),
            terminal=Terminal(self._write),
            symbols=symbols,
        )
        self._inbox = InboxScreen(self.desk)
        self._has_left = False
        self._following: Worker[None] | None = None
        for theme in THEMES:
            self.register_theme(theme)
        chosen = self.desk.preferences.theme
        self.theme = chosen if chosen in self.available_themes else THEMES[0].name

    @property
    def crash(self) -> BaseException | None:
        """What nobody expected, if that ended the window."""
        crash = self._exception
        return crash.error if isinstance(crash, WorkerFailed) else crash

    def get_default_screen(self) -> Screen[None]:
        """Return the panes: no empty screen is made, styled and painted before them."""
        return self._inbox

    def on_mount(self) -> None:
        """Take in my keys, and the replies that are still on their way."""
        self.set_keymap(own_keys(self.desk.keymap))
        self.desk.sending.restore()
        if self._on_wall:
            from inbox_tui.tui.screens.wall import WallScreen

            self.push_screen(WallScreen(self.desk))

    def on_ready(self) -> None:
        """Connect: the first frame has been painted."""
        self._following = self.run_worker(self.desk.live.run(), group="live")
        self.set_interval(HELD_EVERY, self._try_held)
        for problem in self.desk.keymap.problems[:1]:
            self._inbox.say(problem, Tone.WARN)

    def on_resize(self, event: events.Resize) -> None:
        """Say so plainly when the window is too small."""
        small = event.size.width < SMALLEST.width or event.size.height < SMALLEST.height
        if small and not isinstance(self.screen, TooSmallScreen):
            self.push_screen(TooSmallScreen(self.desk.catalogue))
        elif not small and isinstance(self.screen, TooSmallScreen):
            self.pop_screen()

    def get_driver_class(self) -> type[Driver]:
        """Return Textual's choice; where that is a terminal of Unix, ours."""
        chosen = super().get_driver_class()
        return TerminalDriver if chosen is LinuxDriver else chosen

    async def on_event(self, event: events.Event) -> None:
        """Let nothing be pasted anywhere that a terminal would obey: not every field is ours."""
        if isinstance(event, events.Paste):
            event.text = safe_text(event.text)
        await super().on_event(event)

    async def action_quit(self) -> None:
        """Close this window: keep the drafts, say goodbye, leave."""
        await self._leave()
        self.exit()

    async def on_unmount(self) -> None:
        """Say goodbye however the window was closed."""
        await self._leave()

    def _fatal_error(self) -> None:
        """Leave after a crash: whoever runs this says what went wrong.

        Textual would print a box with the variables of every call, customers' words among them.
        """
        self._close_messages_no_wait()

    def action_command_palette(self) -> None:
        """Open the palette, which asks in the language of the screen."""
        if not isinstance(self.screen, CommandPalette):
            prompt = self.desk.t("palette.prompt")
            self.push_screen(CommandPalette(placeholder=prompt, id="--command-palette"))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Return none: the palette finds the inbox's own actions."""
        del screen
        return ()

    def action_help_quit(self) -> None:
        """Say how to quit to somebody who pressed Ctrl+C."""
        self._inbox.say(self.desk.t("app.how_to_quit"))

    def _write(self, sequence: str) -> None:
        """Hand the terminal a sequence through the driver, between two frames."""
        if self._driver is not None:
            self._driver.write(sequence)

    async def _leave(self) -> None:
        if self._has_left:
            return
        self._has_left = True
        self._inbox.chat.keep_text()
        self._keep_drafts()
        if self._following is not None:
            self._following.cancel()
        await self.desk.live.close()

    async def _send_held(self) -> None:
        await self.desk.sending.flush()
        self._inbox.show_head()

    async def _try_held(self) -> None:
        await self.desk.sending.try_held()

    def _keep_drafts(self) -> None:
        try:
            self.desk.drafts.save()
        except OSError as error:
            self._inbox.say(self.desk.t("drafts.not_kept", why=str(error)), Tone.BAD)

    def _trouble(self, error: InboxError) -> None:
        shown = self.screen if isinstance(self.screen, RoomScreen) else self._inbox
        if shown.is_attached:
            shown.trouble(error)

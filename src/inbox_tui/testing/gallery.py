"""Every widget and dialog by itself, filled with the same people and chats each time.

Run one scene in a terminal: ``python -m inbox_tui.testing.gallery transfer --language th``. The
tests draw the same scenes.
"""

import argparse
from collections.abc import Callable, Sequence
from typing import Any

from textual.app import App, ComposeResult
from textual.containers import Horizontal, Vertical
from textual.screen import Screen

from inbox_tui.locale import LANGUAGES, Catalogue
from inbox_tui.testing.explanations import by_rule, full_team, waiting_for_agent
from inbox_tui.testing.shop import (
    ME,
    NAMES,
    NOW,
    ZONE,
    agents,
    case,
    entries,
    help_rows,
    sessions,
    teams,
)
from inbox_tui.tui.dialogs.away import AwayDialog
from inbox_tui.tui.dialogs.case_form import CaseDialog
from inbox_tui.tui.dialogs.confirm import ConfirmDialog
from inbox_tui.tui.dialogs.end_session import EndSessionDialog
from inbox_tui.tui.dialogs.explain import ExplainDialog
from inbox_tui.tui.dialogs.help import HelpDialog
from inbox_tui.tui.dialogs.too_small import TooSmallScreen
from inbox_tui.tui.dialogs.transfer import TransferDialog
from inbox_tui.tui.render.entry import EntryContext
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.render.row import RowContext, session_row
from inbox_tui.tui.render.timeline import ItemKey, Timeline
from inbox_tui.tui.styles import THEMES, TOKENS
from inbox_tui.tui.widgets.composer import Composer, Target
from inbox_tui.tui.widgets.fields import FilterLine
from inbox_tui.tui.widgets.flash import Flash, Tone
from inbox_tui.tui.widgets.header import HeaderFacts, Link, StatusHeader
from inbox_tui.tui.widgets.message_log import MessageLog
from inbox_tui.tui.widgets.sources import SequenceSource
from inbox_tui.tui.widgets.tabs import ListTabs, Tab
from inbox_tui.tui.widgets.virtual_list import VirtualList
from inbox_tui.wire.models import Session


class Desk(Screen[None]):
    """List and chat beside each other, as in the inbox."""

    DEFAULT_CSS = """
    Desk {
        & .list { width: 2fr; max-width: 64; border-right: vkey $border-blurred; }
        & .chat { width: 3fr; }
        & MessageLog { height: 1fr; background: $background; }
        & VirtualList { height: 1fr; }
    }
    """

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__()
        self.catalogue = catalogue

    def compose(self) -> ComposeResult:
        """Put everything in its place."""
        catalogue = self.catalogue
        rows = RowContext(now=NOW, catalogue=catalogue, me=ME)
        log = EntryContext(now=NOW, catalogue=catalogue, zone=ZONE, me=ME, customer=NAMES[0])
        source: SequenceSource[int, Session] = SequenceSource(
            sessions(40), lambda each: each.id, lambda each, width: session_row(each, width, rows)
        )
        header = StatusHeader(catalogue)
        header.facts = HeaderFacts(
            workspace="Baan Shop",
            nickname=ME,
            accepting=True,
            open_count=2,
            limit=3,
            link=Link.LIVE,
        )
        tabs = ListTabs()
        names = ("mine", "unassigned", "team", "all", "starred", "closed")
        tabs.tabs = [
            Tab(name, catalogue.t(f"list.{name}"), at * 3) for at, name in enumerate(names)
        ]
        tabs.active = "mine"
        listed: VirtualList[int] = VirtualList(source, id="list")
        listed.caption = ((catalogue.t("sort.wait"), Role.MUTED),)
        chat: MessageLog[ItemKey] = MessageLog(Timeline(entries(), log, unread_from=11), id="log")
        composer = Composer(catalogue)
        composer.target = Target(name=NAMES[0], channel="line-main")
        flash = Flash()
        yield header
        with Horizontal():
            with Vertical(classes="list"):
                yield tabs
                yield FilterLine(placeholder=catalogue.t("filter.none"))
                yield listed
            with Vertical(classes="chat"):
                yield chat
                yield composer
        yield flash
        flash.say("Claimed.", Tone.GOOD, seconds=0)

    def on_mount(self) -> None:
        """Begin in the list."""
        self.query_one("#list").focus()


SCENES: dict[str, Callable[[Catalogue], Screen[Any]]] = {
    "transfer": lambda words: TransferDialog(
        words, contact=NAMES[0], me=ME, agents=agents(), teams=teams(), open_mine=2
    ),
    "end": lambda words: EndSessionDialog(words, contact=NAMES[0], case=case()),
    "end-unanswered": lambda words: EndSessionDialog(words, contact=NAMES[1], replied=False),
    "case": lambda words: CaseDialog(words, case(), now=NOW, zone=ZONE),
    "confirm": lambda words: ConfirmDialog(
        words,
        words.t("transfer.ask", name="Bo Chan"),
        [words.t("transfer.warn_full", name="Bo Chan", open=5, limit=5)],
    ),
    "explain": lambda words: ExplainDialog(words, by_rule(1, NOW)[0], now=NOW, zone=ZONE),
    "explain-earlier": lambda words: ExplainDialog(words, by_rule(1, NOW)[2], now=NOW, zone=ZONE),
    "explain-waits": lambda words: ExplainDialog(
        words, waiting_for_agent(1, NOW)[0], now=NOW, zone=ZONE
    ),
    "explain-full": lambda words: ExplainDialog(words, full_team(1, NOW)[0], now=NOW, zone=ZONE),
    "help": lambda words: HelpDialog(words, help_rows()),
    "away": lambda words: AwayDialog(words, now=NOW),
    "small": TooSmallScreen,
}
"""The dialogs; each is shown over the desk."""


class Gallery(App[None]):
    """Shows one scene; ``desk`` is the screen without a dialog."""

    CSS_PATH = TOKENS
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, scene: str = "desk", *, language: str = "en", theme: str = "") -> None:
        super().__init__()
        for each in THEMES:
            self.register_theme(each)
        self.theme = theme or THEMES[0].name
        self.catalogue = Catalogue.of(language)
        self.scene = scene

    async def on_mount(self) -> None:
        """Put up the desk, and the dialog over it."""
        await self.push_screen(Desk(self.catalogue))
        if self.scene != "desk":
            await self.push_screen(SCENES[self.scene](self.catalogue))


def screen_text(app: App[Any]) -> str:
    """Return what is on the screen as text, without the blanks at the ends of lines."""
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in line).rstrip() for line in strips)


def main(arguments: Sequence[str] | None = None) -> None:
    """Show one scene."""
    parser = argparse.ArgumentParser(description="Show one dialog or the desk.")
    parser.add_argument("scene", choices=["desk", *SCENES])
    parser.add_argument("--language", choices=LANGUAGES, default="en")
    parser.add_argument("--theme", choices=[theme.name for theme in THEMES], default=None)
    chosen = parser.parse_args(arguments)
    Gallery(chosen.scene, language=chosen.language, theme=chosen.theme or "").run()


if __name__ == "__main__":
    main()

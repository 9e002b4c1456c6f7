"""The distribution rules in their order: made, changed, moved, switched, tried (R2, W4)."""

from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult

from inbox_tui.errors import InboxError
from inbox_tui.state.changes import Change, Link, LinkChanged, RulesChanged
from inbox_tui.tui.actions.handlers import ELSEWHERE, Handlers
from inbox_tui.tui.actions.registry import Action, Group, Room
from inbox_tui.tui.desk import Desk
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.rules import deeds
from inbox_tui.tui.rules.rows import rule_row
from inbox_tui.tui.screens.room import RoomScreen, bindings_of
from inbox_tui.tui.trouble import sentence
from inbox_tui.tui.widgets.sources import SequenceSource
from inbox_tui.tui.widgets.virtual_list import VirtualList
from inbox_tui.wire.rules import Rule

_LOOKING = ("rules.try",)
"""What those may do who may not change rules."""

_ON_ONE = ("rules.edit", "rules.switch", "rules.up", "rules.down", "rules.delete")
"""What is done with one rule."""


class RulesScreen(RoomScreen):
    """Every rule, the first that matches on top."""

    ROOM = Room.RULES
    BINDINGS: ClassVar = bindings_of(Room.RULES)
    handlers: ClassVar[Handlers] = {
        **ELSEWHERE,
        "rules.edit": deeds.edit,
        "rules.new": deeds.new,
        "rules.switch": deeds.switch,
        "rules.try": deeds.attempt,
        "rules.up": partial(deeds.move, by=-1),
        "rules.down": partial(deeds.move, by=1),
        "rules.delete": deeds.delete,
    }

    DEFAULT_CSS = """
    RulesScreen VirtualList { height: 1fr; }
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.rules: list[Rule] = []
        self._rows: VirtualList[int] = VirtualList(
            self._source(), empty=desk.t("list.loading"), symbols=desk.symbols
        )
        self._rows.caption = (
            (desk.t("rules.title"), Role.STRONG),
            (f"  {desk.t('rules.caption')}", Role.MUTED),
        )
        self._stop = desk.store.subscribe(self._told)

    @property
    def selected(self) -> Rule | None:
        """The rule the cursor stands on."""
        return next((rule for rule in self.rules if rule.id == self._rows.cursor), None)

    def compose(self) -> ComposeResult:
        """Put the rows between the lines."""
        yield self.header
        yield self._rows
        yield self.bottom

    def on_mount(self) -> None:
        """Read the rules."""
        self.show_head()
        self.show_hints()
        self._rows.focus()
        self.begin(self.read())

    def on_unmount(self) -> None:
        """Listen no more."""
        self._stop()

    def why_not(self, action: Action) -> str | None:
        """Return in words why an action is not possible now, or None."""
        why = super().why_not(action)
        if why is not None or action.group is not Group.RULES or action.id in _LOOKING:
            return why
        if not deeds.may_change(self):
            return self.desk.t("why.not_my_rules")
        if action.id in _ON_ONE and not self.rules:
            return self.desk.t("why.no_rule")
        return None

    async def read(self, *, select: int | None = None) -> None:
        """Read the rules anew, and put the cursor on one."""
        try:
            rules = await self.desk.live.client.rules()
        except InboxError as error:
            if not self.rules:
                self._rows.empty = sentence(error, self.desk.catalogue)
                self._rows.refresh()
            raise
        self.show(rules, select=select)

    def show(self, rules: list[Rule], *, select: int | None = None) -> None:
        """Show these rules; the cursor stays where it was unless another is to be selected."""
        self.rules = rules
        self._rows.empty = self.desk.t("rules.empty")
        if select is None:
            self._rows.source_changed(self._source())
        else:
            self._rows.show(self._source(), select=select)
        self.show_hints()

    @on(VirtualList.Chosen)
    def _chosen(self) -> None:
        self.action_act("rules.edit")

    def _told(self, changes: tuple[Change, ...]) -> None:
        if self.is_attached and any(map(_is_news, changes)):
            self.begin(self.read())

    def _source(self) -> SequenceSource[int, Rule]:
        desk = self.desk
        return SequenceSource(
            list(self.rules),
            lambda rule: rule.id,
            lambda rule, width: rule_row(rule, width, desk),
        )


def _is_news(change: Change) -> bool:
    """Say whether rules may be other than they were read."""
    return isinstance(change, RulesChanged) or (
        isinstance(change, LinkChanged) and change.link is Link.LIVE
    )

"""The header: where I am, who I am, whether I get chats, how many I have, whether this is live."""

from enum import StrEnum

from textual.reactive import reactive

from inbox_tui.locale import Catalogue
from inbox_tui.records import dataclass
from inbox_tui.tui.render import cells
from inbox_tui.tui.render.lines import Line, Span, columns, line_width
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.render.symbols import UNICODE, Symbols
from inbox_tui.tui.widgets.one_line import OneLine


class Link(StrEnum):
    """How it stands with the connection (U5)."""

    LIVE = "live"
    CONNECTING = "connecting"
    OFFLINE = "offline"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderFacts:
    """What the header shows.

    ``accepting`` is None where no switch is shown (P1); ``limit`` 0 means none. ``trouble`` says
    why there is no line.
    """

    workspace: str = ""
    nickname: str = ""
    accepting: bool | None = None
    switched_by: str | None = None
    reason: str | None = None
    open_count: int = 0
    limit: int = 0
    link: Link = Link.CONNECTING
    trouble: str = ""
    held: int = 0


class StatusHeader(OneLine):
    """The header line. What matters most stands at the right and is given up last."""

    DEFAULT_CSS = """
    StatusHeader {
        dock: top;
        background: $panel;
    }
    """

    facts: reactive[HeaderFacts] = reactive(HeaderFacts())
    """What it shows."""

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        symbols: Symbols = UNICODE,
        id: str | None = None,
    ) -> None:
        super().__init__(symbols=symbols, id=id)
        self._catalogue = catalogue

    def line(self, width: int) -> Line:
        """Return the parts that fit."""
        facts = self.facts
        who: Line = ((cells.calm(facts.nickname), Role.STRONG),)
        where: Line = ()
        if facts.workspace:
            dot = f" {self.symbols.dot} "
            where = ((cells.calm(facts.workspace), Role.TEXT), (dot, Role.MUTED))
        link, switch, load = self._link(), self._switch(), self._load()
        gap: Line = (("   ", Role.TEXT),)
        if facts.trouble and (facts.link is Link.REFUSED or not facts.nickname):
            return columns(((cells.calm(facts.trouble), Role.BAD),), link, width)
        choices = (
            ((*where, *who), (*switch, *gap, *load, *gap, *link)),
            (who, (*switch, *gap, *load, *gap, *link)),
            (who, (*switch, *gap, *link)),
            ((), (*switch, *gap, *link)),
        )
        for left, right in choices:
            if line_width(left) + line_width(right) + 2 <= width:
                return columns(left, right, width, self.symbols.ellipsis)
        return columns((), link, width, self.symbols.ellipsis)

    def _switch(self) -> Line:
        facts, t = self.facts, self._catalogue.t
        if facts.accepting is None:
            return ()
        if facts.accepting:
            return ((f"{self.symbols.switch_on} {t('switch.on')}", Role.GOOD),)
        if facts.switched_by and facts.switched_by != facts.nickname:
            text = t("switch.off_by", by=cells.calm(facts.switched_by))
        elif facts.reason:
            text = t("switch.off_because", reason=cells.calm(facts.reason)[:20])
        else:
            text = t("switch.off")
        return ((f"{self.symbols.switch_off} {text}", Role.DUE_SOON),)

    def _load(self) -> Line:
        facts, t = self.facts, self._catalogue.t
        if not facts.limit:
            return ((t("load.unlimited", open=facts.open_count), Role.MUTED),)
        over = facts.open_count > facts.limit
        full = facts.open_count == facts.limit
        role = Role.BAD if over else Role.REASON if full else Role.MUTED
        return ((t("load", open=facts.open_count, limit=facts.limit), role),)

    def _link(self) -> Line:
        facts, t, symbols = self.facts, self._catalogue.t, self.symbols
        glyph, role = {
            Link.LIVE: (symbols.live, Role.GOOD),
            Link.CONNECTING: (symbols.connecting, Role.DUE_SOON),
            Link.OFFLINE: (symbols.offline, Role.BAD),
            Link.REFUSED: (symbols.offline, Role.BAD),
        }[facts.link]
        sign: Span = (f"{glyph} {t(f'link.{facts.link}')}", role)
        if not facts.held:
            return (sign,)
        held: Span = (f"  {symbols.queued} {t('link.held', count=facts.held)}", Role.DUE_SOON)
        return (sign, held)

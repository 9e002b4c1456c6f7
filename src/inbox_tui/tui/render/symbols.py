"""Every glyph on screen, by name, in a Unicode set and an ASCII set.

All are in the Basic Multilingual Plane, one cell wide, and none is an emoji. A state is never
told by its glyph alone: a word stands beside it.
"""

from inbox_tui.records import dataclass


@dataclass(frozen=True, slots=True)
class Symbols:
    """One set of glyphs, each exactly one cell."""

    overdue: str = "⚑"
    due_soon: str = "◔"
    unanswered: str = "○"
    answered: str = "✓"
    closed: str = "■"
    unread: str = "●"
    starred: str = "★"
    not_starred: str = " "
    urgent: str = "‼"
    high: str = "!"
    low: str = "↓"
    cursor: str = "▌"
    marked: str = "✓"
    more_above: str = "▲"
    more_below: str = "▼"
    queued: str = "◌"
    sending: str = "◌"
    sent: str = "✓"
    delivered: str = "✓"
    read: str = "◉"
    failed: str = "✕"
    uncertain: str = "?"
    note: str = "✎"
    note_edge: str = "┊"
    code: str = "▣"
    automatic: str = "↻"
    unsent: str = "⊘"
    image: str = "▦"
    file: str = "≡"
    sticker: str = "◆"
    location: str = "◎"
    unsupported: str = "∅"
    live: str = "●"
    connecting: str = "◌"
    offline: str = "✕"
    switch_on: str = "●"
    switch_off: str = "○"
    present: str = "●"
    grace: str = "◔"
    absent: str = "○"
    team: str = "◇"
    chosen: str = "▸"
    dash: str = "─"
    light_dash: str = "╌"
    dot: str = "·"
    bar: str = "│"
    ellipsis: str = "…"
    arrow: str = "→"


UNICODE = Symbols()
"""For terminals with a usual font."""

ASCII = Symbols(
    overdue="!",
    due_soon="~",
    unanswered="o",
    answered="v",
    closed="x",
    unread="*",
    starred="+",
    urgent="!",
    low="-",
    cursor=">",
    marked="x",
    more_above="^",
    more_below="v",
    queued=".",
    sending=".",
    sent="v",
    delivered="v",
    read="=",
    failed="x",
    note="#",
    note_edge=":",
    code="#",
    automatic="&",
    unsent="/",
    image="#",
    file="=",
    sticker="*",
    location="@",
    unsupported="?",
    live="*",
    connecting=".",
    offline="x",
    switch_on="*",
    switch_off="o",
    present="*",
    grace="~",
    absent="o",
    team="%",
    chosen=">",
    dash="-",
    light_dash="-",
    dot="-",
    bar="|",
    ellipsis=">",
    arrow=">",
)
"""For fonts and terminals that have nothing else."""

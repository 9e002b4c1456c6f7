"""A kind of automatic message as a row of its list: on or off, which texts are own, how it begins.

``{variables}`` stand as they are written: the editor shows what becomes of them.
"""

from inbox_tui.tui.automatic.texts import Place, Texts, own_places
from inbox_tui.tui.desk import Desk
from inbox_tui.tui.render import cells
from inbox_tui.tui.render.lines import Line, columns, cut, line_width
from inbox_tui.tui.render.looks import Role
from inbox_tui.wire.automatic import AutomaticMessage, AutomaticMessages
from inbox_tui.wire.words import Automatic


def message_row(
    message: AutomaticMessage, width: int, all_of_them: AutomaticMessages, desk: Desk
) -> list[Line]:
    """Return a kind in two lines: switch, name and own texts, then how its text begins."""
    t, symbols = desk.t, desk.symbols
    words = (t("automatic.always"), t("automatic.on"), t("automatic.off"))
    word = words[0] if message.always else words[1] if message.on else words[2]
    glyph = symbols.switch_on if message.on else symbols.switch_off
    lead = f"{glyph} {cells.pad(word, max(map(cells.width, words)))}  "
    first: Line = (
        (lead, Role.GOOD if message.on else Role.MUTED),
        (t(f"automatic_kind.{message.kind}"), Role.STRONG if message.on else Role.TEXT),
    )
    right: Line = ((_own_text(message, desk), Role.AGENT),)
    indent: Line = ((" " * cells.width(lead), Role.TEXT),)
    begins = Texts(message).stored(Place(all_of_them.language)) or Texts(message).stored(
        Place("en")
    )
    second: Line = (*indent, (cells.calm(begins.partition("\n")[0]), Role.MUTED))
    end: Line = ()
    if message.kind is Automatic.OVER_CAPACITY:
        end = ((t("automatic.again", minutes=minutes_text(all_of_them.min_gap)), Role.MUTED),)
    mark = symbols.ellipsis
    right = cut(right, max(12, width - line_width(first) - 1), mark)
    return [columns(first, right, width, mark), columns(second, end, width, mark)]


def minutes_text(seconds: float) -> str:
    """Return seconds as minutes, whole ones without a point."""
    return f"{seconds / 60:.1f}".removesuffix(".0")


def _own_text(message: AutomaticMessage, desk: Desk) -> str:
    """Say which texts somebody here wrote: "own: en, th; th on line-main"."""
    places = own_places(message)
    if not places:
        return desk.t("automatic.built_in")
    for_all = ", ".join(place.language for place in places if not place.channel)
    on_one = [
        desk.t("automatic.own_on", language=place.language, channel=cells.calm(place.channel))
        for place in places
        if place.channel
    ]
    return desk.t("automatic.own", texts="; ".join(filter(None, [for_all, *on_one])))

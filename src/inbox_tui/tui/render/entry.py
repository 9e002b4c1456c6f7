"""One entry of a timeline as lines: a message, a note or a happening (C1–C3, C8).

Customers stand at the left edge with their name; replies are set in and carry their delivery
state as glyph and word; notes have an edge and a word of their own so that nobody takes them for
messages; happenings are one calm line. A code that a customer sends is no question and an
automatic message is no reply (Q7, M10): each has a glyph and words of its own. Text is made safe
and tame here once more.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from urllib.parse import urlsplit

from inbox_tui.locale import Catalogue, times
from inbox_tui.records import dataclass, field
from inbox_tui.text import safe_line, safe_text
from inbox_tui.tui.render import cells
from inbox_tui.tui.render.cells import Emoji
from inbox_tui.tui.render.lines import Line, Span, columns, cut, rule
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.render.symbols import UNICODE, Symbols
from inbox_tui.wire.models import Content, Delivery, Entry
from inbox_tui.wire.words import ContentKind, DeliveryState, EntryKind, Happening

REPLY_INDENT = 4
READABLE = 96
"""Text is not set wider than this, however wide the window: long lines are hard to read."""

LINK_SCHEMES = ("http", "https", "mailto")


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryContext:
    """What an entry needs to know besides itself. ``held`` are client keys not yet sent (U5)."""

    now: datetime
    catalogue: Catalogue
    zone: tzinfo = UTC
    me: str = ""
    customer: str = ""
    held: frozenset[str] = field(default_factory=frozenset)
    symbols: Symbols = UNICODE
    emoji: Emoji = Emoji.SAFE


def entry_lines(
    entry: Entry,
    width: int,
    context: EntryContext,
    *,
    grouped: bool = False,
    noted: bool = False,
) -> list[Line]:
    """Return an entry in lines of at most ``width`` cells.

    ``grouped`` leaves out what parts it from the entry before: the heading of a customer's message
    that follows another one closely, the blank line between two happenings. ``noted`` leaves out
    the note of a happening, which stands before it as an entry.
    """
    drawn = _DRAW[entry.kind](entry, max(1, width), context, grouped)
    if entry.kind is EntryKind.HAPPENING and not noted:
        drawn += _carried_note(entry, max(1, width), context)
    return [cut(line, width, context.symbols.ellipsis) for line in drawn]


def day_rule(at: datetime, width: int, context: EntryContext) -> list[Line]:
    """Return the rule above the first entry of a day."""
    label = times.day(at, context.now, context.zone, context.catalogue)
    return [(), rule(label, width, context.symbols.dash, Role.DAY)]


def unread_rule(width: int, context: EntryContext) -> list[Line]:
    """Return the rule above the first unread entry."""
    label = f"{context.symbols.more_below} {context.catalogue.t('timeline.unread')}"
    return [(), rule(label, width, context.symbols.dash, Role.UNREAD_RULE)]


def safe_link(url: str | None) -> str | None:
    """Return ``url`` if it is of a kind that may be opened, else None."""
    if not url:
        return None
    line = safe_line(url)
    try:
        scheme = urlsplit(line).scheme.lower()
    except ValueError:
        return None
    return line if scheme in LINK_SCHEMES and " " not in line else None


def _customer(entry: Entry, room: int, context: EntryContext, grouped: bool) -> list[Line]:
    name = entry.author_name or context.customer or context.catalogue.t("timeline.customer")
    lines: list[Line] = []
    if not grouped:
        lines = [
            (),
            _heading((cells.calm(name, context.emoji), Role.CUSTOMER), entry, room, context),
        ]
    return lines + _content(entry, room, context, Role.TEXT)


def _code(entry: Entry, room: int, context: EntryContext, grouped: bool) -> list[Line]:
    """Return a code that the customer sent, and what became of it, under their name."""
    heading = _customer(replace(entry, content=None, unsent_at=None), room, context, grouped)
    if entry.unsent_at is not None:
        return heading + _content(entry, room, context, Role.MUTED)
    told = f"{context.symbols.code} {code_sentence(entry, context.catalogue)}"
    said = cells.calm(entry.content.text, context.emoji) if entry.content else ""
    width = min(room, READABLE)
    lines: list[Line] = [((part, Role.MUTED),) for part in cells.wrap(told, width)]
    below = cells.wrap(said, max(1, width - 2)) if said else []
    return [*heading, *lines, *((("  ", Role.TEXT), (part, Role.MUTED)) for part in below)]


def _automatic(entry: Entry, room: int, context: EntryContext, grouped: bool) -> list[Line]:
    """Return what was sent by itself: set in like a reply, but calm and by nobody."""
    del grouped
    indent = REPLY_INDENT if room > 30 else 1
    inner = room - indent
    symbols = context.symbols
    told = f"{symbols.automatic} {automatic_sentence(entry, context.catalogue, symbols.dot)}"
    heading = _heading((told, Role.MUTED), entry, inner, context, _delivery(entry, context))
    lines = [
        heading,
        *_content(entry, inner, context, Role.MUTED),
        *_failure(entry, inner, context),
    ]
    return [(), *(((" " * indent, Role.TEXT), *line) for line in lines)]


def _reply(entry: Entry, room: int, context: EntryContext, grouped: bool) -> list[Line]:
    indent = REPLY_INDENT if room > 30 else 1
    inner = room - indent
    state = _delivery(entry, context)
    heading = _heading((_author(entry, context), Role.AUTHOR), entry, inner, context, state)
    lines = [heading, *_content(entry, inner, context, Role.TEXT), *_failure(entry, inner, context)]
    delivery = entry.delivery
    if delivery is not None and delivery.can_retry and delivery.state is DeliveryState.FAILED:
        lines.append(((context.catalogue.t("delivery.retry"), Role.HINT),))
    return [(), *(((" " * indent, Role.TEXT), *line) for line in lines)]


def _failure(entry: Entry, room: int, context: EntryContext) -> list[Line]:
    """Return why a message did not get through."""
    delivery = entry.delivery
    if delivery is None or delivery.state not in _TROUBLE or not delivery.reason:
        return []
    return [((text, Role.BAD),) for text in cells.wrap(_tame(delivery.reason, context), room)]


def _note(entry: Entry, room: int, context: EntryContext, grouped: bool) -> list[Line]:
    t, symbols = context.catalogue.t, context.symbols
    edge: Span = (f"{symbols.note_edge} ", Role.NOTE)
    inner = max(1, room - 2)
    title: Span = (f"{symbols.note} {t('timeline.note')} {symbols.dot} ", Role.NOTE)
    who: Span = (_author(entry, context), Role.NOTE)
    only: Line = ((t("timeline.note_only_us"), Role.MUTED),) if inner >= 50 else ()
    heading = _heading((title[0] + who[0], Role.NOTE), entry, inner, context, only)
    body = _content(entry, inner, context, Role.NOTE_TEXT)
    return [(), *((edge, *line) for line in [heading, *body])]


def _happening(entry: Entry, room: int, context: EntryContext, grouped: bool) -> list[Line]:
    symbols = context.symbols
    at = times.clock_time(entry.at, context.zone)
    sentence = happening_sentence(entry, context.catalogue)
    label = f"{cells.calm(sentence, context.emoji)} {symbols.dot} {at}"
    line = rule(label, room, symbols.light_dash, Role.HAPPENING)
    return [line] if grouped else [(), line]


def _carried_note(entry: Entry, room: int, context: EntryContext) -> list[Line]:
    note = entry.data.get("note")
    if not isinstance(note, str) or not note.strip():
        return []
    edge: Span = (f"{context.symbols.note_edge} ", Role.NOTE)
    wrapped = cells.wrap(_tame(note, context), max(1, room - 2))
    return [(edge, (text, Role.NOTE_TEXT)) for text in wrapped]


_DRAW: dict[EntryKind, Callable[[Entry, int, EntryContext, bool], list[Line]]] = {
    EntryKind.CUSTOMER: _customer,
    EntryKind.CODE: _code,
    EntryKind.REPLY: _reply,
    EntryKind.AUTOMATIC: _automatic,
    EntryKind.NOTE: _note,
    EntryKind.HAPPENING: _happening,
}

_BINDINGS = (Happening.BOUND, Happening.UNBOUND)

_TROUBLE = (DeliveryState.FAILED, DeliveryState.UNCERTAIN)


def code_sentence(entry: Entry, catalogue: Catalogue) -> str:
    """Return what became of a code that a customer sent (Q6)."""
    key = f"code_outcome.{entry.data.get('outcome')}"
    return catalogue.t(key if catalogue.has(key) else "code_outcome")


def automatic_sentence(entry: Entry, catalogue: Catalogue, dot: str = UNICODE.dot) -> str:
    """Return which of the automatic messages it is: "automatic · greeting"."""
    key = f"automatic_kind.{entry.data.get('automatic')}"
    by = catalogue.t("timeline.system")
    return f"{by} {dot} {catalogue.t(key)}" if catalogue.has(key) else by


def happening_sentence(entry: Entry, catalogue: Catalogue) -> str:
    """Return what happened as one sentence, as exactly as its data allow."""
    values = {key: str(value) for key, value in entry.data.items() if value not in (None, "")}
    happening = entry.happening
    if happening is None:
        return ""
    key = f"happening.{happening}"
    by = values.setdefault("by", entry.author or "") or catalogue.t("timeline.system")
    values["by"] = by
    if happening in _BINDINGS:
        key = f"{key}_by" if entry.author else key
        if "assignee" in values and "team" in values:
            both = {"agent": values["assignee"], "team": values["team"]}
            values["assignee"] = catalogue.t("side.bound_in", **both)
    if "assignee" not in values and "team" in values and catalogue.has(f"{key}_team"):
        key = f"{key}_team"
    elif happening is Happening.CLOSED and entry.author:
        key = f"{key}_by"
    elif "reason" in values and catalogue.has(f"{key}_because"):
        key = f"{key}_because"
        for group in ("reason", "close_reason", "activity"):
            if catalogue.has(f"{group}.{values['reason']}"):
                values["reason"] = catalogue.t(f"{group}.{values['reason']}")
    values.setdefault("assignee", entry.author or "?")
    values.setdefault("team", "?")
    values.setdefault("from", "?")
    return catalogue.t(key, **values)


def _heading(who: Span, entry: Entry, room: int, context: EntryContext, right: Line = ()) -> Line:
    """Return name, time and, at the right edge of the readable width, the state."""
    mark = context.symbols.ellipsis
    at: Span = (f"  {times.clock_time(entry.at, context.zone)}", Role.TIME)
    limit = min(room, READABLE)
    taken = cells.width(at[0]) + sum(cells.width(text) for text, _ in right) + (1 if right else 0)
    name = cells.fit(who[0], max(4, limit - taken), mark)
    left: Line = ((name, who[1]), at)
    return columns(left, right, limit, mark) if right else cut(left, limit, mark)


def _author(entry: Entry, context: EntryContext) -> str:
    if entry.author is None:
        return context.catalogue.t("timeline.system")
    if entry.author == context.me:
        return context.catalogue.t("timeline.you")
    return cells.calm(entry.author, context.emoji)


def _content(entry: Entry, room: int, context: EntryContext, role: Role) -> list[Line]:
    width = min(room, READABLE)
    if entry.unsent_at is not None:
        text = f"{context.symbols.unsent} {context.catalogue.t('timeline.unsent')}"
        return [((part, Role.MUTED),) for part in cells.wrap(text, width)]
    content = entry.content
    if content is None:
        return []
    if content.kind is ContentKind.TEXT:
        text = _tame(content.text, context).strip("\n")
        if not text.strip():
            return [((context.catalogue.t("content.empty"), Role.MUTED),)]
        return [((part, role),) for part in cells.wrap(text, width)]
    return _described(content, width, context)


def _described(content: Content, width: int, context: EntryContext) -> list[Line]:
    """Return what is not text as glyph, word and description, and its link on a line below."""
    symbols, t = context.symbols, context.catalogue.t
    glyph = {
        ContentKind.IMAGE: symbols.image,
        ContentKind.STICKER: symbols.sticker,
        ContentKind.LOCATION: symbols.location,
        ContentKind.UNSUPPORTED: symbols.unsupported,
    }.get(content.kind, symbols.file)
    details = [content.file_name, content.title, content.sticker, content.address]
    if content.latitude is not None and content.longitude is not None:
        details.append(f"{content.latitude:.5f}, {content.longitude:.5f}")
    if content.kind is ContentKind.UNSUPPORTED:
        details.append(content.platform_kind)
    details.append(content.text)
    if content.size is not None:
        details.append(size_text(content.size))
    told: list[str] = []
    for detail in details:
        line = cells.calm(detail, context.emoji) if detail else ""
        if line and line not in told:
            told.append(line)
    word = t(f"content.{content.kind}")
    text = f"{glyph} {word}" + (f": {f' {symbols.dot} '.join(told)}" if told else "")
    lines: list[Line] = [((part, Role.MUTED),) for part in cells.wrap(text, width)]
    link = safe_link(content.url)
    if link is not None:
        shown = cells.fit(link, max(1, width - 2), symbols.ellipsis)
        lines.append((("  ", Role.TEXT), (shown, Role.LINK)))
    return lines


def size_text(size: int) -> str:
    """Return a number of bytes as people say it."""
    amount = float(size)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1000 or unit == "GB":
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1000
    raise AssertionError("unreachable")


def _delivery(entry: Entry, context: EntryContext) -> Line:
    t, symbols = context.catalogue.t, context.symbols
    if entry.client_key is not None and entry.client_key in context.held:
        return ((f"{symbols.queued} {t('delivery.held')}", Role.DUE_SOON),)
    delivery: Delivery | None = entry.delivery
    if delivery is None:
        return ()
    glyph: str = getattr(symbols, delivery.state)
    if delivery.state is DeliveryState.DELIVERED:
        glyph += symbols.delivered
    role = {
        DeliveryState.SENT: Role.GOOD,
        DeliveryState.DELIVERED: Role.GOOD,
        DeliveryState.READ: Role.GOOD,
        DeliveryState.FAILED: Role.BAD,
        DeliveryState.UNCERTAIN: Role.DUE_SOON,
    }.get(delivery.state, Role.PENDING)
    return ((f"{glyph} {t(f'delivery.{delivery.state}')}", role),)


def _tame(text: str, context: EntryContext) -> str:
    return cells.tame(safe_text(text), context.emoji)

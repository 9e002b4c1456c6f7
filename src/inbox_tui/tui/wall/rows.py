"""Queues, agents and sessions as rows of the wall, and the headings above their columns.

A wait is told in one unit, rounded down, so that a row changes once a minute at the most. What is
left out where there is little room stands elsewhere: a queue's method above its sessions.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from inbox_tui.locale import Catalogue, times
from inbox_tui.state import wall as knows
from inbox_tui.tui.desk import Desk
from inbox_tui.tui.render import cells
from inbox_tui.tui.render.lines import Line, Span
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.wall.charts import spark
from inbox_tui.tui.wall.table import Column, lay, wide
from inbox_tui.wire.models import Agent
from inbox_tui.wire.wall import Wall, WallAgent, WallQueue, WallSession
from inbox_tui.wire.words import Due, Presence, Priority

BUCKETS = 12
COUNT = 4
"""Cells of a count beside a chart."""
ROOMY, WIDE = 70, 92
"""Cells of a pane from which on rows have more columns."""


def wait_cells(catalogue: Catalogue) -> int:
    """Return the cells of the longest wait there is in a language."""
    t = catalogue.t
    return wide(
        t("time.now"),
        t("time.minutes", count=59),
        t("time.hours", count=23),
        t("time.days", count=30),
    )


def waits(since: datetime | None, desk: Desk) -> str:
    """Return how long somebody waits, nothing when nobody does."""
    return "" if since is None else times.ago(since, desk.now, desk.catalogue)


def expected(seconds: float | None, desk: Desk) -> str:
    """Return an estimated wait: soon, about so long, or nothing without a basis (M9)."""
    if seconds is None:
        return ""
    if seconds < times.MINUTE:
        return desk.t("wall.soon")
    return desk.t("wall.about", span=times.span(seconds, desk.catalogue))


def expected_cells(catalogue: Catalogue) -> int:
    """Return the cells of the longest estimate."""
    t = catalogue.t
    minutes = t("wall.about", span=t("time.minutes", count=59))
    return wide(t("wall.soon"), minutes)


def pool_name(queue: WallQueue, desk: Desk) -> str:
    """Return what a queue is called."""
    return cells.calm(queue.name) or desk.t("wall.pool")


# Queues


def queue_columns(width: int, desk: Desk) -> list[Column]:
    """Return the columns of queues for a pane of this width."""
    t = desk.t
    wait = wait_cells(desk.catalogue)
    chart = max(BUCKETS + (COUNT if width >= ROOMY else 0), wide(t("wall.column.arrivals")))
    found = [
        Column("queue", 0),
        Column("length", wide(t("wall.column.length"), "000"), right=True),
        Column("longest", max(wait, wide(t("wall.column.longest"))), right=True),
        Column(
            "next", max(expected_cells(desk.catalogue), wide(t("wall.column.next"))), right=True
        ),
        Column("arrivals", chart),
    ]
    if width >= ROOMY:
        found.append(Column("services", chart))
    if width >= WIDE:
        found.insert(1, Column("method", wide(*(t(f"method.{each}") for each in _METHODS))))
        found.insert(5, Column("free", wide(t("wall.column.free"), "00/00"), right=True))
    return found


_METHODS = ("round_robin", "least_open", "least_loaded", "self_claim", "manual")


def queue_row(queue: WallQueue, width: int, desk: Desk, tops: tuple[int, int]) -> Line:
    """Return a queue; ``tops`` are the tallest arrivals and services of any queue."""
    t = desk.t
    count = Role.STRONG if queue.length else Role.MUTED
    values: dict[str, Line] = {
        "queue": ((pool_name(queue, desk), Role.NAME),),
        "method": ((t(f"method.{queue.method.value}"), Role.MUTED),),
        "length": ((str(queue.length), count),),
        "longest": ((waits(queue.longest_since, desk), Role.UNANSWERED),),
        "next": ((expected(queue.estimated_wait, desk), Role.MUTED),),
        "free": ((f"{queue.free}/{queue.slots}", Role.MUTED),),
        **_charts(queue.arrivals, queue.services, width, desk, tops),
    }
    return lay(queue_columns(width, desk), values, width, desk.symbols.ellipsis)


def all_row(wall: Wall, width: int, desk: Desk) -> Line:
    """Return all queues together."""
    count = knows.in_line(wall)
    values: dict[str, Line] = {
        "queue": ((desk.t("wall.all"), Role.STRONG),),
        "length": ((str(count), Role.STRONG if count else Role.MUTED),),
        "longest": ((waits(knows.longest_since(wall), desk), Role.UNANSWERED),),
        **_charts(wall.arrivals, wall.services, width, desk, (0, 0)),
    }
    return lay(queue_columns(width, desk), values, width, desk.symbols.ellipsis)


def _charts(
    arrivals: Sequence[int],
    services: Sequence[int],
    width: int,
    desk: Desk,
    tops: tuple[int, int],
) -> Mapping[str, Line]:
    both = {"arrivals": (arrivals, tops[0]), "services": (services, tops[1])}
    found: dict[str, Line] = {}
    for name, (values, top) in both.items():
        chart: Span = (spark(values, top, desk.symbols), Role.ME if any(values) else Role.RULE)
        count: Span = (cells.pad_left(str(sum(values)), COUNT), Role.TEXT)
        found[name] = (chart, count) if width >= ROOMY else (chart,)
    return found


# Agents

_PRESENCE = {
    Presence.PRESENT: Role.GOOD,
    Presence.GRACE: Role.DUE_SOON,
    Presence.ABSENT: Role.MUTED,
}


def agent_columns(width: int, desk: Desk) -> list[Column]:
    """Return the columns of agents for a pane of this width."""
    t = desk.t
    here = wide(*(t(f"presence.{each}") for each in Presence))
    load = wide(t("wall.column.load"), f"00/00 {t('wall.full')}", f"00/00 {t('wall.over')}")
    wait = wait_cells(desk.catalogue)
    if width < ROOMY:
        waits = max(wait, wide(t("wall.column.waits")))
        return [
            Column("agent", 14),
            Column("state", 0),
            Column("load", load),
            Column("waits", waits, right=True),
        ]
    return [
        Column("agent", 12 if width < WIDE else 18),
        Column("here", here),
        Column("switch", 0),
        Column("load", load),
        Column("unanswered", wait + 2 + (14 if width < WIDE else 20)),
    ]


def agent_row(told: WallAgent, width: int, desk: Desk) -> Line:
    """Return an agent: presence, switch and who turned it, load, longest unanswered."""
    agent, symbols = told.agent, desk.symbols
    glyph = {
        Presence.PRESENT: symbols.present,
        Presence.GRACE: symbols.grace,
        Presence.ABSENT: symbols.absent,
    }[agent.presence]
    here = desk.t(f"presence.{agent.presence.value}")
    role = _PRESENCE[agent.presence]
    switch = switch_text(agent, desk)
    off = Role.GOOD if agent.accepting else Role.DUE_SOON
    says_here = agent.accepting or agent.presence is not Presence.PRESENT
    since = told.longest.waiting_since if told.longest else None
    wait = cells.pad_left(waits(since, desk), wait_cells(desk.catalogue))
    waiting: Span = (wait, _due_role(told.longest, desk))
    values: dict[str, Line] = {
        "agent": ((f"{glyph} ", role), (cells.calm(agent.nickname), Role.NAME)),
        "here": ((here, role),),
        "switch": ((switch, off if agent.presence is not Presence.ABSENT else Role.MUTED),),
        "state": ((here, role),) if says_here else ((switch, off),),
        "load": load_of(agent, desk),
        "waits": (waiting,),
        "unanswered": (waiting, (f"  {name_of(told.longest)}" if told.longest else "", Role.MUTED)),
    }
    return lay(agent_columns(width, desk), values, width, symbols.ellipsis)


def switch_text(agent: Agent, desk: Desk) -> str:
    """Return the accept switch: on, or off with the reason, who turned it, and when back."""
    t = desk.t
    if agent.accepting:
        return t("wall.on")
    by = agent.accepting_by if agent.accepting_by != agent.nickname else None
    told = {"reason": reason_text(agent.accepting_reason, desk), "by": cells.calm(by or "")}
    key = "wall.off" + ("_by" if by else "") + ("_because" if agent.accepting_reason else "")
    text = t(key, **told)
    if agent.back_at is None:
        return text
    back = times.moment(agent.back_at, desk.now, desk.zone, desk.catalogue)
    return f"{text} {desk.symbols.dot} {t('wall.back', at=back)}"


def reason_text(reason: str | None, desk: Desk) -> str:
    """Return a reason in the reader's language where it is one of the usual ones."""
    key = f"away.{reason}"
    return desk.t(key) if reason and desk.catalogue.has(key) else cells.calm(reason or "")


def load_of(agent: Agent, desk: Desk) -> Line:
    """Return open sessions against the limit; full and over are said in words."""
    told = desk.t("wall.load", open=agent.open_count, limit=agent.limit)
    if agent.open_count < agent.limit:
        return ((told, Role.TEXT),)
    over = agent.open_count > agent.limit
    word = desk.t("wall.over" if over else "wall.full")
    return ((told, Role.TEXT), (f" {word}", Role.BAD if over else Role.REASON))


# Sessions


def session_columns(width: int, desk: Desk, *, of_line: bool) -> list[Column]:
    """Return the columns of sessions for a pane of this width; ``of_line``: of one queue."""
    t = desk.t
    state = wide(*(t(f"state.{each}") for each in ("overdue", "due_soon", "unanswered"))) + 2
    found = [
        Column("customer", 0),
        Column("state", state),
        Column("wait", wait_cells(desk.catalogue), right=True),
        Column("who", 16 if width < WIDE else 20),
    ]
    if width >= ROOMY:
        found.insert(1, Column("channel", 10 if width < WIDE else 16))
        found.insert(2, Column("priority", wide(*(t(f"priority.{each}") for each in Priority))))
    if of_line:
        found.insert(0, Column("position", 2, right=True))
        found.insert(-1, Column("next", expected_cells(desk.catalogue), right=True))
    elif width >= WIDE:
        found.insert(1, Column("team", 12))
    return found


def session_row(session: WallSession, width: int, desk: Desk, *, of_line: bool) -> Line:
    """Return a session: place in line, customer, state, waits, estimate, who or why nobody."""
    position = "" if session.position is None else str(session.position)
    glyph, word, role = _state(session, desk)
    urgent = session.priority in (Priority.URGENT, Priority.HIGH)
    priority = "" if session.priority is Priority.NORMAL else desk.t(f"priority.{session.priority}")
    sign = {Priority.URGENT: desk.symbols.urgent, Priority.HIGH: desk.symbols.high}
    before = f"{sign[session.priority]} " if urgent and width < ROOMY else ""
    values: dict[str, Line] = {
        "position": ((position, Role.MUTED),),
        "customer": ((before, Role.REASON), (name_of(session), Role.NAME)),
        "team": ((cells.calm(session.team or desk.t("wall.pool")), Role.MUTED),),
        "channel": ((cells.calm(session.channel), Role.CHANNEL),),
        "priority": ((priority, Role.REASON if urgent else Role.MUTED),),
        "state": ((f"{glyph} {word}", role),),
        "wait": ((waits(session.waiting_since, desk), role),),
        "next": ((expected(session.estimated_wait, desk), Role.MUTED),),
        "who": (_who(session, desk),),
    }
    columns = session_columns(width, desk, of_line=of_line)
    return lay(columns, values, width, desk.symbols.ellipsis, gap=1 if width < WIDE else 2)


def name_of(session: WallSession) -> str:
    """Return what a session's customer is called."""
    contact = session.contact
    return cells.calm(contact.nickname or contact.name or f"#{contact.id}")


def _state(session: WallSession, desk: Desk) -> tuple[str, str, Role]:
    symbols, t = desk.symbols, desk.t
    if session.waiting_since is None:
        return symbols.answered, t("state.answered"), Role.ANSWERED
    match knows.due_of(session, desk.now, desk.store.due_soon):
        case Due.OVERDUE:
            return symbols.overdue, t("state.overdue"), Role.OVERDUE
        case Due.DUE_SOON:
            return symbols.due_soon, t("state.due_soon"), Role.DUE_SOON
    return symbols.unanswered, t("state.unanswered"), Role.UNANSWERED


def _due_role(session: WallSession | None, desk: Desk) -> Role:
    return Role.TIME if session is None else _state(session, desk)[2]


def _who(session: WallSession, desk: Desk) -> Span:
    if session.assignee is not None:
        mine = session.assignee == desk.store.nickname
        name = desk.t("list.you") if mine else cells.calm(session.assignee)
        return name, Role.ME if mine else Role.AGENT
    if session.unassigned_reason is None:
        return desk.t("wall.free_session"), Role.REASON
    return desk.t(f"reason.{session.unassigned_reason.value}"), Role.REASON


# Headings


def heading(columns: Sequence[Column], width: int, desk: Desk) -> Line:
    """Return the names of columns, aligned with what stands below them; the first is the pane's."""
    values: dict[str, Line] = {}
    for column in columns:
        role = Role.MUTED if values else Role.STRONG
        values[column.name] = ((desk.t(f"wall.column.{column.name}"), role),)
    return lay(columns, values, width, desk.symbols.ellipsis)

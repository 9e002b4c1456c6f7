"""What each pane of the wall shows: rows, heading and the word for nothing. Read off the state."""

from collections.abc import Callable, Sequence
from functools import partial

from inbox_tui.locale import times
from inbox_tui.state import wall as knows
from inbox_tui.state.changes import Link
from inbox_tui.state.wall import Pick, PickKind
from inbox_tui.tui.desk import Desk
from inbox_tui.tui.render import cells
from inbox_tui.tui.render.lines import Line, Span, columns
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.wall import rows
from inbox_tui.tui.wall.charts import bars
from inbox_tui.tui.wall.panes import Row
from inbox_tui.wire.models import Session
from inbox_tui.wire.wall import Wall, WallQueue, WallSession
from inbox_tui.wire.words import Presence

Sight = tuple[list[Row], Callable[[int], Line], str]
"""Rows, the heading for a width, and what is said when there are none."""

ALL, _LINE = "all", "line "
CHART_LINES = 10
"""Lines of the charts."""


def numbers(wall: Wall | None, desk: Desk, width: int) -> Line:
    """Return the line of numbers above everything, and how old they are when not live."""
    if wall is None:
        return ()
    t, symbols = desk.t, desk.symbols
    gap: Span = ("   ", Role.TEXT)
    line: list[Span] = [(t("wall.in_line", count=knows.in_line(wall)), Role.STRONG)]
    late, soon = wall.overdue, wall.due_soon
    overdue = f"{symbols.overdue} {t('wall.overdue', count=late)}"
    line += [gap, (overdue, Role.OVERDUE if late else Role.MUTED)]
    due_soon = f"{symbols.due_soon} {t('wall.due_soon', count=soon)}"
    line += [gap, (due_soon, Role.DUE_SOON if soon else Role.MUTED)]
    here = sum(each.agent.presence is Presence.PRESENT for each in wall.agents)
    right: Line = ((t("wall.here", count=here, all=len(wall.agents)), Role.MUTED),)
    if desk.store.link is not Link.LIVE:
        at = times.clock_time(wall.at, desk.zone)
        right = ((t("wall.as_of", at=at), Role.DUE_SOON),)
    return columns(tuple(line), right, width, symbols.ellipsis)


def queues(wall: Wall, desk: Desk) -> Sight:
    """Return all queues together, then each."""
    tops = (
        max((max(each.arrivals, default=0) for each in wall.queues), default=0),
        max((max(each.services, default=0) for each in wall.queues), default=0),
    )
    found: list[Row] = [(ALL, partial(rows.all_row, wall, desk=desk))]
    for queue in wall.queues:
        found.append((f"{_LINE}{queue.line}", partial(rows.queue_row, queue, desk=desk, tops=tops)))

    def heading(width: int) -> Line:
        return rows.heading(rows.queue_columns(width, desk), width, desk)

    return found, heading, ""


def pick_of_queue(key: str | None) -> Pick:
    """Return whose sessions belong to a row of the queues: of all together, all that wait."""
    if key is None or key == ALL:
        return Pick()
    return Pick(PickKind.QUEUE, key.removeprefix(_LINE))


def agents(wall: Wall, desk: Desk) -> Sight:
    """Return every agent: who is here first."""
    order = {Presence.PRESENT: 0, Presence.GRACE: 0, Presence.ABSENT: 1}
    people = sorted(wall.agents, key=lambda each: (order[each.agent.presence], each.agent.nickname))
    found: list[Row] = [
        (each.agent.nickname, partial(rows.agent_row, each, desk=desk)) for each in people
    ]

    def heading(width: int) -> Line:
        return rows.heading(rows.agent_columns(width, desk), width, desk)

    return found, heading, desk.t("list.empty")


def sessions(wall: Wall, pick: Pick, desk: Desk) -> Sight:
    """Return the sessions of what is picked."""
    shown, of_line = knows.sessions_of(wall, pick), pick.kind is PickKind.QUEUE
    found: list[Row] = [
        (str(each.id), partial(rows.session_row, each, desk=desk, of_line=of_line))
        for each in shown
    ]
    count = knows.count_of(wall, pick)

    def heading(width: int) -> Line:
        right: Line = ()
        if count > len(shown) and shown:
            told = desk.t("wall.more", shown=len(shown), count=count)
            right = ((told, Role.MUTED),)
        return columns(_about(wall, pick, desk), right, width, desk.symbols.ellipsis)

    return found, heading, _nothing(wall, pick, desk)


def _about(wall: Wall, pick: Pick, desk: Desk) -> Line:
    """Say what the sessions are of, with what its row has no room for."""
    t = desk.t
    match pick.kind:
        case PickKind.ALL:
            title, told = t("wall.waiting"), [t("wall.waiting_order")]
        case PickKind.QUEUE:
            queue = knows.queue_of(wall, pick.name)
            if queue is None:
                return ()
            title, told = rows.pool_name(queue, desk), _of_queue(queue, desk)
        case PickKind.AGENT:
            found = knows.agent_of(wall, pick.name)
            if found is None:
                return ()
            agent = found.agent
            title = cells.calm(agent.name)
            told = [cells.calm(slug) for slug in agent.teams]
    dot = f" {desk.symbols.dot} "
    return ((title, Role.STRONG), (f"  {dot.join(told)}", Role.MUTED))


def _of_queue(queue: WallQueue, desk: Desk) -> list[str]:
    t = desk.t
    told = [t(f"method.{queue.method.value}"), t("wall.free", free=queue.free, slots=queue.slots)]
    if queue.service_time is not None:
        span = times.span_long(queue.service_time, desk.catalogue)
        told.append(t("wall.service", span=span))
    if queue.aside:
        told.append(t("wall.aside", count=queue.aside))
    return told


def _nothing(wall: Wall, pick: Pick, desk: Desk) -> str:
    match pick.kind:
        case PickKind.ALL:
            return desk.t("wall.nobody_waits")
        case PickKind.QUEUE:
            return desk.t("wall.nobody_waits")
        case PickKind.AGENT:
            found = knows.agent_of(wall, pick.name)
            if found is not None and found.agent.open_count and not found.sessions:
                return desk.t("list.loading")
            name = "" if found is None else found.agent.name
            return desk.t("wall.serves_nobody", name=name)


def rates(wall: Wall, desk: Desk, width: int, height: int) -> Sequence[Line]:
    """Return arrivals and services of the last hour as two charts of one scale, side by side."""
    if height < 3:
        return ()
    half, top = (width - len(_BETWEEN)) // 2, max((*wall.arrivals, *wall.services), default=0)
    left = _chart("wall.arrived_hour", wall.arrivals, Role.ME, wall, desk, (half, height, top))
    right = _chart("wall.served_hour", wall.services, Role.GOOD, wall, desk, (half, height, top))
    blank: Line = ((_BETWEEN, Role.TEXT),)
    return [(*one, *blank, *other) for one, other in zip(left, right, strict=True)]


def _chart(
    key: str,
    values: Sequence[int],
    role: Role,
    wall: Wall,
    desk: Desk,
    room: tuple[int, int, int],
) -> list[Line]:
    """Return a title, bars and the times below them; ``room``: width, height, tallest value."""
    (width, height, top), t = room, desk.t
    title = desk.t(key, count=sum(values))
    used = width // max(1, len(values)) * len(values)
    begin, end = (times.clock_time(at, desk.zone) for at in (wall.since, wall.at))
    told = t("wall.per_bar", minutes=round(wall.bucket / 60))
    free = used - cells.width(begin) - cells.width(end)
    middle = told.center(free) if cells.width(told) + 4 <= free else " " * max(1, free)
    axis: Line = ((begin + cells.fit(middle, free) + end, Role.MUTED),)
    lines = [
        ((title, Role.STRONG),),
        *bars(values, width, height - 2, desk.symbols, top=top, role=role),
        axis,
    ]
    return [columns(line, (), width, desk.symbols.ellipsis) for line in lines]


_BETWEEN = "    "


def heights(queues: int, agents: int, room: int, *, beside: bool, charts: bool) -> tuple[int, int]:
    """Return the lines of queues and of agents, their headings with them.

    ``room`` is what there is for both, and, where they do not stand beside them, the sessions.
    """
    if beside:
        left = room - (CHART_LINES if charts else 0)
        top = min(queues + 1, max(4, left // 2))
        return top, left - top
    least = max(4, room // 3)
    top = min(queues + 1, max(3, (room - least) // 2))
    return top, min(agents + 1, max(3, room - least - top))


def as_on_wall(session: Session | None) -> WallSession | None:
    """Return a session as the wall tells of one."""
    if session is None:
        return None
    return WallSession(
        id=session.id,
        contact=session.contact,
        channel=session.channel,
        team=session.team,
        assignee=session.assignee,
        priority=session.priority,
        waiting_since=session.waiting_since,
        unassigned_reason=session.unassigned_reason,
        due=session.due,
        due_at=session.due_at,
    )

"""Deeds in the lists: which one, in which order, narrowed to what (L1, L2, L4, L5, L7)."""

from dataclasses import replace
from typing import TYPE_CHECKING

from inbox_tui.errors import InboxError
from inbox_tui.state.lists import Filters
from inbox_tui.state.selectors import next_work
from inbox_tui.tui.actions.do_chat import show_session
from inbox_tui.wire.words import ListName, Sort, StateFilter

if TYPE_CHECKING:
    from inbox_tui.tui.screens.inbox import InboxScreen

_LISTS = tuple(ListName)
_STATES = (
    None,
    StateFilter.OVERDUE,
    StateFilter.DUE_SOON,
    StateFilter.UNANSWERED,
    StateFilter.UNREAD,
)


async def use_list(screen: "InboxScreen", name: ListName) -> None:
    """Show a list in the order it was last seen in."""
    desk = screen.desk
    desk.list_name = name
    screen.list_pane.show_list()
    if screen.panes == 1:
        screen.go("list")
    await desk.live.show_list(name, desk.preferences.sort_of(name), desk.filters_now)


async def next_list(screen: "InboxScreen", by: int = 1) -> None:
    """Show the list beside this one."""
    at = _LISTS.index(screen.desk.list_name)
    await use_list(screen, _LISTS[(at + by) % len(_LISTS)])


async def toggle_sort(screen: "InboxScreen") -> None:
    """Order this list the other way, and remember it for this list."""
    desk = screen.desk
    sort = desk.preferences.sort_of(desk.list_name)
    other = Sort.RECENT if sort is Sort.WAIT else Sort.WAIT
    desk.preferences.sorts[desk.list_name] = other
    desk.save_preferences()
    screen.say(desk.t(f"sort.{other.value}"))
    await desk.live.show_list(desk.list_name, other, desk.filters_now)


async def use_filters(screen: "InboxScreen", filters: Filters) -> None:
    """Narrow this list."""
    desk = screen.desk
    desk.filters[desk.list_name] = filters
    screen.list_pane.show_filters()
    sort = desk.preferences.sort_of(desk.list_name)
    await desk.live.show_list(desk.list_name, sort, filters)


def search(screen: "InboxScreen") -> None:
    """Begin to type in the filter line, at once, since letters follow fast."""
    if screen.panes == 1:
        screen.go("list")
    screen.list_pane.edit_filters()


async def next_state(screen: "InboxScreen") -> None:
    """Narrow to the next state, after the last to none."""
    filters = screen.desk.filters_now
    at = _STATES.index(filters.state) if filters.state in _STATES else 0
    state = _STATES[(at + 1) % len(_STATES)]
    await use_filters(screen, replace(filters, state=state))


async def next_channel(screen: "InboxScreen") -> None:
    """Narrow to the next channel, after the last to none."""
    filters = screen.desk.filters_now
    slugs = ["", *sorted(screen.desk.store.people.channels)]
    at = slugs.index(filters.channel) if filters.channel in slugs else 0
    await use_filters(screen, replace(filters, channel=slugs[(at + 1) % len(slugs)]))


async def clear_filters(screen: "InboxScreen") -> None:
    """Show the whole list again."""
    await use_filters(screen, Filters())


async def load_below(screen: "InboxScreen") -> None:
    """Load the next page of this list, if there is one."""
    try:
        await screen.desk.live.load_more(screen.desk.list_name)
    except InboxError:
        screen.list_pane.rows.ask_again()
        raise


async def go_to_next_work(screen: "InboxScreen") -> None:
    """Open what needs me most, and say why."""
    desk = screen.desk
    store = desk.store
    here = desk.open_id if screen.has_class("-at-chat") or screen.panes > 1 else None
    found = next_work(store.sessions(), store.nickname, desk.now, store.due_soon, after=here)
    if found is None:
        screen.say(desk.t("next.none"))
        return
    session, need = found
    name = session.contact.nickname or session.contact.name
    screen.list_pane.rows.select(session.id)
    await show_session(screen, session.id)
    screen.say(desk.t(f"next.{need.value}", name=name))

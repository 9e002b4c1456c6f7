"""Which deed belongs to which action, for each screen."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, Final

from inbox_tui.tui.actions import do_chat, do_lists, do_session, do_view
from inbox_tui.wire.words import ListName

Handlers = Mapping[str, Callable[[Any], Awaitable[None] | None]]
"""What is done, by the id of the action; each is handed its screen.

One that is done at once returns None; one that asks the backend or a person returns what to wait
for.
"""

_EVERYWHERE: Final[Handlers] = {
    "view.theme": do_view.next_theme,
    "app.help": do_view.show_help,
    "app.palette": do_view.show_palette,
    "app.quit": do_view.leave,
}

INBOX: Final[Handlers] = {
    **_EVERYWHERE,
    **{f"list.{name.value}": partial(do_lists.use_list, name=name) for name in ListName},
    "list.next_list": do_lists.next_list,
    "list.previous_list": partial(do_lists.next_list, by=-1),
    "list.sort": do_lists.toggle_sort,
    "list.search": do_lists.search,
    "list.state": do_lists.next_state,
    "list.channel": do_lists.next_channel,
    "list.clear": do_lists.clear_filters,
    "work.next": do_lists.go_to_next_work,
    "work.accept": do_view.switch_accept,
    "chat.reply": do_chat.write_reply,
    "chat.note": do_chat.write_note,
    "chat.retry": do_chat.try_again,
    "chat.give_up": do_chat.give_up,
    "session.claim": do_session.claim,
    "session.transfer": do_session.transfer,
    "session.transfer_all": do_session.transfer_all,
    "session.end": do_session.end,
    "session.star": do_session.star,
    "session.priority": do_session.next_priority,
    "session.category": do_session.next_category,
    "session.explain": do_session.explain,
    "session.case": do_session.edit_case,
    "view.profile": do_view.toggle_side,
    "view.cases": do_view.show_cases,
    "view.people": do_view.show_people,
    "view.contacts": do_view.show_contacts,
    "view.code": do_view.show_code,
    "view.rules": do_view.show_rules,
    "view.automatic": do_view.show_automatic,
    "view.wall": do_view.show_wall,
    "view.back": do_view.go_back,
}
"""Deeds of the main screen."""

ELSEWHERE: Final[Handlers] = {**_EVERYWHERE, "view.back": do_view.leave_room}
"""Deeds that every other screen has."""

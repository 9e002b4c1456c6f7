"""What the header shows, read off the state."""

from inbox_tui.state.changes import Link
from inbox_tui.tui.desk import Desk
from inbox_tui.tui.trouble import sentence
from inbox_tui.tui.widgets.header import HeaderFacts
from inbox_tui.tui.widgets.header import Link as Sign

_SIGNS = {
    Link.CONNECTING: Sign.CONNECTING,
    Link.LIVE: Sign.LIVE,
    Link.LOST: Sign.OFFLINE,
    Link.REFUSED: Sign.REFUSED,
}


def header_facts(desk: Desk) -> HeaderFacts:
    """Return who I am, whether I get chats, how many I have, and how the line stands."""
    me, link = desk.store.me, _SIGNS[desk.store.link]
    why = desk.store.link_trouble
    trouble = sentence(why, desk.catalogue) if why is not None else ""
    if me is None:
        return HeaderFacts(link=link, trouble=trouble, held=desk.sending.count)
    return HeaderFacts(
        workspace=me.workspace,
        nickname=me.agent.nickname,
        accepting=me.agent.accepting if me.switch_shown else None,
        switched_by=me.agent.accepting_by,
        reason=me.agent.accepting_reason,
        open_count=me.agent.open_count,
        limit=me.agent.limit if me.switch_shown else 0,
        link=link,
        trouble=trouble,
        held=desk.sending.count,
    )

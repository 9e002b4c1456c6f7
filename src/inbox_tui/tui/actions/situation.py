"""What can be done now, and why not: judged from what this terminal knows."""

from typing import TYPE_CHECKING

from inbox_tui.records import dataclass
from inbox_tui.state.changes import Link
from inbox_tui.tui.actions.registry import Action, Needs
from inbox_tui.wire.models import Agent, Entry, Me, Session
from inbox_tui.wire.words import DeliveryState, EntryKind, Role, SessionState

if TYPE_CHECKING:
    from inbox_tui.wire.wall import WallSession


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Where a person stands: the session an action would act on, and the rest that decides.

    ``lost`` tells in words what became of a session they stood on and that left by itself. On the
    wall it is the session that was picked there, and the colleague.
    """

    link: Link
    me: Me | None = None
    session: Session | None = None
    lost: str = ""
    entry: Entry | None = None
    held: bool = False
    filtered: bool = False
    picked: "WallSession | None" = None
    colleague: Agent | None = None


def why_not(action: Action, now: Situation) -> str | None:
    """Return the catalogue's key of the reason why an action is not possible, or None."""
    judge = _why_not_on_wall if action.needs in _OF_SUPERVISORS else _why_not_here
    why = judge(action.needs, now)
    if why is not None or action.offline or action.needs is Needs.NOTHING:
        return why
    return None if now.link is Link.LIVE else "why.offline"


def is_reply_possible(now: Situation) -> str | None:
    """Return why one cannot write to the customer, or None; being offline is no reason (U5)."""
    return _why_not_here(Needs.OPEN_SESSION, now)


def _why_not_here(needs: Needs, now: Situation) -> str | None:
    session = now.session
    match needs:
        case Needs.FILTER:
            return None if now.filtered else "why.no_filter"
        case Needs.HELD:
            return None if now.held else "why.nothing_held"
        case Needs.SWITCH:
            if now.me is None:
                return "why.offline"
            return None if now.me.switch_shown else "why.no_switch"
        case Needs.MINE_OPEN:
            if now.me is None:
                return "why.offline"
            return None if now.me.agent.open_count else "why.none_mine"
        case Needs.NOTHING | Needs.LINE:
            return None
    if session is None:
        return "why.no_session"
    match needs:
        case Needs.OPEN_SESSION | Needs.FREE_SESSION if session.state is SessionState.CLOSED:
            return "why.closed"
        case Needs.FREE_SESSION if session.assignee is not None:
            mine = now.me is not None and session.assignee == now.me.agent.nickname
            return "why.mine_already" if mine else "why.taken"
        case Needs.CASE:
            return None if session.case_code else "why.no_case"
        case Needs.MESSAGE:
            return None if _can_retry(now) else "why.nothing_failed"
    return None


_OF_SUPERVISORS = (Needs.SUPERVISOR, Needs.COLLEAGUE, Needs.PICKED, Needs.PICKED_SERVED)


def _why_not_on_wall(needs: Needs, now: Situation) -> str | None:
    if needs is Needs.SUPERVISOR:
        return None if now.me is not None and looks_after(now.me) else "why.not_supervisor"
    if needs is Needs.COLLEAGUE:
        return None if now.colleague is not None else "why.no_colleague"
    if now.picked is None:
        return "why.no_session"
    if needs is Needs.PICKED_SERVED and now.picked.assignee is None:
        return "why.not_served"
    return None


def looks_after(me: Me) -> bool:
    """Say whether somebody looks after others: supervisors, owners, the only account (W1)."""
    return me.agent.role is not Role.AGENT or not me.switch_shown


def _can_retry(now: Situation) -> bool:
    if now.held:
        return True
    return now.entry is not None and is_unsettled(now.entry)


def is_unsettled(entry: Entry) -> bool:
    """Say whether a reply failed or is uncertain, so that a person may send it again.

    What was sent by itself is nobody's to send again (M10).
    """
    delivery = entry.delivery
    if delivery is None or entry.kind is not EntryKind.REPLY:
        return False
    return delivery.can_retry or delivery.state is DeliveryState.UNCERTAIN

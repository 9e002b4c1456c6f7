"""What the palette finds: every action of this screen, and sessions by the customer's name (U1).

Names come from outside, so they are handed over as :class:`Content`, never as markup.
"""

from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from inbox_tui.client.port import SessionQuery
from inbox_tui.errors import InboxError
from inbox_tui.text import fold
from inbox_tui.tui.actions.registry import BY_ID, actions_of, keys_text
from inbox_tui.tui.render import cells
from inbox_tui.tui.screens.room import RoomScreen
from inbox_tui.wire.models import Session
from inbox_tui.wire.words import ListName

FOUND = 20
"""Sessions shown for one search."""


class ActionsProvider(Provider):
    """Actions by name."""

    async def discover(self) -> Hits:
        """Show every action that is possible now."""
        for name, action_id in self._possible():
            yield DiscoveryHit(Content(name), partial(self._run, action_id), text=name)

    async def search(self, query: str) -> Hits:
        """Show the actions whose name, or else whose explanation, has these letters."""
        wanted = fold(query)
        for name, action_id in self._possible():
            at = fold(name).find(wanted)
            score = 1.0 if at == 0 else 0.8
            if at < 0 and wanted in fold(self._help(action_id)):
                at, score = 0, 0.6
            if at >= 0:
                yield Hit(score, Content(name), partial(self._run, action_id), text=name)

    def _help(self, action_id: str) -> str:
        screen = self.screen
        return screen.desk.t(BY_ID[action_id].help) if isinstance(screen, RoomScreen) else ""

    def _possible(self) -> list[tuple[str, str]]:
        screen = self.screen
        if not isinstance(screen, RoomScreen):
            return []
        desk = screen.desk
        found = []
        for action in actions_of(screen.ROOM):
            if action.id != "app.palette" and screen.why_not(action) is None:
                keys = keys_text(desk.keymap.of(action.id))
                found.append((f"{desk.t(action.label)}  {keys}".rstrip(), action.id))
        return found

    def _run(self, action_id: str) -> None:
        screen = self.screen
        if isinstance(screen, RoomScreen):
            screen.action_act(action_id)


class SessionsProvider(Provider):
    """Sessions by what was said, by name, by case code: the server looks for them."""

    async def search(self, query: str) -> Hits:
        """Show the open sessions that match, the longest wait first."""
        from inbox_tui.tui.screens.inbox import InboxScreen

        screen = self.screen
        if not isinstance(screen, InboxScreen) or len(query.strip()) < 2:
            return
        try:
            page = await screen.desk.live.client.sessions(
                SessionQuery(list=ListName.ALL, q=query.strip(), limit=FOUND)
            )
        except InboxError:
            return  # the header says that the line is down; the palette still has the actions
        for session in page.items:
            name = _title(session)
            yield Hit(0.5, Content(name), partial(self._open, session.id), text=name)

    def _open(self, session_id: int) -> None:
        from inbox_tui.tui.actions.do_chat import show_session
        from inbox_tui.tui.screens.inbox import InboxScreen

        screen = self.screen
        if isinstance(screen, InboxScreen):
            screen.begin(show_session(screen, session_id))


def _title(session: Session) -> str:
    name = session.contact.nickname or session.contact.name
    return cells.calm(f"{name} · {session.channel} · {session.last_line}")[:100]

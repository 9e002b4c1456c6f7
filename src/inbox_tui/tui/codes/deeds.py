"""What is done with a code: made, changed, revoked, copied, kept as a picture (Q9, Q10)."""

import asyncio
from typing import TYPE_CHECKING

from inbox_tui.errors import InboxError
from inbox_tui.tui.actions.do_chat import errors_of
from inbox_tui.tui.codes.words import assignee_name, assignee_text
from inbox_tui.tui.trouble import sentence
from inbox_tui.tui.widgets.flash import Tone
from inbox_tui.wire.codes import PostCode
from inbox_tui.wire.words import CodeState

if TYPE_CHECKING:
    from inbox_tui.tui.codes.dialogs import Keep, Terms
    from inbox_tui.tui.dialogs.base import Errors
    from inbox_tui.tui.screens.code import CodeScreen


async def make(screen: "CodeScreen") -> None:
    """Make a code; in the place of one that is live only after asking, since that one goes."""
    desk, code = screen.desk, screen.code
    if code is None or code.state is not CodeState.LIVE:
        await _make(screen, screen.wanted())
        return
    from inbox_tui.tui.dialogs.confirm import ConfirmDialog

    dialog = ConfirmDialog(
        desk.catalogue,
        desk.t("code.ask_new", code=code.code),
        [desk.t("code.revoke_told")],
        do=desk.t("action.code.new"),
    )
    if await screen.app.push_screen_wait(dialog):
        await desk.live.client.revoke_code(code.code)
        await _make(screen, screen.wanted(tags=list(code.tags)))


async def _make(screen: "CodeScreen", body: PostCode) -> None:
    try:
        made = await screen.desk.live.client.make_code(body)
    except InboxError as error:
        screen.refuse(sentence(error, screen.desk.catalogue))
        raise
    await screen.read()
    screen.say(screen.desk.t("done.code_made", code=made.code), Tone.GOOD)


async def change(screen: "CodeScreen") -> None:
    """Set until when the code binds, and the tags for whoever binds by it (Q9, Q10)."""
    from inbox_tui.tui.codes.dialogs import TermsDialog

    desk, code = screen.desk, screen.code
    if code is None:
        return

    async def submit(terms: "Terms") -> "Errors":
        body = screen.wanted(tags=list(terms.tags), expires_at=terms.expires_at)
        try:
            await desk.live.client.make_code(body)
        except InboxError as error:
            return errors_of(error, desk.catalogue)
        await screen.read()
        screen.say(desk.t("done.code_changed", code=code.code), Tone.GOOD)
        return {}

    dialog = TermsDialog(
        desk.catalogue,
        desk.t("code.terms_of", code=code.code),
        desk.t("code.terms_told"),
        tags=code.tags,
        now=desk.now,
        submit=submit,
    )
    await screen.app.push_screen_wait(dialog)


async def revoke(screen: "CodeScreen") -> None:
    """Revoke the code, after asking: what was printed binds nobody any more (Q9)."""
    from inbox_tui.tui.dialogs.confirm import ConfirmDialog

    desk, code = screen.desk, screen.code
    if code is None:
        return
    dialog = ConfirmDialog(
        desk.catalogue,
        desk.t("code.ask_revoke", code=code.code),
        [desk.t("code.revoke_told")],
        do=desk.t("action.code.revoke"),
    )
    if await screen.app.push_screen_wait(dialog):
        await desk.live.client.revoke_code(code.code)
        await screen.read()
        screen.say(desk.t("done.code_revoked", code=code.code), Tone.GOOD)


def copy(screen: "CodeScreen") -> None:
    """Hand the link to the terminal's clipboard; no terminal says whether it took it."""
    desk, code = screen.desk, screen.code
    if code is None:
        return
    if desk.terminal.copy(code.link):
        screen.say(desk.t("done.copied"), Tone.GOOD)
    else:
        screen.say(desk.t("copy.too_long"), Tone.WARN)


async def save(screen: "CodeScreen") -> None:
    """Keep the code as PNG, SVG or a sheet to print; nothing is written over unasked (Q9)."""
    from inbox_tui.tui.codes.dialogs import SaveDialog
    from inbox_tui.tui.codes.saving import drawn, keep

    desk, code = screen.desk, screen.code
    if code is None:
        return
    me, channel = desk.store.me, screen.channel

    async def submit(wanted: "Keep") -> "Errors":
        try:
            data = drawn(
                wanted.picture,
                code,
                name=assignee_name(screen.assignee, desk)
                or assignee_text(screen.assignee, desk.catalogue),
                channel=channel.name if channel else code.channel,
                language=me.language if me else desk.catalogue.language,
            )
            await asyncio.to_thread(keep, wanted.path, data, over=wanted.over)
        except FileExistsError:
            dialog.is_there(wanted.path)
            return {"path": desk.t("save.there")}
        except OSError as error:
            return {"path": desk.t("save.trouble", why=error.strerror or str(error))}
        except InboxError as error:
            return {"path": sentence(error, desk.catalogue)}
        screen.say(desk.t("done.saved", path=str(wanted.path)), Tone.GOOD)
        return {}

    dialog = SaveDialog(desk.catalogue, code, submit=submit)
    await screen.app.push_screen_wait(dialog)

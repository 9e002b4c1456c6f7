"""Deeds on automatic messages: switch one, write its texts, set how often at most (M4, M8)."""

from typing import TYPE_CHECKING

from inbox_tui.errors import InboxError, NotFound, StaleVersion
from inbox_tui.tui.automatic.texts import Place, Texts, Written
from inbox_tui.tui.trouble import sentence
from inbox_tui.tui.widgets.flash import Tone
from inbox_tui.wire.automatic import (
    AutomaticMessages,
    PatchAutomatic,
    PostPreview,
    Preview,
    PutTemplate,
)
from inbox_tui.wire.words import Automatic, Role

if TYPE_CHECKING:
    from inbox_tui.tui.dialogs.base import Errors
    from inbox_tui.tui.screens.automatic import AutomaticScreen


async def switch(screen: "AutomaticScreen") -> None:
    """Switch the selected kind on or off."""
    desk, message = screen.desk, screen.selected
    if message is None:
        return
    name = desk.t(f"automatic_kind.{message.kind}")
    if message.always:
        screen.say(desk.t("why.always_sent"), Tone.WARN)
        return
    await desk.live.client.patch_automatic(PatchAutomatic(on={message.kind: not message.on}))
    await screen.read()
    key = "done.automatic_off" if message.on else "done.automatic_on"
    screen.say(desk.t(key, name=name), Tone.GOOD)


async def edit(screen: "AutomaticScreen") -> None:
    """Write the texts of the selected kind, or look at them."""
    from inbox_tui.tui.automatic.editor import TextsDialog

    desk, message, messages = screen.desk, screen.selected, screen.messages
    if message is None or messages is None:
        return

    async def ask(body: PostPreview) -> Preview:
        return await desk.live.client.preview_automatic(body)

    async def save(texts: Texts) -> "tuple[Place, Errors] | None":
        return await _save(screen, texts)

    opened = desk.opened
    dialog = TextsDialog(
        desk.catalogue,
        Texts(message),
        language=messages.language,
        channels=sorted(desk.store.people.channels),
        ask=ask,
        save=save if may_change(screen) else None,
        session_id=opened.id if opened is not None else None,
        symbols=desk.symbols,
    )
    await screen.app.push_screen_wait(dialog)


async def set_gap(screen: "AutomaticScreen") -> None:
    """Set how often at most a place in the queue is told anew."""
    from inbox_tui.tui.automatic.gap import GapDialog

    desk, messages = screen.desk, screen.messages
    if messages is None:
        return

    async def submit(seconds: float) -> "Errors":
        try:
            await desk.live.client.patch_automatic(PatchAutomatic(min_gap=seconds))
        except InboxError as error:
            return {"min_gap": sentence(error, desk.catalogue)}
        await screen.read()
        screen.say(desk.t("done.automatic_gap"), Tone.GOOD)
        return {}

    await screen.app.push_screen_wait(GapDialog(desk.catalogue, messages.min_gap, submit=submit))


def may_change(screen: "AutomaticScreen") -> bool:
    """Say whether I may change what customers are told: an owner, or the only account."""
    me = screen.desk.store.me
    return me is not None and (me.agent.role is Role.OWNER or not me.switch_shown)


async def _save(screen: "AutomaticScreen", texts: Texts) -> "tuple[Place, Errors] | None":
    """Save what differs, one text after the other; say where it stopped."""
    desk, kind = screen.desk, texts.message.kind
    changes = texts.changes()
    for change in changes:
        try:
            messages = await _save_one(screen, kind, change)
        except StaleVersion as error:
            texts.versions[change.place] = int(error.data.get("version", change.version))
            told = f"{sentence(error, desk.catalogue)} {desk.t('automatic.once_more')}"
            return change.place, {"text": told}
        except InboxError as error:
            field = "language" if error.data.get("path") == "language" else "text"
            return change.place, {field: sentence(error, desk.catalogue)}
        # Should a later one fail, this one is not written again.
        message = next(each for each in messages.items if each.kind is kind)
        texts.saved(message, change.place)
    await screen.read()
    name = desk.t(f"automatic_kind.{kind}")
    key = "done.automatic_saved" if changes else "done.automatic_same"
    screen.say(desk.t(key, name=name), Tone.GOOD)
    return None


async def _save_one(
    screen: "AutomaticScreen", kind: Automatic, change: Written
) -> AutomaticMessages:
    client, place = screen.desk.live.client, change.place
    channel = place.channel or None
    if change.is_reset:
        try:
            return await client.delete_template(
                kind, language=place.language, channel=channel, version=change.version
            )
        except NotFound:
            return await client.automatic()  # somebody else gave it up already
    body = PutTemplate(
        language=place.language, text=change.text, channel=channel, version=change.version
    )
    return await client.put_template(kind, body)

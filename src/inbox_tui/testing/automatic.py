"""Automatic messages of a world in memory: switched, written, previewed.

The texts are those of a shop that is easy to read; which variables each kind may name is handed in
with them. A text with a variable of its own making is refused as the backend refuses it, and a line
whose variable has nothing to say is left out.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from inbox_tui.errors import Invalid, NotFound, StaleVersion
from inbox_tui.testing.world import World
from inbox_tui.wire.automatic import (
    AutomaticMessage,
    AutomaticMessages,
    PatchAutomatic,
    PostPreview,
    Preview,
    PutTemplate,
    Template,
)
from inbox_tui.wire.models import Content, Delivery, Entry
from inbox_tui.wire.words import (
    Automatic,
    CodeOutcome,
    ContentKind,
    DeliveryState,
    EntryKind,
    EventKind,
)

VARIABLES = ("contact_name", "shop_name", "agent_name", "response_time")
_VARIABLE = re.compile(r"\{([^{}\n]*)\}")
_TEXTS = {
    "en": "Hello {contact_name}!\nThis is {shop_name}.\nAn answer takes {response_time}.",
    "th": "สวัสดีค่ะ คุณ {contact_name}\nร้าน {shop_name} ค่ะ\nรอประมาณ {response_time}",
    "vi": "Chào {contact_name}!\nĐây là {shop_name}.\nTrả lời trong {response_time}.",
}
_ALWAYS = (Automatic.CODE_BOUND, Automatic.CODE_DUPLICATE, Automatic.CODE_FAILED)


def built_in() -> list[AutomaticMessage]:
    """Return every kind as it is at first: nothing on but the replies to codes."""
    return [
        AutomaticMessage(
            kind=kind,
            on=kind in _ALWAYS,
            always=kind in _ALWAYS,
            variables=list(VARIABLES),
            templates=[Template(language=tag, text=text) for tag, text in _TEXTS.items()],
        )
        for kind in Automatic
    ]


class AutomaticCalls:
    """The calls about automatic messages, for a client over a world."""

    world: World
    nickname: str

    def _ask(self, call: str) -> None:
        raise NotImplementedError

    async def automatic(self) -> AutomaticMessages:
        """Return every kind of message."""
        self._ask("automatic")
        return self._all_kinds()

    def _all_kinds(self) -> AutomaticMessages:
        return AutomaticMessages(
            items=list(self._kinds()), min_gap=self.world.min_gap, language=self.world.language
        )

    async def patch_automatic(self, body: PatchAutomatic) -> AutomaticMessages:
        """Switch kinds on and off."""
        self._ask("patch_automatic")
        self._rewrite(replace(each, on=body.on.get(each.kind, each.on)) for each in self._kinds())
        if body.min_gap is not None:
            self.world.min_gap = body.min_gap
        return self._all_kinds()

    async def put_template(self, kind: Automatic, body: PutTemplate) -> AutomaticMessages:
        """Write a text."""
        self._ask("put_template")
        message = self._kind(kind)
        _check(message, body.text)
        own = _own(message, body.language, body.channel)
        version = own.version if own else 0
        _check_version(body.version, version)
        written = Template(
            language=body.language,
            channel=body.channel,
            text=body.text,
            own=True,
            version=version + 1,
        )
        self._replace(message, [each for each in message.templates if each is not own], written)
        return self._all_kinds()

    async def delete_template(
        self,
        kind: Automatic,
        *,
        language: str,
        channel: str | None = None,
        version: int | None = None,
    ) -> AutomaticMessages:
        """Go back to the built-in text."""
        self._ask("delete_template")
        message = self._kind(kind)
        own = _own(message, language, channel)
        if own is None:
            raise NotFound("There is no text of your own for that.")
        _check_version(version, own.version)
        self._replace(message, [each for each in message.templates if each is not own])
        return self._all_kinds()

    async def preview_automatic(self, body: PostPreview) -> Preview:
        """Fill in a text with the data of a session."""
        self._ask("preview_automatic")
        message = self._kind(body.kind)
        text = body.text or ""
        _check(message, text)
        number = body.session_id or max(self.world.sessions, default=0)
        session = self.world.get(number) if number else None
        name = session.contact.nickname or session.contact.name if session else "Somchai"
        values = {"contact_name": name, "shop_name": self.world.name, "agent_name": "Amy Tan"}
        named = list(dict.fromkeys(_VARIABLE.findall(text)))
        lines = [
            _VARIABLE.sub(lambda found: values[found[1]], line)
            for line in text.splitlines()
            if all(each in values for each in _VARIABLE.findall(line))
        ]
        return Preview(
            text="\n".join(lines).strip(),
            session_id=number or None,
            empty=[each for each in named if each not in values],
        )

    def _kinds(self) -> list[AutomaticMessage]:
        if not self.world.automatic:
            self.world.automatic = built_in()
        return self.world.automatic

    def _kind(self, kind: Automatic) -> AutomaticMessage:
        return next(each for each in self._kinds() if each.kind is kind)

    def _replace(self, message: AutomaticMessage, kept: list[Template], *more: Template) -> None:
        changed = replace(message, templates=[*kept, *more])
        self._rewrite(changed if each is message else each for each in self._kinds())

    def _rewrite(self, messages: Iterable[AutomaticMessage]) -> None:
        self.world.automatic = list(messages)
        self.world.tell(EventKind.AUTOMATIC_CHANGED, actor=self.nickname)


def _own(message: AutomaticMessage, language: str, channel: str | None) -> Template | None:
    return next(
        (
            each
            for each in message.templates
            if each.own and (each.language, each.channel) == (language, channel)
        ),
        None,
    )


def _check_version(read: int | None, present: int) -> None:
    if read not in (None, present):
        raise StaleVersion("This text was changed since you read it.", data={"version": present})


def _check(message: AutomaticMessage, text: str) -> None:
    for name in _VARIABLE.findall(text):
        if name not in message.variables:
            raise Invalid(f"There is no variable {{{name}}}.", data={"path": "text"})
    if not text.strip():
        raise Invalid("The text is empty.", data={"path": "text"})


def with_own_texts(world: World) -> World:
    """Have some kinds switched on, and some texts of the greeting written by somebody here."""
    world.automatic = built_in()
    greeting, busy = world.automatic[0], world.automatic[3]
    own = [
        Template(
            language="th",
            text="สวัสดีค่ะ คุณ {contact_name} ยินดีต้อนรับสู่ {shop_name}\nรอไม่เกิน {response_time} ค่ะ",
            own=True,
            version=3,
        ),
        Template(language="en", channel="line-main", text="Hello!", own=True, version=1),
    ]
    world.automatic[0] = replace(greeting, on=True, templates=[*greeting.templates, *own])
    world.automatic[3] = replace(busy, on=True)
    return world


def said_by_itself(world: World, session_id: int, kind: Automatic, text: str) -> Entry:
    """Let an automatic message be sent; it changes nothing about the session (M10)."""
    return _say(
        world,
        session_id,
        kind=EntryKind.AUTOMATIC,
        content=Content(kind=ContentKind.TEXT, text=text),
        delivery=Delivery(state=DeliveryState.SENT),
        data={"automatic": kind.value},
    )


def sent_code(world: World, session_id: int, code: str, outcome: CodeOutcome) -> Entry:
    """Let a customer send a code, which is no question (Q7)."""
    return _say(
        world,
        session_id,
        kind=EntryKind.CODE,
        content=Content(kind=ContentKind.TEXT, text=code),
        data={"outcome": outcome.value},
    )


def _say(world: World, session_id: int, **fields: Any) -> Entry:  # noqa: ANN401 - fields of Entry
    session = world.get(session_id)
    known = world.entries[session.conversation_id]
    entry = Entry(
        id=1_000 * session_id + len(known),
        conversation_id=session.conversation_id,
        session_id=session_id,
        at=world.now,
        **fields,
    )
    known.append(entry)
    is_ours = entry.kind is EntryKind.AUTOMATIC
    kind = EventKind.MESSAGE_QUEUED if is_ours else EventKind.MESSAGE_RECEIVED
    world.tell(kind, session=session, entry=entry)
    return entry

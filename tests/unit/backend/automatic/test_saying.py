"""One message: in which language, from which template, to whom, once (M8, M10)."""

from typing import Any

import pytest
import sqlalchemy as sa

from inbox_tui.backend.automatic import sending, service, templates
from inbox_tui.backend.automatic.runner import Runner
from inbox_tui.backend.automatic.sending import say
from inbox_tui.backend.automatic.texts_en import TEXTS as ENGLISH
from inbox_tui.backend.directory import Directory
from inbox_tui.backend.wall import Watch
from inbox_tui.channels.line import MAX_TEXT
from inbox_tui.store import tables
from inbox_tui.store.work import LoggedEvent, Work
from inbox_tui.wire.automatic import PutTemplate
from inbox_tui.wire.models import Entry
from inbox_tui.wire.words import Automatic, EventKind

OUTBOX = tables.table(tables.Outbox)
SESSIONS = tables.table(tables.Session)


async def greet(
    shop: Any, row: dict[str, Any], cause: str = "greeting:1", *, in_session: bool = True
) -> Entry | None:
    def greeting(work: Work) -> Entry | None:
        session_id = row["id"] if in_session else None
        return say(
            work,
            Automatic.GREETING,
            row["conversation_id"],
            cause,
            session_id=session_id,
            values={},
        )

    found: Entry | None = await shop.write(greeting)
    return found


def text_of(entry: Entry | None) -> str:
    assert entry is not None
    assert entry.content is not None
    return entry.content.text


async def own(shop: Any, language: str, text: str, channel: str | None = None) -> None:
    wanted = PutTemplate(language=language, text=text, channel=channel)
    await shop.write(service.put_template, Automatic.GREETING, wanted, None)


async def test_m10_once_for_a_cause(shop: Any) -> None:
    row = await shop.session()
    assert await greet(shop, row) is not None
    assert await greet(shop, row) is None
    assert await greet(shop, row, "greeting:2") is not None
    queued = await shop.read(lambda connection: connection.execute(sa.select(OUTBOX)).all())
    assert len(queued) == 2


async def test_m8_in_the_language_of_the_session_the_contact_or_the_workspace(shop: Any) -> None:
    row = await shop.session()
    for language, text in (("en", "English"), ("th", "Thai"), ("vi", "Vietnamese")):
        await own(shop, language, text)
    assert text_of(await greet(shop, row, "1")) == "English"
    await shop.write(lambda work: work.plain("UPDATE identities SET language = 'vi-VN'").rowcount)
    assert text_of(await greet(shop, row, "2", in_session=False)) == "Vietnamese"
    await shop.write(lambda work: work.plain("UPDATE sessions SET language = 'th'").rowcount)
    assert text_of(await greet(shop, row, "3")) == "Thai"
    await shop.write(lambda work: work.plain("UPDATE sessions SET language = 'ko'").rowcount)
    await shop.apply('[workspace]\nlanguage = "vi"\n')
    assert text_of(await greet(shop, row, "4")) == "Vietnamese"


async def test_m8_the_text_of_the_channel_before_that_of_all(shop: Any) -> None:
    await own(shop, "en", "for all")
    await own(shop, "en", "for the bot", "bot")
    line, bot = await shop.session(), await shop.session("7", channel="bot")
    assert text_of(await greet(shop, line, "1")) == "for all"
    assert text_of(await greet(shop, bot, "2")) == "for the bot"
    await shop.write(service.remove_template, Automatic.GREETING, "en", "bot", None)
    assert text_of(await greet(shop, bot, "3")) == "for all"
    await shop.write(service.remove_template, Automatic.GREETING, "en", None, None)
    assert text_of(await greet(shop, bot, "4")).startswith("Hello Nok!")


async def test_m8_a_name_that_the_platform_has_not_told_is_not_said(shop: Any) -> None:
    row = await shop.session("U9", None)
    assert text_of(await greet(shop, row)).startswith("Thank you for writing to Baan Shop.")


async def test_m9_of_which_nothing_can_be_said_is_not_sent_now_or_later(shop: Any) -> None:
    await own(shop, "en", "{response_time}")
    row = await shop.session()
    assert await greet(shop, row) is None
    await own(shop, "en", "Hello")
    assert await greet(shop, row) is None


async def test_c1_what_is_too_long_for_the_channel_is_cut(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = await shop.session()
    long = "x" * (MAX_TEXT + 10)
    monkeypatch.setattr(
        sending, "own_templates", lambda _work: {(Automatic.GREETING, "en", 0): long}
    )
    text = text_of(await greet(shop, row))
    assert len(text) == MAX_TEXT
    assert text.endswith("x…")


async def test_m10_the_session_stays_as_it_was(shop: Any) -> None:
    row = await shop.session()

    def read(connection: Any) -> Any:
        return connection.execute(sa.select(SESSIONS)).one()

    before = await shop.read(read)
    entry = await greet(shop, row)
    assert entry is not None
    assert await shop.read(read) == before
    told = [event for event in await shop.events() if event[0] == EventKind.MESSAGE_QUEUED]
    assert told == [(EventKind.MESSAGE_QUEUED, entry.id, {"automatic": "greeting"})]


async def test_q6_the_replies_to_codes_say_who(shop: Any) -> None:
    row = await shop.session()
    said = []
    for kind in (Automatic.CODE_BOUND, Automatic.CODE_DUPLICATE, Automatic.CODE_FAILED):
        entry = await shop.write(
            lambda work, kind=kind: say(
                work,
                kind,
                row["conversation_id"],
                f"code:{kind}",
                session_id=None,
                values={"assignee": "Amy Tan"},
            )
        )
        said.append(text_of(entry))
    assert said == [
        "You are now assigned to Amy Tan.",
        "Assignment failed: you are already assigned to Amy Tan.",
        "Assignment failed, please contact our staff.",
    ]
    assert ENGLISH[Automatic.CODE_FAILED] == said[2]


async def test_u6_a_hostile_name_is_only_a_name(shop: Any) -> None:
    row = await shop.session("U3", "{shop_name}\x1b[31m\n\u202eevil")
    text = text_of(await greet(shop, row))
    assert text.splitlines()[0] == "Hello {shop_name}[31m evil!"


class Untouched:
    """A database that must not be asked."""

    async def read(self, *_: Any) -> None:
        raise AssertionError("read")

    async def write(self, *_: Any, **__: Any) -> None:
        raise AssertionError("written")


async def test_m10_where_nothing_is_on_an_event_costs_nothing() -> None:
    """No read, no write, nothing kept, nobody woken: counted, not timed."""
    database: Any = Untouched()
    runner = Runner(database, Watch(database))
    for number, kind in enumerate(EventKind, start=1):
        event = LoggedEvent(number, 0, kind, 1, 1, 1, {"how": "transferred", "assignee_id": 1})
        runner.hear([event], Directory())
    assert runner.idle.is_set()
    assert not runner._due
    assert not runner._lines_to_read
    assert not runner._bell.is_set()


def test_m8_the_longest_template_fits_every_channel() -> None:
    assert MAX_TEXT >= templates.MOST_TEXT

"""What is on, with which texts; and a text filled in with the data of a session (M8)."""

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from inbox_tui.backend.automatic import sending, service, templates, values
from inbox_tui.backend.automatic.kinds import ALWAYS, VARIABLES
from inbox_tui.backend.automatic.service import TEMPLATES
from inbox_tui.backend.automatic.templates import ALL_CHANNELS, BUILT_IN, Value
from inbox_tui.backend.directory import AgentName, Directory
from inbox_tui.backend.sessions.sight import Sight, sight_of
from inbox_tui.backend.views import SESSION_ROWS, SESSIONS, session_row
from inbox_tui.backend.wall.lines import basis_now, expecting
from inbox_tui.backend.wall.standing import line_of_team
from inbox_tui.clock import Millis
from inbox_tui.errors import NotFound
from inbox_tui.wire.automatic import (
    AutomaticMessage,
    AutomaticMessages,
    PostPreview,
    Preview,
    Template,
)
from inbox_tui.wire.words import Automatic

if TYPE_CHECKING:
    from inbox_tui.backend.backend import Backend

_ORDER = {
    "order_number": "A-1024",
    "tracking_number": "TH0123456789",
    "tracking_link": "https://example.com/TH0123456789",
}
"""An order for a preview: sources of orders come later."""
_TO_COME: Millis = 3 * 86_400_000
_BUILT_IN_FIRST = ALL_CHANNELS - 1
"""In place of a channel's id, so that the text of the program is listed before those of here."""


def messages(connection: Connection, directory: Directory) -> AutomaticMessages:
    """Return every kind of message with its texts, in the order of :class:`Automatic`."""
    own: dict[str, list[sa.Row[Any]]] = {}
    for row in connection.execute(sa.select(TEMPLATES).order_by(TEMPLATES.c.id)):
        own.setdefault(row.kind, []).append(row)
    settings = directory.settings
    return AutomaticMessages(
        items=[
            AutomaticMessage(
                kind=kind,
                on=kind in ALWAYS or kind in settings.automatic,
                always=kind in ALWAYS,
                variables=list(VARIABLES[kind]),
                templates=_texts(kind, own.get(kind, []), directory),
            )
            for kind in Automatic
        ],
        min_gap=settings.automatic_gap / 1000,
        language=settings.language,
    )


def _texts(kind: Automatic, own: list[sa.Row[Any]], directory: Directory) -> list[Template]:
    """Return what comes with the program, and behind it in each language what was written here.

    The built-in text is told also where an own one holds, so that whoever writes can go back.
    """
    found = {
        (language, _BUILT_IN_FIRST): Template(language=language, text=texts[kind])
        for language, texts in BUILT_IN.items()
    }
    for row in own:
        channel = directory.channels.get(row.channel_id)
        if channel is None and row.channel_id != ALL_CHANNELS:
            continue
        found[row.language, row.channel_id] = Template(
            language=row.language,
            text=row.text,
            channel=None if channel is None else channel.slug,
            own=True,
            version=row.version,
        )
    return [found[key] for key in sorted(found)]


async def preview(context: "Backend", caller: AgentName, asked: PostPreview) -> Preview:
    """Fill in a text: the one given, else the one that holds.

    With the data of the session asked for, or else of the latest one that the caller sees; where
    there is none, with an example. A place in the queue is the session's own or, where it waits in
    none, the next one of its line; an order is made up. Raises Invalid, NotFound.
    """
    directory, now = context.directory, context.clock.now()
    if asked.text is not None:
        service.check_text(asked.kind, asked.text)
    sight = sight_of(directory, caller)
    row = await context.database.read(_session, asked.session_id, sight)
    line = _line_of(context, row)
    known = None if line is None else expecting(context.wall, directory, line[0], now)
    basis = None if known is None else await context.database.read(basis_now, directory, known)
    position = 1 if line is None else line[1]
    place = values.place_in_line(position, None if basis is None else basis.wait_at(position))
    return await context.database.read(_filled, directory, asked, row, place, now)


def _line_of(context: "Backend", row: sa.Row[Any] | None) -> tuple[str, int] | None:
    """Return where a session stands, or would stand if it waited."""
    if row is None:
        return None
    standing = context.wall.standing
    stands = standing.position(row.id)
    if stands is not None:
        return stands
    line = line_of_team(row.team_id)
    return line, standing.line(line, 0).length + 1


def _session(
    connection: Connection, session_id: int | None, sight: Sight | None
) -> sa.Row[Any] | None:
    if session_id is not None:
        row = session_row(connection, session_id)
        if row is None or not (sight is None or sight.covers(row.team_id, row.assignee_id)):
            raise NotFound(f"There is no session {session_id}.")
        return row
    query = SESSION_ROWS.order_by(SESSIONS.c.id.desc()).limit(1)
    return connection.execute(query if sight is None else query.where(sight.condition())).first()


def _filled(
    connection: Connection,
    directory: Directory,
    asked: PostPreview,
    row: sa.Row[Any] | None,
    place: dict[str, Value],
    now: Millis,
) -> Preview:
    language = service.language_of(asked.language)
    channel_id = ALL_CHANNELS
    if asked.channel is not None:
        channel_id = directory.channel_named(asked.channel).id
    elif row is not None:
        channel_id = row.channel_id
    text = asked.text
    if text is None:
        own = {
            (Automatic(each.kind), each.language, each.channel_id): each.text
            for each in connection.execute(sa.select(TEMPLATES))
        }
        languages = sending.languages_for(directory, language)
        text, language = templates.choose(asked.kind, languages, channel_id, own)
    data = _example(directory) if row is None else _of(connection, directory, row, now)
    order = values.of_order({**_ORDER, "delivery_date": values.date_of(directory, now + _TO_COME)})
    filled = templates.fill(text, {**data, **place, **order}, language)
    if channel_id != ALL_CHANNELS:
        most = sending.longest(directory, channel_id)
        filled = templates.Filled(templates.fit(filled.text, most), filled.empty)
    session_id = None if row is None else row.id
    return Preview(text=filled.text, session_id=session_id, empty=list(filled.empty))


def _of(
    connection: Connection, directory: Directory, row: sa.Row[Any], now: Millis
) -> dict[str, Value]:
    common: dict[str, Value] = {
        "contact_name": sending.name_told(row.contact_name),
        "shop_name": directory.settings.name,
        "channel_name": directory.channels[row.channel_id].name,
    }
    return {**common, **values.of_session(connection, directory, row, now)}


def _example(directory: Directory) -> dict[str, Value]:
    """Return what a text says where there is no session yet."""
    agent = next((each.name for each in directory.agents.values() if each.active), None)
    team = next((each.name for each in directory.teams.values()), None)
    channel = next((each.name for each in directory.channels.values()), None)
    return {
        "contact_name": "Nok",
        "shop_name": directory.settings.name,
        "channel_name": channel,
        "agent_name": agent,
        "team_name": team,
        "assignee": agent or team,
        "case_code": "C-00001",
        "response_time": lambda language: values.expected(directory, language),
    }

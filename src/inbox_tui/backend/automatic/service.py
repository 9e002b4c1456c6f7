"""Automatic messages are switched on and off, and their texts written (M8, W4).

Plain functions of one unit of work. Every change leaves one event with what was changed and by whom
(W6). What differs from the texts of the program is kept; taking it away brings those back.
"""

from collections.abc import Collection, Mapping
from math import isfinite
from typing import Any, Final

import sqlalchemy as sa

from inbox_tui.backend.automatic import templates
from inbox_tui.backend.automatic.kinds import ALWAYS
from inbox_tui.backend.automatic.sending import longest, templates_changed
from inbox_tui.backend.automatic.templates import ALL_CHANNELS, BadTemplate
from inbox_tui.backend.directory import directory_of, people_changed
from inbox_tui.backend.sessions.opening import base_language
from inbox_tui.backend.workspace.reading import LONGEST, NotThat, a_language
from inbox_tui.channels.port import utf16_length
from inbox_tui.errors import Invalid, NotFound, StaleVersion
from inbox_tui.store import tables
from inbox_tui.store.work import Work
from inbox_tui.wire.automatic import PatchAutomatic, PutTemplate
from inbox_tui.wire.words import Automatic, EventKind

WORKSPACE: Final = tables.table(tables.Workspace)
TEMPLATES: Final = tables.table(tables.AutomaticTemplate)


def patch(work: Work, wanted: PatchAutomatic, by: int | None) -> None:
    """Switch kinds on and off, set the least time between two of M4. Raises Invalid.

    A change that changes nothing leaves no trace.
    """
    for kind in sorted(ALWAYS & wanted.on.keys()):
        detail = f"on.{kind}: the replies to codes are always sent (Q6)."
        raise Invalid(detail, data={"path": f"on.{kind}"})
    on = set(directory_of(work).settings.automatic)
    for kind, is_on in wanted.on.items():
        (on.add if is_on else on.discard)(kind)
    gap = None
    if wanted.min_gap is not None:
        if not isfinite(wanted.min_gap) or not 0 <= wanted.min_gap * 1000 <= LONGEST:
            detail = "min_gap: has to be seconds, from 0 to ten years."
            raise Invalid(detail, data={"path": "min_gap"})
        gap = round(wanted.min_gap * 1000)
    changed = switch(work, on, gap)
    if changed:
        tell(work, by, changed)


def switch(work: Work, on: Collection[Automatic], gap: int | None) -> dict[str, Any]:
    """Have exactly these kinds on, and ``gap`` (ms, None: as it is); return what changed.

    The event is the caller's: ``on`` in it says from where on the kinds speak.
    """
    settings = directory_of(work).settings
    wanted = frozenset(on)
    changed: dict[str, Any] = {}
    if wanted - settings.automatic:
        changed["on"] = in_order(wanted - settings.automatic)
    if settings.automatic - wanted:
        changed["off"] = in_order(settings.automatic - wanted)
    if gap is not None and gap != settings.automatic_gap:
        changed["min_gap"] = gap / 1000
    if changed:
        values: dict[str, Any] = {"automatic": in_order(wanted)}
        if gap is not None:
            values["automatic_gap"] = gap
        _put_workspace(work, values)
    return changed


def put_template(work: Work, kind: Automatic, wanted: PutTemplate, by: int | None) -> None:
    """Write the text of a kind in a language, for a channel or for all.

    Raises Invalid (for a text with an unknown variable among others), NotFound, StaleVersion.
    """
    channel_id = channel_of(work, wanted.channel)
    language = language_of(wanted.language)
    present = _present(work, kind, language, channel_id)
    if wanted.version is not None:
        _check_version(wanted.version, 0 if present is None else present.version)
    outcome = write(work, kind, language, channel_id, wanted.text)
    if outcome is not None:
        tell(work, by, template_data(outcome, kind, language, wanted.channel, wanted.text))


def remove_template(
    work: Work,
    kind: Automatic,
    language: str,
    channel: str | None,
    by: int | None,
    version: int | None = None,
) -> None:
    """Take away a text that was written here: the one of the program holds again.

    Raises NotFound, StaleVersion.
    """
    channel_id = channel_of(work, channel)
    language = language_of(language)
    present = _present(work, kind, language, channel_id)
    if present is None:
        raise NotFound("There is no text of your own for that.")
    if version is not None:
        _check_version(version, present.version)
    work.execute(sa.delete(TEMPLATES).where(TEMPLATES.c.id == present.id))
    templates_changed(work)
    tell(work, by, template_data("removed", kind, language, channel))


# What applying a workspace file does as well; the events are its own.


def write(work: Work, kind: Automatic, language: str, channel_id: int, text: str) -> str | None:
    """Write a text; return ``created`` or ``changed``, None where it says so already.

    Raises Invalid.
    """
    text = check_text(kind, text)
    if channel_id != ALL_CHANNELS:
        most = longest(directory_of(work), channel_id)
        if utf16_length(text) > most:
            detail = f"text: is too long for this channel: {utf16_length(text):,} of {most:,}."
            raise Invalid(detail, data={"path": "text"})
    present = _present(work, kind, language, channel_id)
    if present is not None and present.text == text:
        return None
    templates_changed(work)
    if present is None:
        work.insert(
            tables.AutomaticTemplate,
            kind=kind,
            language=language,
            channel_id=channel_id,
            text=text,
            changed_at=work.now,
        )
        return "created"
    changes = {"text": text, "version": present.version + 1, "changed_at": work.now}
    work.update(tables.AutomaticTemplate, present.id, changes)
    return "changed"


def check_text(kind: Automatic, text: str) -> str:
    """Return a text as it is kept. Raises Invalid: what is wrong, and what may be named."""
    try:
        return templates.checked(kind, text)
    except BadTemplate as error:
        raise Invalid(f"text: {error}", data={"path": "text"}) from None


def template_data(
    change: str, kind: Automatic, language: str, channel: str | None, text: str | None = None
) -> dict[str, Any]:
    """Return what the log keeps of a text that was written or taken away."""
    data = {"change": change, "kind": kind, "language": language}
    more = {"channel": channel, "text": text}
    return {**data, **{key: value for key, value in more.items() if value is not None}}


def language_of(tag: str) -> str:
    """Return a language without its region, as sessions have it. Raises Invalid."""
    try:
        return base_language(a_language(tag.strip().replace("_", "-")))
    except NotThat as error:
        raise Invalid(f"language: {error}", data={"path": "language"}) from None


def channel_of(work: Work, slug: str | None) -> int:
    """Return a channel's id, that of all channels for None. Raises NotFound."""
    return ALL_CHANNELS if slug is None else directory_of(work).channel_named(slug).id


def in_order(kinds: Collection[Automatic]) -> list[Automatic]:
    """Return kinds in the order in which they are listed."""
    return [kind for kind in Automatic if kind in kinds]


def tell(work: Work, by: int | None, data: Mapping[str, Any]) -> None:
    """Append what changed."""
    work.append(EventKind.AUTOMATIC_CHANGED, actor_id=by, data=data, directory=people_changed(work))


def _put_workspace(work: Work, values: Mapping[str, Any]) -> None:
    found = work.one(sa.select(WORKSPACE.c.id))
    if found is None:
        work.insert(tables.Workspace, **values)
    else:
        work.update(tables.Workspace, found.id, values)
    people_changed(work)


def _present(work: Work, kind: Automatic, language: str, channel_id: int) -> sa.Row[Any] | None:
    return work.one(
        sa.select(TEMPLATES).where(
            TEMPLATES.c.kind == kind,
            TEMPLATES.c.language == language,
            TEMPLATES.c.channel_id == channel_id,
        )
    )


def _check_version(read: int, present: int) -> None:
    if read != present:
        raise StaleVersion("This text was changed since you read it.", data={"version": present})

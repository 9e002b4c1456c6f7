"""The keys of a workspace file, table by table, and what each may be (docs/workspace-file.md).

Those of ``[[hours]]``, ``[[rules]]`` and ``[messages]`` are with what reads them:
:mod:`inbox_tui.hours`, :mod:`inbox_tui.backend.rules.written` and :mod:`messages`.
"""

from collections.abc import Mapping

from inbox_tui.backend.workspace import reading
from inbox_tui.backend.workspace.reading import Check
from inbox_tui.wire.words import (
    ChannelKind,
    Consider,
    Method,
    OffDuty,
    Priority,
    Role,
)

TOP = ("workspace", "agents", "hours", "teams", "channels", "rules", "messages")
"""The tables of a file."""

RESERVED = frozenset({"me", "none", "all", "default"})
"""Words with a meaning of their own where a nickname or a slug is asked for."""


_NAMES = reading.a_list(reading.a_string)

WORKSPACE: Mapping[str, Check] = {
    "name": reading.a_string,
    "timezone": reading.a_timezone,
    "language": reading.a_language,
    "max_open": reading.a_whole_number(0, 10_000),
    "response_target": reading.a_duration(),
    "owner_wait": reading.a_duration(zero=True),
    "skill_wait": reading.a_duration(zero=True),
    "take_back": reading.a_duration(never=True),
    "off_duty": reading.one_of(OffDuty),
    "close_after": reading.a_duration(),
    "idle_close": reading.a_duration(off=True),
    "settle": reading.a_duration(zero=True),
    "presence_grace": reading.a_duration(zero=True),
    "hours": reading.or_none(reading.a_string),
    "exclude_tags": reading.TAGS,
    "exclude_older_than": reading.a_duration(never=True),
    "tiers": reading.a_table("[workspace.tiers]"),
    "public_url": reading.an_address,
    "restrict_to_team": reading.a_bool,
}
AGENT: Mapping[str, Check] = {
    "nickname": reading.a_name(reading.fits_name, RESERVED),
    "name": reading.a_string,
    "role": reading.one_of(Role),
    "max_open": reading.a_limit,
    "languages": reading.a_list(reading.a_language),
    "skills": reading.TAGS,
    "weight": reading.a_weight,
}
TEAM: Mapping[str, Check] = {
    "slug": reading.a_name(reading.fits_slug, RESERVED),
    "name": reading.a_string,
    "method": reading.one_of(Method),
    "consider": reading.one_of(Consider),
    "members": _NAMES,
    "supervisors": _NAMES,
    "max_open": reading.a_limit,
    "require_accept": reading.a_bool,
    "hours": reading.or_none(reading.a_string),
    "exclude_tags": reading.TAGS,
    "exclude_older_than": reading.a_duration(never=True),
}
CHANNEL: Mapping[str, Check] = {
    "slug": reading.a_name(reading.fits_slug, RESERVED),
    "kind": reading.one_of(ChannelKind),
    "name": reading.a_string,
    "team": reading.or_nothing(reading.a_string),
    "api_base": reading.an_address,
    "credentials": reading.a_table("[channels.credentials]"),
}
TIER: Check = reading.one_of(Priority)
"""The priority that a tier brings."""

"""The workspace file as a plan: read, checked, and said what is wrong with it, all at once.

The file is described in docs/workspace-file.md. A key it does not have is not in the plan either:
what is there stays as it is, and what is made new gets the default. Carrying the plan out is left
to :mod:`service`.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from inbox_tui.backend.workspace import reading
from inbox_tui.backend.workspace.lines import Path, lines_of
from inbox_tui.backend.workspace.reading import Fault, Faults, NotThat
from inbox_tui.channels.port import BadCredentials, ChannelAccount, NotSupportedYet
from inbox_tui.channels.registry import adapter_for, describe
from inbox_tui.wire.words import ChannelKind, Method, Role

MOST_TEXT = 1024 * 1024
"""Characters of a workspace file."""

RESERVED = frozenset({"me", "none", "all", "default"})
"""Words with a meaning of their own where a nickname or a slug is asked for."""

_FROM_ENVIRONMENT = "env:"


@dataclass(frozen=True, slots=True)
class AgentPlan:
    """An agent as the file says; ``values`` are columns."""

    nickname: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TeamPlan:
    """A team as the file says; None members or supervisors stay as they are."""

    slug: str
    values: Mapping[str, Any]
    members: tuple[str, ...] | None
    supervisors: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class ChannelPlan:
    """A channel as the file says; ``team`` "" is no team, None leaves it as it is."""

    slug: str
    kind: ChannelKind
    values: Mapping[str, Any]
    team: str | None
    credentials: Mapping[str, str] | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a workspace file asks for."""

    settings: Mapping[str, Any] = field(default_factory=dict)
    agents: tuple[AgentPlan, ...] = ()
    teams: tuple[TeamPlan, ...] = ()
    channels: tuple[ChannelPlan, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What the workspace has already, which a file may refer to without describing it."""

    agents: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()
    channels: Mapping[str, ChannelKind] = field(default_factory=dict)


_SETTINGS: Mapping[str, reading.Check] = {
    "name": reading.a_string,
    "timezone": reading.a_timezone,
    "language": reading.a_language,
    "max_open": reading.a_whole_number(0, 10_000),
    "response_target": reading.a_duration(),
    "owner_wait": reading.a_duration(zero=True),
    "close_after": reading.a_duration(),
    "idle_close": reading.a_duration(off=True),
    "settle": reading.a_duration(zero=True),
    "presence_grace": reading.a_duration(zero=True),
    "public_url": reading.an_address,
}
_AGENT: Mapping[str, reading.Check] = {
    "nickname": reading.a_name(reading.fits_name, RESERVED),
    "name": reading.a_string,
    "role": reading.one_of(Role),
    "max_open": reading.a_limit,
    "languages": reading.a_list(reading.a_language),
    "weight": reading.a_weight,
}
_TEAM: Mapping[str, reading.Check] = {
    "slug": reading.a_name(reading.fits_slug, RESERVED),
    "name": reading.a_string,
    "method": reading.one_of(Method),
    "members": reading.a_list(reading.a_string),
    "supervisors": reading.a_list(reading.a_string),
    "max_open": reading.a_limit,
    "require_accept": reading.a_bool,
}


def _a_credentials_table(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise NotThat("has to be a table: [channels.credentials].")
    return value


_CHANNEL: Mapping[str, reading.Check] = {
    "slug": reading.a_name(reading.fits_slug, RESERVED),
    "kind": reading.one_of(ChannelKind),
    "name": reading.a_string,
    "team": lambda value: reading.a_string(value, empty=True),
    "api_base": reading.an_address,
    "credentials": _a_credentials_table,
}
_TOP = ("workspace", "agents", "teams", "channels")


def parse(text: str, environment: Mapping[str, str], known: Known | None = None) -> Plan:
    """Read a workspace file; ``env:NAME`` values are looked up in ``environment``.

    Raises InvalidWorkspace with every fault: ``data`` has ``path`` and ``line`` of the first and
    all of them in ``errors``.
    """
    if len(text) > MOST_TEXT:
        raise reading.invalid([Fault("", None, "The file is larger than 1 MiB.")])
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise reading.invalid([_syntax(text, error)]) from None
    except RecursionError:
        raise reading.invalid([Fault("", None, "The file is nested too deeply.")]) from None
    return _Reader(tree, environment, Faults(lines_of(text)), known or Known()).plan()


def _syntax(text: str, error: tomllib.TOMLDecodeError) -> Fault:
    """Return the fault of a text that is no TOML; the parser tells the place in its message."""
    said, _, place = str(error).rpartition(" (at ")
    if place.startswith("line "):
        return Fault("", int(place.removeprefix("line ").split(",")[0]), f"{said}.")
    return Fault("", text.count("\n") + 1, f"{said or place.removesuffix(')')}.")


class _Reader:
    def __init__(
        self,
        tree: Mapping[str, Any],
        environment: Mapping[str, str],
        faults: Faults,
        known: Known,
    ) -> None:
        self._tree = tree
        self._environment = environment
        self._faults = faults
        self._known = known

    def plan(self) -> Plan:
        """Read everything, then refuse the file if anything was wrong."""
        for key in self._tree:
            if key == "rules":
                self._faults.note((key,), "distribution rules are not available yet.")
            elif key not in _TOP:
                self._faults.note((key,), reading.unknown("table", key, _TOP))
        settings = self._tree.get("workspace", {})
        if not isinstance(settings, dict):
            self._faults.note(("workspace",), "has to be a table: [workspace].")
            settings = {}
        agents = self._all("agents", "nickname", self._agent)
        names = self._known.agents | {agent.nickname for agent in agents}
        teams = self._all("teams", "slug", lambda table, path: self._team(table, path, names))
        slugs = self._known.teams | {team.slug for team in teams}
        plan = Plan(
            reading.read_table(settings, ("workspace",), _SETTINGS, self._faults),
            agents,
            teams,
            self._all("channels", "slug", lambda table, path: self._channel(table, path, slugs)),
        )
        self._faults.refuse()
        return plan

    def _all(
        self,
        key: str,
        by: str,
        read: Callable[[Mapping[str, Any], Path], reading.T | None],
    ) -> tuple[reading.T, ...]:
        """Read an array of tables, each with a unique key ``by``."""
        tables = self._tree.get(key, [])
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            self._faults.note((key,), f"has to be a list of tables: [[{key}]].")
            return ()
        found: list[reading.T] = []
        seen: dict[Any, int] = {}
        for index, table in enumerate(tables):
            path: Path = (key, index)
            if by not in table:
                self._faults.note(path, f"{by} is missing.")
            name = table.get(by)
            if isinstance(name, str) and seen.setdefault(name, index) != index:
                self._faults.note((*path, by), f"is the same as {key}[{seen[name]}].{by}.")
            item = read(table, path)
            if item is not None:
                found.append(item)
        return tuple(found)

    def _agent(self, table: Mapping[str, Any], path: Path) -> AgentPlan | None:
        values = reading.read_table(table, path, _AGENT, self._faults)
        nickname = values.pop("nickname", None)
        if "languages" in values:
            values["languages"] = list(values["languages"])
        return None if nickname is None else AgentPlan(nickname, values)

    def _team(
        self, table: Mapping[str, Any], path: Path, agents: frozenset[str]
    ) -> TeamPlan | None:
        values = reading.read_table(table, path, _TEAM, self._faults)
        for key in ("members", "supervisors"):
            for position, nickname in enumerate(values.get(key, ())):
                if nickname not in agents:
                    detail = reading.unknown("agent", nickname, agents)
                    self._faults.note((*path, key, position), detail)
        slug = values.pop("slug", None)
        members = values.pop("members", None)
        supervisors = values.pop("supervisors", None)
        return None if slug is None else TeamPlan(slug, values, members, supervisors)

    def _channel(
        self, table: Mapping[str, Any], path: Path, teams: frozenset[str]
    ) -> ChannelPlan | None:
        values = reading.read_table(table, path, _CHANNEL, self._faults)
        if "kind" not in table:
            self._faults.note(path, "kind is missing.")
        slug, kind = values.pop("slug", None), values.pop("kind", None)
        team = values.pop("team", None)
        if team and team not in teams:
            self._faults.note((*path, "team"), reading.unknown("team", team, teams))
        given = values.pop("credentials", None)
        if kind is None or slug is None:
            return None
        present = self._known.channels.get(slug)
        if present is not None and present != kind:
            self._faults.note((*path, "kind"), f"this channel is {present}: make a new one.")
        credentials = None if given is None else self._credentials(kind, given, path)
        self._try(slug, kind, values, credentials or {}, path)
        if "api_base" in values:
            values["api_base"] = values["api_base"] or None
        return ChannelPlan(slug, kind, values, team, credentials)

    def _credentials(
        self, kind: ChannelKind, given: Mapping[str, Any], path: Path
    ) -> dict[str, str]:
        """Read the credentials of a kind. Their values are never in what is said of them."""
        names = [credential.name for credential in describe(kind).credentials]
        found: dict[str, str] = {}
        for name, value in given.items() if names else ():
            at = (*path, "credentials", name)
            if name not in names:
                self._faults.note(at, reading.unknown(f"credential of {kind}", name, names))
                continue
            secret = self._secret(at, value)
            if secret:
                found[name] = secret
        return found

    def _secret(self, at: Path, value: object) -> str:
        if not isinstance(value, str):
            self._faults.note(at, "has to be a text in quotes.")
            return ""
        if not value.startswith(_FROM_ENVIRONMENT):
            return value.strip()
        variable = value.removeprefix(_FROM_ENVIRONMENT)
        secret = self._environment.get(variable, "").strip()
        if not secret:
            detail = f"the environment has no variable {reading.brief(variable)}."
            self._faults.note(at, detail)
        return secret

    def _try(
        self,
        slug: str,
        kind: ChannelKind,
        values: Mapping[str, Any],
        credentials: Mapping[str, str],
        path: Path,
    ) -> None:
        """See whether the channel's adapter takes this account; it opens no connection."""
        account = ChannelAccount(
            slug=slug,
            kind=kind,
            credentials=credentials,
            api_base=values.get("api_base") or None,
        )
        try:
            adapter_for(account)
        except NotSupportedYet as error:
            hint = f" {error.hint}" if error.hint else ""
            self._faults.note((*path, "kind"), f"{error.detail}{hint}")
        except BadCredentials as error:
            where = str(error.data.get("path", "")).removeprefix(f"channels.{slug}.")
            at = (*path, *where.split(".")) if where else path
            self._faults.note(at, error.detail)

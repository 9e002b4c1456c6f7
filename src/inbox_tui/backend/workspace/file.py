"""The workspace file as a plan: read, checked, and said what is wrong with it, all at once.

The file is described in docs/workspace-file.md, its keys are in :mod:`keys`. Carrying the plan out
is left to :mod:`service`.
"""

import tomllib
from collections.abc import Callable, Mapping
from typing import Any

from inbox_tui.backend.rules.checks import Names
from inbox_tui.backend.rules.written import note_unreachable, read_rule
from inbox_tui.backend.workspace import keys, reading
from inbox_tui.backend.workspace.lines import Path, lines_of
from inbox_tui.backend.workspace.messages import read_messages
from inbox_tui.backend.workspace.plan import AgentPlan, ChannelPlan, Known, Plan, TeamPlan
from inbox_tui.backend.workspace.reading import Fault, Faults, NotThat
from inbox_tui.channels.port import BadCredentials, ChannelAccount, NotSupportedYet
from inbox_tui.channels.registry import adapter_for, describe
from inbox_tui.hours import Calendar, Interval, WrongHours, read_calendar
from inbox_tui.hours.calendar import MINUTES, WEEKDAYS
from inbox_tui.wire.rules import RuleDraft
from inbox_tui.wire.words import ChannelKind

MOST_TEXT = 1024 * 1024
"""Characters of a workspace file."""

_FROM_ENVIRONMENT = "env:"


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
            if key not in keys.TOP:
                self._faults.note((key,), reading.unknown("table", key, keys.TOP))
        known = self._known
        settings = self._settings()
        timezone = settings.get("timezone", known.timezone)
        agents = self._all("agents", "nickname", self._agent)
        hours = self._all("hours", "name", lambda table, path: self._hours(table, path, timezone))
        calendars = {**known.hours, **{calendar.name: calendar for calendar in hours}}
        self._refer_to_hours(settings, ("workspace",), calendars)
        nicknames = known.agents | {agent.nickname for agent in agents}
        teams = self._all(
            "teams", "slug", lambda table, path: self._team(table, path, nicknames, calendars)
        )
        slugs = known.teams | {team.slug for team in teams}
        channels = self._all(
            "channels", "slug", lambda table, path: self._channel(table, path, slugs)
        )
        names = Names(
            agents=nicknames,
            teams=slugs,
            channels=known.channels.keys() | {channel.slug for channel in channels},
            hours=calendars,
        )
        messages = read_messages(self._tree.get("messages", {}), names.channels, self._faults)
        plan = Plan(settings, agents, hours, teams, channels, self._rules(names), messages)
        self._faults.refuse()
        return plan

    def _settings(self) -> dict[str, Any]:
        table = self._tree.get("workspace", {})
        if not isinstance(table, dict):
            self._faults.note(("workspace",), "has to be a table: [workspace].")
            return {}
        settings = reading.read_table(table, ("workspace",), keys.WORKSPACE, self._faults)
        if "exclude_tags" in settings:
            settings["exclude_tags"] = list(settings["exclude_tags"])
        if "tiers" in settings:
            checks = dict.fromkeys(settings["tiers"], keys.TIER)
            path = ("workspace", "tiers")
            settings["tiers"] = reading.read_table(settings["tiers"], path, checks, self._faults)
        return settings

    def _refer_to_hours(
        self, values: Mapping[str, Any], path: Path, calendars: Mapping[str, Calendar]
    ) -> None:
        """Note hours that are named and not there."""
        named = values.get("hours")
        if named and named not in calendars:
            detail = reading.unknown("[[hours]] named", named, calendars)
            self._faults.note((*path, "hours"), detail)

    def _hours(self, table: Mapping[str, Any], path: Path, timezone: str) -> Calendar | None:
        try:
            name = reading.a_string(table.get("name", "?"), most=reading.MOST_TYPED)
        except NotThat as error:
            self._faults.note((*path, "name"), str(error))
            name = "?"
        try:
            calendar = read_calendar(name, table, timezone)
        except WrongHours as error:
            for at, detail in error.faults:
                self._faults.note((*path, *at), detail)
            # Whoever refers to these hours is not wrong as well.
            return Calendar(name, "UTC", ((Interval(0, MINUTES // 2),),) * len(WEEKDAYS))
        return calendar

    def _rules(self, names: Names) -> tuple[RuleDraft, ...]:
        sound: list[tuple[Path, RuleDraft]] = []

        def read(table: Mapping[str, Any], path: Path) -> tuple[Path, RuleDraft] | None:
            before = len(self._faults.found)
            rule = read_rule(table, path, names, self._known.rules, self._faults)
            if rule is None:
                return None
            if len(self._faults.found) == before:
                sound.append((path, rule))
            return path, rule

        placed = self._all("rules", "name", read)
        # A rule that lost a wrong condition only seems to take everything.
        note_unreachable(sound, self._faults)
        return tuple(rule for _, rule in placed)

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
        values = reading.read_table(table, path, keys.AGENT, self._faults)
        nickname = values.pop("nickname", None)
        for key in ("languages", "skills"):
            if key in values:
                values[key] = list(values[key])
        return None if nickname is None else AgentPlan(nickname, values)

    def _team(
        self,
        table: Mapping[str, Any],
        path: Path,
        agents: frozenset[str],
        calendars: Mapping[str, Calendar],
    ) -> TeamPlan | None:
        values = reading.read_table(table, path, keys.TEAM, self._faults)
        for key in ("members", "supervisors"):
            for position, nickname in enumerate(values.get(key, ())):
                if nickname not in agents:
                    detail = reading.unknown("agent", nickname, agents)
                    self._faults.note((*path, key, position), detail)
        self._refer_to_hours(values, path, calendars)
        if "exclude_tags" in values:
            values["exclude_tags"] = list(values["exclude_tags"])
        slug = values.pop("slug", None)
        members = values.pop("members", None)
        supervisors = values.pop("supervisors", None)
        return None if slug is None else TeamPlan(slug, values, members, supervisors)

    def _channel(
        self, table: Mapping[str, Any], path: Path, teams: frozenset[str]
    ) -> ChannelPlan | None:
        values = reading.read_table(table, path, keys.CHANNEL, self._faults)
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

"""Makes the workspace as a plan says: creates, changes, never deletes (surface: ``apply``).

One unit of work. What is as the plan says already is not touched, so that a second run changes
nothing and appends no event. A team's lists say who is in it, so leaving somebody out takes them
out of the team; their account stays.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

from inbox_tui.backend.automatic import service as automatic
from inbox_tui.backend.automatic.templates import ALL_CHANNELS
from inbox_tui.backend.directory import Directory, directory_of, people_changed
from inbox_tui.backend.rules import service as rules
from inbox_tui.backend.workspace.file import parse
from inbox_tui.backend.workspace.keys import RESERVED
from inbox_tui.backend.workspace.plan import (
    AgentPlan,
    ChannelPlan,
    Known,
    MessagesPlan,
    Plan,
    TeamPlan,
)
from inbox_tui.backend.workspace.reading import MOST_TYPED, fits_name
from inbox_tui.hours import Calendar, to_json
from inbox_tui.store import tables
from inbox_tui.store.work import Work
from inbox_tui.wire.models import Applied
from inbox_tui.wire.rules import RuleDraft
from inbox_tui.wire.words import EventKind, Role

CREATED, CHANGED, UNCHANGED = "created", "changed", "unchanged"
"""What became of a thing: the names of the lists in :class:`Applied`."""

_MEMBERS = tables.table(tables.TeamMember)


def apply_file(
    work: Work,
    text: str,
    environment: Mapping[str, str],
    by: int | None = None,
    default_agent: str | None = None,
) -> Applied:
    """Read a workspace file against what is there, and apply it. Raises InvalidWorkspace."""
    plan = parse(text, environment, known_in(directory_of(work)))
    return apply(work, plan, by=by, default_agent=default_agent)


def known_in(directory: Directory) -> Known:
    """Return what a workspace file may refer to in a workspace that is there already."""
    return Known(
        frozenset(agent.nickname for agent in directory.agents.values() if agent.active),
        frozenset(directory.team_slugs),
        {channel.slug: channel.kind for channel in directory.channels.values()},
        directory.hours,
        {rule.name: rule.enabled for rule in directory.rules.values()},
        directory.settings.timezone,
    )


def apply(
    work: Work, plan: Plan, *, by: int | None = None, default_agent: str | None = None
) -> Applied:
    """Make the workspace as the plan says; say what was created, changed and left alone.

    ``default_agent`` (the name of this machine's user) becomes the owner of a workspace that has
    nobody, when the plan names nobody either.
    """
    agents = plan.agents
    if default_agent is not None and not agents and not directory_of(work).agents:
        values = {"name": default_agent, "role": Role.OWNER}
        agents = (AgentPlan(nickname_for(default_agent), values),)
    run = _Run(work)
    run.settings(plan.settings)
    for agent in agents:
        run.agent(agent)
    for calendar in plan.hours:
        run.hours(calendar)
    for team in plan.teams:
        run.team(team)
    for channel in plan.channels:
        run.channel(channel)
    run.rules(plan.rules)
    run.messages(plan.messages)
    run.tell(by)
    return run.applied


def nickname_for(user: str) -> str:
    """Return a nickname for a user of this machine, such as "amy.tan" for "Amy.Tan"."""
    fitting = [character for character in user.casefold() if fits_name(character)]
    while fitting and not fitting[0].isalnum():
        del fitting[0]
    found = "".join(fitting[:MOST_TYPED])
    return found if found and found not in RESERVED else "owner"


class _Run:
    """One application of a plan; the events wait until every row is written."""

    def __init__(self, work: Work) -> None:
        self.applied = Applied()
        self._work = work
        self._events: list[tuple[EventKind, int | None, dict[str, Any]]] = []

    def settings(self, values: Mapping[str, Any]) -> None:
        """Set what the plan says of the workspace itself."""
        if values:
            _id, outcome, _fields = self._put(tables.Workspace, {}, {}, values)
            getattr(self.applied, outcome).append("workspace")

    def agent(self, plan: AgentPlan) -> None:
        """Make an agent. A new one's accept switch is off (P1)."""
        key, defaults = {"nickname": plan.nickname}, {"name": plan.nickname}
        agent_id, outcome, fields = self._put(tables.Agent, key, defaults, plan.values)
        self._note(outcome, f"agent {plan.nickname}", EventKind.AGENT_CHANGED, agent_id, fields)

    def team(self, plan: TeamPlan) -> None:
        """Make a team, with the members and supervisors the plan names."""
        key, defaults = {"slug": plan.slug}, {"name": plan.slug}
        team_id, outcome, fields = self._put(tables.Team, key, defaults, plan.values)
        people = self._people(team_id, plan)
        if people and outcome == UNCHANGED:
            outcome = CHANGED
        self._note(
            outcome, f"team {plan.slug}", EventKind.TEAM_CHANGED, team_id, {**fields, **people}
        )

    def channel(self, plan: ChannelPlan) -> None:
        """Make a channel. Its credentials are replaced as a whole, and never told."""
        values = dict(plan.values)
        if plan.team is not None:
            values["team_id"] = self._ids(tables.Team)[plan.team] if plan.team else None
        if plan.credentials is not None:
            values["credentials"] = dict(plan.credentials)
        key, defaults = {"slug": plan.slug}, {"name": plan.slug, "kind": plan.kind}
        channel_id, outcome, fields = self._put(tables.Channel, key, defaults, values)
        if "credentials" in fields:
            fields["credentials"] = sorted(fields["credentials"])
        self._note(outcome, f"channel {plan.slug}", EventKind.CHANNEL_CHANGED, channel_id, fields)

    def hours(self, calendar: Calendar) -> None:
        """Make business hours, described as a whole."""
        values = {"timezone": calendar.timezone, "calendar": to_json(calendar)}
        hours_id, outcome, fields = self._put(tables.Hours, {"name": calendar.name}, {}, values)
        self._note(outcome, f"hours {calendar.name}", EventKind.HOURS_CHANGED, hours_id, fields)

    def rules(self, drafts: Sequence[RuleDraft]) -> None:
        """Make rules, each described as a whole, and put them first, in their order."""
        if not drafts:
            return
        directory = people_changed(self._work)
        present = {rule.name: rule for rule in directory.rules.values()}
        ids: list[int] = []
        for draft in drafts:
            rule = present.get(draft.name)
            if rule is None:
                rule_id, fields = rules.insert(self._work, draft, directory)
                outcome = CREATED
            else:
                rule_id, fields = rule.id, rules.update(self._work, rule, draft, directory)
                outcome = CHANGED if fields else UNCHANGED
            self._note(outcome, f"rule {draft.name}", EventKind.RULE_CHANGED, rule_id, fields)
            ids.append(rule_id)
        ids += [rule_id for rule_id in directory.rules if rule_id not in ids]
        rules.put_in_order(self._work, ids)
        order = [rule_id for rule_id in ids if rule_id in directory.rules]
        if order != list(directory.rules):
            self.applied.changed.append("order of the rules")
            data = rules.order_data(directory, order)
            self._events.append((EventKind.RULE_CHANGED, None, data))

    def messages(self, plan: MessagesPlan) -> None:
        """Switch automatic messages on and off, and write their texts."""
        if plan.on is not None or plan.gap is not None:
            settings = people_changed(self._work).settings
            on = settings.automatic if plan.on is None else plan.on
            changed = automatic.switch(self._work, on, plan.gap)
            (self.applied.changed if changed else self.applied.unchanged).append("messages")
            if changed:
                self._events.append((EventKind.AUTOMATIC_CHANGED, None, changed))
        for each in plan.templates:
            channel_id = ALL_CHANNELS
            if each.channel is not None:
                channel_id = self._ids(tables.Channel)[each.channel]
            outcome = automatic.write(self._work, each.kind, each.language, channel_id, each.text)
            of_channel = f" {each.channel}" if each.channel else ""
            item = f"message {each.kind} {each.language}{of_channel}"
            getattr(self.applied, outcome or UNCHANGED).append(item)
            if outcome is not None:
                data = automatic.template_data(
                    outcome, each.kind, each.language, each.channel, each.text
                )
                self._events.append((EventKind.AUTOMATIC_CHANGED, None, data))

    def tell(self, by: int | None) -> None:
        """Append the events, last the one that says that a file was applied (W6)."""
        created, changed = self.applied.created, self.applied.changed
        if not created and not changed:
            return
        directory = people_changed(self._work)
        for kind, subject_id, data in self._events:
            self._work.append(
                kind, actor_id=by, subject_id=subject_id, data=data, directory=directory
            )
        self._work.append(
            EventKind.WORKSPACE_CHANGED,
            actor_id=by,
            data={"created": created, "changed": changed},
            directory=directory,
        )

    def _put(
        self,
        of: type[SQLModel],
        key: Mapping[str, Any],
        defaults: Mapping[str, Any],
        values: Mapping[str, Any],
    ) -> tuple[int, str, dict[str, Any]]:
        """Make or change the row with this key; return its id, the outcome and what was set."""
        table = tables.table(of)
        same = [table.c[name] == value for name, value in key.items()]
        row = self._work.one(sa.select(table).where(*same))
        if row is None:
            made = {**defaults, **values}
            return self._work.insert(of, **key, **made), CREATED, made
        changes = {name: value for name, value in values.items() if row._mapping[name] != value}
        if not changes:
            return row.id, UNCHANGED, {}
        self._work.execute(sa.update(table).where(table.c.id == row.id), changes)
        return row.id, CHANGED, changes

    def _people(self, team_id: int, plan: TeamPlan) -> dict[str, list[str]]:
        """Make the team's members and supervisors those of the plan; return the new lists.

        Those who stay keep their turn in the rotation (R14).
        """
        ids = self._ids(tables.Agent)
        rows = {
            row.agent_id: row
            for row in self._work.execute(sa.select(_MEMBERS).where(_MEMBERS.c.team_id == team_id))
        }
        before = {
            "members": {agent for agent, row in rows.items() if row.member},
            "supervisors": {agent for agent, row in rows.items() if row.supervisor},
        }
        named = {"members": plan.members, "supervisors": plan.supervisors}
        after = {
            name: before[name] if given is None else {ids[nickname] for nickname in given}
            for name, given in named.items()
        }
        for agent_id in sorted(set().union(*before.values(), *after.values())):
            self._person(team_id, agent_id, agent_id in rows, after)
        return {
            name: list(given)
            for name, given in named.items()
            if given is not None and before[name] != after[name]
        }

    def _person(
        self, team_id: int, agent_id: int, there: bool, after: Mapping[str, set[int]]
    ) -> None:
        own = (_MEMBERS.c.team_id == team_id, _MEMBERS.c.agent_id == agent_id)
        marks = {
            "member": agent_id in after["members"],
            "supervisor": agent_id in after["supervisors"],
        }
        if not any(marks.values()):
            self._work.execute(sa.delete(_MEMBERS).where(*own))
        elif there:
            self._work.execute(sa.update(_MEMBERS).where(*own), marks)
        else:
            self._work.execute(
                sa.insert(_MEMBERS),
                {"team_id": team_id, "agent_id": agent_id, "turn": 0.0, **marks},
            )

    def _ids(self, of: type[SQLModel]) -> dict[str, int]:
        table = tables.table(of)
        name = table.c.nickname if of is tables.Agent else table.c.slug
        rows = self._work.execute(sa.select(name.label("name"), table.c.id))
        return {row.name: row.id for row in rows}

    def _note(
        self, outcome: str, item: str, kind: EventKind, subject_id: int, fields: dict[str, Any]
    ) -> None:
        getattr(self.applied, outcome).append(item)
        if outcome != UNCHANGED:
            self._events.append((kind, subject_id, {"change": outcome, "fields": fields}))

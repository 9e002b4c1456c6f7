"""Distribution rules of a world in memory: kept, changed, and tried word for word.

What is wrong with a rule is not looked for here, nor is anything assigned by it: a trial says what
matches by name, and a test says in ``gets`` who would get it.
"""

from dataclasses import fields, replace
from typing import Any

from inbox_tui.errors import Conflict, Invalid, NotFound, StaleVersion
from inbox_tui.testing.world import World
from inbox_tui.text import fold
from inbox_tui.wire.rules import (
    DEFAULT,
    Conditions,
    Hours,
    PatchRule,
    Rule,
    RuleDraft,
    RuleTrial,
    RuleVerdict,
    Tried,
    TryRules,
)
from inbox_tui.wire.words import ContactKind, EventKind, Priority


class RuleCalls:
    """The calls about rules, for a client over a world."""

    world: World
    nickname: str

    def _ask(self, call: str) -> None:
        raise NotImplementedError

    async def rules(self) -> list[Rule]:
        """Return the rules in their order."""
        self._ask("rules")
        return list(self.world.rules)

    async def hours(self) -> list[Hours]:
        """Return the business hours."""
        self._ask("hours")
        return list(self.world.hours)

    async def post_rule(self, body: RuleDraft) -> Rule:
        """Make a rule, behind all others."""
        self._ask("post_rule")
        if any(rule.name == body.name for rule in self.world.rules):
            raise Invalid(f"name: there is a rule “{body.name}” already.", data={"path": "name"})
        made = rule_of(body, id=len(self.world.rules) + 1)
        self._keep([*self.world.rules, made])
        return self._rule(made.id)

    async def patch_rule(
        self, rule_id: int, body: PatchRule, *, version: int | None = None
    ) -> Rule:
        """Change a rule."""
        self._ask("patch_rule")
        rule = self._rule(rule_id, version)
        told = {each.name: getattr(body, each.name) for each in fields(body)}
        changes: dict[str, Any] = {key: value for key, value in told.items() if value is not None}
        if "team" in changes or "agents" in changes:
            changes = {"team": None, "agents": None} | changes
        changes = {key: None if value == DEFAULT else value for key, value in changes.items()}
        changed = replace(rule, version=rule.version + 1, **changes)
        self._keep([changed if each.id == rule_id else each for each in self.world.rules])
        return self._rule(rule_id)

    async def delete_rule(self, rule_id: int, *, version: int | None = None) -> None:
        """Take a rule away."""
        self._ask("delete_rule")
        self._rule(rule_id, version)
        self._keep([rule for rule in self.world.rules if rule.id != rule_id])

    async def order_rules(self, ids: list[int]) -> list[Rule]:
        """Put the rules in this order."""
        self._ask("order_rules")
        by_id = {rule.id: rule for rule in self.world.rules}
        if sorted(ids) != sorted(by_id):
            raise Conflict("Rules came or went since you read them; read them again.")
        self._keep([by_id[rule_id] for rule_id in ids])
        return list(self.world.rules)

    async def try_rules(self, body: TryRules) -> RuleTrial:
        """Say which rules match what was typed."""
        self._ask("try_rules")
        if body.session_id is not None:
            raise NotFound(f"There is no session {body.session_id}.")
        rules = list(self.world.rules)
        if body.rule is not None:
            typed = rule_of(body.rule, id=body.in_place_of or 0)
            rules = [typed if rule.id == body.in_place_of else rule for rule in rules]
            rules = rules if body.in_place_of is not None else [*rules, typed]
        tried = Tried(
            text=fold(body.text or ""),
            channel=body.channel or "",
            language=body.language or "en",
            category=body.category,
            contact=body.contact or ContactKind.NEW,
            tags=body.tags or [],
            tier=body.tier,
            at=body.at or self.world.now,
        )
        is_open = {each.name: each.open for each in self.world.hours}
        verdicts = [_verdict(rule, tried, is_open) for rule in rules]
        at = next((at for at, each in enumerate(verdicts) if each.matches and each.enabled), None)
        if at is not None:
            verdicts[at] = replace(verdicts[at], decides=True)
        rule = None if at is None else rules[at]
        channel = self.world.channels.get(tried.channel)
        team = rule.team if rule is not None else channel.team if channel is not None else None
        step = "rule" if rule is not None else "channel_team" if team else "workspace_pool"
        return RuleTrial(
            tried=tried,
            rules=verdicts,
            step=step,
            rule=None if rule is None else rule.name,
            team=team,
            agents=None if rule is None else rule.agents,
            method=(rule.method if rule is not None else None)
            or (self.world.teams[team].method if team else None),
            consider=None if rule is None else rule.consider,
            priority=(rule.priority if rule is not None else None) or Priority.NORMAL,
            assignee=self.world.gets,
            reason=None,
        )

    def _rule(self, rule_id: int, version: int | None = None) -> Rule:
        rule = next((rule for rule in self.world.rules if rule.id == rule_id), None)
        if rule is None:
            raise NotFound(f"There is no rule {rule_id}.")
        if version not in (None, rule.version):
            raise StaleVersion(
                f"The rule “{rule.name}” was changed since you read it.",
                data={"version": rule.version},
            )
        return rule

    def _keep(self, rules: list[Rule]) -> None:
        self.world.keep_rules(rules)
        self.world.tell(EventKind.RULE_CHANGED, actor=self.nickname)


def rule_of(draft: RuleDraft, *, id: int = 0) -> Rule:
    """Return a rule as it was written, with an id."""
    told = {each.name: getattr(draft, each.name) for each in fields(draft)}
    return Rule(id=id, version=1, position=0, **told)


def _verdict(rule: Rule, tried: Tried, is_open: dict[str, bool]) -> RuleVerdict:
    failed = [key for key, holds in _holds(rule.when, tried, is_open).items() if not holds]
    return RuleVerdict(
        id=rule.id or None,
        name=rule.name,
        enabled=rule.enabled,
        matches=not failed,
        failed=failed,
    )


def _holds(when: Conditions, tried: Tried, is_open: dict[str, bool]) -> dict[str, bool]:
    return {
        "channel": when.channel is None or tried.channel in when.channel,
        "language": when.language is None or tried.language in when.language,
        "category": when.category is None or tried.category in when.category,
        "contact": when.contact in (None, tried.contact),
        "tier": when.tier is None or tried.tier in when.tier,
        "tag": when.tag is None or any(tag in tried.tags for tag in when.tag),
        "business_hours": when.business_hours is None
        or any(is_open[name] for name in when.business_hours),
        "outside_business_hours": not any(
            is_open[name] for name in when.outside_business_hours or ()
        ),
        "keyword": when.keyword is None
        or any(fold(keyword) in tried.text for keyword in when.keyword),
    }

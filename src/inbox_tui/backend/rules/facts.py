"""Distribution rules as the engine is told them: ids for names, keywords folded (R2)."""

from collections.abc import Mapping

from inbox_tui.assignment import RuleFact, When
from inbox_tui.backend.directory import Directory, RuleName
from inbox_tui.backend.sessions.opening import base_language
from inbox_tui.text import fold
from inbox_tui.wire.rules import Conditions


def rule_fact(
    rule: RuleName, directory: Directory, turns: Mapping[int, float] | None = None
) -> RuleFact:
    """Return what the engine has to know of a rule; ``turns`` is its own rotation (R14)."""
    return RuleFact(
        id=rule.id,
        name=rule.name,
        when=when_fact(rule.when, directory),
        enabled=rule.enabled,
        team_id=rule.team_id,
        agents=tuple(agent for agent in rule.agents if directory.agents[agent].active),
        method=rule.method,
        consider=rule.consider,
        priority=rule.priority,
        skills=rule.skills,
        turns=turns or {},
    )


def when_fact(when: Conditions, directory: Directory) -> When:
    """Return the conditions of a rule.

    A channel that is not there is one that no message comes by; languages are compared without
    region and script, as those of sessions and agents are.
    """
    return When(
        channels=tuple(directory.channel_slugs.get(slug, 0) for slug in when.channel or ()),
        languages=tuple(dict.fromkeys(map(base_language, when.language or ()))),
        categories=tuple(when.category or ()),
        keywords=tuple(fold(keyword) for keyword in when.keyword or ()),
        tags=tuple(when.tag or ()),
        tiers=tuple(when.tier or ()),
        contact=when.contact,
        business_hours=tuple(when.business_hours or ()),
        outside_business_hours=tuple(when.outside_business_hours or ()),
    )

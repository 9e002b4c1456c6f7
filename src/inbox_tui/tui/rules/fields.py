"""The fields of a rule: lists are typed with commas between, the rest is chosen (R2)."""

from collections.abc import Callable, Iterable, Sequence

from textual.widget import Widget

from inbox_tui.locale import Catalogue
from inbox_tui.records import dataclass
from inbox_tui.text import fold, safe_line
from inbox_tui.tui.dialogs.base import Field
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.widgets.fields import Choice, Option, SafeInput
from inbox_tui.tui.widgets.one_line import Label
from inbox_tui.wire.rules import Conditions, Rule, RuleDraft
from inbox_tui.wire.words import Category, Consider, ContactKind, Method, Priority

MOST_NAME = 100
MOST_LIST = 2_000
"""Characters of a name, and of a list as it is typed."""

TEAM, AGENTS = "team", "agents"
"""The two kinds of a target."""

_ON, _OFF = "on", "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a rule may name, in the order in which it is offered."""

    channels: Sequence[str] = ()
    teams: Sequence[str] = ()
    agents: Sequence[str] = ()
    hours: Sequence[str] = ()


class RuleFields:
    """Everything that can be said about a rule."""

    def __init__(self, catalogue: Catalogue, rule: Rule | None, known: Known) -> None:
        self._catalogue = catalogue
        t = catalogue.t
        when = rule.when if rule is not None else Conditions()
        self.name = SafeInput(
            rule.name if rule is not None else "",
            placeholder=t("rules.form.name_hint"),
            max_length=MOST_NAME,
        )
        enabled = rule is None or rule.enabled
        self.enabled = Choice(
            [Option(_ON, t("rules.on")), Option(_OFF, t("rules.off"))], _ON if enabled else _OFF
        )
        self.channel = self._list(when.channel, self._any_of(known.channels))
        self.language = self._list(when.language, t("rules.form.language_hint"))
        self.category = self._list(
            [t(f"category.{each.value}") for each in when.category or ()],
            self._any_of([t(f"category.{each.value}") for each in Category]),
        )
        self.keyword = self._list(when.keyword, t("rules.form.keyword_hint"))
        self.tag = self._list(when.tag, t("rules.form.any"))
        self.tier = self._list(when.tier, t("rules.form.any"))
        self.contact = Choice(
            [
                Option("", t("rules.form.any")),
                *(Option(each.value, t(f"contact_kind.{each.value}")) for each in ContactKind),
            ],
            when.contact.value if when.contact else "",
        )
        self.open = self._list(when.business_hours, self._any_of(known.hours))
        self.closed = self._list(when.outside_business_hours, self._any_of(known.hours))
        to_agents = rule is not None and rule.team is None
        self.to = Choice(
            [Option(TEAM, t("rules.form.to_team")), Option(AGENTS, t("rules.form.to_agents"))],
            AGENTS if to_agents else TEAM,
            id="to-choice",
        )
        self._who_hints = {TEAM: ", ".join(known.teams), AGENTS: ", ".join(known.agents)}
        target = [] if rule is None else [rule.team] if rule.team else rule.agents or []
        self.who = self._list(target, self._who_hints[self.to.value])
        self.method = self._choice(Method, "method", rule.method if rule else None)
        self.consider = Choice(
            [
                Option("", t("rules.form.usual")),
                Option(Consider.ONLINE, t("rules.form.online")),
                Option(Consider.ACTIVE, t("rules.form.active")),
            ],
            rule.consider.value if rule and rule.consider else "",
        )
        self.priority = self._choice(
            Priority, "priority", rule.priority if rule else None, usual="rules.form.as_is"
        )
        self.skills = self._list(rule.skills if rule else (), t("rules.form.skills_hint"))

    def widgets(self) -> Iterable[Widget]:
        """Return the fields in their order: what it is called, when it matches, what follows."""
        t = self._catalogue.t
        yield Field(t("rules.form.name"), self.name, id="name")
        yield Field(t("rules.form.enabled"), self.enabled, id="enabled")
        yield Label(classes="gap")
        yield Label(((t("rules.form.when"), Role.MUTED),))
        for key in ("channel", "language", "category", "keyword", "tag", "tier", "contact"):
            yield Field(t(f"rules.form.{key}"), getattr(self, key), id=key)
        yield Field(t("rules.form.open"), self.open, id="business_hours")
        yield Field(t("rules.form.closed"), self.closed, id="outside_business_hours")
        yield Label(classes="gap")
        yield Label(((t("rules.form.then"), Role.MUTED),))
        for key in ("to", "who", "method", "consider", "priority", "skills"):
            yield Field(t(f"rules.form.{key}"), getattr(self, key), id=key)

    def offer(self) -> None:
        """Say in the field of the target what there is of its kind."""
        self.who.placeholder = self._who_hints[self.to.value]

    def errors(self) -> dict[str, str]:
        """Return what can be told without asking the server."""
        t = self._catalogue.t
        errors: dict[str, str] = {}
        if not safe_line(self.name.value):
            errors["name"] = t("error.required")
        if not listed(self.who.value):
            errors["who"] = t("error.required")
        for word in listed(self.category.value):
            if self._category(word) is None:
                errors["category"] = t("rules.form.unknown", value=word)
        return errors

    def draft(self) -> RuleDraft:
        """Return the rule as it was typed. Call it when there are no errors."""
        who = listed(self.who.value)
        to_team = self.to.value == TEAM
        categories = [
            found for word in listed(self.category.value) if (found := self._category(word))
        ]
        return RuleDraft(
            name=safe_line(self.name.value),
            enabled=self.enabled.value == _ON,
            when=Conditions(
                channel=listed(self.channel.value) or None,
                language=listed(self.language.value) or None,
                category=categories or None,
                keyword=listed(self.keyword.value) or None,
                tag=listed(self.tag.value) or None,
                tier=listed(self.tier.value) or None,
                contact=ContactKind(self.contact.value) if self.contact.value else None,
                business_hours=listed(self.open.value) or None,
                outside_business_hours=listed(self.closed.value) or None,
            ),
            team=", ".join(who) if to_team else None,
            agents=None if to_team else who,
            method=Method(self.method.value) if self.method.value else None,
            consider=Consider(self.consider.value) if self.consider.value else None,
            priority=Priority(self.priority.value) if self.priority.value else None,
            skills=listed(self.skills.value),
        )

    def _list(self, values: Iterable[str] | None, hint: str) -> SafeInput:
        shown = ", ".join(safe_line(value) for value in values or ())
        return SafeInput(shown, placeholder=safe_line(hint), max_length=MOST_LIST)

    def _any_of(self, values: Sequence[str]) -> str:
        t = self._catalogue.t
        return t("rules.form.any_of", values=", ".join(values)) if values else t("rules.form.any")

    def _choice(
        self,
        words: type[Method | Priority],
        group: str,
        value: Method | Priority | None,
        usual: str = "rules.form.usual",
    ) -> Choice:
        t: Callable[..., str] = self._catalogue.t
        options = [Option(each.value, t(f"{group}.{each.value}")) for each in words]
        return Choice([Option("", t(usual)), *options], value.value if value is not None else "")

    def _category(self, word: str) -> Category | None:
        """Return the category that a word of this language, or of the files, names."""
        for each in Category:
            names = (each.value, self._catalogue.t(f"category.{each.value}"))
            if fold(word) in (fold(name) for name in names):
                return each
        return None


def listed(text: str) -> list[str]:
    """Return what was typed with commas between, each once."""
    parts = (safe_line(part) for part in text.replace("，", ",").replace("、", ",").split(","))
    return list(dict.fromkeys(part for part in parts if part))

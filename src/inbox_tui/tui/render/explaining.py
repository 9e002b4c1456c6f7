"""Why a session is where it is, in sentences of the screen's language (R13).

They are made from the codes of the explanation. Only where those are of a newer backend, and say
nothing here, its own English sentence stands.
"""

from collections import Counter
from datetime import datetime, tzinfo

from inbox_tui.locale import Catalogue, times
from inbox_tui.tui.render import cells
from inbox_tui.wire.explanation import Candidate, Earlier, Explanation, StepTaken
from inbox_tui.wire.words import Happening, Method, UnassignedReason

DECIDED, WAITS = "decided", "waits"
"""Outcomes of a step; the others were passed."""

_CLAIMABLE = (UnassignedReason.WAITING_FOR_AGENT, UnassignedReason.DECLINED)
_PEOPLE = (
    UnassignedReason.ALL_FULL,
    UnassignedReason.SWITCHED_OFF,
    UnassignedReason.NOBODY_ON_DUTY,
    UnassignedReason.NO_SKILL,
    UnassignedReason.TAKEN_BACK,
)
"""The reasons that follow from what the members of the queue are at."""


class Teller:
    """Tells explanations in one language, at one moment, to a reader of one zone."""

    def __init__(self, catalogue: Catalogue, *, now: datetime, zone: tzinfo) -> None:
        self.catalogue = catalogue
        self.now = now
        self.zone = zone
        self._t = catalogue.t

    def sentences(self, told: Explanation) -> tuple[str, str]:
        """Return the sentence to read first, and what more there is to say."""
        if told.how is not None:
            more = self._more_of_decision(told)
            return self.decision(told) or cells.calm(told.summary), " ".join(more)
        if told.closed or told.step == "none":
            return self._undecided(told), ""
        return self._waiting(told)

    def decision(self, told: Explanation | Earlier) -> str:
        """Return what was decided, who by and why, in one sentence; empty for unknown codes."""
        if told.how is None:
            return ""
        if told.assignee is None and self.catalogue.has(f"taken.{told.cause}"):
            key = f"taken.{told.cause}"
        elif told.by is not None:
            key = f"hand.{told.how}"
        elif told.assignee is None:
            key = "taken.plain"
        else:
            key = f"given.{told.step}"
        if not self.catalogue.has(key):
            return ""
        method = told.method if isinstance(told, Explanation) else None
        return self._say(key, told, method)

    def brief(self, told: Earlier) -> str:
        """Return a decision as one line of a list."""
        if told.how is Happening.ASSIGNED and told.by is None and told.assignee is not None:
            why = self.rule_or_step(told.step, told.rule)
            given = self._t("happening.assigned", assignee=cells.calm(told.assignee))
            return f"{given}: {why}" if why else given
        return self.decision(told) or self._t("happening.unassigned")

    # codes in words

    def word(self, group: str, code: str) -> str:
        """Return a code in the language of the screen; as it is when it is of a newer backend."""
        key = f"{group}.{code}"
        return self._t(key) if self.catalogue.has(key) else cells.calm(code.replace("_", " "))

    def rule_or_step(self, step: str, rule: str | None) -> str:
        """Return the name of the step that decided, with the rule's where it was one."""
        word = self.word("step", step) if step else ""
        return f"{word} “{cells.calm(rule)}”" if step == "rule" and rule else word

    def verdict(self, candidate: Candidate) -> str:
        """Return the verdict on a candidate, and by which step the session is theirs."""
        word = self.word("verdict", candidate.verdict)
        own = candidate.preferred
        return f"{word}, {self.word('own', own)}" if own else word

    def because(self, step: StepTaken) -> str:
        """Return what stood in the way of a step; empty when nothing did."""
        if not step.because:
            return ""
        if not self.catalogue.has(f"failed.{step.because}"):
            return self.word("verdict", step.because)
        value = cells.calm(step.value)
        for group in (f"failed.{step.because}", step.because):
            if self.catalogue.has(f"{group}.{value}"):
                value = self._t(f"{group}.{value}")
                break
        return self._t(f"failed.{step.because}", value=value or self._t("failed.unset"))

    def moment(self, at: datetime) -> str:
        """Return a moment as the reader's clock has it."""
        return times.moment(at, self.now, self.zone, self.catalogue)

    # inside

    def _say(self, key: str, told: Explanation | Earlier, method: Method | None) -> str:
        to = told.assignee or self._t("hand.team", team=told.team or "")
        return self._t(
            key,
            assignee=cells.calm(told.assignee or ""),
            to=cells.calm(to),
            by=cells.calm(told.by or ""),
            taken_from=cells.calm(told.taken_from or ""),
            team=cells.calm(told.team or ""),
            rule=cells.calm(told.rule or ""),
            method=self._t(f"method.{method}") if method else "",
        )

    def _more_of_decision(self, told: Explanation) -> list[str]:
        t = self._t
        chosen = next((each for each in told.candidates if each.agent == told.assignee), None)
        more = []
        if chosen is not None and told.step != "only_account":
            more.append(t("given.load", open=chosen.open, limit=chosen.limit))
        more += [t(f"hand.{each}") for each in told.warnings if self.catalogue.has(f"hand.{each}")]
        if told.note:
            more.append(t("hand.note", note=cells.calm(told.note)))
        if told.closed:
            more.append(t("closed.now"))
        return more

    def _undecided(self, told: Explanation) -> str:
        if told.assignee is not None:
            return self._t("given.no_longer_kept", assignee=cells.calm(told.assignee))
        if told.closed:
            return self._t("closed.unserved")
        return self._t("waits.soon")

    def _waiting(self, told: Explanation) -> tuple[str, str]:
        t = self._t
        if told.assignee is not None:
            return t("given.now", assignee=cells.calm(told.assignee)), self._came(told)
        key = f"waits.{told.reason}" if told.reason else "waits.soon"
        if told.reason is UnassignedReason.MANUAL and told.method is not Method.MANUAL:
            return self._excluded(told), self._came(told)
        if not self.catalogue.has(key):
            return cells.calm(told.summary), ""
        first = t(key, where=self._where(told), **self._waited_for(told))
        more = [self._came(told)]
        if told.waits_for is not None:
            step = next((each.step for each in told.steps if each.outcome == WAITS), "")
            if self.catalogue.has(f"given.{step}"):
                more.append(t(f"given.{step}", assignee=cells.calm(told.waits_for)))
        elif told.reason in _PEOPLE and told.candidates_total:
            more.append(self._tally(told))
        if told.reason in _CLAIMABLE:
            more.append(t("waits.claim"))
        return first, " ".join(each for each in more if each)

    def _excluded(self, told: Explanation) -> str:
        """Return why a session is given out by hand only (R4)."""
        t = self._t
        if told.excluded_tag is not None:
            return t("waits.excluded_tag", tag=cells.calm(told.excluded_tag))
        if told.excluded_age is not None:
            age = times.span_long(told.excluded_age, self.catalogue)
            return t("waits.excluded_age", age=age)
        return t("waits.excluded")

    def _came(self, told: Explanation) -> str:
        """Return what the last decision was, when it is why the session waits again."""
        last = told.earlier[0] if told.earlier else None
        return self.decision(last) if last is not None and last.assignee is None else ""

    def _where(self, told: Explanation) -> str:
        if told.team is not None:
            return self._t("where.team", team=cells.calm(told.team))
        if told.rule is not None:
            return self._t("where.rule", rule=cells.calm(told.rule))
        return self._t("where.workspace")

    def _waited_for(self, told: Explanation) -> dict[str, str]:
        if told.wait_until is None:
            return {
                "agent": cells.calm(told.waits_for or ""),
                "verdict": "",
                "time": "",
                "left": "",
            }
        step = next((each for each in told.steps if each.outcome == WAITS), None)
        return {
            "agent": cells.calm(told.waits_for or ""),
            "verdict": self.because(step) if step is not None else "",
            "time": times.clock_time(told.wait_until, self.zone),
            "left": times.countdown((told.wait_until - self.now).total_seconds()),
        }

    def _tally(self, told: Explanation) -> str:
        counted = Counter(each.verdict for each in told.candidates)
        parts = [f"{self.word('verdict', verdict)} {n}" for verdict, n in counted.most_common()]
        if told.candidates_total > len(told.candidates):
            parts.append(
                self._t("explain.more", count=told.candidates_total - len(told.candidates))
            )
        return self._t("waits.tally", total=told.candidates_total, counts=", ".join(parts))

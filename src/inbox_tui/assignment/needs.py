"""What a session asks of whoever gets it: a language, skills (R4)."""

from typing import NamedTuple

from inbox_tui.assignment.facts import AgentFact, RuleFact, SessionFact


class Needs(NamedTuple):
    """A language to speak and skills to have, both optional."""

    language: str | None = None
    skills: tuple[str, ...] = ()

    def are_met_by(self, agent: AgentFact) -> bool:
        """Say whether an agent may take it; one who lists no languages takes any."""
        if self.language is not None and agent.languages and self.language not in agent.languages:
            return False
        return all(skill in agent.skills for skill in self.skills)

    def __str__(self) -> str:
        """Name it as a part of a line's name."""
        return "+".join((self.language or "", *self.skills))


NONE = Needs()


def needs_of(session: SessionFact, rule: RuleFact | None, languages_matter: bool) -> Needs:
    """Return what a session asks; nothing where nobody lists languages and no rule wants skills."""
    if rule is None and not languages_matter:
        return NONE
    skills = () if rule is None else rule.skills
    language = session.language if languages_matter else None
    return Needs(language, skills) if skills or language is not None else NONE

"""To whom a session can be transferred, best first for what was typed (T1, T3). Plain functions."""

from collections.abc import Iterable, Sequence

from inbox_tui.locale import Catalogue
from inbox_tui.records import dataclass
from inbox_tui.text import fold
from inbox_tui.wire.models import Agent, Team
from inbox_tui.wire.words import Presence

_PRESENCE_ORDER = {Presence.PRESENT: 0, Presence.GRACE: 1, Presence.ABSENT: 2}


@dataclass(frozen=True, slots=True)
class Receiver:
    """An agent or a team; exactly one of the two is set."""

    agent: Agent | None = None
    team: Team | None = None

    @property
    def key(self) -> str:
        """Return a key no other receiver has."""
        return f"agent:{self.agent.nickname}" if self.agent else f"team:{self.slug}"

    @property
    def slug(self) -> str:
        """Return what is typed: nickname or slug."""
        if self.agent is not None:
            return self.agent.nickname
        return self.team.slug if self.team is not None else ""

    @property
    def name(self) -> str:
        """Return the name."""
        if self.agent is not None:
            return self.agent.name
        return self.team.name if self.team is not None else ""

    @property
    def free(self) -> int:
        """Return the free slots of an agent; below zero over the limit."""
        return self.agent.limit - self.agent.open_count if self.agent is not None else 0


def receivers(
    query: str, agents: Iterable[Agent], teams: Iterable[Team], *, me: str
) -> list[Receiver]:
    """Return who matches ``query``, best first.

    A better match comes first; among equals who is here, then who has more free slots, then by
    nickname; teams after people. Without a query everybody matches equally. Inactive agents and
    myself are left out.
    """
    found: list[tuple[tuple[int, int, int, int, str], Receiver]] = []
    everyone = [Receiver(agent=agent) for agent in agents if agent.active and agent.nickname != me]
    for receiver in [*everyone, *(Receiver(team=team) for team in teams)]:
        score = match(query, receiver.slug, receiver.name)
        if score is None:
            continue
        agent = receiver.agent
        here = _PRESENCE_ORDER[agent.presence] if agent is not None else 3
        order = (score, 0 if agent is not None else 1, here, -receiver.free, receiver.slug)
        found.append((order, receiver))
    return [receiver for _, receiver in sorted(found, key=lambda each: each[0])]


def match(query: str, *names: str) -> int | None:
    """Return how well ``query`` fits the best of ``names``, 0 best; None if none fits.

    0: nothing asked, or the very name; 1: its beginning; 2: the beginning of a word in it; 3:
    somewhere in it; 4: its letters in order.
    """
    asked = fold(query.strip().lstrip("@"))
    if not asked:
        return 0
    scores = [score for name in names if (score := _match(asked, fold(name))) is not None]
    return min(scores, default=None)


def _match(asked: str, name: str) -> int | None:
    if asked == name:
        return 0
    if name.startswith(asked):
        return 1
    if any(word.startswith(asked) for word in name.replace("-", " ").split()):
        return 2
    if asked in name:
        return 3
    letters = iter(name)
    return 4 if all(letter in letters for letter in asked) else None


def consequences(
    receiver: Receiver, count: int, catalogue: Catalogue, *, must_accept: bool = False
) -> Sequence[str]:
    """Return what deserves a second thought when ``count`` sessions go to ``receiver`` (T3)."""
    said: list[str] = []
    t, name = catalogue.t, receiver.name or receiver.slug
    agent, team = receiver.agent, receiver.team
    if agent is not None:
        if receiver.free < count:
            key = "transfer.warn_full" if count == 1 else "transfer.warn_full_all"
            said.append(t(key, name=name, open=agent.open_count, limit=agent.limit, count=count))
        if agent.presence is Presence.ABSENT:
            said.append(t("transfer.warn_absent", name=name))
        elif agent.presence is Presence.GRACE:
            said.append(t("transfer.warn_grace", name=name))
        if not agent.accepting and said:
            said.append(t("transfer.warn_switched_off", name=name))
    if team is not None and not team.members:
        said.append(t("transfer.warn_empty_team", name=name))
    if said and (must_accept or (team is not None and team.require_accept)):
        said.append(t("transfer.warn_accept", name=name))
    return said

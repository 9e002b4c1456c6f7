"""The naive rules in a world that changes: who arrives, whose turn it was, what becomes known.

What :mod:`tests.soak.naive` says follows from how things are; what is kept here besides is what
has to be remembered: rotations (R14) and who has just come to a backlog (R9).
"""

from collections.abc import Callable
from dataclasses import dataclass

from msgspec.structs import replace
from tests.soak.due import Due
from tests.soak.naive import EVERYBODY, Arrivals, Choice, Given
from tests.soak.rotation import Rotation

from inbox_tui.assignment import AgentFact, RuleFact, TeamFact, Turn
from inbox_tui.wire.words import Consider, Method, Presence


@dataclass
class World(Due):
    """Changes are told here first, then to the engine; ``turns`` are those that are stored."""

    def take_agent(self, fact: AgentFact) -> None:
        was_there = fact.id in self.agents and _is_on_duty(self.agents[fact.id])
        if _is_on_duty(fact) and not was_there and self.policy.settle:
            for queue, members in self.queues().items():
                if fact.id in members and self.stands_in(queue):
                    self.arrivals.setdefault(queue, Arrivals()).agents.add(fact.id)
        self.agents[fact.id] = fact
        if not _is_on_duty(fact):
            self._no_longer_arriving(lambda _queue, agent_id: agent_id != fact.id)
        self.tidy()

    def queues(self) -> dict[str, list[int]]:
        """All queues with their members, where presence counts."""
        found = {EVERYBODY: list(self.agents)}
        for team in self.teams.values():
            if team.consider is Consider.ONLINE:
                found[f"team:{team.id}"] = list(team.members)
        for each in self.rules:
            of_rule = self.teams.get(each.team_id or 0)
            if not has_queue(each) or (each.team_id is not None and of_rule is None):
                continue
            if (each.consider or (of_rule and of_rule.consider)) is not Consider.ACTIVE:
                members = each.agents if of_rule is None else of_rule.members
                found[f"rule:{each.id}"] = list(members)
        return found

    def _no_longer_arriving(self, stays: Callable[[str, int], bool]) -> None:
        for queue, arrivals in list(self.arrivals.items()):
            arrivals.agents = {one for one in arrivals.agents if stays(queue, one)}
            if not arrivals.agents:
                del self.arrivals[queue]

    def tidy(self) -> None:
        """Nobody waits for others where nothing waits, nor where they do not belong (R9)."""
        queues = self.queues()
        self._no_longer_arriving(lambda queue, one: one in queues.get(queue, ()))
        for queue in list(self.arrivals):
            if not self.stands_in(queue):
                del self.arrivals[queue]

    def go_on_to(self, now: int) -> None:
        """Let time pass; those who waited for each other long enough do so no more."""
        self.now = now
        for queue, arrivals in list(self.arrivals.items()):
            if arrivals.since is None:
                arrivals.since = now
            if now - arrivals.since >= self.policy.settle:
                del self.arrivals[queue]
        self.tidy()

    # -- teams and rules -----------------------------------------------------------------------

    def take_team(self, fact: TeamFact) -> TeamFact:
        """Take over a team; return it with the turns that are stored."""
        fact = replace(fact, turns=self._members(f"team:{fact.id}", fact.members))
        self.teams[fact.id] = fact
        for each in self.rules:
            if each.team_id == fact.id and has_queue(each):
                self._members(f"rule:{each.id}", fact.members)
        self.tidy()
        return fact

    def lose_team(self, team_id: int) -> None:
        self._forget(f"team:{team_id}")
        for each in self.rules:
            if each.team_id == team_id:
                self._forget(f"rule:{each.id}")
        self.teams.pop(team_id, None)
        self.tidy()

    def take_rules(self, rules: list[RuleFact]) -> list[RuleFact]:
        """Take over the rules; return them with the turns that are stored."""
        for each in self.rules:
            if each.id not in [one.id for one in rules if has_queue(one)]:
                self._forget(f"rule:{each.id}")
        told = []
        for each in rules:
            team = self.teams.get(each.team_id or 0)
            if has_queue(each) and (each.team_id is None or team is not None):
                members = each.agents if team is None else team.members
                told.append(replace(each, turns=self._members(f"rule:{each.id}", members)))
            else:
                told.append(each)
        self.rules = told
        self.tidy()
        return told

    def rotation(self, queue: str) -> Rotation:
        return self.rotations.setdefault(queue, Rotation())

    def _members(self, queue: str, members: tuple[int, ...]) -> dict[int, float]:
        """Let a rotation know its members; return their numbers as they are stored."""
        rotation = self.rotation(queue)
        rotation.knows(members, {agent.id: agent.weight for agent in self.agents.values()})
        self.under_way = [
            given
            if given.choice.way.queue != queue or given.choice.agent_id in members
            else given._replace(choice=given.choice._replace(by_method=False))
            for given in self.under_way
        ]
        return {one: rotation.numbers[one] for one in members if one in rotation.numbers}

    def _forget(self, queue: str) -> None:
        """A queue goes, with all its members; its numbers stay stored."""
        if queue in self.rotations:
            self._members(queue, ())
            self.rotations[queue] = Rotation(dict(self.rotations[queue].numbers))

    # -- choices -------------------------------------------------------------------------------

    def turn(self, choice: Choice) -> Turn | None:
        """Return how a choice moves its rotation once it is committed."""
        if not choice.by_method or self.method(choice.way) is not Method.ROUND_ROBIN:
            return None
        weight = self.agents[choice.agent_id].weight
        return Turn(self.rotation(choice.way.queue).floor(choice.agent_id), 1 / weight)

    def propose(self, choice: Choice) -> None:
        """Hold a choice until its commit."""
        number = self.rotation(choice.way.queue).count()
        self.under_way.append(Given(choice, number))
        self.tidy()

    def commit(self, given: Given, turn: Turn | None, at: int) -> bool:
        """A choice was committed; false if its agent had left the queue meanwhile."""
        self.under_way.remove(given)
        choice, counts = given.choice, True
        if turn is not None:
            rotation = self.rotation(choice.way.queue)
            if choice.by_method:
                rotation.moves(choice.agent_id, *turn)
            else:
                number = max(rotation.numbers.get(choice.agent_id, 0), turn.floor)
                rotation.numbers[choice.agent_id] = number + turn.stride
                counts = False
        agent = self.agents[choice.agent_id]
        last = max(agent.last_assigned, at)
        self.agents[choice.agent_id] = replace(agent, last_assigned=last)
        return counts


def has_queue(rule: RuleFact) -> bool:
    """Say whether a rule hands out by a queue of its own."""
    return rule.team_id is None or rule.method is not None or rule.consider is not None


def _is_on_duty(fact: AgentFact) -> bool:
    return fact.active and fact.accepting and fact.presence is Presence.PRESENT

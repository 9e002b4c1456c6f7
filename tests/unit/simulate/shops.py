"""Small shops and small days, for the tests of the simulation."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from inbox_tui.assignment import AgentFact, Policy, TeamFact
from inbox_tui.simulate.duty import Duty, Roster
from inbox_tui.simulate.laws import Law
from inbox_tui.simulate.run import Outcome, Run
from inbox_tui.simulate.shop import Channel, Shop
from inbox_tui.simulate.traffic import Traffic, Work
from inbox_tui.simulate.visits import Contact, Visit
from inbox_tui.wire.words import Method, Presence

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
START = 1_767_571_200_000
"""Monday, 5 January 2026, 00:00 UTC."""

CHANNEL = "line-main"
NAMES = ("amy", "bo", "cam", "dan", "eve", "fay")


def agent(
    agent_id: int, name: str = "", *, limit: int | None = None, weight: float = 1
) -> AgentFact:
    return AgentFact(
        agent_id,
        name or NAMES[agent_id - 1],
        active=True,
        accepting=False,
        presence=Presence.ABSENT,
        max_open=limit,
        weight=weight,
    )


def team(
    members: Sequence[int],
    method: Method = Method.ROUND_ROBIN,
    *,
    team_id: int = 1,
    cap: int | None = None,
) -> TeamFact:
    return TeamFact(team_id, f"team{team_id}", method, tuple(members), cap)


def shop(
    agents: int | Sequence[AgentFact] = 2,
    method: Method = Method.ROUND_ROBIN,
    *,
    limit: int = 1,
    settle: int = 0,
    cap: int | None = None,
    policy: Policy | None = None,
) -> Shop:
    """Return a shop with one channel and one team, in which everybody is."""
    people = (
        tuple(agent(number + 1, f"a{number + 1:02}") for number in range(agents))
        if isinstance(agents, int)
        else tuple(agents)
    )
    return Shop(
        policy or Policy(max_open=limit, settle=settle),
        people,
        (team([one.id for one in people], method, cap=cap),),
        {CHANNEL: Channel(1, 1)},
    )


def visit(
    at: int,
    service: int = MINUTE,
    *,
    answer: int = 0,
    again: Law | None = None,
    patience: int = -1,
    contact: Contact | None = None,
    returning: bool = False,
    idles: bool = False,
) -> Visit:
    """Return a visit ``at`` milliseconds after the start."""
    return Visit(
        START + at,
        at // HOUR % 24,
        contact or Contact(CHANNEL),
        returning=returning,
        service=service,
        answer=answer,
        again=again,
        patience=patience,
        idles=idles,
    )


def day(
    make: Callable[[], Iterable[Visit]],
    *,
    roster: Roster | None = None,
    work: Work | None = None,
    hours: int = 24,
    target: int = MINUTE,
    counted_from: int = 0,
) -> Traffic:
    """Return traffic of what ``make`` returns, made anew for each run."""

    def visits(_seed: int) -> Iterator[Visit]:
        return iter(make())

    return Traffic(
        start=START,
        end=START + hours * HOUR,
        timezone="UTC",
        target=target,
        visits=visits,
        roster=roster,
        work=work or Work(),
        counted_from=counted_from,
        channels=(CHANNEL,),
    )


def on(*changes: tuple[int, bool] | tuple[int, bool, bool]) -> list[Duty]:
    """Return an agent's changes: when, present, and accepting, which is as present if not said."""
    return [Duty(START + change[0], change[1], change[-1]) for change in changes]


def simulate(place: Shop, traffic: Traffic, seed: int = 1) -> Outcome:
    return Run(place, traffic, seed).go()


def waits(outcome: Outcome) -> list[int]:
    """Return the waits of the answered, in order of their length."""
    return sorted(wait for slot in outcome.tally.slots for wait in slot.waits)

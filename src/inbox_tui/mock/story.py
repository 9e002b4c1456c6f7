"""Who comes to the shop, when, and what they are going to say: the same for the same seed.

A pure function of scenario and seed. How the customers act it out, and what they do when nobody
answers, is in :mod:`inbox_tui.mock.customers`.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from inbox_tui.mock import script
from inbox_tui.mock.habits import Habit
from inbox_tui.mock.script import Dialogue, Line, Pack, ScanAt, Scenario, Turn
from inbox_tui.mock.words import Platform

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A line and the seconds the customer takes before sending it."""

    line: Line
    after: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """How a visit begins with a code: whose it is, and what the customer makes of it.

    They look at what the link put in the message box for ``after`` seconds. ``slip`` and ``words``
    are what goes wrong where they do not send it unchanged.
    """

    whose: str
    does: Habit
    after: float
    slip: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One customer's visit. Times are seconds at normal speed.

    ``turns[0]`` is said on arrival, each further one after a reply. Without a reply for
    ``patience`` they say the lines of ``impatient`` one after the other, and at last ``leaves``.
    Some begin with a ``scan``; ``again`` is the next visit of the same person, ``at`` so many
    seconds after this one ended.
    """

    number: int
    at: float
    user: str
    name: str
    language: str
    platform: Platform
    title: str
    turns: tuple[tuple[Spoken, ...], ...]
    patience: float
    impatient: tuple[str, ...]
    leaves: str
    scan: Scan | None = None
    again: "Visit | None" = None


class Story:
    """The visits of a scenario, without end."""

    def __init__(self, scenario: Scenario, seed: int = 1) -> None:
        self.scenario = scenario
        self.seed = seed

    def visits(self) -> Iterator[Visit]:
        """Yield the visits in order of arrival, from the first one on each time it is called."""
        # The seed is no secret: it is there to be repeated.
        choose = random.Random(self.seed)  # noqa: S311
        names = {language: script.pack(language) for language in script.LANGUAGES}
        people = {
            language: _shuffled_for_ever(choose, _people(pack)) for language, pack in names.items()
        }
        talks = {
            language: _shuffled_for_ever(choose, pack.dialogues) for language, pack in names.items()
        }
        at = 0.0
        for number, language in enumerate(self._languages(choose), 1):
            at += self._wait(choose, number)
            user, name = next(people[language])
            yield self._visit(
                choose, number, at, names[language], user, name, next(talks[language])
            )

    def scans(self) -> list[Visit]:
        """Return the visits of those who come by a code, in the order of the scenario.

        They are people of their own, and change nothing about the others.
        """
        people: dict[str, Iterator[tuple[str, str]]] = {}
        found = []
        for number, scan in enumerate(self.scenario.scans):
            choose = random.Random(f"{self.seed} scan {number}")  # noqa: S311 - to be repeated
            language = scan.language or next(self._languages(choose))
            if language not in people:
                names = script.pack(language).scanners
                known = [(f"{language}-scan-{at:02}", name) for at, name in enumerate(names, 1)]
                order = random.Random(f"{self.seed} {language}")  # noqa: S311
                people[language] = _shuffled_for_ever(order, known)
            user, name = next(people[language])
            found.append(self._scan(choose, scan, language, user, name))
        return found

    def _scan(
        self, choose: random.Random, scan: ScanAt, language: str, user: str, name: str
    ) -> Visit:
        pack = script.pack(language)
        first, second = choose.sample(pack.dialogues, 2)
        visit = self._visit(choose, 0, scan.at, pack, user, name, first)
        platform = scan.platform or visit.platform
        greeting = Spoken(
            line=Line(text=choose.choice(pack.scanned)), after=round(choose.uniform(5.0, 8.0), 3)
        )
        opening = (greeting, *(replace(said, after=said.after + 2.0) for said in visit.turns[0]))
        again = None
        if scan.returns is not None:
            later = self._visit(choose, 0, scan.returns, pack, user, name, second)
            again = replace(later, platform=platform)
        return replace(
            visit,
            platform=platform,
            turns=(opening, *visit.turns[1:]),
            scan=Scan(
                whose=scan.whose,
                does=scan.does,
                after=round(choose.uniform(2.0, 4.0), 3),
                slip=choose.randrange(100),
                words=choose.choice(pack.scanned),
            ),
            again=again,
        )

    def _languages(self, choose: random.Random) -> Iterator[str]:
        """Yield languages; the first few are one of each, so that all are seen at once."""
        weights = {name: weight for name, weight in self.scenario.languages.items() if weight > 0}
        first = list(weights)
        choose.shuffle(first)
        yield from first
        while True:
            yield choose.choices(list(weights), list(weights.values()))[0]

    def _wait(self, choose: random.Random, number: int) -> float:
        arrivals = self.scenario.arrivals
        if number <= arrivals.first:
            share = arrivals.within / max(1, arrivals.first)
            return choose.uniform(0.1, 0.3) if number == 1 else share * choose.uniform(0.6, 1.0)
        return choose.uniform(*arrivals.every)

    def _visit(
        self,
        choose: random.Random,
        number: int,
        at: float,
        pack: Pack,
        user: str,
        name: str,
        talk: Dialogue,
    ) -> Visit:
        share = self.scenario.platforms.get(pack.language, 0.5)
        # A person is on one platform, whenever they come.
        on_line = random.Random(f"{self.seed} {user}").random() < share  # noqa: S311
        endings = pack.endings if name in pack.men else {}
        return Visit(
            number=number,
            at=round(at, 3),
            user=user,
            name=name,
            language=pack.language,
            platform=Platform.LINE if on_line else Platform.TELEGRAM,
            title=talk.title,
            turns=tuple(
                _spoken(choose, turn, endings, first=turn is talk.turns[0]) for turn in talk.turns
            ),
            patience=round(choose.uniform(70.0, 140.0), 3),
            impatient=tuple(
                _with(endings, said) for said in choose.sample(pack.impatient, choose.randint(1, 2))
            ),
            leaves=_with(endings, choose.choice(pack.leaves)),
        )


def _people(pack: Pack) -> list[tuple[str, str]]:
    names = pack.people + pack.men
    return [(f"{pack.language}-{number:02}", name) for number, name in enumerate(names, 1)]


def _spoken(
    choose: random.Random, turn: Turn, endings: dict[str, str], *, first: bool
) -> tuple[Spoken, ...]:
    said = []
    for number, line in enumerate(turn.says):
        think = 0.0 if first and number == 0 else choose.uniform(1.2, 2.5)
        if not first and number == 0:
            think = choose.uniform(3.0, 7.0)  # they read the answer first
        typing = len(line.text) * choose.uniform(0.03, 0.06)
        after = round(think + (0.0 if first and number == 0 else typing), 3)
        said.append(Spoken(line=replace(line, text=_with(endings, line.text)), after=after))
    return tuple(said)


def _with(endings: dict[str, str], text: str) -> str:
    for written, spoken in endings.items():
        text = text.replace(written, spoken)
    return text


def _shuffled_for_ever(choose: random.Random, items: list[T]) -> Iterator[T]:
    """Yield all items in some order, then all in another: nobody comes back too soon."""
    while True:
        order = list(items)
        choose.shuffle(order)
        yield from order

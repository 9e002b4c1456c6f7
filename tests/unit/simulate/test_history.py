"""Traffic out of a record: what was recorded is taken as it was, the rest is drawn from it."""

from tests.unit.simulate.shops import CHANNEL, HOUR, MINUTE, START

from inbox_tui.simulate.duty import Duty
from inbox_tui.simulate.history import Now, PastChange, PastSession, recorded, roster_of
from inbox_tui.simulate.traffic import Traffic
from inbox_tui.wire.words import Presence

PRESENT, GRACE, ABSENT = Presence.PRESENT, Presence.GRACE, Presence.ABSENT


def session(
    at: int,
    assigned: int | None = 0,
    answered: int | None = 10_000,
    closed: int | None = 5 * MINUTE,
    **more: object,
) -> PastSession:
    """Return a session; times are from when it was opened."""

    def later(span: int | None) -> int | None:
        return None if span is None else START + at + span

    values = {"last_activity_at": START + at + (answered or 0) + MINUTE, "contact_id": 1, **more}
    return PastSession(
        opened_at=START + at,
        channel=CHANNEL,
        assigned_at=later(assigned),
        first_reply_at=later(answered),
        closed_at=later(closed),
        **values,  # type: ignore[arg-type]
    )


def traffic(*sessions: PastSession) -> Traffic:
    return recorded(
        sessions, [], {}, start=START, end=START + 24 * HOUR, timezone="UTC", target=MINUTE
    )


class TestSessions:
    """Who came, and how long it took."""

    def test_times_are_those_of_the_record(self) -> None:
        (one,) = traffic(session(HOUR, 5_000, 15_000, 5 * MINUTE)).visits(1)
        assert (one.at, one.hour) == (START + HOUR, 1)
        assert (one.answer, one.service, one.patience) == (10_000, 285_000, -1)

    def test_closed_for_silence(self) -> None:
        """Its last word ends the service; how long silence is waited for is the workspace's."""
        (one,) = traffic(session(0, 0, 10_000, 25 * HOUR, idled=True)).visits(1)
        assert (one.service, one.idles) == (MINUTE, True)

    def test_unknown_times_are_drawn_from_the_known(self) -> None:
        made = traffic(
            session(0, 0, 10_000, 70_000),
            session(1, None, None, None),
            session(2, 90_000, 30_000, 90_000),  # given to somebody else after the answer
        )
        visits = list(made.visits(3))
        assert [one.answer for one in visits] == [10_000] * 3
        assert {one.service for one in visits} == {60_000}
        assert any("1 of 3 sessions" in note for note in made.notes)

    def test_nothing_is_known(self) -> None:
        made = traffic(session(0, None, None, None))
        (one,) = made.visits(1)
        assert (one.answer, one.service) == (0, 10 * MINUTE)
        assert any("10 minutes" in note for note in made.notes)

    def test_only_what_began_in_the_time(self) -> None:
        made = traffic(session(-1), session(0), session(24 * HOUR))
        assert len(list(made.visits(1))) == 1

    def test_a_contact_is_one_person(self) -> None:
        one, two, other = traffic(
            session(0, contact_id=7, previous="amy"),
            session(HOUR, contact_id=7, returning=True),
            session(2 * HOUR, contact_id=8),
        ).visits(1)
        assert one.contact is two.contact
        assert one.contact is not other.contact
        assert (one.contact.before, two.returning) == ("amy", True)

    def test_patience_is_said_to_be_left_out(self) -> None:
        assert any("Patience" in note for note in traffic(session(0)).notes)


class TestDuty:
    """When agents were there."""

    def line(self, *changes: PastChange, now: Now | None = None) -> list[Duty]:
        agents = {"amy": now or Now(ABSENT, False)}
        found = roster_of(changes, agents, START, START + 10 * HOUR)["amy"]
        return [Duty((duty.at - START) // HOUR, *duty[1:]) for duty in found]

    def test_comes_and_goes(self) -> None:
        assert self.line(
            PastChange(START + HOUR, "amy", PRESENT),
            PastChange(START + 8 * HOUR, "amy", ABSENT),
            now=Now(ABSENT, True),
        ) == [(0, False, False), (1, True, True), (8, False, False)]

    def test_the_first_change_tells_how_it_was_before(self) -> None:
        assert self.line(
            PastChange(START + HOUR, "amy", None, False),
            PastChange(START + 2 * HOUR, "amy", ABSENT),
        ) == [(0, True, True), (1, True, False), (2, False, False)]

    def test_in_grace_they_get_nothing_new(self) -> None:
        assert self.line(
            PastChange(START + HOUR, "amy", GRACE),
            PastChange(START + 2 * HOUR, "amy", PRESENT),
            now=Now(PRESENT, True),
        ) == [(0, True, True), (1, True, False), (2, True, True)]

    def test_who_never_changed_was_as_now(self) -> None:
        assert self.line(now=Now(PRESENT, True)) == [(0, True, True)]

    def test_before_and_after_the_record(self) -> None:
        assert self.line(
            PastChange(START - HOUR, "amy", PRESENT),
            PastChange(START + 20 * HOUR, "amy", ABSENT),
            now=Now(ABSENT, True),
        ) == [(0, True, True)]

    def test_others_are_others(self) -> None:
        assert self.line(PastChange(START + HOUR, "bo", PRESENT)) == [(0, False, False)]

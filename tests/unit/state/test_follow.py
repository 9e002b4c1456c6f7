"""Following the events gives what reading everything again would give, whatever happens."""

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from inbox_tui.client.port import SessionQuery
from inbox_tui.state.lists import Filters, sort_key
from inbox_tui.state.people import People
from inbox_tui.state.store import Store
from inbox_tui.testing import builders as build
from inbox_tui.testing.client import FakeClient
from inbox_tui.testing.clock import FakeClock
from inbox_tui.testing.world import World
from inbox_tui.wire.models import Event
from inbox_tui.wire.words import DeliveryState, ListName, SessionState, Sort

PEOPLE = ("amy", "bo", "cho")

Step = tuple[str, int, int]
steps = st.lists(
    st.tuples(
        st.sampled_from(("write", "assign", "queue", "close", "reply", "star", "read", "wait")),
        st.integers(0, 5),
        st.integers(0, 3),
    ),
    max_size=40,
)


def make_world() -> World:
    return World(
        FakeClock(),
        agents=[
            build.agent("amy"),
            build.agent("bo", teams=["sales", "care"]),
            build.agent("cho", teams=["care"]),
        ],
        teams=[build.team("sales"), build.team("care")],
        channels=[build.channel(team="sales"), build.channel("tg", team="care")],
    )


def play(world: World, script: list[Step]) -> None:
    for number in range(len(world.contacts), 6):
        world.contact(f"Customer {number}", channel="line-main" if number % 2 else "tg")
    for what, who, choice in script:
        step(world, what, who + 1, choice)


def step(world: World, what: str, who: int, choice: int) -> None:
    """Play one step; one that is not possible plays nothing."""
    session = world.open_of(who)
    match what:
        case "write":
            world.write(who, f"line {choice}")
        case "wait":
            assert isinstance(world.clock, FakeClock)
            world.clock.move(choice)
        case "assign" if session is not None and session.assignee != PEOPLE[choice % 3]:
            world.assign(session.id, PEOPLE[choice % 3])
        case "queue" if session is not None and session.assignee is not None:
            world.assign(session.id, None, team=("sales", "care")[choice % 2])
        case "close" if session is not None:
            world.close(session.id)
        case "reply" if session is not None:
            entry = world.reply(session.id, "yes", by=PEOPLE[choice % 3])
            world.deliver(entry, DeliveryState.SENT)
        case "star" if session is not None:
            starred = ("amy", session.id) not in world.stars
            world.star(session.id, "amy", starred)
        case "read" if session is not None:
            world.read(session.id, PEOPLE[choice % 2], session.customer_messages)


async def read_all(world: World, store: Store, sort: Sort, *, limit: int) -> None:
    """Read everything as a terminal does when it starts."""
    client = FakeClient(world, "amy")
    me = await client.me()
    store.start_at(me.last_seq)
    store.set_me(me)
    people = People.of(await client.agents(), await client.teams(), await client.channels())
    for name in ListName:
        generation = store.begin_list(name, sort, Filters())
        page = await client.sessions(SessionQuery(list=name, sort=sort, limit=limit))
        assert store.add_page(name, page, generation, world.now)
    store.set_numbers(people, await client.counts(), me.last_seq)


def started(world: World, sort: Sort = Sort.WAIT, *, limit: int = 1_000) -> Store:
    store = Store()
    asyncio.run(read_all(world, store, sort, limit=limit))
    return store


def feed(store: Store, events: list[Event]) -> None:
    for event in events:
        store.apply(event)


def looks(store: Store, name: ListName) -> list[object]:
    return [store.session(session_id) for session_id in store.view(name)]


@settings(max_examples=150)
@given(before=steps, after=steps, sort=st.sampled_from(Sort))
def test_events_in_order_give_what_reading_again_gives(
    before: list[Step], after: list[Step], sort: Sort
) -> None:
    world = make_world()
    play(world, before)
    store = started(world, sort)
    seq = world.seq
    play(world, after)
    feed(store, world.events[seq:])

    fresh = started(world, sort)
    for name in ListName:
        assert looks(store, name) == looks(fresh, name), name
    assert store.counts == fresh.counts
    assert {n: a.open_count for n, a in store.people.agents.items()} == {
        n: a.open_count for n, a in fresh.people.agents.items()
    }


@settings(max_examples=100)
@given(before=steps, after=steps, limit=st.integers(1, 4))
def test_the_loaded_part_of_a_list_is_its_true_top(
    before: list[Step], after: list[Step], limit: int
) -> None:
    world = make_world()
    play(world, before)
    store = started(world, limit=limit)
    seq = world.seq
    play(world, after)
    feed(store, world.events[seq:])

    for name in (ListName.ALL, ListName.MINE, ListName.UNASSIGNED):
        shown = list(store.view(name))
        true = sorted(
            (row for row in world.sessions.values() if world.stands_in(row, name, "amy")),
            key=lambda row: sort_key(row, Sort.WAIT),
        )
        loaded = [row.id for row in true if store.view(name).reaches(row)]
        assert shown == loaded, name


@settings(max_examples=60)
@given(script=steps, twice=st.lists(st.integers(0, 60), max_size=10))
def test_repeated_and_old_events_change_nothing(script: list[Step], twice: list[int]) -> None:
    world = make_world()
    store = started(world)
    play(world, script)
    feed(store, world.events)
    rows = {name: looks(store, name) for name in ListName}
    counts = store.counts

    for number in twice:
        if number < len(world.events):
            assert store.apply(world.events[number]) == ()

    assert {name: looks(store, name) for name in ListName} == rows
    assert store.counts == counts


@settings(max_examples=60)
@given(before=steps, between=steps)
def test_a_page_that_crosses_events_on_its_way_brings_nothing_old_back(
    before: list[Step], between: list[Step]
) -> None:
    world = make_world()
    play(world, before)
    store = started(world)
    client = FakeClient(world, "amy")
    generation = store.begin_list(ListName.ALL, Sort.WAIT, Filters())
    page = asyncio.run(client.sessions(SessionQuery(list=ListName.ALL, limit=1_000)))
    seq = world.seq
    play(world, between)
    feed(store, world.events[seq:])
    store.add_page(ListName.ALL, page, generation, world.now)

    open_ones = {row.id for row in world.sessions.values() if row.state is SessionState.OPEN}
    assert set(store.view(ListName.ALL)) == open_ones
    for session_id in open_ones:
        known = store.session(session_id)
        assert known is not None
        assert known.version == world.sessions[session_id].version


@settings(max_examples=100)
@given(before=steps, missed=steps, after=steps)
def test_reading_afresh_after_a_hole_leaves_nothing_of_before(
    before: list[Step], missed: list[Step], after: list[Step]
) -> None:
    world = make_world()
    store = started(world)
    play(world, before)
    feed(store, world.events)
    play(world, missed)
    asyncio.run(read_all(world, store, Sort.WAIT, limit=1_000))
    seq = world.seq
    play(world, after)
    feed(store, world.events[seq:])

    fresh = started(world)
    for name in ListName:
        assert looks(store, name) == looks(fresh, name), name
    assert store.counts == fresh.counts

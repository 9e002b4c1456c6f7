"""Bindings: the first wins, ending and moving them, what waits follows (Q4, Q6, Q8, Q12)."""

from typing import Any

import pytest
import sqlalchemy as sa

from inbox_tui.backend.bindings import queries
from inbox_tui.backend.bindings import service as bindings
from inbox_tui.backend.sessions.service import claim
from inbox_tui.backend.views import SESSIONS
from inbox_tui.errors import Invalid, NotPossibleNow
from inbox_tui.store import tables

CONTACTS = tables.table(tables.Contact)


class Bound:
    """Binds in the shop, by the names that people type."""

    def __init__(self, shop: Any) -> None:
        self.shop = shop

    async def bind(self, contact: int, **to: str) -> bindings.Bound:
        names = await self.shop.directory()
        agent_id = names.nicknames[to["agent"]] if "agent" in to else None
        team_id = names.team_slugs[to["team"]] if "team" in to else None
        found: bindings.Bound = await self.shop.write(
            lambda work: bindings.bind(work, contact, agent_id=agent_id, team_id=team_id)
        )
        return found

    async def session(self, session_id: int) -> Any:
        return await self.shop.read(
            lambda c: c.execute(sa.select(SESSIONS).where(SESSIONS.c.id == session_id)).one()
        )


@pytest.fixture
def bound(shop: Any) -> Bound:
    return Bound(shop)


async def test_q4_the_first_binding_wins(shop: Any, api: Any, bound: Bound) -> None:
    _, contact, _ = await shop.contact()
    first = await bound.bind(contact, agent="bo")
    again = await bound.bind(contact, agent="dan")
    assert (first.new, again.new, again.id, again.agent_id) == (True, False, first.id, 2)
    answer = (await api("bo", "GET", "/api/bindings")).json()
    (shown,) = answer["items"]
    assert (shown["agent"], shown["team"], shown["how"], shown["by"]) == ("bo", None, "hand", None)
    profile = (await api("bo", "GET", f"/api/contacts/{contact}")).json()
    assert profile["binding"] == shown


async def test_q4_what_waits_is_routed_anew_and_what_is_served_stays(
    shop: Any, bound: Bound
) -> None:
    session = await shop.session()
    shop.clock.move(60)
    await shop.write(lambda work: work.update(tables.Session, session["id"], {"owner_waited": 1}))
    await bound.bind(session["contact_id"], agent="bo")
    row = await bound.session(session["id"])
    assert (row.queued_at, row.owner_waited) == (shop.clock.now(), False)
    other = await shop.session("U2")
    await shop.write(claim, other["id"], await shop.agent("amy"))
    await bound.bind(other["contact_id"], agent="bo")
    row = await bound.session(other["id"])
    assert (row.assignee_id, row.queued_at) == (1, None)
    changed = [data for kind, _, data in await shop.events() if kind == "contact.changed"]
    assert [each["changes"]["binding"]["agent"] for each in changed] == ["bo", "bo"]


async def test_q6_a_blocked_contact_is_not_bound(shop: Any, bound: Bound) -> None:
    _, contact, _ = await shop.contact()
    await shop.write(lambda work: work.update(tables.Contact, contact, {"blocked": True}))
    with pytest.raises(NotPossibleNow):
        await bound.bind(contact, agent="bo")


async def test_q1_an_agent_inside_a_team_is_a_member_of_it(shop: Any, bound: Bound) -> None:
    _, contact, _ = await shop.contact()
    with pytest.raises(Invalid):
        await bound.bind(contact, agent="dan", team="sales")
    with pytest.raises(Invalid):
        await bound.bind(contact)
    found = await bound.bind(contact, agent="bo", team="sales")
    assert (found.agent_id, found.team_id) == (2, 1)


async def test_q8_an_ended_binding_lets_the_contact_bind_to_another(
    shop: Any, api: Any, bound: Bound
) -> None:
    _, contact, _ = await shop.contact()
    first = await bound.bind(contact, agent="bo")
    assert (await api("cy", "DELETE", f"/api/bindings/{first.id}")).status_code == 204
    assert (await api("cy", "DELETE", f"/api/bindings/{first.id}")).status_code == 404
    assert (await bound.bind(contact, agent="dan")).new
    told = [data for kind, _, data in await shop.events() if kind == "contact.changed"]
    assert (told[1]["changes"], told[1]["was"]["binding"]["agent"]) == ({"binding": None}, "bo")


async def test_q8_a_binding_is_moved(shop: Any, api: Any, bound: Bound) -> None:
    _, contact, _ = await shop.contact()
    first = await bound.bind(contact, agent="bo")
    path = f"/api/bindings/{first.id}/move"
    answer = await api("amy", "POST", path, {"agent": "bo"})
    assert answer.status_code == 409
    moved = (await api("amy", "POST", path, {"team": "care"})).json()
    assert (moved["agent"], moved["team"], moved["how"], moved["by"]) == (
        None,
        "care",
        "moved",
        "amy",
    )
    row = await shop.read(lambda c: c.execute(sa.select(CONTACTS)).one())
    assert (row.bound_agent_id, row.bound_team_id) == (None, 2)
    assert (await api("amy", "POST", path, {"team": "care"})).status_code == 404


async def test_the_list_of_bindings_by_agent_and_team_in_pages(
    shop: Any, api: Any, bound: Bound
) -> None:
    for number, to in enumerate([{"agent": "bo"}, {"team": "sales"}, {"agent": "bo"}]):
        _, contact, _ = await shop.contact(f"U{number}", f"N{number}")
        await bound.bind(contact, **to)

    async def page(query: str) -> tuple[list[str], int, str | None]:
        answer = (await api("bo", "GET", f"/api/bindings?{query}")).json()
        names = [each["contact"]["name"] for each in answer["items"]]
        return names, answer["total"], answer["next_cursor"]

    assert await page("agent=bo") == (["N0", "N2"], 2, None)
    assert await page("team=sales") == (["N1"], 1, None)
    first, total, cursor = await page("limit=2")
    assert (first, total) == (["N0", "N1"], 3)
    assert await page(f"limit=2&cursor={cursor}") == (["N2"], 3, None)


async def test_at_most_one_live_binding_is_kept_by_the_database(shop: Any, bound: Bound) -> None:
    _, contact, _ = await shop.contact()
    await bound.bind(contact, agent="bo")
    with pytest.raises(sa.exc.IntegrityError):
        await shop.write(
            lambda work: work.execute(
                sa.insert(bindings.BINDINGS),
                {"contact_id": contact, "team_id": 1, "made_at": 0, "how": "hand"},
            )
        )


@pytest.mark.parametrize(
    ("counted", "index"),
    [(queries._OF_AGENTS, "contacts_of_agent"), (queries._OF_TEAMS, "contacts_of_team")],
)
async def test_q10_counting_all_who_are_bound_reads_no_row(
    shop: Any, counted: sa.Select[Any], index: str
) -> None:
    text = str(counted.compile(compile_kwargs={"literal_binds": True}))
    plan = await shop.read(
        lambda c: [str(row[3]) for row in c.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}")]
    )
    assert len(plan) == 1
    assert f"contacts USING COVERING INDEX {index}" in plan[0]

"""Contacts: found or made as they write, renamed, searched, shown with their history."""

from typing import Any

import pytest

from inbox_tui.backend.cases.service import edit as edit_case
from inbox_tui.backend.contacts import queries, service
from inbox_tui.errors import Invalid, NotFound, StaleVersion
from inbox_tui.text import fold
from inbox_tui.wire.models import Contact
from inbox_tui.wire.requests import CaseEdit, PatchContact


async def profile_of(shop: Any, contact_id: int) -> Contact:
    found: Contact = await shop.read(queries.contact, await shop.directory(), contact_id)
    return found


async def found_by(shop: Any, words: str) -> list[int]:
    """Return the contacts the search index finds, as the lists of sessions ask it."""
    rows = await shop.read(
        lambda connection: connection.exec_driver_sql(
            "SELECT rowid FROM contact_search WHERE contact_search MATCH ? ORDER BY rowid",
            (f'"{fold(words)}"',),
        ).all()
    )
    return [row[0] for row in rows]


async def test_somebody_new_becomes_a_contact_once(shop: Any) -> None:
    first = await shop.contact("U1", "Nok")
    assert await shop.contact("U1", "Another") == first
    assert await shop.contact("U1", "Nok", "bot") != first
    assert (await profile_of(shop, first[1])).name == "Nok"


async def test_the_same_batch_finds_whom_it_just_made(shop: Any) -> None:
    channel = await shop.channel("line-main")

    def twice(work: Any) -> tuple[Any, Any]:
        return (
            service.find_or_create(work, channel, "U1", None, None),
            service.find_or_create(work, channel, "U1", None, None),
        )

    first, second = await shop.write(twice)
    assert first == second


async def test_a_blocked_contact_is_told_as_such(shop: Any) -> None:
    await shop.contact()
    await shop.write(lambda work: work.connection.exec_driver_sql("UPDATE contacts SET blocked=1"))
    channel = await shop.channel("line-main")
    *_ids, blocked = await shop.write(service.find_or_create, channel, "U1", None, None)
    assert blocked is True


async def test_without_a_name_the_end_of_the_id_stands_for_it(shop: Any) -> None:
    identity, contact, _conversation = await shop.contact("U" + "0" * 26 + "4f2a9c", None)
    assert (await profile_of(shop, contact)).name == "…4f2a9c"
    await shop.write(service.profile_known, identity, "Nok", "th")
    profile = await profile_of(shop, contact)
    assert (profile.name, profile.language, profile.version) == ("Nok", "th", 2)
    assert profile.identities[0].name == "Nok"
    assert await found_by(shop, "nok") == [contact]
    kind, subject, data = (await shop.events())[-1]
    assert (kind, subject, data["contact_id"]) == ("contact.changed", contact, contact)


async def test_a_name_given_by_us_stays_when_the_platform_tells_another(shop: Any) -> None:
    identity, contact, _conversation = await shop.contact()
    amy = await shop.agent("amy")
    await shop.write(service.edit, contact, PatchContact(name="Khun Nok"), amy, None)
    await shop.write(service.profile_known, identity, "nok_88", None)
    profile = await profile_of(shop, contact)
    assert (profile.name, profile.identities[0].name) == ("Khun Nok", "nok_88")
    assert await found_by(shop, "nok_88") == [contact]


async def test_the_same_profile_again_changes_nothing(shop: Any) -> None:
    identity, contact, _conversation = await shop.contact()
    before = await shop.events()
    await shop.write(service.profile_known, identity, "Nok", None)
    await shop.write(service.profile_known, identity, None, None)
    assert await shop.events() == before
    assert (await profile_of(shop, contact)).version == 1
    with pytest.raises(NotFound):
        await shop.write(service.profile_known, 999, "A", None)


async def test_the_index_follows_every_edit(shop: Any) -> None:
    _identity, contact, _conversation = await shop.contact("U1", "Nguyễn Ánh")
    other = (await shop.contact("U2", "Somchai"))[1]
    amy = await shop.agent("amy")
    assert await found_by(shop, "nguyen") == [contact]
    await shop.write(service.edit, contact, PatchContact(name="สมศรี", nickname="Sri"), amy, None)
    assert await found_by(shop, "สมศรี") == [contact]
    assert await found_by(shop, "sri") == [contact]
    assert await found_by(shop, "Nguyễn") == [contact]  # the name on the platform still finds them
    await shop.write(service.edit, contact, PatchContact(nickname=""), amy, None)
    assert await found_by(shop, "sri") == []
    assert await found_by(shop, "somchai") == [other]
    await shop.write(
        lambda work: work.connection.exec_driver_sql(
            "INSERT INTO contact_search(contact_search) VALUES ('integrity-check')"
        )
    )


async def test_an_edit_is_audited_with_what_it_was(shop: Any) -> None:
    _identity, contact, _conversation = await shop.contact()
    amy = await shop.agent("amy")
    await shop.write(
        service.edit, contact, PatchContact(note=" Likes\nblue ", language="th"), amy, 1
    )
    profile = await profile_of(shop, contact)
    assert (profile.note, profile.language, profile.version) == ("Likes\nblue", "th", 2)
    _kind, _subject, data = (await shop.events())[-1]
    assert data["changes"] == {"note": "Likes\nblue", "language": "th"}
    assert data["was"] == {"note": "", "language": None}
    before = await shop.events()
    await shop.write(service.edit, contact, PatchContact(language="th"), amy, None)
    assert await shop.events() == before
    with pytest.raises(StaleVersion) as refused:
        await shop.write(service.edit, contact, PatchContact(note="x"), amy, 1)
    assert refused.value.data == {"version": 2}


async def test_a_new_name_is_a_new_version_of_the_rows_that_show_it(shop: Any) -> None:
    session = await shop.session()
    amy = await shop.agent("amy")

    async def version() -> int:
        found = await shop.read(
            lambda connection: connection.exec_driver_sql(
                "SELECT version FROM sessions WHERE id = ?", (session["id"],)
            ).scalar_one()
        )
        return int(found)

    before = await version()
    await shop.write(service.edit, session["contact_id"], PatchContact(nickname="Bird"), amy, None)
    assert await version() == before + 1
    await shop.write(service.edit, session["contact_id"], PatchContact(note="shy"), amy, None)
    assert await version() == before + 1


async def test_every_open_session_of_a_contact_hears_of_the_change_once(shop: Any) -> None:
    session = await shop.session()
    before = len(await shop.events())
    amy = await shop.agent("amy")
    await shop.write(service.edit, session["contact_id"], PatchContact(nickname="Bird"), amy, None)
    rows = await shop.read(
        lambda connection: connection.exec_driver_sql(
            "SELECT session_id FROM events WHERE seq > ?", (before,)
        ).all()
    )
    assert [row[0] for row in rows] == [session["id"]]


@pytest.mark.parametrize(
    ("patch", "path"),
    [
        (PatchContact(name="  "), "name"),
        (PatchContact(name="x" * 101), "name"),
        (PatchContact(nickname="x" * 101), "nickname"),
        (PatchContact(language="x" * 36), "language"),
        (PatchContact(language="Thai"), "language"),
        (PatchContact(note="x" * 20_001), "note"),
    ],
)
async def test_what_cannot_be_kept_is_refused_by_its_path(
    shop: Any, patch: PatchContact, path: str
) -> None:
    _identity, contact, _conversation = await shop.contact()
    with pytest.raises(Invalid) as refused:
        await shop.write(service.edit, contact, patch, 1, None)
    assert refused.value.data == {"path": path}


async def test_a_profile_has_the_history_on_every_channel_latest_first(shop: Any) -> None:
    first = await shop.session()
    amy = await shop.agent("amy")
    await shop.write(edit_case, first["case_code"], CaseEdit(title="Late"), amy, None)
    for name in ("identities", "conversations"):
        await shop.write(
            lambda work, name=name: work.connection.exec_driver_sql(
                f"UPDATE {name} SET contact_id = {first['contact_id']}"
            )
        )
    await shop.contact("7", "Nok", "bot")
    await shop.write(
        lambda work: work.connection.exec_driver_sql(
            f"UPDATE identities SET contact_id = {first['contact_id']}"
        )
    )
    second = await shop.session("7", "Nok", "bot")
    profile = await profile_of(shop, first["contact_id"])
    assert [identity.channel for identity in profile.identities] == ["line-main", "bot"]
    assert [(one.id, one.channel, one.title) for one in profile.sessions] == [
        (second["id"], "bot", ""),
        (first["id"], "line-main", "Late"),
    ]


async def test_the_calls(shop: Any, api: Any) -> None:
    _identity, contact, _conversation = await shop.contact()
    path = f"/api/contacts/{contact}"
    assert (await api("bo", "GET", path)).json()["name"] == "Nok"
    changed = await api("bo", "PATCH", path, {"nickname": "Bird"}, If_Match='"1"')
    assert (changed.status_code, changed.json()["nickname"]) == (200, "Bird")
    assert (await api("bo", "PATCH", path, {"note": "x"}, If_Match="1")).status_code == 409
    assert (await api("bo", "PATCH", path, {"note": "x"})).json()["version"] == 3
    assert (await api("bo", "GET", "/api/contacts/999")).status_code == 404
    assert (await api(None, "GET", path)).status_code == 401


async def test_f1_tier_tags_and_dedicated_agent_are_edited_and_taken_away(
    shop: Any, api: Any
) -> None:
    _, contact, _ = await shop.contact()
    given = {"tier": "gold", "tags": ["vip", " New ", "VIP"], "dedicated_agent": "bo"}
    shown = (await api("amy", "PATCH", f"/api/contacts/{contact}", given)).json()
    assert (shown["tier"], shown["tags"], shown["dedicated_agent"]) == (
        "gold",
        ["New", "VIP"],
        "bo",
    )
    away = {"tier": "", "tags": [], "dedicated_agent": ""}
    shown = (await api("amy", "PATCH", f"/api/contacts/{contact}", away)).json()
    assert (shown["tier"], shown["tags"], shown["dedicated_agent"]) == (None, [], None)
    told = [data for kind, _, data in await shop.events() if kind == "contact.changed"]
    assert told[0]["changes"]["dedicated_agent"] == "bo"
    assert told[1]["was"]["dedicated_agent"] == "bo"


async def test_l4_sessions_are_filtered_by_tag_and_tier(shop: Any, api: Any) -> None:
    for number, edit in enumerate([{"tags": ["vip"]}, {"tier": "gold"}, {"tags": ["new", "vip"]}]):
        session = await shop.session(f"U{number}")
        await api("amy", "PATCH", f"/api/contacts/{session['contact_id']}", edit)

    async def ids(query: str) -> list[int]:
        page = (await api("amy", "GET", f"/api/sessions?{query}")).json()
        assert page["total"] == len(page["items"])
        return sorted(each["id"] for each in page["items"])

    assert await ids("tag=vip") == [1, 3]
    assert await ids("tag=new&tag=nothing") == [3]
    assert await ids("tier=gold") == [2]
    assert await ids("tier=gold&tag=vip") == []


async def test_r4_a_profile_that_is_told_late_gives_what_is_open_its_language(shop: Any) -> None:
    identity, contact, _ = await shop.contact()
    session = await shop.session()
    await shop.write(service.profile_known, identity, "Nok", "pt-BR")
    row = await shop.read(
        lambda c: c.exec_driver_sql("SELECT language, language_from FROM sessions").one()
    )
    assert (session["language"], tuple(row)) == ("en", ("pt", "profile"))
    assert contact == 1

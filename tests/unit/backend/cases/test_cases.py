"""Cases: K1 to K4."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from inbox_tui.backend.cases import queries, service
from inbox_tui.backend.cases.queries import CaseFilter
from inbox_tui.clock import to_datetime
from inbox_tui.errors import Invalid, NotFound, StaleVersion
from inbox_tui.wire.models import Case, Page
from inbox_tui.wire.requests import CaseEdit
from inbox_tui.wire.words import CaseStatus, CloseReason, EntryKind, Severity


async def case_of(shop: Any, code: str) -> Case:
    found: Case = await shop.read(queries.case, await shop.directory(), code, shop.clock.now())
    return found


async def page_of(
    shop: Any, limit: int = 50, cursor: str | None = None, **wanted: Any
) -> Page[Case]:
    found: Page[Case] = await shop.read(
        queries.page,
        await shop.directory(),
        CaseFilter(**wanted),
        limit,
        cursor,
        shop.clock.now(),
    )
    return found


async def test_a_case_opens_with_its_session(shop: Any) -> None:
    session = await shop.session()
    case = await case_of(shop, session["case_code"])
    assert case.code == "C-00001"
    assert case.link == "inbox-tui://case/C-00001"
    assert case.status == CaseStatus.IN_PROGRESS
    assert case.session_id == session["id"]
    assert case.contact.name == "Nok"
    assert case.channel == "line-main"
    assert [line.kind for line in case.activity] == ["opened"]
    kinds = [kind for kind, _subject, _data in await shop.events()]
    assert kinds[-2:] == ["case.changed", "session.opened"]


async def test_codes_are_unique(shop: Any) -> None:
    codes = {(await shop.session(f"U{n}"))["case_code"] for n in range(5)}
    assert len(codes) == 5


async def test_the_owner_is_the_last_assignee_and_the_earlier_one_is_involved(shop: Any) -> None:
    session = await shop.session()
    amy, bo = await shop.agent("amy"), await shop.agent("bo")
    await shop.write(service.assigned, session["id"], amy, None)
    await shop.write(service.assigned, session["id"], bo, amy)
    case = await case_of(shop, session["case_code"])
    assert case.owner == "bo"
    assert case.involved == ["amy"]
    assert [(line.kind, line.actor, line.detail) for line in case.activity[1:]] == [
        ("owner", None, "amy"),
        ("owner", "amy", "bo"),
    ]


async def test_assigning_the_owner_again_leaves_no_trace(shop: Any) -> None:
    session = await shop.session()
    amy = await shop.agent("amy")
    await shop.write(service.assigned, session["id"], amy, None)
    before = await shop.events()
    await shop.write(service.assigned, session["id"], amy, None)
    assert await shop.events() == before


async def test_whoever_replied_or_noted_is_involved_and_notes_are_in_the_record(shop: Any) -> None:
    session = await shop.session()
    await shop.say(session, EntryKind.REPLY, "bo", "hello")
    shop.clock.move(1)
    await shop.say(session, EntryKind.NOTE, "dan", "parcel\nis late")
    case = await case_of(shop, session["case_code"])
    assert case.involved == ["bo", "dan"]
    assert (case.activity[-1].kind, case.activity[-1].actor, case.activity[-1].detail) == (
        "note",
        "dan",
        "parcel is late",
    )


async def test_an_earlier_session_of_the_conversation_involves_nobody_here(shop: Any) -> None:
    first = await shop.session()
    await shop.say(first, EntryKind.REPLY, "bo", "hello")
    await shop.write(
        lambda work: work.connection.exec_driver_sql("UPDATE sessions SET state = 'closed'")
    )
    second = await shop.session()
    assert (await case_of(shop, second["case_code"])).involved == []


async def test_edit_sets_fields_and_tells_them(shop: Any) -> None:
    session = await shop.session()
    bo = await shop.agent("bo")
    edit = CaseEdit(
        title="  Late\nparcel ",
        description="It did not come.",
        severity=Severity.HIGH,
        tags=["Parcel", "parcel", " late  one ", ""],
    )
    await shop.write(service.edit, session["case_code"], edit, bo, None)
    case = await case_of(shop, session["case_code"])
    assert case.title == "Late parcel"
    assert case.tags == ["Parcel", "late one"]
    assert case.severity == Severity.HIGH
    assert case.version == 2
    assert [(line.kind, line.detail) for line in case.activity[1:]] == [
        ("edited", "title, description, severity high"),
        ("tags", "+Parcel, +late one"),
    ]
    await shop.write(service.edit, session["case_code"], CaseEdit(tags=["Parcel"]), bo, None)
    case = await case_of(shop, session["case_code"])
    assert (case.activity[-1].kind, case.activity[-1].detail) == ("tags", "-late one")


async def test_an_edit_that_changes_nothing_leaves_no_trace(shop: Any) -> None:
    session = await shop.session()
    bo = await shop.agent("bo")
    await shop.write(service.edit, session["case_code"], CaseEdit(title="A"), bo, None)
    before = await shop.events()
    await shop.write(service.edit, session["case_code"], CaseEdit(title="A "), bo, None)
    assert await shop.events() == before
    assert (await case_of(shop, session["case_code"])).version == 2


async def test_a_stale_version_is_refused_with_the_present_one(shop: Any) -> None:
    session = await shop.session()
    bo = await shop.agent("bo")
    await shop.write(service.edit, session["case_code"], CaseEdit(title="A"), bo, 1)
    with pytest.raises(StaleVersion) as refused:
        await shop.write(service.edit, session["case_code"], CaseEdit(title="B"), bo, 1)
    assert refused.value.data == {"version": 2}
    assert (await case_of(shop, session["case_code"])).title == "A"


@pytest.mark.parametrize(
    ("edit", "path"),
    [
        (CaseEdit(title="x" * 201), "title"),
        (CaseEdit(description="x" * 20_001), "description"),
        (CaseEdit(tags=["fine", "x" * 61]), "tags[1]"),
        (CaseEdit(tags=[f"tag {n}" for n in range(31)]), "tags"),
        (CaseEdit(follow_up_at=datetime(2030, 1, 1)), "follow_up_at"),  # noqa: DTZ001 - on purpose
    ],
)
async def test_what_cannot_be_kept_is_refused_by_its_path(
    shop: Any, edit: CaseEdit, path: str
) -> None:
    session = await shop.session()
    with pytest.raises(Invalid) as refused:
        await shop.write(service.edit, session["case_code"], edit, await shop.agent("bo"), None)
    assert refused.value.data == {"path": path}


async def test_an_unknown_case_is_not_found(shop: Any) -> None:
    with pytest.raises(NotFound):
        await shop.write(service.edit, "C-99999", CaseEdit(title="A"), 1, None)
    with pytest.raises(NotFound):
        await case_of(shop, "C-99999")


@pytest.mark.parametrize(
    ("how", "detail"),
    [(CloseReason.ENDED, ""), (CloseReason.TIMEOUT, "timeout"), (CloseReason.IDLE, "idle")],
)
async def test_a_case_closes_with_its_session_and_says_how(
    shop: Any, how: CloseReason, detail: str
) -> None:
    session = await shop.session()
    await shop.write(service.session_closed, session["id"], how, None)
    case = await case_of(shop, session["case_code"])
    assert case.status == CaseStatus.CLOSED
    assert case.closed_at == to_datetime(shop.clock.now())
    assert (case.activity[-1].kind, case.activity[-1].detail) == ("closed", detail)


async def test_a_follow_up_to_come_keeps_the_case_open(shop: Any) -> None:
    session = await shop.session()
    bo = await shop.agent("bo")
    soon = to_datetime(shop.clock.now()) + timedelta(days=1)
    await shop.write(service.edit, session["case_code"], CaseEdit(follow_up_at=soon), bo, None)
    await shop.write(service.session_closed, session["id"], CloseReason.ENDED, bo)
    case = await case_of(shop, session["case_code"])
    assert case.status == CaseStatus.IN_PROGRESS
    assert case.follow_up_at == soon


async def test_a_follow_up_that_has_passed_does_not(shop: Any) -> None:
    session = await shop.session()
    bo = await shop.agent("bo")
    past = datetime(2020, 1, 1, tzinfo=UTC)
    await shop.write(service.edit, session["case_code"], CaseEdit(follow_up_at=past), bo, None)
    await shop.write(service.session_closed, session["id"], CloseReason.ENDED, bo)
    assert (await case_of(shop, session["case_code"])).status == CaseStatus.CLOSED


async def test_the_end_form_can_keep_the_case_in_progress(shop: Any) -> None:
    session = await shop.session()
    bo = await shop.agent("bo")
    keep = CaseEdit(title="Wait for stock", status=CaseStatus.IN_PROGRESS)
    await shop.write(service.edit_of_session, session["id"], keep, bo)
    await shop.write(service.session_closed, session["id"], CloseReason.ENDED, bo)
    case = await case_of(shop, session["case_code"])
    assert (case.status, case.title) == (CaseStatus.IN_PROGRESS, "Wait for stock")


async def test_a_case_is_reopened_on_its_own_with_its_follow_up_standing(shop: Any) -> None:
    session = await shop.session()
    bo = await shop.agent("bo")
    soon = to_datetime(shop.clock.now()) + timedelta(days=1)
    closed = CaseEdit(status=CaseStatus.CLOSED, follow_up_at=soon)
    await shop.write(service.edit, session["case_code"], closed, bo, None)
    assert (await case_of(shop, session["case_code"])).follow_up_at == soon
    reopened = CaseEdit(status=CaseStatus.IN_PROGRESS)
    await shop.write(service.edit, session["case_code"], reopened, bo, None)
    case = await case_of(shop, session["case_code"])
    assert (case.status, case.closed_at) == (CaseStatus.IN_PROGRESS, None)
    assert [line.kind for line in case.activity] == ["opened", "follow_up", "closed", "reopened"]


async def test_waited_and_served_run_while_the_session_does_and_stop_with_it(shop: Any) -> None:
    session = await shop.session()
    opened = shop.clock.now()
    shop.clock.move(100)
    await shop.write(
        lambda work: work.connection.exec_driver_sql(
            "UPDATE sessions SET waited = 5000, waiting_since = ?, first_reply_at = ?",
            (opened + 90_000, opened + 20_000),
        )
    )
    case = await case_of(shop, session["case_code"])
    assert (case.waited, case.served) == (15.0, 80.0)
    await shop.write(
        lambda work: work.connection.exec_driver_sql(
            "UPDATE sessions SET closed_at = ?", (opened + 95_000,)
        )
    )
    shop.clock.move(1_000)
    case = await case_of(shop, session["case_code"])
    assert (case.waited, case.served) == (10.0, 75.0)


async def test_the_archive_filters_and_searches(shop: Any) -> None:
    bo = await shop.agent("bo")
    first = await shop.session("U1", "Nok")
    second = await shop.session("U2", "Nguyễn Ánh")
    third = await shop.session("7", "Ann", "bot")
    edits = {
        first["case_code"]: CaseEdit(title="พัสดุล่าช้า", tags=["parcel"]),
        second["case_code"]: CaseEdit(severity=Severity.CRITICAL, tags=["par"]),
        third["case_code"]: CaseEdit(status=CaseStatus.CLOSED, description="50% off_code"),
    }
    for code, edit in edits.items():
        await shop.write(service.edit, code, edit, bo, None)
    await shop.write(service.assigned, second["id"], bo, None)

    async def codes(**wanted: Any) -> list[str]:
        page = await page_of(shop, **wanted)
        assert page.total == len(page.items)
        return [case.code for case in page.items]

    one, two, three = edits
    assert await codes() == [three, two, one]
    assert await codes(status=CaseStatus.CLOSED) == [three]
    assert await codes(owner="bo") == [two]
    assert await codes(owner="none") == [three, one]
    assert await codes(severity=Severity.CRITICAL) == [two]
    assert await codes(tag="parcel") == [one]
    assert await codes(channel="bot") == [three]
    assert await codes(q="ล่าช้า") == [one]
    assert await codes(q="nguyen anh") == [two]
    assert await codes(q="0% OFF_code") == [three]
    assert await codes(q="0_x") == []
    assert await codes(q=two.lower()) == [two]
    with pytest.raises(NotFound):
        await codes(owner="nobody")
    with pytest.raises(NotFound):
        await codes(channel="nowhere")


async def test_pages_follow_each_other_without_gap_while_cases_are_added(shop: Any) -> None:
    for number in range(7):
        await shop.session(f"U{number}")
    first = await page_of(shop, limit=3)
    assert (first.total, first.total_is_exact) == (7, True)
    await shop.session("new")
    second = await page_of(shop, limit=3, cursor=first.next_cursor)
    last = await page_of(shop, limit=3, cursor=second.next_cursor)
    seen = [case.code for page in (first, second, last) for case in page.items]
    assert seen == [f"C-{number:05d}" for number in range(7, 0, -1)]
    assert last.next_cursor is None
    with pytest.raises(Invalid):
        await page_of(shop, cursor="x")


async def test_a_list_tells_who_is_involved_but_not_the_activity(shop: Any) -> None:
    session = await shop.session()
    amy, bo = await shop.agent("amy"), await shop.agent("bo")
    await shop.write(service.assigned, session["id"], amy, None)
    await shop.write(service.assigned, session["id"], bo, None)
    await shop.say(session, EntryKind.REPLY, "dan", "hello")
    (case,) = (await page_of(shop)).items
    assert case.involved == ["amy", "dan"]
    assert case.activity == []


async def test_the_calls(shop: Any, api: Any) -> None:
    session = await shop.session()
    await shop.write(service.assigned, session["id"], await shop.agent("bo"), None)
    listed = (await api("bo", "GET", "/api/cases?owner=me&limit=1")).json()
    assert [case["code"] for case in listed["items"]] == ["C-00001"]
    answer = await api("bo", "PATCH", "/api/cases/C-00001", {"title": "New"}, If_Match='"2"')
    assert (answer.status_code, answer.json()["title"], answer.json()["version"]) == (200, "New", 3)
    stale = await api("bo", "PATCH", "/api/cases/C-00001", {"title": "Old"}, If_Match='"2"')
    assert (stale.status_code, stale.json()["data"]) == (409, {"version": 3})
    wrong = await api("bo", "PATCH", "/api/cases/C-00001", {"title": "Old"}, If_Match="new")
    assert wrong.status_code == 422
    assert (await api("bo", "GET", "/api/cases/C-00001")).json()["activity"][-1]["kind"] == "edited"
    assert (await api("bo", "GET", "/api/cases/C-9")).status_code == 404
    assert (await api("bo", "GET", "/api/cases?limit=0")).status_code == 422
    assert (await api(None, "GET", "/api/cases")).status_code == 401

"""Rules over the API: made, changed, moved, taken away, each with its event (R2, R3, R6, W4)."""

from typing import Any

import pytest

from inbox_tui.wire import requests, rules
from inbox_tui.wire.body import Body

TH = {"name": "Thai", "when": {"language": ["th"]}, "team": "sales"}
REST = {"name": "Rest", "agents": ["amy", "bo"], "method": "least_loaded"}


async def made(api: Any, *bodies: dict[str, Any]) -> list[dict[str, Any]]:
    """Make rules as the owner; return them as they were answered."""
    answers = [await api("amy", "POST", "/api/rules", body) for body in bodies]
    assert [answer.status_code for answer in answers] == [201] * len(bodies)
    return [answer.json() for answer in answers]


async def listed(api: Any) -> list[dict[str, Any]]:
    answer = (await api("dan", "GET", "/api/rules")).json()
    assert answer["total"] == len(answer["items"])
    items: list[dict[str, Any]] = answer["items"]
    return items


def told(rule: dict[str, Any]) -> dict[str, Any]:
    """Return a rule without what is null or empty."""
    kept = {key: value for key, value in rule.items() if value not in (None, [], {})}
    return {**kept, "when": {key: value for key, value in rule["when"].items() if value}}


async def test_r2_w4_a_rule_is_made_behind_all_others(api: Any) -> None:
    thai, rest = await made(api, TH, REST)
    assert told(thai) == {
        "id": 1,
        "version": 1,
        "position": 1,
        "enabled": True,
        **TH,
    }
    assert told(rest) == {
        "id": 2,
        "version": 1,
        "position": 2,
        "enabled": True,
        "when": {},
        **REST,
    }
    assert await listed(api) == [thai, rest]


async def test_r2_every_condition_comes_back_as_it_was_written(api: Any) -> None:
    await api("amy", "PUT", "/api/workspace", {"text": HOURS})
    when = {
        "channel": ["line-main", "bot"],
        "language": ["th"],
        "category": ["pre_sale"],
        "keyword": ["Giá bao nhiêu"],
        "tag": ["vip"],
        "tier": ["gold"],
        "contact": "returning",
        "business_hours": ["shop"],
        "outside_business_hours": ["night"],
    }
    body = {"name": "x", "when": when, "team": "care", "priority": "high", "skills": ["returns"]}
    body |= {"method": "round_robin", "consider": "active"}
    (rule,) = await made(api, body)
    assert told(rule) | body == told(rule)


WRONG = [
    ({"name": " "}, "name", "empty"),
    ({"name": "x" * 101}, "name", "longer than 100"),
    ({"team": "salse"}, "team", "did you mean “sales”?"),
    ({"team": None}, "", "neither team nor agents"),
    ({"agents": ["bo"]}, "agents", "to a team or to agents"),
    ({"team": None, "agents": []}, "agents", "nobody"),
    ({"team": None, "agents": ["bo", "eve"]}, "agents[1]", "no agent “eve”"),
    ({"when": {"channel": ["fax"]}}, "when.channel[0]", "no channel “fax”"),
    ({"when": {"channel": []}}, "when.channel", "nothing can meet"),
    ({"when": {"language": ["thai please"]}}, "when.language", "language code"),
    ({"when": {"keyword": ["\u0e49"]}}, "when.keyword[0]", "nothing that could be found"),
    ({"when": {"business_hours": ["x"]}}, "when.business_hours[0]", "named “x”"),
    ({"skills": ["x" * 61]}, "skills", "longer than 60"),
]


@pytest.mark.parametrize(("change", "path", "said"), WRONG)
async def test_r2_a_wrong_rule_is_refused_with_its_place(
    api: Any, change: dict[str, Any], path: str, said: str
) -> None:
    answer = await api("amy", "POST", "/api/rules", {**TH, **change})
    assert (answer.status_code, answer.json()["type"]) == (422, "invalid")
    assert answer.json()["data"]["path"] == path
    assert said in answer.json()["detail"]
    assert await listed(api) == []


async def test_w4_a_name_is_given_once(api: Any) -> None:
    _thai, rest = await made(api, TH, REST)
    again = await api("amy", "POST", "/api/rules", TH)
    assert (again.status_code, again.json()["data"]["path"]) == (422, "name")
    renamed = await api("amy", "PATCH", f"/api/rules/{rest['id']}", {"name": "Thai"})
    assert renamed.status_code == 422


async def test_r2_a_rule_is_switched_off_and_on(api: Any, shop: Any) -> None:
    (thai,) = await made(api, TH)
    off = await api("amy", "PATCH", f"/api/rules/{thai['id']}", {"enabled": False})
    assert off.json() == {**thai, "enabled": False, "version": 2}
    assert (await shop.events())[-1] == (
        "rule.changed",
        thai["id"],
        {"change": "changed", "name": "Thai", "fields": {"enabled": False}},
    )
    before = await shop.events()
    again = await api("amy", "PATCH", f"/api/rules/{thai['id']}", {"enabled": False})
    assert again.json()["version"] == 2
    assert await shop.events() == before


async def test_r3_a_team_takes_the_place_of_agents_and_default_takes_back(api: Any) -> None:
    (rest,) = await made(api, {**REST, "consider": "active", "priority": "urgent"})
    path = f"/api/rules/{rest['id']}"
    team = (await api("amy", "PATCH", path, {"team": "care", "method": "default"})).json()
    assert (team["team"], team["agents"], team["method"]) == ("care", None, None)
    assert (team["consider"], team["priority"]) == ("active", "urgent")
    back = await api("amy", "PATCH", path, {"agents": ["dan"], "priority": "default"})
    assert (back.json()["team"], back.json()["agents"]) == (None, ["dan"])
    assert back.json()["priority"] is None
    both = await api("amy", "PATCH", path, {"team": "care", "agents": ["dan"]})
    assert both.status_code == 422


async def test_r6_conditions_are_replaced_as_a_whole(api: Any) -> None:
    (thai,) = await made(api, TH)
    when = {"contact": "new"}
    changed = await api("amy", "PATCH", f"/api/rules/{thai['id']}", {"when": when})
    assert told(changed.json())["when"] == when


async def test_w4_a_stale_version_is_refused(api: Any) -> None:
    (thai,) = await made(api, TH)
    path = f"/api/rules/{thai['id']}"
    await api("amy", "PATCH", path, {"name": "Thais"}, If_Match="1")
    stale = await api("amy", "PATCH", path, {"name": "Thai people"}, If_Match="1")
    assert (stale.status_code, stale.json()["type"]) == (409, "stale-version")
    assert (await api("amy", "DELETE", path, If_Match="1")).status_code == 409
    assert (await api("amy", "DELETE", path, If_Match="2")).status_code == 204


async def test_r2_the_order_is_theirs_together(api: Any, shop: Any) -> None:
    thai, rest = await made(api, TH, REST)
    answer = await api("amy", "PUT", "/api/rules/order", {"ids": [rest["id"], thai["id"]]})
    items = answer.json()["items"]
    assert [(rule["name"], rule["position"]) for rule in items] == [("Rest", 1), ("Thai", 2)]
    assert [rule["version"] for rule in items] == [1, 1]
    assert (await shop.events())[-1] == (
        "rule.changed",
        None,
        {"change": "order", "order": ["Rest", "Thai"]},
    )
    for ids in ([], [thai["id"]], [thai["id"], thai["id"]], [thai["id"], rest["id"], 99]):
        refused = await api("amy", "PUT", "/api/rules/order", {"ids": ids})
        assert (refused.status_code, refused.json()["type"]) == (409, "conflict")
    before = await shop.events()
    await api("amy", "PUT", "/api/rules/order", {"ids": [rest["id"], thai["id"]]})
    assert await shop.events() == before


async def test_r2_a_rule_that_is_never_reached_says_behind_which(api: Any) -> None:
    rest, thai = await made(api, REST, TH)
    assert [rule["covered_by"] for rule in await listed(api)] == [None, "Rest"]
    await api("amy", "PATCH", f"/api/rules/{rest['id']}", {"enabled": False})
    assert [rule["covered_by"] for rule in await listed(api)] == [None, None]
    await api("amy", "PATCH", f"/api/rules/{rest['id']}", {"enabled": True})
    await api("amy", "PUT", "/api/rules/order", {"ids": [thai["id"], rest["id"]]})
    assert [rule["covered_by"] for rule in await listed(api)] == [None, None]


async def test_w4_a_rule_is_taken_away_with_its_rotation(api: Any, shop: Any) -> None:
    rest, thai = await made(api, REST, TH)
    amy = await shop.agent("amy")
    await shop.write(
        lambda work: work.connection.exec_driver_sql(
            f"INSERT INTO rule_turns (rule_id, agent_id, turn) VALUES ({rest['id']}, {amy}, 2.0)"
        )
    )
    gone = await api("amy", "DELETE", f"/api/rules/{rest['id']}")
    assert (gone.status_code, gone.content) == (204, b"")
    assert (await shop.events())[-1] == (
        "rule.changed",
        rest["id"],
        {"change": "removed", "name": "Rest"},
    )
    assert [(rule["id"], rule["position"]) for rule in await listed(api)] == [(thai["id"], 1)]
    path = f"/api/rules/{rest['id']}"
    assert (await api("amy", "PATCH", path, {})).status_code == 404
    assert (await api("amy", "DELETE", path)).status_code == 404


async def test_w1_a_supervisor_whom_no_team_lists_changes_rules(api: Any, shop: Any) -> None:
    assert (await api("cy", "POST", "/api/rules", TH)).status_code == 403
    await shop.apply('[[teams]]\nslug = "sales"\nsupervisors = []\n')
    assert (await api("cy", "POST", "/api/rules", TH)).status_code == 201


async def test_an_agent_who_left_may_stay_in_a_rule_that_names_them(api: Any, shop: Any) -> None:
    (rest,) = await made(api, REST)

    def leave(work: Any) -> None:
        work.connection.exec_driver_sql("UPDATE agents SET active = 0 WHERE nickname = 'bo'")
        work.shared.clear()

    await shop.write(leave)
    off = await api("amy", "PATCH", f"/api/rules/{rest['id']}", {"enabled": False})
    assert off.json()["agents"] == ["amy", "bo"]
    assert (await api("amy", "POST", "/api/rules", {**REST, "name": "x"})).status_code == 422


HOURS = """
[[hours]]
name = "shop"
timezone = "Asia/Bangkok"
weekdays = ["09:00-12:00", "13:00-18:00"]
holidays = ["2026-12-25", { date = "2026-12-31", hours = ["09:00-12:00"] }]

[[hours]]
name = "night"
every_day = ["22:00-02:00"]
"""


async def test_m11_hours_are_told_with_whether_they_are_open(api: Any, clock: Any) -> None:
    await api("amy", "PUT", "/api/workspace", {"text": HOURS})
    night, shop = (await api("bo", "GET", "/api/hours")).json()["items"]
    assert (night["name"], night["timezone"]) == ("night", "UTC")
    assert night["week"]["sun"] == ["22:00-02:00"]
    assert shop["week"] == {
        **{day: ["09:00-12:00", "13:00-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")},
        "sat": [],
        "sun": [],
    }
    assert shop["holidays"] == [
        {"date": "2026-12-25", "hours": []},
        {"date": "2026-12-31", "hours": ["09:00-12:00"]},
    ]
    assert (shop["open"], shop["changes_at"]) == (False, "2026-03-03T02:00:00Z")
    clock.move(10 * 3600 + 60)
    night = (await api("bo", "GET", "/api/hours")).json()["items"][0]
    assert (night["open"], night["changes_at"]) == (True, "2026-03-03T02:00:00Z")


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"name": "x", "team": "sales", "when": {"businesshours": ["shop"]}}, "when.businesshours"),
        ({"name": "x", "team": "sales", "conditions": {}}, "conditions"),
    ],
)
async def test_r2_a_misspelt_condition_makes_no_rule_for_everything(
    api: Any, body: dict[str, Any], path: str
) -> None:
    answer = await api("amy", "POST", "/api/rules", body)
    told = answer.json()
    assert (answer.status_code, told["data"]) == (422, {"path": path})
    assert told["detail"] == f"{path}: there is no key “{path.rpartition('.')[2]}”."


def test_every_body_refuses_what_it_does_not_know() -> None:
    bodies = [
        each
        for module in (requests, rules)
        for name, each in vars(module).items()
        if name.startswith(("Post", "Put", "Patch"))
    ]
    assert bodies
    assert all(issubclass(each, Body) for each in bodies)

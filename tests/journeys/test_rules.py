"""Rules from the file to the right agent, through real processes (R2, R3, R6, M11, W4)."""

from functools import partial

from tests.journeys.conftest import Server, eventually, open_window

from inbox_tui.mock.handle import MockPlatforms
from inbox_tui.wire.requests import PutAccepting
from inbox_tui.wire.rules import PatchRule, RuleDraft, TryRules
from inbox_tui.wire.words import Method

RULES = """
[[hours]]
name = "always"
every_day = ["00:00-24:00"]

[[rules]]
name = "Thai"
when = { language = ["th"], channel = ["line-main"], business_hours = ["always"] }
agents = ["bo"]
"""
THAI = "สวัสดีครับ มีไซส์ 42 ไหมครับ"


def owner(server: Server, name: str) -> str | None:
    """Return who has the session of a customer, as the command line tells."""
    items = server.run_as("amy", "list", "all", "--json").json["items"]
    return next((item["assignee"] for item in items if item["contact"]["name"] == name), None)


async def test_r2_a_rule_of_the_file_decides_and_follows_its_changes(
    server: Server, mock: MockPlatforms
) -> None:
    applied = server.apply(RULES)
    assert applied.out == "created hours always\ncreated rule Thai\n"
    assert server.apply(RULES).out == "Nothing to change.\n"

    async def served(name: str) -> str | None:
        """Let a new customer write in Thai, and return who gets it."""
        mock.user("line-main", name, name=name, language="th")
        mock.say("line-main", name, THAI)
        found: str | None = await eventually(partial(owner, server, name))
        return found

    async with open_window(server, "amy") as amy, open_window(server, "bo") as bo:
        for window in (amy, bo):
            await window.client.put_accepting(PutAccepting(accepting=True))
        assert [await served("Somchai"), await served("Malee")] == ["bo", "bo"]
        (rule,) = await amy.client.rules()
        typed = RuleDraft(name="Thai", when=rule.when, agents=["amy"], method=Method.ROUND_ROBIN)
        body = TryRules(text=THAI, channel="line-main", rule=typed, in_place_of=rule.id)
        trial = await bo.client.try_rules(body)
        assert (trial.rule, trial.assignee) == ("Thai", "amy")
        assert [hours.open for hours in await bo.client.hours()] == [True]
        saved = await amy.client.patch_rule(
            rule.id, PatchRule(agents=["amy"], method=Method.ROUND_ROBIN), version=rule.version
        )
        assert (saved.version, saved.agents) == (2, ["amy"])
        await bo.until(lambda event: event.kind == "rule.changed")
        assert await served("Somsri") == "amy"

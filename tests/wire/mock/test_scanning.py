"""Customers who scan a code: the app opens the chat, and what is sent is up to them (Q1-Q3)."""

import asyncio
import json
import re
from typing import TYPE_CHECKING

import httpx
import pytest

from inbox_tui.backend.automatic.templates import BUILT_IN
from inbox_tui.errors import Invalid, NotFound
from inbox_tui.mock import script
from inbox_tui.mock.automatic import Automatics
from inbox_tui.mock.customers import Customers
from inbox_tui.mock.habits import Habit, sending
from inbox_tui.mock.handle import MockPlatforms
from inbox_tui.mock.links import Opened, opened
from inbox_tui.mock.story import Story
from inbox_tui.mock.words import Platform

if TYPE_CHECKING:
    from tests.wire.mock.conftest import Receiver

CODE = "ibx-kato-miru-sabe"
SPEED = 200.0
WITHIN = 60.0


def line_link(platforms: MockPlatforms, receiver: "Receiver") -> str:
    account = platforms.line(target=receiver.url)
    basic_id = account.credentials["basic_id"].replace("@", "%40")
    return f"https://line.me/R/oaMessage/{basic_id}/?{CODE}"


def told(receiver: "Receiver") -> list[tuple[str, str]]:
    """Return the events that came, by type and text."""
    events = [event for one in receiver.got for event in json.loads(one.body)["events"]]
    return [(event["type"], event.get("message", {}).get("text", "")) for event in events]


def updates(platforms: MockPlatforms, token: str) -> list[str]:
    answer = httpx.get(f"{platforms.base_url}/bot{token}/getUpdates")
    return [
        update.get("message", {}).get("text") or next(reversed(update))
        for update in answer.json()["result"]
    ]


class TestLinks:
    @pytest.mark.parametrize(
        ("link", "found"),
        [
            (
                f"https://line.me/R/oaMessage/%40ab12/?{CODE}",
                Opened(Platform.LINE, "@ab12", CODE),
            ),
            ("https://line.me/R/oaMessage/@AB12/", Opened(Platform.LINE, "@ab12", "")),
            (
                "https://line.me/R/oaMessage/%40ab12/?a%20b%26c",
                Opened(Platform.LINE, "@ab12", "a b&c"),
            ),
            (
                f"https://t.me/Shop_Bot?start={CODE}",
                Opened(Platform.TELEGRAM, "shop_bot", f"/start {CODE}"),
            ),
            ("https://t.me/shop_bot", Opened(Platform.TELEGRAM, "shop_bot", "/start")),
            ("https://t.me/shop_bot?start=a.b", Opened(Platform.TELEGRAM, "shop_bot", "/start")),
            (f"http://t.me/shop_bot?start={CODE}", None),
            ("https://line.me/R/ti/p/@ab12", None),
            ("https://example.com/@ab12", None),
            ("https://[::1", None),
            (CODE, None),
        ],
    )
    def test_an_app_opens_what_its_platform_says(self, link: str, found: Opened | None) -> None:
        assert opened(link) == found


class TestScanning:
    def test_line_asks_to_add_the_account_first_and_prefills_the_code(
        self, platforms: MockPlatforms, receiver: "Receiver"
    ) -> None:
        scanned = platforms.scan("somchai", line_link(platforms, receiver))
        assert (scanned.account, scanned.prefilled) == ("line-main", CODE)
        assert [said.message_id is not None for said in scanned.said] == [True]
        platforms.scan("somchai", line_link(platforms, receiver))
        platforms.settle()
        assert told(receiver) == [("follow", ""), ("message", CODE), ("message", CODE)]

    def test_a_bot_is_told_the_code_by_its_start_button(self, platforms: MockPlatforms) -> None:
        account = platforms.telegram()
        scanned = platforms.scan("linh", f"https://t.me/telegrammain_bot?start={CODE}")
        assert scanned.prefilled == f"/start {CODE}"
        assert updates(platforms, account.credentials["token"]) == [f"/start {CODE}"]

    def test_start_unblocks_a_bot(self, platforms: MockPlatforms) -> None:
        account = platforms.telegram()
        platforms.user("telegram-main", "linh", blocked=True)
        platforms.scan("linh", "https://t.me/telegrammain_bot")
        assert updates(platforms, account.credentials["token"]) == ["my_chat_member", "/start"]

    def test_scanning_alone_sends_nothing(
        self, platforms: MockPlatforms, receiver: "Receiver"
    ) -> None:
        """Q2: who forgets to send has added the account, no more."""
        scanned = platforms.scan("somchai", line_link(platforms, receiver), times=0)
        platforms.settle()
        assert scanned.said == []
        assert told(receiver) == [("follow", "")]

    def test_it_can_be_sent_edited_and_often(
        self, platforms: MockPlatforms, receiver: "Receiver"
    ) -> None:
        platforms.scan("somchai", line_link(platforms, receiver), text="hi!", times=2)
        platforms.settle()
        assert told(receiver)[1:] == [("message", "hi!")] * 2

    def test_what_cannot_be_is_refused(
        self, platforms: MockPlatforms, receiver: "Receiver"
    ) -> None:
        link = line_link(platforms, receiver)
        platforms.telegram()
        with pytest.raises(NotFound, match="@nobody"):
            platforms.scan("somchai", "https://line.me/R/oaMessage/@nobody/?x")
        with pytest.raises(Invalid, match="No app"):
            platforms.scan("somchai", "https://example.com")
        with pytest.raises(Invalid, match="opens line-main"):
            platforms.scan("somchai", link, account="telegram-main")
        with pytest.raises(Invalid, match="times"):
            platforms.scan("somchai", link, times=11)
        platforms.settle()
        assert told(receiver) == []


class TestHabits:
    @pytest.mark.parametrize("prefilled", [CODE, f"/start {CODE}"])
    def test_what_becomes_of_a_code(self, prefilled: str) -> None:
        def made(habit: Habit) -> tuple[str | None, int]:
            sent = sending(habit, prefilled, slip=3, words="Hi!")
            return sent.text, sent.times

        assert made(Habit.SENDS) == (None, 1)
        assert made(Habit.TWICE) == (None, 2)
        assert made(Habit.FORGETS) == (None, 0)
        assert made(Habit.ADDS) == (f"Hi! {CODE}", 1)
        assert made(Habit.EDITS) == ("ibx-kata-miru-sabe", 1)

    @pytest.mark.parametrize("slip", range(24))
    def test_a_slip_changes_one_letter_and_keeps_the_prefix(self, slip: int) -> None:
        text = sending(Habit.EDITS, CODE, slip=slip, words="").text or ""
        assert text.startswith("ibx-")
        assert sum(one != other for one, other in zip(text, CODE, strict=True)) == 1


def by_code(*scans: script.ScanAt) -> script.Scenario:
    arrivals = script.Arrivals(first=1, within=1.0, every=(2.0, 3.0), at_once=6)
    return script.Scenario(title="codes", arrivals=arrivals, scans=list(scans))


class TestStory:
    def test_who_comes_by_a_code_changes_nothing_about_the_others(self) -> None:
        plain = Story(by_code(), 7)
        codes = Story(by_code(script.ScanAt(at=1.0, whose="you", returns=30.0)), 7)
        assert [visit for visit, _ in zip(plain.visits(), range(30), strict=False)] == [
            visit for visit, _ in zip(codes.visits(), range(30), strict=False)
        ]
        assert codes.scans() == codes.scans()
        first = codes.scans()[0]
        assert first.scan is not None
        assert (first.scan.whose, first.scan.does) == ("you", Habit.SENDS)
        assert first.again is not None
        assert (first.again.user, first.again.at, first.again.scan) == (first.user, 30.0, None)

    def test_another_seed_gives_others(self) -> None:
        scans = [script.ScanAt(at=1.0, whose="you") for _ in range(3)]
        assert Story(by_code(*scans), 1).scans() != Story(by_code(*scans), 2).scans()

    async def test_they_add_the_account_send_ask_and_come_back(
        self, platforms: MockPlatforms, receiver: "Receiver"
    ) -> None:
        link = line_link(platforms, receiver)
        scan = script.ScanAt(
            at=1.0, whose="you", language="en", platform=Platform.LINE, returns=5.0
        )
        story = Story(by_code(scan), 5)
        visit = story.scans()[0]
        said, left = list[str](), asyncio.Event()

        def say(line: str) -> None:
            said.append(line)
            if line == f"{visit.name} leaves without an answer":
                left.set()

        customers = Customers(
            platforms,
            story,
            {Platform.LINE: "line-main"},
            speed=SPEED,
            say=say,
            links={"you": [link]},
        )
        first = visit.turns[0][0].line.text
        async with asyncio.timeout(WITHIN), asyncio.TaskGroup() as group:
            coming = group.create_task(customers.run())
            await left.wait()
            coming.cancel()
        await asyncio.to_thread(platforms.settle)
        events = told(receiver)
        known = platforms.users("line-main")
        assert visit.name in [user.name for user in known]
        assert events.index(("follow", "")) < events.index(("message", CODE))
        assert events.index(("message", CODE)) < events.index(("message", first))
        assert any("scans the code of you on line: sends" in line for line in said)

    async def test_nobody_comes_by_a_code_that_was_not_made(self, platforms: MockPlatforms) -> None:
        platforms.telegram()
        said: list[str] = []
        story = Story(by_code(script.ScanAt(at=0.0, whose="you")), 5)
        customers = Customers(
            platforms, story, {Platform.TELEGRAM: "telegram-main"}, speed=SPEED, say=said.append
        )
        async with asyncio.timeout(WITHIN):
            await customers.run(visits=1)
        assert f'{story.scans()[0].name} stays away: there is no link of "you" to scan' in said


class TestAutomaticMessages:
    TEXTS = (
        "Hello {contact_name}, thank you for writing to {shop_name}.\nWe are looking.",
        "You are number {position} in the queue.\nEstimated wait: {estimated_wait}.",
    )

    @pytest.mark.parametrize(
        ("message", "is_one"),
        [
            ("Hello Ann, thank you for writing to Baan Shop.\nWe are looking.", True),
            ("Hello Ann, thank you for writing to Baan Shop.", True),
            ("You are number 3 in the queue.", True),
            ("You are number 3 in the queue.\nWe are looking.", False),
            ("Hello Ann, how can I help?", False),
            ("3", False),
            ("", False),
        ],
    )
    def test_a_customer_knows_them_by_their_lines(self, message: str, is_one: bool) -> None:
        assert Automatics(self.TEXTS).knows(message) is is_one

    def test_every_built_in_text_is_known_and_no_answer_of_a_colleague_is(self) -> None:
        texts = [text for each in BUILT_IN.values() for text in each.values()]
        automatics = Automatics(texts)
        for text in texts:
            lines = re.sub(r"\{\w+\}", "5", text).splitlines()
            assert automatics.knows("\n".join(lines)), text
            assert automatics.knows(lines[0]) or len(lines) > 1, text
        for language in script.LANGUAGES:
            pack = script.pack(language)
            answers = [turn.answer for talk in pack.dialogues for turn in talk.turns if turn.answer]
            for answer in (*answers, *pack.holding, *pack.welcome):
                assert not automatics.knows(answer), answer

    async def test_they_are_no_reply_to_go_on_after(self, platforms: MockPlatforms) -> None:
        account = platforms.telegram()
        story, said, here = Story(by_code(), 5), list[str](), asyncio.Event()

        def say(line: str) -> None:
            said.append(line)
            here.set()

        async def always(_text: str) -> bool:
            return True

        customers = Customers(
            platforms,
            story,
            {Platform.TELEGRAM: "telegram-main"},
            speed=SPEED,
            say=say,
            automatic=always,
        )
        bot = f"{platforms.base_url}/bot{account.credentials['token']}"
        visit = next(story.visits())
        async with asyncio.timeout(WITHIN), asyncio.TaskGroup() as group:
            coming = group.create_task(customers.run(visits=1))
            await here.wait()
            user = (await asyncio.to_thread(platforms.users, "telegram-main"))[0]
            body = {"chat_id": user.id, "text": "Hello!"}
            await asyncio.to_thread(httpx.post, f"{bot}/sendMessage", json=body)
            await coming
        assert said[-1] == f"{visit.name} leaves without an answer"

"""Playing a scenario: customers react to replies, colleagues work at a real backend."""

import asyncio
import random
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import uvicorn

from inbox_tui.backend import auth
from inbox_tui.backend.app import make_app
from inbox_tui.backend.backend import Backend
from inbox_tui.backend.workspace import service
from inbox_tui.clock import SystemClock
from inbox_tui.errors import NotFound
from inbox_tui.mock import handbook, play, script, words
from inbox_tui.mock.customers import Customers
from inbox_tui.mock.handle import MockPlatforms
from inbox_tui.mock.reach import place
from inbox_tui.mock.story import Story, Visit
from inbox_tui.mock.words import Account, FaultKind, Platform
from inbox_tui.store.schema import open_database
from inbox_tui.wire import codec, models
from inbox_tui.wire.words import ContentKind

SPEED = 200.0
WITHIN = 60.0
"""Seconds after which a test has failed; it takes a few."""


def text(said: str) -> models.Content:
    return models.Content(kind=ContentKind.TEXT, text=said)


def quick(**changes: object) -> script.Scenario:
    """A scenario of few customers, and the next one as soon as one of them has left."""
    arrivals = script.Arrivals(first=4, within=1.0, every=(2.0, 3.0), at_once=6)
    return script.Scenario(title="quick", arrivals=arrivals, **changes)  # type: ignore[arg-type]


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody leave because this machine is slow: a minute of theirs is soon over here."""
    visits = Story.visits

    def patient_visits(story: Story) -> Iterator[Visit]:
        return (replace(visit, patience=1e6) for visit in visits(story))

    monkeypatch.setattr(Story, "visits", patient_visits)


async def answer_everybody(platforms: MockPlatforms, account: Account) -> None:
    """Be a shop that answers every update of a Telegram bot."""
    offset = 0
    base = f"{platforms.base_url}/bot{account.credentials['token']}"
    async with httpx.AsyncClient(timeout=70, verify=False) as client:
        while True:
            query = {"offset": offset, "timeout": 30}
            answer = await client.get(f"{base}/getUpdates", params=query)
            for update in answer.json()["result"]:
                offset = update["update_id"] + 1
                chat = update["message"]["chat"]["id"]
                await client.post(f"{base}/sendMessage", json={"chat_id": chat, "text": "ok"})


@pytest.mark.usefixtures("patient")
async def test_customers_say_all_they_wanted_when_they_are_answered(
    platforms: MockPlatforms,
) -> None:
    account = platforms.telegram()
    told: list[str] = []
    story = Story(quick(), 5)
    everybody = Customers(
        platforms, story, {Platform.TELEGRAM: "telegram-main"}, speed=SPEED, say=told.append
    )
    async with asyncio.timeout(WITHIN), asyncio.TaskGroup() as group:
        shop = group.create_task(answer_everybody(platforms, account))
        await everybody.run(visits=4)
        shop.cancel()
    assert sum(line.endswith("is happy") for line in told) == 4
    names = {user.name for user in platforms.users("telegram-main")}
    assert names == {visit.name for visit, _ in zip(story.visits(), range(4), strict=False)}


async def test_customers_ask_again_and_leave_when_nobody_answers(platforms: MockPlatforms) -> None:
    platforms.telegram()
    told: list[str] = []
    story = Story(quick(), 5)
    async with asyncio.timeout(WITHIN):
        everybody = Customers(
            platforms, story, {Platform.TELEGRAM: "telegram-main"}, speed=SPEED, say=told.append
        )
        await everybody.run(visits=1)
    visit = next(story.visits())
    said = [delivery for delivery in platforms.deliveries() if delivery.account == "telegram-main"]
    assert said == []  # nobody polled
    assert told[-1] == f"{visit.name} leaves without an answer"


WORKSPACE = """
[workspace]
name = "Baan Shop"
[[agents]]
nickname = "amy"
role = "owner"
[[agents]]
nickname = "bo"
[[teams]]
slug = "sales"
members = ["amy", "bo"]
"""


def workspace(platforms: MockPlatforms, accounts: dict[Platform, Account]) -> str:
    channels = [
        f'[[channels]]\nslug = "{account.slug}"\nkind = "{platform}"\nteam = "sales"\n'
        f'api_base = "{platforms.base_url}"\n[channels.credentials]\n'
        + "\n".join(f'{key} = "{value}"' for key, value in account.credentials.items())
        for platform, account in accounts.items()
    ]
    return WORKSPACE + "\n".join(channels)


@pytest.fixture
def tokens(platforms: MockPlatforms, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Run a real backend on the Unix socket ``tmp_path / "s"``; give the agents' tokens."""
    uds = tmp_path / "s"
    accounts = play.prepare(platforms, target=f"unix://{uds}")
    database = open_database(tmp_path / "inbox.db", SystemClock())
    database.write_now(service.apply_file, workspace(platforms, accounts), {})
    tokens = {name: database.write_now(auth.make_token, name) for name in ("amy", "bo")}
    ready = threading.Event()

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            ready.set()

    app = make_app(Backend(database))
    server = Server(uvicorn.Config(app, uds=str(uds), log_config=None, timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    assert ready.wait(20)
    try:
        yield tokens
    finally:
        server.should_exit = True
        thread.join(20)
        database.close()


@pytest.mark.usefixtures("patient")
async def test_a_shop_of_simulated_people_runs_by_itself(
    platforms: MockPlatforms, tmp_path: Path, tokens: dict[str, str]
) -> None:
    backend = f"unix://{tmp_path / 's'}"
    told: list[str] = []
    ended = asyncio.Event()

    def say(line: str) -> None:
        told.append(line)
        happy = any(one.endswith("is happy") for one in told)
        if happy and sum("ends session" in one for one in told) >= 6:
            ended.set()

    faults = [script.FaultAt(at=0.0, kind=FaultKind.DUPLICATE)]
    scenario = quick(faults=faults, platforms={"th": 1.0, "vi": 0.0, "en": 0.5})
    async with asyncio.timeout(WITHIN), asyncio.TaskGroup() as group:
        playing = group.create_task(
            play.play(
                platforms,
                scenario,
                seed=5,
                speed=SPEED,
                backend=backend,
                colleagues=tokens,
                say=say,
            )
        )
        await ended.wait()
        async with place(backend).client(10.0) as client:
            client.headers["authorization"] = f"Bearer {tokens['amy']}"
            cases = _cases(await client.get("/api/cases"))
        playing.cancel()
    assert any(case.title and case.tags for case in cases)
    assert "fault: duplicate × 1" in told
    assert {sent.platform for sent in platforms.ledger()} == {Platform.LINE, Platform.TELEGRAM}


async def test_one_message_and_a_chat_by_hand(platforms: MockPlatforms) -> None:
    account = platforms.telegram()
    say = words.Say(user="linh", text="chào shop")
    assert await play.send(platforms, "telegram-main", say, name="Linh")
    answered = threading.Event()
    lines = iter(["còn hàng không?\n", "\n"])
    written: list[str] = []

    def read() -> str:
        line = next(lines, None)
        if line is None:
            assert answered.wait(WITHIN)
            return ""
        return line

    def write(line: str) -> None:
        written.append(line)
        if line == "telegram-main: ok":
            answered.set()

    async with asyncio.timeout(WITHIN), asyncio.TaskGroup() as group:
        shop = group.create_task(answer_everybody(platforms, account))
        await play.chat(platforms, "telegram-main", "linh", read=read, write=write)
        shop.cancel()
    assert written[0].startswith("You are Linh.")
    assert "telegram-main: ok" in written


async def test_without_accounts_there_is_nothing_to_play(platforms: MockPlatforms) -> None:
    with pytest.raises(NotFound, match="no accounts"):
        await play.play(platforms, quick())


def test_credentials_depend_on_the_slug_only(platforms: MockPlatforms) -> None:
    before = play.prepare(platforms)
    platforms.reset(accounts=True)
    assert play.prepare(platforms) == before


@pytest.mark.parametrize("language", script.LANGUAGES)
def test_the_handbook_answers_every_line_in_its_language(language: str) -> None:
    choose = random.Random(1)
    pack = script.pack(language)
    for talk in pack.dialogues:
        for turn in talk.turns:
            asked = [models.Content(kind=line.kind, text=line.text) for line in turn.says]
            found = handbook.answer(asked, language, choose)
            assert found.text in ([turn.answer] if turn.answer else pack.welcome)
            assert found.goodbye is (turn.answer is None)
            assert (found.title, found.tags) == (talk.title, talk.tags)


def test_the_handbook_knows_a_thai_man_and_guesses_languages() -> None:
    choose = random.Random(1)
    man = handbook.answer([text("ปกติใส่อก 40 ครับ จะหลวมไปไหม")], "th", choose)
    assert man.title == "สอบถามไซซ์เสื้อลินิน"
    assert [handbook.language_of(said) for said in ("ได้ไหม", "được không", "please")] == [
        "th",
        "vi",
        "en",
    ]
    odd = handbook.answer([text("???")], "vi", choose)
    assert odd.text in script.pack("vi").holding


def _cases(answer: httpx.Response) -> list[models.Case]:
    return codec.decode(answer.content, models.Page[models.Case]).items

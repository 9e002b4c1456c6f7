"""python-telegram-bot, unmodified, against the simulated platform: calls out, updates in."""

import json
from typing import TYPE_CHECKING

import httpx
import pytest
from tests.later import Later

from inbox_tui.mock.handle import MockPlatforms
from inbox_tui.mock.words import Account, FaultKind
from inbox_tui.wire.words import ContentKind

if TYPE_CHECKING:
    import telegram
    from telegram import error, ext
    from tests.wire.mock.conftest import Receiver
else:
    telegram, error, ext = (Later(name) for name in ("telegram", "telegram.error", "telegram.ext"))

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning"),
]


def bot(platforms: MockPlatforms, account: Account) -> "telegram.Bot":
    return telegram.Bot(
        account.credentials["token"],
        base_url=f"{platforms.base_url}/bot",
        base_file_url=f"{platforms.base_url}/file/bot",
    )


async def test_updates_are_read_and_acknowledged_by_offset(platforms: MockPlatforms) -> None:
    account = platforms.telegram()
    for said in ("xin chào", "áo này còn không?"):
        platforms.say("telegram-main", "linh", said)
    async with bot(platforms, account) as api:
        updates = await api.get_updates(timeout=1)
        assert [update.message.text for update in updates if update.message] == [
            "xin chào",
            "áo này còn không?",
        ]
        assert updates[0].update_id > 2**31
        assert len(await api.get_updates()) == 2
        assert await api.get_updates(offset=updates[-1].update_id + 1) == ()
    assert platforms.settle(0).settled


async def test_an_application_polls_and_replies(platforms: MockPlatforms) -> None:
    account = platforms.telegram(name="Baan Shop Bot")
    platforms.user("telegram-main", "minh", name="Trần Minh", language="vi")
    platforms.say("telegram-main", "minh", "alo shop ơi")

    async def greet(update: telegram.Update, _context: ext.ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        assert update.message.from_user is not None
        assert update.message.from_user.language_code == "vi"
        await update.message.reply_text(f"Chào {update.message.from_user.full_name}")

    application: ext.Application = (  # type: ignore[type-arg]  # six parameters, all defaults
        ext.ApplicationBuilder()
        .token(account.credentials["token"])
        .base_url(f"{platforms.base_url}/bot")
        .base_file_url(f"{platforms.base_url}/file/bot")
        .build()
    )
    application.add_handler(ext.MessageHandler(ext.filters.TEXT, greet))
    async with application:
        await application.start()
        assert application.updater is not None
        await application.updater.start_polling(timeout=1)
        sent = await _ledger(platforms)
        await application.updater.stop()
        await application.stop()
    assert [line["text"] for line in sent] == ["Chào Trần Minh"]
    assert sent[0]["user"] == "minh"


async def test_files_come_back_as_sent(platforms: MockPlatforms) -> None:
    account = platforms.telegram()
    platforms.say("telegram-main", "bob", "slip", kind=ContentKind.IMAGE)
    platforms.say(
        "telegram-main", "bob", kind=ContentKind.FILE, file_name="đơn.txt", data="4LmA4LiB"
    )
    async with bot(platforms, account) as api:
        photo, document = [update.message for update in await api.get_updates()]
        assert photo is not None
        assert document is not None
        assert photo.caption == "slip"
        file = await photo.photo[-1].get_file()
        assert bytes(await file.download_as_bytearray()).startswith(b"\x89PNG")
        assert document.document is not None
        assert document.document.file_name == "đơn.txt"
        file = await document.document.get_file()
        assert bytes(await file.download_as_bytearray()) == "เก".encode()
        with pytest.raises(error.BadRequest, match="Invalid file_id"):
            await api.get_file("nothing")


async def test_other_kinds_are_parsed(platforms: MockPlatforms) -> None:
    account = platforms.telegram()
    platforms.follow("telegram-main", "bob")
    platforms.say("telegram-main", "bob", kind=ContentKind.STICKER, sticker="🎉")
    platforms.say("telegram-main", "bob", kind=ContentKind.LOCATION, latitude=10.5)
    platforms.say("telegram-main", "bob", kind=ContentKind.AUDIO)
    platforms.say("telegram-main", "bob", kind=ContentKind.VIDEO)
    platforms.say("telegram-main", "bob", "helo")
    platforms.edit("telegram-main", "bob", "hello")
    platforms.unfollow("telegram-main", "bob")
    platforms.fault(FaultKind.UNKNOWN_EVENT)
    platforms.say("telegram-main", "bob", kind=ContentKind.UNSUPPORTED)
    async with bot(platforms, account) as api:
        updates = await api.get_updates()
    start, sticker, location, voice, video, _, edited, left, odd, _ = updates
    assert start.message is not None
    assert start.message.text == "/start"
    assert sticker.message is not None
    assert sticker.message.sticker is not None
    assert sticker.message.sticker.emoji == "🎉"
    assert location.message is not None
    assert location.message.location is not None
    assert location.message.location.latitude == 10.5
    assert voice.message is not None
    assert voice.message.voice is not None
    assert video.message is not None
    assert video.message.video is not None
    assert edited.edited_message is not None
    assert edited.edited_message.text == "hello"
    assert left.my_chat_member is not None
    assert left.my_chat_member.new_chat_member.status == "kicked"
    assert odd.effective_message is None


async def test_every_send_reaches_the_ledger(platforms: MockPlatforms) -> None:
    account = platforms.telegram()
    chat = int(platforms.user("telegram-main", "bob").id)
    async with bot(platforms, account) as api:
        await api.send_chat_action(chat, "typing")
        message = await api.send_message(chat, "hello")
        await api.send_photo(chat, b"\x89PNG bytes\r\n--x", caption="here")
        document = await api.send_document(chat, b"%PDF", filename="bill.pdf")
        await api.send_location(chat, latitude=13.75, longitude=100.5)
        sticker = await api.send_sticker(chat, b"webp")
        assert (await api.get_chat(chat)).first_name == "bob"
    assert document.document is not None
    assert document.document.file_name == "bill.pdf"
    assert sticker.sticker is not None
    sent = platforms.ledger()
    assert [line.kind for line in sent] == ["text", "image", "file", "location", "sticker"]
    assert sent[0].message_id == str(message.message_id)
    assert sent[1].text == "here"


async def test_the_platform_says_no_in_its_own_words(platforms: MockPlatforms) -> None:
    account = platforms.telegram()
    chat = int(platforms.user("telegram-main", "bob").id)
    async with bot(platforms, account) as api:
        with pytest.raises(error.BadRequest, match="Chat not found"):
            await api.send_message(1, "x")
        with pytest.raises(error.BadRequest, match="Message is too long"):
            await api.send_message(chat, "x" * 4097)
        platforms.fault(FaultKind.RATE_LIMIT, seconds=7)
        with pytest.raises(error.RetryAfter) as flood:
            await api.send_message(chat, "x")
        assert flood.value.retry_after == 7
        platforms.fault(FaultKind.SERVER_ERROR, status=502)
        with pytest.raises(error.NetworkError):
            await api.send_message(chat, "x")
        platforms.user("telegram-main", "bob", blocked=True)
        with pytest.raises(error.Forbidden, match="bot was blocked by the user"):
            await api.send_message(chat, "x")
        platforms.fault(FaultKind.EXPIRED_TOKEN, method="any")
        with pytest.raises(error.InvalidToken):
            await api.get_me()
    assert platforms.ledger() == []
    statuses = [call.status for call in platforms.calls() if call.method == "sendMessage"]
    assert statuses == [400, 400, 429, 502, 403]


async def test_polling_and_webhook_exclude_each_other(
    platforms: MockPlatforms, receiver: "Receiver"
) -> None:
    account = platforms.telegram()
    platforms.say("telegram-main", "bob", "kept until told")
    async with bot(platforms, account) as api:
        await api.set_webhook(f"{receiver.url}/hook", secret_token="s3cret_-")
        with pytest.raises(error.Conflict):
            await api.get_updates()
        platforms.say("telegram-main", "bob", "สวัสดี")
        platforms.settle()
        info = await api.get_webhook_info()
        assert info.url == f"{receiver.url}/hook"
        assert info.pending_update_count == 0
        await api.delete_webhook()
        assert await api.get_updates() == ()
        updates = [telegram.Update.de_json(json.loads(got.body), api) for got in receiver.got]
    assert sorted(update.message.text or "" for update in updates if update.message) == [
        "kept until told",
        "สวัสดี",
    ]
    assert {got.headers["x-telegram-bot-api-secret-token"] for got in receiver.got} == {"s3cret_-"}
    assert {got.path for got in receiver.got} == {"/hook"}


def test_a_webhook_is_repeated_until_it_is_taken(
    platforms: MockPlatforms, receiver: "Receiver"
) -> None:
    platforms.telegram(target=receiver.url, secret_token="s3cret")
    receiver.answers = [500, 500]
    platforms.run_at(100)
    platforms.say("telegram-main", "bob", "x")
    assert [line.status for line in platforms.deliveries(after=0, wait=5)][:1] == [500]
    platforms.deliveries(after=2, wait=10)
    assert [line.status for line in platforms.deliveries()] == [500, 500, 200]
    assert len(set(receiver.texts())) == 1


@pytest.mark.parametrize("method", ["sendMessage", "SENDMESSAGE", "sendmessage"])
def test_methods_in_any_case_and_parameters_in_any_form(
    platforms: MockPlatforms, method: str
) -> None:
    account = platforms.telegram()
    chat = platforms.user("telegram-main", "bob").id
    url = f"{platforms.base_url}/bot{account.credentials['token']}/{method}"
    fields = {"chat_id": chat, "text": "một & hai ก"}
    answers = [
        httpx.get(url, params=fields),
        httpx.post(url, data=fields),
        httpx.post(url, json=fields),
        httpx.post(url, files={name: (None, value) for name, value in fields.items()}),
    ]
    assert [answer.json()["ok"] for answer in answers] == [True] * 4
    assert [line.text for line in platforms.ledger()] == ["một & hai ก"] * 4


def test_wrong_token_and_unknown_method(platforms: MockPlatforms) -> None:
    account = platforms.telegram()
    wrong = httpx.get(f"{platforms.base_url}/bot1:no/getMe")
    unknown = httpx.get(f"{platforms.base_url}/bot{account.credentials['token']}/danceNow")
    assert wrong.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}
    assert (wrong.status_code, unknown.status_code) == (401, 404)


async def _ledger(platforms: MockPlatforms) -> list[dict[str, object]]:
    """Wait for the ledger without blocking the loop the bot runs in."""
    async with httpx.AsyncClient(base_url=platforms.base_url, timeout=20, verify=False) as client:
        answer = await client.get("/sim/ledger", params={"wait": 15})
    lines: list[dict[str, object]] = answer.json()
    return lines

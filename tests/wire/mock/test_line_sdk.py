"""LINE's own SDK, unmodified, against the simulated platform: calls out, webhooks in."""

import json
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from tests.later import Later

from inbox_tui.mock.handle import MockPlatforms
from inbox_tui.mock.media import picture
from inbox_tui.mock.words import Account, FaultKind
from inbox_tui.wire.words import ContentKind

if TYPE_CHECKING:
    from linebot.v3 import exceptions, messaging, models, webhook, webhooks
    from tests.wire.mock.conftest import Receiver
else:
    exceptions, messaging, models, webhook, webhooks = (
        Later(f"linebot.v3.{name}")
        for name in ("exceptions", "messaging", "models", "webhook", "webhooks")
    )

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


def configuration(platforms: MockPlatforms, account: Account) -> "messaging.Configuration":
    return messaging.Configuration(
        host=platforms.base_url, access_token=account.credentials["access_token"]
    )


def text(said: str) -> "messaging.TextMessage":
    return messaging.TextMessage(text=said)


def parse(account: Account, receiver: "Receiver") -> list[Any]:
    parser = webhook.WebhookParser(account.credentials["channel_secret"])
    return [
        event
        for got in receiver.got
        for event in parser.parse(got.body.decode(), got.headers["x-line-signature"])
    ]


def test_push_reaches_the_ledger_and_tells_ids(platforms: MockPlatforms) -> None:
    account = platforms.line()
    user = platforms.user("line-main", "somchai")
    with messaging.ApiClient(configuration(platforms, account)) as client:
        api = messaging.MessagingApi(client)
        answer = api.push_message_with_http_info(
            messaging.PushMessageRequest(to=user.id, messages=[text("สวัสดีค่ะ"), text("two")])
        )
    assert answer.status_code == 200
    assert answer.headers["x-line-request-id"]
    sent = platforms.ledger()
    assert [line.text for line in sent] == ["สวัสดีค่ะ", "two"]
    assert [line.message_id for line in sent] == [one.id for one in answer.data.sent_messages]
    assert {line.user for line in sent} == {"somchai"}


def test_the_same_retry_key_is_taken_once_and_answers_409(platforms: MockPlatforms) -> None:
    account = platforms.line()
    user = platforms.user("line-main", "somchai")
    key = str(uuid.uuid4())
    request = messaging.PushMessageRequest(to=user.id, messages=[text("once")])
    with messaging.ApiClient(configuration(platforms, account)) as client:
        api = messaging.MessagingApi(client)
        first = api.push_message_with_http_info(request, x_line_retry_key=key)
        with pytest.raises(messaging.ApiException) as again:
            api.push_message(request, x_line_retry_key=key)
    assert again.value.status == 409
    accepted = first.headers["x-line-request-id"]
    assert again.value.headers["x-line-accepted-request-id"] == accepted
    assert json.loads(again.value.body)["sentMessages"][0]["id"] == first.data.sent_messages[0].id
    assert len(platforms.ledger()) == 1


def test_a_reply_token_is_good_once_and_for_a_minute(
    platforms: MockPlatforms, receiver: "Receiver"
) -> None:
    account = platforms.line(target=receiver.url)
    for said in ("one", "two"):
        platforms.say("line-main", "linh", said)
    platforms.settle()
    first, second = (event.reply_token for event in parse(account, receiver))
    with messaging.ApiClient(configuration(platforms, account)) as client:
        api = messaging.MessagingApi(client)
        api.reply_message(messaging.ReplyMessageRequest(reply_token=first, messages=[text("yes")]))
        with pytest.raises(messaging.ApiException, match="Invalid reply token"):
            api.reply_message(
                messaging.ReplyMessageRequest(reply_token=first, messages=[text("yes")])
            )
        platforms.advance(61)
        with pytest.raises(messaging.ApiException, match="Invalid reply token"):
            api.reply_message(
                messaging.ReplyMessageRequest(reply_token=second, messages=[text("late")])
            )
    assert [(line.method, line.text) for line in platforms.ledger()] == [("reply", "yes")]


def test_a_retry_key_on_a_reply_is_refused(platforms: MockPlatforms) -> None:
    account = platforms.line()
    with messaging.ApiClient(configuration(platforms, account)) as client:
        client.set_default_header("X-Line-Retry-Key", str(uuid.uuid4()))
        with pytest.raises(messaging.ApiException) as refused:
            messaging.MessagingApi(client).reply_message(
                messaging.ReplyMessageRequest(reply_token="0" * 32, messages=[text("x")])
            )
    assert refused.value.status == 400


def test_errors_say_what_is_wrong_where(platforms: MockPlatforms) -> None:
    account = platforms.line()
    user = platforms.user("line-main", "somchai")
    too_long = messaging.PushMessageRequest(to=user.id, messages=[text("ก" * 5001), text("")])
    with messaging.ApiClient(configuration(platforms, account)) as client:
        api = messaging.MessagingApi(client)
        with pytest.raises(messaging.ApiException) as refused:
            api.push_message(too_long)
        with pytest.raises(messaging.ApiException) as nobody:
            api.push_message(messaging.PushMessageRequest(to="U" + "0" * 32, messages=[text("x")]))
    body = json.loads(refused.value.body)
    assert body["message"] == "The request body has 2 error(s)"
    assert [one["property"] for one in body["details"]] == ["messages[0].text", "messages[1].text"]
    assert nobody.value.status == 400
    assert platforms.ledger() == []


def test_a_wrong_token_is_401(platforms: MockPlatforms) -> None:
    platforms.line()
    with (
        messaging.ApiClient(
            messaging.Configuration(host=platforms.base_url, access_token="no")
        ) as client,
        pytest.raises(messaging.ApiException) as refused,
    ):
        messaging.MessagingApi(client).get_bot_info()
    assert refused.value.status == 401


def test_profile_bot_info_and_quota(platforms: MockPlatforms) -> None:
    account = platforms.line(name="Baan Shop", monthly_quota=1)
    user = platforms.user("line-main", "linh", name="Nguyễn Thị Linh", language="vi", status="🌿")
    with messaging.ApiClient(configuration(platforms, account)) as client:
        api = messaging.MessagingApi(client)
        profile = api.get_profile(user.id)
        assert (profile.display_name, profile.language) == ("Nguyễn Thị Linh", "vi")
        info = api.get_bot_info()
        assert (info.display_name, info.basic_id) == (
            "Baan Shop",
            account.credentials["basic_id"],
        )
        push = messaging.PushMessageRequest(to=user.id, messages=[text("x")])
        api.push_message(push)
        assert api.get_message_quota().value == api.get_message_quota_consumption().total_usage == 1
        with pytest.raises(messaging.ApiException, match="monthly limit") as refused:
            api.push_message(push)
        assert refused.value.status == 429
        api.show_loading_animation(
            messaging.ShowLoadingAnimationRequest(chatId=user.id, loadingSeconds=20)
        )
        platforms.unfollow("line-main", "linh")
        with pytest.raises(messaging.ApiException) as gone:
            api.get_profile(user.id)
        assert gone.value.status == 404


def test_content_is_the_bytes_the_user_sent(platforms: MockPlatforms) -> None:
    account = platforms.line()
    platforms.fault(FaultKind.NOT_READY, size=1)
    image = platforms.say("line-main", "som", kind=ContentKind.IMAGE, file_name="slip.png")
    with messaging.ApiClient(configuration(platforms, account)) as client:
        api = messaging.MessagingApiBlob(client)
        status = api.get_message_content_transcoding_by_message_id(image.message_id)
        assert status.status == "processing"
        status = api.get_message_content_transcoding_by_message_id(image.message_id)
        assert status.status == "succeeded"
        assert api.get_message_content(image.message_id) == picture("somslip.png")
        assert api.get_message_content_preview(image.message_id)
        platforms.unsend("line-main", "som")
        with pytest.raises(messaging.ApiException) as gone:
            api.get_message_content(image.message_id)
    assert gone.value.status == 404


async def test_the_asynchronous_client_works_alike(platforms: MockPlatforms) -> None:
    account = platforms.line()
    user = platforms.user("line-main", "somchai", name="สมชาย")
    image = platforms.say("line-main", "somchai", kind=ContentKind.IMAGE)
    key = str(uuid.uuid4())
    async with messaging.AsyncApiClient(configuration(platforms, account)) as client:
        api = messaging.AsyncMessagingApi(client)
        push = messaging.PushMessageRequest(to=user.id, messages=[text("async")])
        await api.push_message(push, x_line_retry_key=key)
        with pytest.raises(messaging.ApiException) as again:
            await api.push_message(push, x_line_retry_key=key)
        profile = await api.get_profile(user.id)
        content = await messaging.AsyncMessagingApiBlob(client).get_message_content(
            image.message_id
        )
    assert again.value.status == 409
    assert profile.display_name == "สมชาย"
    assert bytes(content).startswith(b"\x89PNG")
    assert [line.text for line in platforms.ledger()] == ["async"]


def test_every_kind_of_event_is_parsed(platforms: MockPlatforms, receiver: "Receiver") -> None:
    account = platforms.line(target=receiver.url)
    platforms.follow("line-main", "som")
    platforms.say("line-main", "som", "มีไซซ์ L ไหมคะ 😊")
    platforms.say("line-main", "som", kind=ContentKind.STICKER, sticker="11537/52002734")
    platforms.say("line-main", "som", kind=ContentKind.IMAGE)
    platforms.say("line-main", "som", kind=ContentKind.FILE, file_name="ใบเสร็จ.pdf")
    platforms.say("line-main", "som", kind=ContentKind.LOCATION, title="บ้าน", address="สุขุมวิท")
    platforms.unsend("line-main", "som")
    platforms.unfollow("line-main", "som")
    platforms.settle()
    events = parse(account, receiver)
    assert isinstance(events[0], webhooks.FollowEvent)
    messages = [event.message for event in events if isinstance(event, webhooks.MessageEvent)]
    kinds = (
        webhooks.TextMessageContent,
        webhooks.StickerMessageContent,
        webhooks.ImageMessageContent,
        webhooks.FileMessageContent,
        webhooks.LocationMessageContent,
    )
    assert [type(message) for message in messages] == list(kinds)
    assert messages[0].text == "มีไซซ์ L ไหมคะ 😊"
    assert messages[3].file_name == "ใบเสร็จ.pdf"
    assert isinstance(events[-2], webhooks.UnsendEvent)
    assert events[-2].unsend.message_id == messages[-1].id
    assert isinstance(events[-1], webhooks.UnfollowEvent)
    assert len({event.webhook_event_id for event in events}) == len(events)


def test_a_kind_nobody_knows_is_unknown_to_the_sdk_too(
    platforms: MockPlatforms, receiver: "Receiver"
) -> None:
    account = platforms.line(target=receiver.url)
    platforms.say("line-main", "som", kind=ContentKind.UNSUPPORTED, platform_kind="hologram")
    platforms.event("line-main", {"type": "hologramShown", "user": "som"})
    platforms.settle()
    assert [type(event) for event in parse(account, receiver)] == [
        models.UnknownEvent,
        models.UnknownEvent,
    ]


def test_a_bad_signature_is_seen_by_the_sdk(platforms: MockPlatforms, receiver: "Receiver") -> None:
    account = platforms.line(target=receiver.url)
    platforms.fault(FaultKind.BAD_SIGNATURE)
    platforms.say("line-main", "som", "x")
    platforms.settle()
    with pytest.raises(exceptions.InvalidSignatureError):
        parse(account, receiver)


def test_the_webhook_can_be_tried_from_the_platform(
    platforms: MockPlatforms, receiver: "Receiver"
) -> None:
    account = platforms.line(target=receiver.url)
    receiver.answers = [200, 401]
    with messaging.ApiClient(configuration(platforms, account)) as client:
        api = messaging.MessagingApi(client)
        assert api.get_webhook_endpoint().endpoint == receiver.url
        good = api.test_webhook_endpoint(messaging.TestWebhookEndpointRequest())
        bad = api.test_webhook_endpoint(messaging.TestWebhookEndpointRequest())
    assert (good.success, good.status_code) == (True, 200)
    assert (bad.success, bad.status_code) == (False, 401)
    assert json.loads(receiver.got[0].body)["events"] == []

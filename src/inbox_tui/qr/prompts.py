"""What the card tells customers, in the languages of the workspace (Q2, Q3).

These are read by customers, so they follow the workspace's language and not the screen's.
"""

from typing import Final

from inbox_tui.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompts:
    """The sentences of one language."""

    language: str
    send: str
    """Tells to scan and to send what stands there unchanged. Spaces are where it may break."""
    say: str
    """Leads to the code for whoever types it; names ``{channel}``."""


_PROMPTS: Final = {
    "en": Prompts(
        language="en",
        send="Scan this with your phone, then send the message that is filled in, unchanged.",
        say="No camera? Write this to {channel}, and nothing else:",
    ),
    "th": Prompts(
        language="th",
        send="สแกนด้วยโทรศัพท์ แล้วกดส่งข้อความที่ขึ้นให้ โดยไม่ต้องแก้ไข",
        say="สแกนไม่ได้? พิมพ์รหัสนี้ส่งไปที่ {channel} โดยไม่ต้องพิมพ์อย่างอื่น",
    ),
    "vi": Prompts(
        language="vi",
        send="Quét bằng điện thoại, rồi gửi tin nhắn đã điền sẵn, không sửa gì.",
        say="Không quét được? Gửi đúng mã này đến {channel}, không viết thêm gì:",
    ),
}


def prompts(language: str) -> Prompts:
    """Return the sentences of a language tag such as ``th`` or ``th-TH``; unknown: English."""
    short = language.replace("_", "-").partition("-")[0].lower()
    return _PROMPTS.get(short, _PROMPTS["en"])

"""The language of a chat message, or that it cannot be told (R4)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox_tui.languages import MOST_READ, detect

SAID = {
    "th": [
        "สวัสดีค่ะ มีไซส์ M ไหมคะ",
        "iPhone 15 Pro Max 256GB Natural Titanium มีไหม",
        "ราคาเท่าไหร่คะ",
        "ส่งฟรีมั้ย 555",
        "สนใจค่าาาาา",
        "cf ค่ะ",
        "hello มีของมั้ยครับ",
        "ดูอันนี้ https://shop.example/p/1 ได้ไหมครับ",
        "thank you ค่ะ",
        "น้ำหอมกลิ่นนี้ยังมีไหม",
    ],
    "vi": [
        "Shop ơi còn hàng không ạ",
        "giá bao nhiêu ạ",
        "cho mình hỏi giá",
        "Tôi muốn đổi trả",
        "đơn hàng 12345 của em đâu rồi",
        "Cửa hàng còn hàng không ạ?",  # decomposed
        "ship về hà nội bao lâu",
        "còn size L ko shop",
        "cảm ơn shop",
        "shop oi con hang khong",
        "bao nhieu tien vay shop",
        "minh muon doi size",
    ],
    "en": [
        "do you have this in size M?",
        "How much is it",
        "Where is my order 12345?",
        "is this still available?",
        "I want a refund",
        "can u help me please",
        "my package hasn't arrived yet",
        "it doesn’t work",
        "thank you so much!!!",
        "where is my Nike Air Max order",
        "Do you have phở?",
        "Do you have ต้มยำ on the menu?",
    ],
    "zh": [
        "你好，请问有货吗？",
        "這個多少錢",
        "谢谢",
        "可以退貨嗎",
        "请问 iPhone 15 有货吗",
        "我的订单什么时候到",
        "我想买ドラえもん的玩偶",
    ],
    "ja": [
        "在庫はありますか？",
        "送料無料ですか",
        "いくらですか",
        "了解です",
        "ｻｲｽﾞありますか",
        "注文番号",
        "この商品の色は何がありますか",
    ],
    "ko": ["안녕하세요 재고 있나요?", "얼마예요?", "네", "ㅎㅎ 감사합니다", "사이즈 M 있어요?"],
    "id": [
        "halo kak, barangnya masih ada?",
        "gimana cara ordernya?",
        "paket saya belum sampai, kapan dikirim?",
    ],
    "ms": ["macam mana nak order?", "boleh hantar ke Sabah tak?"],
    "lo": ["ລາຄາເທົ່າໃດ"],
    "km": ["តម្លៃប៉ុន្មាន"],
    "my": ["ဘယ်လောက်လဲ"],
    "es": ["Hola, ¿cuánto cuesta?"],
    "fr": ["Bonjour, avez-vous ce produit ?"],
    "de": ["Guten Tag, ist das noch da?"],
}
NOT_SURE = {
    "nothing": ["", " ", "?", "....", "a"],
    "everybody's words": ["ok", "OK", "hi", "Hi shop", "hello", "yes", "size M", "lol", "refund"],
    "numbers and prices": ["12345", "555555", "๕๕๕", "฿590", "$5", "09:00-18:00"],
    "emoji and faces": ["😂😂", "👍🏽", "❤️", "(ง •̀_•́)ง", "¯\\_(ツ)_/¯", "ㅠㅠ", "ㅋㅋㅋ"],
    "codes": ["TH0123456789", "SHP-2024-ABC", "IS-1 THE-2 MY-3"],
    "links": [
        "https://shop.example/do-you-have/this?is=my&where=the",
        "www.shop.example/where/is",
        "me@you.and.them",
        "@where_is_my_order",
        "#where-is-it",
    ],
    "names": ["John Smith", "Nguyen Van A", "Nike Air Max 90", "東京", "優の良品"],
    "either of two": ["harga berapa", "selamat pagi", "hallo"],
    "other languages": ["Привет, сколько стоит?", "Bună ziua, cât costă?", "कितने का है"],
}
CUSTOMERS = sorted({text for texts in SAID.values() for text in texts})


def no_letters(character: str) -> bool:
    """Say whether a sign is no word: Unicode has Japanese ones as one character."""
    return not any(map(str.isalpha, unicodedata.normalize("NFKC", character)))


@pytest.mark.parametrize(
    ("language", "text"), [(language, text) for language, texts in SAID.items() for text in texts]
)
def test_r4_what_customers_write(language: str, text: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize("text", [text for texts in NOT_SURE.values() for text in texts], ids=repr)
def test_r4_what_anybody_may_write_has_no_language(text: str) -> None:
    assert detect(text) is None


@given(st.text(max_size=2 * MOST_READ))
def test_r4_any_text_has_a_language_or_none(text: str) -> None:
    found = detect(text)
    assert found is None or (len(found) == 2 and found.isascii())


@given(
    st.text(
        st.one_of(
            st.characters(categories=["Nd", "No", "So", "Sc", "Sk", "Po", "Zs"]).filter(no_letters),
            st.sampled_from("😂👍🏽❤️🇹🇭1️⃣"),
        )
    )
)
def test_r4_digits_and_emoji_have_none(text: str) -> None:
    assert detect(text) is None


@given(
    st.sampled_from(["https://", "http://shop.example/", "www.shop.", "me@"]),
    st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1),
)
def test_r4_links_have_none(start: str, rest: str) -> None:
    assert detect(start + rest) is None


@given(st.sampled_from(CUSTOMERS), st.sampled_from(["https://a.example/the", "😂", "12345", "!!"]))
def test_r4_what_has_no_language_changes_none(text: str, ornament: str) -> None:
    assert detect(f"{ornament} {text} {ornament}") == detect(text)


@given(st.sampled_from(CUSTOMERS))
def test_r4_capitals_change_nothing(text: str) -> None:
    assert detect(text.upper()) == detect(text)

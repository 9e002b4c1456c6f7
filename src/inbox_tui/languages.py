"""Tells the language of a short chat message, or that it cannot be told (R4).

A wrong answer sends a customer to somebody who cannot read them, while after "not sure" the
platform's profile is asked. So this is careful: script first, then frequent words; what any
customer anywhere may write ("ok", "hi", emoji, numbers, links, names, order codes) has no
language. Why no library does this is told in docs/decisions/0009-language-of-a-message.md.

- A script that one language is written in is better evidence than Latin letters, since product
  names are Latin everywhere: "iPhone 15 ราคาเท่าไหร่" is Thai.
- Kana make Japanese, not one that decorates a face or a brand. Han without kana is Chinese if it
  has what Japanese does not write, and the other way round; else not sure.
- Latin letters: words vote for the languages they are frequent in, Vietnamese letters for
  Vietnamese. The winner needs two votes, half as many again as the next, and two for every five
  words. Indonesian and Malay share most words, so often neither wins.

Which messages of a session are asked, and what is done with the answer, is left to the backend.
"""

import re
import unicodedata
from collections import Counter
from functools import cache
from typing import Final

MOST_READ: Final = 300
"""Characters that are looked at: a language shows before that."""

_SURE: Final = 2
_OUTWEIGHS_A_SCRIPT: Final = 4
"""Votes that Latin words need: alone, and beside another script."""

# Letters and marks that stand together; a lone one may be part of a face, as in "(ง •̀_•́)ง".
_SCRIPTS: Final = {
    "th": re.compile(r"[\u0e01-\u0e3a\u0e40-\u0e4e]{2,}"),
    "lo": re.compile(r"[\u0e81-\u0ecd\u0edc-\u0edf]{2,}"),
    "km": re.compile(r"[\u1780-\u17d3]{2,}"),
    "my": re.compile(r"[\u1000-\u103f]{2,}"),
    "ko": re.compile(r"[\uac00-\ud7a3]+"),
}
_HAN: Final = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_KANA: Final = re.compile(
    r"[\u3041-\u3096\u30a1-\u30fa\u30fc]{2,}|(?<=[\u4e00-\u9fff])[\u3041-\u306d\u306f-\u3096]"
)
"""Two together, or one after Han that is not の, which Chinese brands use."""

_CHINESE: Final = re.compile(
    "[吗嗎呢吧们們这這哪么麼你妳您我的是谢请没沒货买卖怎什啥啊呀哦喔啦嘛很给她它码钱錢订单询发费邮运"
    "颜红绿蓝网链换错坏几两块现还让话说应该爱欢见觉认识]"
    "|謝謝|可以|多少|有貨|退貨|換貨|不好意思|今天|明天|哪裡|好吃"
)
_JAPANESE: Final = re.compile(
    "[円込払読売検様実対応発価値広図帰転伝権済辺桜沢駅戻]|送料|無料|在庫|注文|返品"
)
"""What only one of the two writes in Han alone, or nearly so."""

_NOT_WORDS: Final = re.compile(
    r"(?<![!-~])(?:(?=[!-~]*(?:://|@|\w\.\w))[!-~]+|[#/][!-~]+)", re.ASCII
)
"""Links, addresses, names of accounts, commands: runs of ASCII that look like one."""

_DRAWN_OUT: Final = re.compile(r"([^\W\d_])\1{2,}")
_WORD: Final = re.compile(r"(?<![\w'’-])[a-zà-öø-ɏḁ-ỿ]+(?:['’][a-z]+)?(?![\w-]*\d)(?!\w)")
_VIETNAMESE: Final = re.compile("[ơưạ-ỹ]")
"""Letters that hardly any other language has."""

_ONE_VOTE: Final = {
    "en": (
        "a about all am an and any are arrive arrived at available be been broken but buy by can "
        "can't cancel change could day days delivery did didn't do does doesn't don't for from "
        "get give good got had has have hello help here how i i'd i'll i'm i've if in is isn't it "
        "it's item just know like long look looking many me more much my need new not of on one "
        "open or ordered our out package paid pay please pls price received refund return see "
        "send sent should so some still stock take thank thanks that that's the them there these "
        "they this those to today tomorrow too track until up us use want was we week were what "
        "what's when where where's which who why will with without would wrong yesterday yet you "
        "your"
    ),
    "vi": (
        "a ai anh bao bi biet bán báo bên cac cai cam can chao chi cho chua chào chưa co con cua "
        "cái cám da dang dat day di do doi em gi gia giao giup giúp hang hoi hôm hỏi khi la lam "
        "lau luon làm lâu mai mau may mua muon màu mình nao nay ngay nhan nhe nhieu nhà nhé nào "
        "này oi on ra sang sao sau ship the them thi tien tin toi tra trong tu tôi vay ve vua và "
        "vào xem xin đang đi đâu đây đã đó"
    ),
    "id": (
        "ada admin aku anda apa apakah bagaimana barang barangnya baru beli belum berapa besok "
        "boleh dan dari dengan di harga harganya hari hitam ini itu jam kasih ke kirim lagi lama "
        "mana masih minta mohon pagi paket pesan pesanan produk putih sampai saya selamat siang "
        "stok sudah tanya terima tidak ukuran untuk warna yang"
    ),
    "ms": (
        "ada aku anda apa apakah bagaimana barang baru beli belum berapa boleh dan dari dengan di "
        "harga hari hitam ini itu kasih ke lagi lama mana masih minta mohon pagi pesanan produk "
        "putih saiz sampai saya selamat stok sudah tanya terima tidak untuk warna yang"
    ),
    "tl": "ako ang ano ba ito ka kayo ko lang may mga na naman ng ngayon nyo pa pwede sa saan",
    "es": (
        "a al como con cuando de del donde el en es esta este está hay la las lo los me mi mis no "
        "para pedido pero por precio que qué se si sin su te tengo tienen un una y"
    ),
    "pt": (
        "a ao as com da de do dos e em esse está eu isso me meu minha na no o onde os para pedido "
        "por quando que se sem tem um uma vocês"
    ),
    "fr": (
        "a au avec ce cette combien commande dans de des du elle en est et il j'ai je la le les "
        "ma mais me mon ne où pas pour prix que qui sur un une vous"
    ),
    "de": (
        "am an auf aus bei bitte das der die ein eine er es für habe haben hat ich in ist kann "
        "können man mein meine mich mir mit nach nicht noch sie so und von wann war was wie will "
        "wir wo zu zum"
    ),
    "it": (
        "a al che ci come con da del di e ho il in la le lo ma mi mio nel non o per quando se si "
        "sono un una è"
    ),
    "nl": (
        "de dit een en er het hoe ik in is kan met mijn niet nog om op te van voor waar wanneer "
        "wat wil zijn"
    ),
}
_TWO_VOTES: Final = {
    "vi": (
        "còn có cần của duoc giá gì hok hàng khong không là minh muốn nguoi nhiu nhiêu roi về với"
    ),
    "id": "bisa dikirim dong enggak gak gimana gmana halo kak kapan mau nggak ongkir udah",
    "ms": "awak bila encik hantar kedai korang macam nak tak",
    "tl": "kailan magkano meron opo paano salamat",
    "es": "buenas buenos cuesta cuánto dónde envío gracias hola puedo quiero usted",
    "pt": "custa frete não obrigada obrigado olá preço quanto quero você",
    "fr": "bonjour c'est merci salut voudrais êtes",
    "de": "angekommen bestellung danke guten hallo kostet lieferung",
    "it": "buongiorno ciao grazie ordine quanto vorrei",
    "nl": "alstublieft bedankt bestelling dank hallo",
}
"""Words that are frequent in chats of a shop, and those that say more than others."""


def detect(text: str) -> str | None:
    """Return the language of a message as an ISO 639-1 code; None when that is not sure.

    Of a long text the first :data:`MOST_READ` characters are looked at. Never raises.
    """
    text = unicodedata.normalize("NFKC", text[:MOST_READ]).lower()[:MOST_READ]
    text = _DRAWN_OUT.sub(r"\1", _NOT_WORDS.sub(" ", text))
    by_script, letters = _by_script(text)
    words = _WORD.findall(text)
    by_words, votes = _by_words(words)
    if not letters:
        return by_words if votes >= _SURE else None
    if votes >= _OUTWEIGHS_A_SCRIPT and sum(map(len, words)) > 2 * letters:
        return by_words
    return by_script


def _by_script(text: str) -> tuple[str | None, int]:
    """Return the language of most letters that are not Latin, and how many these are."""
    if text.isascii():
        return None, 0
    counts: Counter[str | None] = Counter()
    for script, letters in _SCRIPTS.items():
        counts[script] = sum(map(len, letters.findall(text)))
    kana = sum(map(len, _KANA.findall(text)))
    if han := len(_HAN.findall(text)) + kana:
        counts[_of_han(text, kana, han)] = han
    ((language, most),) = counts.most_common(1)
    return (language, most) if most else (None, 0)


def _of_han(text: str, kana: int, letters: int) -> str | None:
    chinese = len(_CHINESE.findall(text))
    if kana:
        return "zh" if chinese > 1 and kana * 2 < letters else "ja"
    japanese = _JAPANESE.search(text) is not None
    if bool(chinese) is japanese:
        return None
    return "ja" if japanese else "zh"


def _by_words(words: list[str]) -> tuple[str | None, int]:
    """Return the language that the words vote for, and its votes; None when it is none."""
    frequent = _frequent()
    votes: Counter[str] = Counter()
    for word in words:
        cast = frequent.get(word.replace("’", "'"))
        if cast is not None:
            votes.update(cast)
        elif _VIETNAMESE.search(word):
            votes["vi"] += 1
    ranked = [*votes.most_common(2), ("", 0), ("", 0)]
    (language, most), (_, next_most) = ranked[:2]
    if most * 5 < len(words) * 2 or most * 2 < next_most * 3:
        return None, 0
    return language or None, most


@cache
def _frequent() -> dict[str, dict[str, int]]:
    """Return what each frequent word votes for."""
    out: dict[str, dict[str, int]] = {}
    for votes, table in ((1, _ONE_VOTE), (2, _TWO_VOTES)):
        for language, words in table.items():
            for word in words.split():
                out.setdefault(word, {})[language] = votes
    return out

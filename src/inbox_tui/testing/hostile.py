"""Strings from people who mean harm, or whose text is merely hard to show.

Names, messages, file names, tags: any of them may come from outside with any of these. A test
drives them through a surface and then asks two things: that the surface showed them (each has a
``mark``, plain letters and digits that survive every cleaning), and that nothing in what was
written is :func:`forbidden`.

``forbidden`` is written from the Unicode tables alone and shares nothing with ``text.py``, so that
a hole there is not a hole here as well.
"""

import json
import unicodedata
from dataclasses import dataclass

BIDI_FORMATS = frozenset(("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"))
BIDI_MARKS = frozenset("\u061c\u200e\u200f")
MOST_MARKS = 12
"""Marks in a row over one letter that no orthography needs."""

ESC, ST, CSI_8BIT = "\x1b", "\x1b\\", "\x9b"


@dataclass(frozen=True, slots=True)
class Hostile:
    """One string, what it tries, and the ``mark`` that shows it was not simply left out.

    The mark stands first: what is cut to a column keeps it.
    """

    name: str
    payload: str
    number: int

    @property
    def mark(self) -> str:
        """Two letters and two digits that no other text on the screen has."""
        return f"qz{self.number:02}"

    @property
    def text(self) -> str:
        """The mark and the payload."""
        return f"{self.mark} {self.payload}"

    @property
    def json(self) -> str:
        """The text inside a JSON string, everything but ASCII escaped: also lone surrogates."""
        return json.dumps(self.text)[1:-1]

    @property
    def pasted(self) -> str:
        """The text as a terminal pastes it: none lets C0 through, all let the rest."""
        kept = (it for it in self.text if it in "\t\r\n" or not (it < " " or it == "\x7f"))
        return "".join(it for it in kept if not "\ud800" <= it <= "\udfff")

    @property
    def encodable(self) -> bool:
        """Whether it can be written as UTF-8 at all: lone surrogates cannot."""
        return not any("\ud800" <= character <= "\udfff" for character in self.payload)


_PAYLOADS: tuple[tuple[str, str], ...] = (
    # What a terminal obeys
    ("colour and clear", f"{ESC}[31mred{ESC}[2J{ESC}[H gone"),
    ("cursor and a fake prompt", f"{ESC}[1;1H{ESC}[Kpassword: "),
    ("clipboard ended by ST", f"{ESC}]52;c;cm0gLXJmIH4={ST}after"),
    ("clipboard ended by BEL", f"{ESC}]52;c;cm0gLXJmIH4=\aafter"),
    ("window title", f"{ESC}]0;owned\a{ESC}]2;owned{ST}after"),
    ("link that hides its goal", f"{ESC}]8;;https://evil.example{ST}bank{ESC}]8;;{ST}"),
    ("desktop notice", f"{ESC}]9;owned\a{ESC}]777;notify;owned;now{ST}after"),
    ("what answers by typing", f"{ESC}[6n{ESC}[c{ESC}[>c{ESC}]11;?{ST}{ESC}P$qm{ST}after"),
    ("other screen, other modes", f"{ESC}[?1049l{ESC}[?25h{ESC}[?2004l{ESC}[!p{ESC}c after"),
    ("end of paste", f"{ESC}[201~:q!\r"),
    ("string without an end", f"{ESC}]52;c;YWJj"),
    (
        "device control and friends",
        f"{ESC}Ppayload{ST}{ESC}_payload{ST}{ESC}^payload{ST}{ESC}X{ST}",
    ),
    ("C1 controls", f"{CSI_8BIT}31m\x9d0;owned\x9c\x90q\x9c\x85next\x8d"),
    ("old control characters", "a\x00b\x07c\x08d\x0be\x0cf\x0eg\x0fh\x11i\x13j\x18k\x1al\x7fm"),
    ("carriage return", "pay 10.00\rpay 99.00"),
    # What a terminal shows otherwise than it is
    ("right to left override", "invoice\u202egpj.exe"),
    ("embeddings left open", "\u202a\u202b\u202dlevel\u202c \u2066\u2067\u2068isolated"),
    ("direction marks", "a\u200eb\u200fc\u061cd"),
    ("line and paragraph separators", "one\u2028two\u2029three\x85four"),
    ("invisible letters", "am\u200by\u2060 \u00adsoft \ufeffmark \u180evowel"),
    ("tags", "flag\U000e0001\U000e0067\U000e0062\U000e007f end"),
    ("joiners in a row", "a\u200d\u200d\u200db \u200cc\u200d"),
    ("a tower of marks", "z" + "\u0300\u0316\u0489" * 60 + "algo" + "\u0e49" * 40),
    ("marks without a letter", "\u0301\u0302 \u0e31\u0e34\u0e47 \u20dd"),
    ("lone surrogates", "a\ud800b\udfffc\ude00\ud83d"),
    ("not characters", "a\ufffeb\uffffc\U0001fffed\ue000e\U000f0000f"),
    ("annotations", "\ufff9hidden\ufffaover\ufffbend"),
    # What a toolkit reads as its own language
    ("closing markup", "[/foo] [/] [/bold]"),
    ("markup that acts", "[@click=app.quit]press me[/] [@click=screen.dismiss]x[/]"),
    ("markup without an end", "[bold [red on [/"),
    ("markup with values", "[link=file:///etc/passwd]x[/link] [$primary]y[/] \\[z] [[a]]"),
    ("emoji codes and braces", ":smile: {0} {name!r:>99999} %s %(x)s ${HOME} `id` $(id)"),
    # What breaks a column
    ("one very long word", "w" * 600),
    ("a very long line", "many words of it " * 590),
    ("lines and tabs", "one\ntwo\n\n\tthree\r\nfour\vfive"),
    ("right to left", "שלום עולם مرحبا بالعالم 123 abc"),
    ("Thai with SARA AM", "น้ำน้ำน้ำทำคำนำกำ่ เก็บเนื้อที่ ຄໍາ ำำำ"),
    ("families", "👨‍👩‍👧‍👦👩🏽‍🚀🏳️‍🌈🧑‍🤝‍🧑👍🏿❤️‍🔥"),
    ("flags and keycaps", "🇹🇭🇻🇳🇬🇧🇹 1️⃣#️⃣ ©️ ☎︎ ☎️"),
    ("wide and half", "全角ﾊﾝｶｸ한국어Ｆｕｌｌ㍿ ﷽ 𒐫 ⸻"),
    ("Hangul parts", "\u1112\u1161\u11ab\u1100\u1173\u11af \u1160\u11a8"),
    ("many scripts", "क्षि ক্ষ ကြောင်း ខ្មែរ ལྷ་ས தமிழ் Tiếng Việt Tie\u0302\u0301ng"),
    # What is no name and no link
    ("path out", "../../../../etc/passwd"),
    ("path of a device", "C:\\CON\\..\\aux.txt:stream /dev/tty ~root"),
    ("a link that runs", "javascript:alert(1) data:text/html,<script>x</script> file:///etc/x"),
    (
        "another language's words",
        '\'; DROP TABLE sessions;-- " OR ""=" <b>&amp;</b> \\u001b \\x1b[2J',
    ),
    ("nothing but blanks", "\u00a0\u2003\u3000 \t"),
)

HOSTILE: tuple[Hostile, ...] = tuple(
    Hostile(name, payload, number) for number, (name, payload) in enumerate(_PAYLOADS, 1)
)
"""The collection. Numbers, and with them marks, follow the order."""


def forbidden(text: str) -> list[str]:
    """Return what stands in ``text`` that may never reach a terminal as text, by code point.

    Controls (C0, C1, DEL), line and paragraph separators, lone surrogates, everything that
    changes the direction of what follows, tags, and towers of marks. Line feeds count as well:
    where lines end is the program's to say.
    """
    if text.isascii() and text.isprintable():
        return []
    found = [f"U+{ord(character):04X}" for character in text if _is_forbidden(character)]
    row = 0
    for character in text:
        row = row + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        if row == MOST_MARKS + 1:
            found.append(f"{row} marks in a row")
    return found


def _is_forbidden(character: str) -> bool:
    if " " <= character <= "~":
        return False
    return (
        unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")
        or unicodedata.bidirectional(character) in BIDI_FORMATS
        or character in BIDI_MARKS
        or "\U000e0000" <= character <= "\U000e007f"
        or "\ufff9" <= character <= "\ufffb"
    )

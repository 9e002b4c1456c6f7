"""The texts of automatic messages: checked, chosen, filled in (M8, M9, Q6)."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as some

from inbox_tui.backend.automatic import templates
from inbox_tui.backend.automatic.kinds import ALWAYS, VARIABLES
from inbox_tui.backend.automatic.templates import BUILT_IN, BadTemplate
from inbox_tui.channels.port import utf16_length
from inbox_tui.wire.words import Automatic

EVERY = [(language, kind) for language in BUILT_IN for kind in Automatic]


@pytest.mark.parametrize(("language", "kind"), EVERY)
def test_m8_every_kind_has_a_sound_text_in_every_language(language: str, kind: Automatic) -> None:
    text = BUILT_IN[language][kind]
    assert templates.checked(kind, text) == text
    assert len(text) < 1_000


@pytest.mark.parametrize("kind", Automatic)
def test_m8_the_languages_say_the_same(kind: Automatic) -> None:
    named = [sorted(re.findall(r"\{(\w+)\}", texts[kind])) for texts in BUILT_IN.values()]
    lines = [text[kind].count("\n") for text in BUILT_IN.values()]
    assert named[0] == named[1] == named[2]
    assert lines[0] == lines[1] == lines[2]


@pytest.mark.parametrize(("language", "kind"), EVERY)
def test_m9_a_text_still_says_something_where_nothing_is_known(
    language: str, kind: Automatic
) -> None:
    """The names of shop and channel are always known; who a code is for as well."""
    known = {"shop_name": "Baan Shop", "channel_name": "LINE"}
    if kind in ALWAYS or kind is Automatic.TRANSFERRED:
        known["assignee"] = "Amy"
    if kind is Automatic.ASSIGNED:
        known["agent_name"] = "Amy"
    if kind in (Automatic.ORDER_SHIPPED, Automatic.PARCEL_DELIVERED, Automatic.DELIVERY_DELAYED):
        known["order_number"] = "A-1"
    filled = templates.fill(BUILT_IN[language][kind], known, language)
    assert filled.text
    assert "{" not in filled.text


def test_m8_every_kind_says_what_it_may_name() -> None:
    assert set(VARIABLES) == set(Automatic)
    for kind in (Automatic.ASSIGNED, Automatic.TRANSFERRED, Automatic.ENDED):
        assert {"my_code_link", "team_code_link"} <= set(VARIABLES[kind])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hello {customer}", r"no variable \{customer\} in a message of the kind greeting"),
        ("You are {position}", r"no variable \{position\}"),
        ("Hello { shop_name }", r"no variable \{ shop_name \}"),
        ("Hello {}", r"no variable \{\}"),
        ("Hello {shop_name", "“{” stands alone"),
        ("Hello shop_name}", "“}” stands alone"),
        ("Hello {{shop_name}}", "“{” stands alone"),
        ("{shop\nname}", "“{” stands alone"),
        ("  \n ", "is empty"),
        ("x" * 2_001, "too long: 2,001 of 2,000"),
    ],
)
def test_m8_a_wrong_text_is_refused_and_says_why(text: str, said: str) -> None:
    with pytest.raises(BadTemplate, match=said):
        templates.checked(Automatic.GREETING, text)


def test_m8_an_unknown_variable_names_those_that_there_are() -> None:
    with pytest.raises(BadTemplate, match=r"there are \{contact_name\}, \{shop_name\}, .*\{hours"):
        templates.checked(Automatic.GREETING, "{nobody}")


def test_u6_a_text_is_kept_without_what_a_terminal_would_obey() -> None:
    assert templates.checked(Automatic.GREETING, " a\x1b[31m\u202eb\r\nc ") == "a[31mb\nc"


class TestChoosing:
    OWN = {  # noqa: RUF012 - read only
        (Automatic.GREETING, "th", 7): "own, Thai, channel 7",
        (Automatic.GREETING, "th", 0): "own, Thai",
        (Automatic.GREETING, "ja", 0): "own, Japanese",
        (Automatic.GREETING, "ja", 7): "own, Japanese, channel 7",
    }

    @pytest.mark.parametrize(
        ("languages", "channel", "found", "spoken"),
        [
            (["th", "en"], 7, "own, Thai, channel 7", "th"),
            (["th", "en"], 8, "own, Thai", "th"),
            (["ja", "th"], 8, "own, Japanese", "ja"),
            (["vi", "th"], 7, BUILT_IN["vi"][Automatic.GREETING], "vi"),
            (["ko", "th"], 7, "own, Thai, channel 7", "th"),
            (["ko", "fr"], 7, BUILT_IN["en"][Automatic.GREETING], "en"),
            ([], 7, BUILT_IN["en"][Automatic.GREETING], "en"),
        ],
    )
    def test_m8_own_before_built_in_and_the_customers_language_first(
        self, languages: list[str], channel: int, found: str, spoken: str
    ) -> None:
        chosen = templates.choose(Automatic.GREETING, languages, channel, self.OWN)
        assert chosen == (found, spoken)


class TestFilling:
    def test_m9_a_line_with_nothing_to_say_is_left_out(self) -> None:
        filled = templates.fill("Hi {a}!\nNumber {b}, wait {c}.\nBye", {"a": "Nok", "b": "3"}, "en")
        assert filled.text == "Hi Nok!\nBye"
        assert filled.empty == ("c",)

    def test_m9_of_which_no_line_is_left_is_nothing(self) -> None:
        assert templates.fill("Wait {a}\n", {"a": None}, "en").text == ""

    def test_m8_what_a_customer_is_called_is_no_template(self) -> None:
        values: dict[str, templates.Value] = {"a": "{b} {b.__class__}", "b": "secret"}
        assert templates.fill("Hi {a}", values, "en").text == "Hi {b} {b.__class__}"

    def test_m8_a_value_in_a_language_is_made_only_when_named(self) -> None:
        asked: list[str] = []

        def value(language: str) -> str:
            asked.append(language)
            return f"in {language}"

        assert templates.fill("now", {"a": value}, "th").text == "now"
        assert asked == []
        assert templates.fill("{a} {a}", {"a": value}, "th").text == "in th in th"
        assert asked == ["th"]

    def test_m8_blank_lines_inside_stay(self) -> None:
        assert templates.fill("a\n\n{x}\nb\n\n{x}", {}, "en").text == "a\n\nb"


class TestFitting:
    def test_c1_what_fits_stays(self) -> None:
        assert templates.fit("one\ntwo", 7) == "one\ntwo"

    def test_c1_whole_lines_fall_away_first(self) -> None:
        assert templates.fit("one\ntwo\nthree", 8) == "one\ntwo"

    def test_c1_the_last_one_is_cut(self) -> None:
        assert templates.fit("abcdefgh", 5) == "abcd…"

    @given(some.text(max_size=60), some.integers(1, 40))
    def test_c1_it_always_fits(self, text: str, most: int) -> None:
        fitted = templates.fit(text, most)
        assert utf16_length(fitted) <= most
        assert fitted == text or utf16_length(text) > most

"""Codes that customers send and what is sent by itself, told apart from questions and replies."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from inbox_tui.cli.sessions import entry_lines as plain_lines
from inbox_tui.locale import Catalogue
from inbox_tui.state.changes import BindingChanged, BoundTo
from inbox_tui.testing import builders as build
from inbox_tui.tui.actions.situation import is_unsettled
from inbox_tui.tui.bound import bound_sentence
from inbox_tui.tui.panes.side_lines import SideWriter
from inbox_tui.tui.render.entry import EntryContext, entry_lines
from inbox_tui.tui.render.lines import line_text
from inbox_tui.tui.render.symbols import ASCII, UNICODE
from inbox_tui.tui.render.timeline import Timeline
from inbox_tui.wire.models import Binding, Contact, ContactRef, Content, Delivery, Entry
from inbox_tui.wire.words import Automatic, CodeOutcome, ContentKind, DeliveryState, EntryKind

NOW = datetime(2026, 5, 12, 9, 0, tzinfo=UTC)
BANGKOK = ZoneInfo("Asia/Bangkok")
ENGLISH = Catalogue.of("en")
CODE = "ibx-kato-miru-sabe"


def entry(kind: EntryKind, text: str, **fields: object) -> Entry:
    given: dict[str, object] = {
        "id": 1,
        "conversation_id": 1,
        "session_id": 1,
        "kind": kind,
        "at": NOW,
        "content": Content(kind=ContentKind.TEXT, text=text),
        **fields,
    }
    return Entry(**given)  # type: ignore[arg-type]


def drawn(shown: Entry, *, width: int = 60, language: str = "en", ascii_only: bool = False) -> str:
    context = EntryContext(
        now=NOW,
        catalogue=Catalogue.of(language),
        zone=BANGKOK,
        customer="Somchai",
        symbols=ASCII if ascii_only else UNICODE,
    )
    return "\n".join(line_text(line) for line in entry_lines(shown, width, context)).strip("\n")


class TestCodes:
    @pytest.mark.parametrize(
        ("outcome", "word"),
        [
            (CodeOutcome.BOUND, "sent a code: bound"),
            (CodeOutcome.DUPLICATE, "sent a code: already bound"),
            (CodeOutcome.FAILED, "sent a code: not accepted"),
            (None, "sent a code"),
            ("later", "sent a code"),
        ],
    )
    def test_a_code_is_no_question_in_glyph_and_words(self, outcome: str | None, word: str) -> None:
        shown = entry(EntryKind.CODE, CODE, data={"outcome": outcome})
        assert drawn(shown) == f"Somchai  16:00\n▣ {word}\n  {CODE}"
        assert drawn(shown, ascii_only=True) == f"Somchai  16:00\n# {word}\n  {CODE}"

    @pytest.mark.parametrize("language", ["en", "th", "vi"])
    @pytest.mark.parametrize("outcome", list(CodeOutcome))
    def test_it_is_said_in_every_language_and_width(
        self, outcome: CodeOutcome, language: str
    ) -> None:
        shown = entry(EntryKind.CODE, CODE, data={"outcome": outcome})
        narrow = drawn(shown, width=20, language=language).replace("\n", " ").replace(" ", "")
        word = Catalogue.of(language).t(f"code_outcome.{outcome}")
        assert word.replace(" ", "") in narrow
        assert CODE in narrow

    def test_it_begins_no_group_with_a_question(self) -> None:
        entries = [
            entry(EntryKind.CODE, CODE, data={"outcome": "bound"}),
            entry(EntryKind.CUSTOMER, "Size L?", id=2),
        ]
        timeline = Timeline(entries, EntryContext(now=NOW, catalogue=ENGLISH, customer="Somchai"))
        lines = [line_text(line) for line in timeline.lines(("entry", 2), 40)]
        assert lines == ["", "Somchai  09:00", "Size L?"]

    def test_one_taken_back_shows_no_code(self) -> None:
        shown = entry(EntryKind.CODE, CODE, data={"outcome": "bound"}, unsent_at=NOW)
        assert CODE not in drawn(shown)


class TestAutomatic:
    @pytest.mark.parametrize("kind", list(Automatic))
    @pytest.mark.parametrize("language", ["en", "th", "vi"])
    def test_every_kind_has_a_name(self, kind: Automatic, language: str) -> None:
        words = Catalogue.of(language)
        shown = drawn(
            entry(EntryKind.AUTOMATIC, "Hello!", data={"automatic": kind}), language=language
        )
        first = shown.split("\n")[0].strip()
        name = words.t(f"automatic_kind.{kind}")
        assert first.startswith(f"↻ {words.t('timeline.system')} · {name}")

    def test_it_is_nobodys_and_no_reply(self) -> None:
        delivery = Delivery(state=DeliveryState.SENT)
        shown = entry(EntryKind.AUTOMATIC, "Hello!", data={"automatic": "greeting"})
        told = drawn(entry(EntryKind.AUTOMATIC, "Hello!", delivery=delivery, data=shown.data))
        first = " ".join(told.split("\n")[0].split())
        assert first == "↻ automatic · greeting 16:00 ✓ sent"
        assert told.split("\n")[1].strip() == "Hello!"
        assert drawn(shown, ascii_only=True).startswith("    & automatic - greeting")

    def test_one_that_failed_says_why_and_offers_no_key(self) -> None:
        delivery = Delivery(
            state=DeliveryState.FAILED, reason="blocked by the user", can_retry=True
        )
        told = drawn(entry(EntryKind.AUTOMATIC, "Hello!", delivery=delivery))
        assert "✕ failed" in told
        assert "blocked by the user" in told
        assert "Enter" not in told

    @pytest.mark.parametrize("state", [DeliveryState.FAILED, DeliveryState.UNCERTAIN])
    def test_m10_only_a_reply_can_be_sent_again(self, state: DeliveryState) -> None:
        delivery = Delivery(state=state, can_retry=True)
        assert not is_unsettled(entry(EntryKind.AUTOMATIC, "Hello!", delivery=delivery))
        assert is_unsettled(entry(EntryKind.REPLY, "Hello!", delivery=delivery))


def test_show_tells_both_kinds_from_messages() -> None:
    code = entry(EntryKind.CODE, CODE, data={"outcome": "bound"})
    sent = entry(EntryKind.AUTOMATIC, "Hello!\nThere", data={"automatic": "greeting"})
    assert plain_lines(code, BANGKOK) == [f"2026-05-12 16:00  customer (code, bound): {CODE}"]
    assert plain_lines(sent, BANGKOK) == [
        "2026-05-12 16:00  automatic (greeting): Hello!",
        " " * 18 + "There",
    ]
    assert "customer (code): " in plain_lines(entry(EntryKind.CODE, CODE), BANGKOK)[0]


class TestProfile:
    """Q10: to whom a contact is bound, since when, by which code."""

    def lines(self, **binding: object) -> list[str]:
        fields: dict[str, object] = {
            "id": 1,
            "contact": ContactRef(id=7, name="Somchai"),
            "made_at": NOW,
            "how": f"code:{CODE}",
            **binding,
        }
        contact = Contact(id=7, version=1, name="Somchai", binding=Binding(**fields))  # type: ignore[arg-type]
        writer = SideWriter(40, ENGLISH, UNICODE, NOW, BANGKOK)
        return [line_text(line).rstrip() for line in writer.profile(contact)]

    def test_by_a_code(self) -> None:
        told = self.lines(agent="amy", team="sales")
        assert "bound to   amy in sales" in told
        assert any(line.startswith("since      ") and "16:00" in line for line in told)
        assert f"by         code {CODE}" in told

    def test_by_hand_to_a_team_and_moved(self) -> None:
        assert "bound to   team sales" in self.lines(team="sales", how="hand", by="bo")
        assert "by         hand, bo" in self.lines(agent="amy", how="hand", by="bo")
        assert "by         move, bo" in self.lines(agent="amy", how="moved", by="bo")

    def test_nobody(self) -> None:
        writer = SideWriter(40, ENGLISH, UNICODE, NOW, BANGKOK)
        told = [line_text(line) for line in writer.profile(Contact(id=7, version=1, name="S"))]
        assert not any("bound" in line for line in told)


AMY, BO = BoundTo(agent="amy", how=f"code:{CODE}"), BoundTo(agent="bo", team="sales")


class TestNews:
    """Q4: a session that somebody serves stays with them, and both are told."""

    @pytest.mark.parametrize(
        ("now", "was", "by", "serves", "said"),
        [
            (AMY, None, None, None, "Somchai is now bound to you by your code."),
            (AMY, None, None, "amy", "Somchai is now bound to you by your code."),
            (
                AMY,
                None,
                None,
                "bo",
                "Somchai is now bound to you by your code. bo serves them now.",
            ),
            (AMY, BO, "mai", None, "mai bound Somchai to you."),
            (BO, None, None, "amy", "Somchai is now bound to bo; you go on serving them."),
            (BO, AMY, "mai", "noi", "mai bound Somchai to bo instead of you."),
            (None, AMY, "mai", None, "mai ended the binding of Somchai to you."),
            (None, AMY, "amy", None, None),
            (AMY, None, "amy", None, None),
            (BO, None, None, "noi", None),
            (BoundTo(team="sales"), None, None, None, None),
        ],
    )
    def test_who_is_told_what(
        self,
        now: BoundTo | None,
        was: BoundTo | None,
        by: str | None,
        serves: str | None,
        said: str | None,
    ) -> None:
        change = BindingChanged(
            7, now=now, was=was, by=by, session=build.session(1, assignee=serves)
        )
        assert bound_sentence(change, "amy", "Somchai", ENGLISH) == said

"""What is asked before a code is made, changed, or kept in a file (Q9, Q10)."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from textual import on
from textual.widget import Widget
from textual.widgets import Input

from inbox_tui.locale import Catalogue
from inbox_tui.records import dataclass
from inbox_tui.text import safe_line
from inbox_tui.tui.codes.saving import Picture, default_name, path_of
from inbox_tui.tui.dialogs.base import Dialog, Field, Submit
from inbox_tui.tui.dialogs.prose_box import Prose
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.widgets.fields import Choice, Option, SafeInput
from inbox_tui.wire.codes import Code

MOST_DAYS = 3_650
MAX_TAGS = 200


@dataclass(frozen=True, slots=True)
class Terms:
    """Until when a code binds, None as it is, and the tags for whoever binds by it."""

    expires_at: datetime | Literal["never"] | None
    tags: Sequence[str]


class TermsDialog(Dialog[Terms]):
    """Days until it expires, and tags. ``told`` says what becomes of the code there is."""

    def __init__(
        self,
        catalogue: Catalogue,
        title: str,
        told: str,
        *,
        tags: Sequence[str],
        now: datetime,
        submit: Submit[Terms],
    ) -> None:
        super().__init__(catalogue, submit=submit)
        self._title = title
        self._told = told
        self._now = now
        t = catalogue.t
        self._days = SafeInput(placeholder=t("code.days_hint"), max_length=4)
        self._tags = SafeInput(
            ", ".join(tags), placeholder=t("code.tags_hint"), max_length=MAX_TAGS
        )

    def title_text(self) -> str:
        """Return the title."""
        return self._title

    def do_label(self) -> str:
        """Return the label of the button."""
        return self.catalogue.t("code.do")

    def body(self) -> Iterable[Widget]:
        """Return what will happen, and the fields."""
        t = self.catalogue.t
        yield Prose((self._told, Role.TEXT), ("", Role.TEXT))
        yield Field(t("code.days"), self._days, id="expires_at")
        yield Field(t("code.tags"), self._tags, id="tags")

    def on_mount(self) -> None:
        """Begin with the days; nothing has to be filled in."""
        self._days.focus()

    async def result(self) -> Terms | None:
        """Return the terms, or None with what is wrong shown."""
        days = self._days.value.strip()
        expires_at: datetime | Literal["never"] | None = None
        if days:
            if not days.isdecimal() or int(days) > MOST_DAYS:
                wrong = self.catalogue.t("code.days_wrong", most=MOST_DAYS)
                self.show_errors({"expires_at": wrong})
                return None
            expires_at = self._now + timedelta(days=int(days)) if int(days) else "never"
        tags = [safe_line(tag).strip() for tag in self._tags.value.split(",")]
        return Terms(expires_at, [tag for tag in tags if tag])


@dataclass(frozen=True, slots=True)
class Keep:
    """Which picture is kept where; ``over`` whether what is there may go."""

    picture: Picture
    path: Path
    over: bool


class SaveDialog(Dialog[Keep]):
    """Which picture, and the file. What is there is written over only when saved once more."""

    def __init__(self, catalogue: Catalogue, code: Code, *, submit: Submit[Keep]) -> None:
        super().__init__(catalogue, submit=submit)
        t = catalogue.t
        self._code = code
        self._kind = Choice(
            [Option(each.value, t(f"save.{each.value}")) for each in Picture],
            Picture.PNG.value,
            id="kind-choice",
        )
        self._path = SafeInput(default_name(Picture.PNG, code), id="path-text")
        self._asked: Path | None = None

    def title_text(self) -> str:
        """Return the title."""
        return self.catalogue.t("save.title")

    def do_label(self) -> str:
        """Return the label of the button."""
        return self.catalogue.t("dialog.save")

    def body(self) -> Iterable[Widget]:
        """Return kind and file."""
        t = self.catalogue.t
        yield Field(t("save.kind"), self._kind, id="kind")
        yield Field(t("save.path"), self._path, id="path")
        yield Prose(("", Role.TEXT), (t("save.told", place=str(Path.cwd())), Role.MUTED))

    def on_mount(self) -> None:
        """Begin with the kind."""
        self._kind.focus()

    @on(Choice.Changed, "#kind-choice")
    def name_file(self) -> None:
        """Give the file the name that goes with the kind, unless one was typed."""
        if self._path.value in {default_name(each, self._code) for each in Picture}:
            self._path.value = default_name(Picture(self._kind.value), self._code)

    @on(Input.Submitted, "#path-text")
    async def keep_it(self, event: Input.Submitted) -> None:
        """Enter after the file keeps it."""
        event.stop()
        await self.action_submit()

    def is_there(self, path: Path) -> None:
        """Remember that a file was there, so that saving once more writes over it."""
        self._asked = path

    async def result(self) -> Keep | None:
        """Return what is kept where, or None with what is wrong shown."""
        if not self._path.value.strip():
            self.show_errors({"path": self.catalogue.t("error.required")})
            return None
        path = path_of(self._path.value)
        return Keep(Picture(self._kind.value), path, over=path == self._asked)

"""docs/messages.md and docs/workspace-file.md against the program (M8)."""

import re
from pathlib import Path

import pytest

from inbox_tui.backend.automatic.kinds import VARIABLES
from inbox_tui.backend.automatic.templates import BUILT_IN
from inbox_tui.backend.workspace.file import parse
from inbox_tui.wire.words import Automatic

DOCS = Path(__file__).parents[4] / "docs"
TEXT = (DOCS / "messages.md").read_text("utf-8")


def part_of(kind: Automatic) -> str:
    """Return what the document says of a kind."""
    begin = TEXT.index(f"### `{kind}`")
    return TEXT[begin:].split("\n### ")[0].split("\n## ")[0]


@pytest.mark.parametrize("kind", Automatic)
def test_m8_the_document_tells_every_kind_with_its_texts(kind: Automatic) -> None:
    part = part_of(kind)
    assert re.findall(r"`\{(\w+)\}`", part) == list(VARIABLES[kind])
    for texts in BUILT_IN.values():
        assert f"```\n{texts[kind]}\n```" in part


def test_m8_the_document_tells_every_variable() -> None:
    table = TEXT.split("| variable | says |")[1].split("\n\n")[0]
    assert set(re.findall(r"`\{(\w+)\}`", table)) == {
        name for names in VARIABLES.values() for name in names
    }


def test_m8_the_example_of_the_workspace_file_is_right() -> None:
    text = (DOCS / "workspace-file.md").read_text("utf-8").split("## `[messages]`")[1]
    plan = parse(text.split("```toml\n")[1].split("```")[0], {})
    assert plan.messages.on is not None
    assert Automatic.OVER_CAPACITY in plan.messages.on
    assert plan.messages.gap == 600_000
    assert [each.kind for each in plan.messages.templates] == [Automatic.GREETING]

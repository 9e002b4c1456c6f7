"""Charts of Unicode blocks, and of ASCII where there is nothing else."""

import pytest

from inbox_tui.tui.render.lines import line_text, line_width
from inbox_tui.tui.render.looks import Role
from inbox_tui.tui.render.symbols import ASCII, UNICODE
from inbox_tui.tui.wall.charts import ASCII_BLOCKS, BLOCKS, STEPS, bars, spark
from inbox_tui.tui.wall.table import Column, lay


def test_v1_a_spark_is_a_cell_a_value_and_nothing_is_a_dot() -> None:
    assert spark([0, 1, 4, 8], 0, UNICODE) == "·▁▄█"
    assert spark([0, 1, 4, 8], 0, ASCII) == "-.=#"
    assert spark([1, 1], 8, UNICODE) == "▁▁"


def test_v1_both_sets_of_blocks_have_as_many_steps() -> None:
    assert len(BLOCKS) == len(ASCII_BLOCKS) == STEPS
    assert ASCII_BLOCKS.isascii()


def test_v1_bars_stand_on_the_lowest_line() -> None:
    drawn = [line_text(line) for line in bars([16, 4, 0], 12, 2, UNICODE)]
    assert drawn == ["███         ", "███ ▄▄▄     "]
    assert [line_text(line) for line in bars([8], 1, 2, UNICODE, top=16)] == [" ", "█"]


@pytest.mark.parametrize(("width", "height"), [(11, 4), (12, 0), (0, 3)])
def test_v1_where_there_is_no_room_there_are_no_bars(width: int, height: int) -> None:
    assert not any(bars([1] * 12, width, height, UNICODE))


def test_v1_columns_stand_aligned_and_what_is_cut_has_a_sign() -> None:
    columns = [Column("name", 0), Column("count", 4, right=True), Column("who", 5)]
    rows = [
        {"name": (("Somchai Jaidee", Role.NAME),), "count": (("7", Role.TEXT),)},
        {
            "name": (("มาลี", Role.NAME),),
            "count": (("12345", Role.TEXT),),
            "who": (("amy", Role.TEXT),),
        },
    ]
    lines = [lay(columns, row, 22, "…") for row in rows]
    assert [line_text(line) for line in lines] == [
        "Somchai…      7       ",
        "มาลี        123…  amy  ",
    ]
    assert {line_width(line) for line in lines} == {22}

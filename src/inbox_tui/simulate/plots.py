"""Charts of plain text: bars of block characters over the hours of the day.

Written here, since they are thirty lines, and nothing else would have to be installed for them.
They have no colour, so none carries a meaning; every chart says its largest value in figures.
"""

from collections.abc import Sequence

_BLOCKS = " ▁▂▃▄▅▆▇█"
_PLAIN = " .:-=+*#@"
_STEPS = 8
"""Heights of one line, but for nothing."""

ROWS = 4


def bars(values: Sequence[float], top: float, *, ascii_only: bool = False) -> list[str]:
    """Return the lines of a bar chart, two cells a value, highest line first.

    ``top`` is the value that reaches the top. What is not nothing is drawn as at least something.
    """
    signs = _PLAIN if ascii_only else _BLOCKS
    steps = ROWS * _STEPS
    heights = [
        0 if top <= 0 or value <= 0 else max(1, min(steps, round(value / top * steps)))
        for value in values
    ]
    return [
        "".join(
            signs[max(0, min(_STEPS, height - row * _STEPS))] * 2 for height in heights
        ).rstrip()
        for row in reversed(range(ROWS))
    ]


def hour_axis(count: int = 24, every: int = 6) -> str:
    """Return the line below a chart over hours, each ``every`` hours with its number."""
    return "".join(f"{hour:02}".ljust(2 * every) for hour in range(0, count, every)).rstrip()

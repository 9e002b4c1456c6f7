"""Grids of cases: a diagonal at each change, all of them by ``make thorough``."""

from collections.abc import Sequence
from itertools import product
from typing import Any

import pytest

LANGUAGES = ("en", "th", "vi")
SIZES = ((60, 20), (80, 24), (160, 45))


def grid(*axes: Sequence[Any]) -> list[Any]:
    """Return every combination, for ``parametrize``.

    Those that are not on the diagonal are marked as thorough; each value of each axis is on it.
    """
    longest = max(map(len, axes))
    diagonal = {tuple(at % len(axis) for axis in axes) for at in range(longest)}
    return [
        pytest.param(
            *(axis[at] for axis, at in zip(axes, places, strict=True)),
            marks=() if places in diagonal else pytest.mark.thorough,
        )
        for places in product(*(range(len(axis)) for axis in axes))
    ]

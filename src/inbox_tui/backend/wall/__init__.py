"""The supervisor's wall (V1): what waits where, who serves what, how fast it comes and goes.

``standing`` and the counts of what came and was served are kept from the events of each commit and
read when somebody looks, so that a look costs the same at a hundred sessions and at a hundred
thousand. ``lines`` says which lines there are and what the wait in one is told from, for the wall
and for what customers are told (M9). What can be done from the wall stands with its noun
(``sessions``, ``people``).
"""

from inbox_tui.backend.wall.watch import Watch

__all__ = ["Watch"]

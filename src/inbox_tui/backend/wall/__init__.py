"""The supervisor's wall (V1): what waits where, who serves what, how fast it comes and goes.

``standing`` and ``rates`` are kept from the events of each commit and read when somebody looks, so
that a look costs the same at a hundred sessions and at a hundred thousand. ``estimate`` is the
formula of M9, for the wall and for whatever else tells a wait. What can be done from the wall
stands with its noun (``sessions``, ``people``).
"""

from inbox_tui.backend.wall.watch import Watch

__all__ = ["Watch"]

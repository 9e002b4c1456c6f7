"""How long somebody in a queue will wait (M9): one estimate, for whoever tells one.

The wall shows it, customers are told it, and the simulation holds it against what came true
(docs/simulate.md). Pure: :mod:`wait` is the formula and the slots it asks for, :mod:`rates` counts
what came and was served lately. Who stands where in a line is left to whoever keeps the line.
"""

from inbox_tui.estimate.rates import Rates
from inbox_tui.estimate.wait import Basis, OnDuty, basis, estimated_wait

__all__ = ["Basis", "OnDuty", "Rates", "basis", "estimated_wait"]

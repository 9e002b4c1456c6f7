"""What the record of a case says was done, in words (K2)."""

from inbox_tui.locale import Catalogue
from inbox_tui.tui.render import cells
from inbox_tui.wire.models import CaseActivity


def activity_text(done: CaseActivity, catalogue: Catalogue) -> str:
    """Return in words what one line of a case's record says was done (K2)."""
    key = f"activity.{done.kind}"
    return catalogue.t(key) if catalogue.has(key) else cells.calm(done.kind)

"""What the terminal says, in the languages it speaks.

One module a language with a plain table of sentences (``en.py``, ``th.py``, ``vi.py``); another
language is one more such module. ``catalogue.py`` looks sentences up, ``times.py`` writes times
and spans. Reads no clock and no setting: the present moment and the zone are handed in.
"""

from inbox_tui.locale.catalogue import LANGUAGES, Catalogue

__all__ = ["LANGUAGES", "Catalogue"]

"""What the terminal says, in the languages it speaks.

Three modules a language with plain tables of sentences: ``en.py`` for what is drawn and asked,
``screens_en.py`` for the screens and the names of actions, ``wall_en.py`` for the supervisor's
wall; another language is three more such modules. ``catalogue.py`` looks sentences up,
``times.py`` writes times and spans.
Reads no clock and no setting: the present moment and the zone are handed in.
"""

from inbox_tui.locale.catalogue import LANGUAGES, Catalogue

__all__ = ["LANGUAGES", "Catalogue"]

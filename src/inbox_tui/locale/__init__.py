"""What the terminal says, in the languages it speaks.

A few modules a language with plain tables of sentences: ``en.py`` for what is drawn and asked,
``screens_en.py`` for the screens and the names of actions, ``wall_en.py``, ``rules_en.py``,
``explain_en.py``, ``automatic_en.py`` and ``codes_en.py`` for the supervisor's wall, the rules, why
a session is where it is, automatic messages, codes and whom they bind; another language is as many
more. ``catalogue.py`` looks sentences up, ``times.py`` writes times and spans. Reads no clock and
no setting: the present moment and the zone are handed in.
"""

from inbox_tui.locale.catalogue import LANGUAGES, Catalogue

__all__ = ["LANGUAGES", "Catalogue"]

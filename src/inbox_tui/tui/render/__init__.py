"""From what is known to lines of text with roles: no widget, no clock, no I/O.

``cells.py`` measures, cuts and wraps; ``symbols.py`` names the glyphs, ``looks.py`` the styles;
``row.py`` draws a session, ``entry.py`` one entry of a timeline, ``timeline.py`` the entries with
the rules between them, ``explanation.py`` why a session is where it is, in the sentences of
``explaining.py``. A line is a tuple of (text, role) spans and never wider than the cells it was
given.
"""

"""Everything a person can do: one registry, and what is done.

``registry`` lists the actions with their keys, where they count and when they are possible;
bindings, footer, help, palette and ``docs/keys.md`` are made from it. ``situation`` says what can
be done now and why not. ``do_*`` are the deeds, one module a subject; they talk to the desk and
the screen and know no URL. ``python -m inbox_tui.tui.actions`` prints the table of keys.
"""

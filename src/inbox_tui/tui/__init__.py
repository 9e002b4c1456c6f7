"""The terminal's screens.

``app`` wires; ``actions`` is what a person can do; ``screens`` place ``panes``, panes hold
``widgets``, widgets draw what ``render`` made of the state, ``dialogs`` ask. ``desk`` is what they
share; ``live`` keeps the state fed and ``sending`` carries replies.
"""

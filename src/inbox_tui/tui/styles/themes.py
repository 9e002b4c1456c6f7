"""The themes. Every text colour has a contrast of at least 4.5:1 on every ground it stands on.

``inbox-dark`` and ``inbox-light`` carry the variables that ``render/looks.py`` reads: ``ink-*``
are text colours, ``line`` is for rules, ``row-*`` are grounds.
"""

from textual.theme import Theme

DARK = Theme(
    name="inbox-dark",
    primary="#7fb2f5",
    secondary="#b9a7ff",
    accent="#7fb2f5",
    foreground="#e3e7ed",
    background="#13161b",
    surface="#181c22",
    panel="#20252d",
    success="#86d39a",
    warning="#edbf6b",
    error="#ff9490",
    dark=True,
    variables={
        "muted": "#9aa5b4",
        "line": "#39414e",
        "ink-accent": "#8dbcfa",
        "ink-error": "#ff9d99",
        "ink-warning": "#edc277",
        "ink-success": "#8ad79e",
        "ink-customer": "#c3b3ff",
        "ink-note": "#e4cb84",
        "row-selected": "#2a3950",
        "row-blurred": "#242a33",
        "border": "#7fb2f5",
        "border-blurred": "#39414e",
        "footer-background": "#181c22",
        "footer-key-foreground": "#8dbcfa",
        "footer-description-foreground": "#b5bfcc",
        "input-selection-background": "#3a5d8c 70%",
        "scrollbar": "#39414e",
        "scrollbar-hover": "#4d5869",
        "scrollbar-active": "#7fb2f5",
        "scrollbar-background": "#181c22",
        "scrollbar-background-hover": "#181c22",
        "scrollbar-background-active": "#181c22",
        "scrollbar-corner-color": "#181c22",
    },
)

LIGHT = Theme(
    name="inbox-light",
    primary="#1d56a8",
    secondary="#5a3fbb",
    accent="#1d56a8",
    foreground="#1c232e",
    background="#fcfcfb",
    surface="#f5f6f8",
    panel="#e9ecf1",
    success="#19673a",
    warning="#7a4f00",
    error="#ad1f2c",
    dark=False,
    variables={
        "muted": "#525c6a",
        "line": "#bfc7d2",
        "ink-accent": "#1a4f9c",
        "ink-error": "#a51c29",
        "ink-warning": "#714900",
        "ink-success": "#175f36",
        "ink-customer": "#5438b4",
        "ink-note": "#6b4a00",
        "row-selected": "#d2e1f8",
        "row-blurred": "#e4e8ee",
        "border": "#1d56a8",
        "border-blurred": "#bfc7d2",
        "footer-background": "#f5f6f8",
        "footer-key-foreground": "#1a4f9c",
        "footer-description-foreground": "#3c4654",
        "input-selection-background": "#a9c8f2 70%",
        "scrollbar": "#bfc7d2",
        "scrollbar-hover": "#98a3b3",
        "scrollbar-active": "#1d56a8",
        "scrollbar-background": "#f5f6f8",
        "scrollbar-background-hover": "#f5f6f8",
        "scrollbar-background-active": "#f5f6f8",
        "scrollbar-corner-color": "#f5f6f8",
    },
)

THEMES = (DARK, LIGHT)
"""All themes, the default first. Register them with ``App.register_theme``."""

INKS = ("muted", *(name for name in DARK.variables if name.startswith("ink-")))
GROUNDS = ("row-selected", "row-blurred")

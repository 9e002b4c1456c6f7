"""inbox-tui: the agent inbox for customer chats that lives in a terminal."""

__version__ = "0.1.0"

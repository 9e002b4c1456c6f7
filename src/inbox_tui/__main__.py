"""``python -m inbox_tui``: the same as ``inbox-tui``."""

from inbox_tui.cli.main import main

if __name__ == "__main__":
    main()

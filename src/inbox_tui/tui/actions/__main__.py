"""Print the table of keys that ``docs/keys.md`` is."""

from inbox_tui.tui.actions.docs import keys_document

if __name__ == "__main__":
    print(keys_document(), end="")  # noqa: T201 - printing is what this program is for

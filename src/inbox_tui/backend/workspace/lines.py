"""Finds the line of every value of a TOML text.

The standard library's parser keeps no positions. This walks a text that it has accepted, so it
need not find any fault: it only follows the shape (TOML 1.0).
"""

import re
import tomllib

Path = tuple[str | int, ...]
"""Where a value stands, such as ``("teams", 1, "members", 0)``."""

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}#\r\n]*")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.DOTALL
)


def lines_of(text: str) -> dict[Path, int]:
    """Return the line (from 1) of every key, table and array element of a valid TOML text."""
    return _Walk(text).lines()


def line_of(lines: dict[Path, int], path: Path) -> int | None:
    """Return the line of a path or, where the text does not have it, of what it belongs in."""
    for length in range(len(path), 0, -1):
        found = lines.get(path[:length])
        if found is not None:
            return found
    return None


def shown(path: Path) -> str:
    """Return a path as people write it: ``teams[1].members[0]``."""
    out = ""
    for part in path:
        out += f"[{part}]" if isinstance(part, int) else f".{part}" if out else part
    return out


class _Walk:
    def __init__(self, text: str) -> None:
        self._text = text.replace("\r\n", "\n")
        self._at = 0
        self._counted = 0
        self._line = 1
        self._lines: dict[Path, int] = {}
        self._arrays: dict[Path, int] = {}

    def lines(self) -> dict[Path, int]:
        table: Path = ()
        self._skip()
        while self._at < len(self._text):
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip()
        return self._lines

    def _header(self) -> Path:
        many = self._text.startswith("[[", self._at)
        line = self._here()
        self._at += 2 if many else 1
        path: Path = ()
        keys = self._keys()
        for position, key in enumerate(keys, 1):
            path = (*path, key)
            if many and position == len(keys):
                self._arrays[path] = self._arrays.get(path, -1) + 1
            if path in self._arrays:
                self._lines.setdefault(path, line)
                path = (*path, self._arrays[path])
            self._lines.setdefault(path, line)
        self._at += 2 if many else 1
        return path

    def _pair(self, table: Path) -> None:
        line = self._here()
        path = table
        for key in self._keys():
            path = (*path, key)
            self._lines.setdefault(path, line)
        self._at += 1  # the equals sign
        self._skip()
        self._value(path)

    def _keys(self) -> list[str]:
        keys: list[str] = []
        while True:
            self._skip()
            quoted = self._text[self._at] in "\"'"
            raw = self._take(_STRING if quoted else _BARE)
            keys.append(tomllib.loads(f"key = {raw}")["key"] if quoted else raw)
            self._skip()
            if self._text[self._at] != ".":
                return keys
            self._at += 1

    def _value(self, path: Path) -> None:
        first = self._text[self._at]
        if first == "[":
            self._elements(path)
        elif first == "{":
            self._inline(path)
        else:
            self._take(_STRING if first in "\"'" else _SCALAR)

    def _elements(self, path: Path) -> None:
        self._at += 1
        self._skip()
        index = 0
        while self._text[self._at] != "]":
            self._lines[(*path, index)] = self._here()
            self._value((*path, index))
            index += 1
            self._comma()
        self._at += 1

    def _inline(self, path: Path) -> None:
        self._at += 1
        self._skip()
        while self._text[self._at] != "}":
            self._pair(path)
            self._comma()
        self._at += 1

    def _comma(self) -> None:
        self._skip()
        if self._text[self._at] == ",":
            self._at += 1
            self._skip()

    def _skip(self) -> None:
        self._take(_BLANK)

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self._at)
        assert found is not None
        self._at = found.end()
        return found.group()

    def _here(self) -> int:
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

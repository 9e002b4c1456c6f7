"""One parsing of each style sheet for all the windows that a process of the tests opens."""

from collections.abc import Callable
from typing import Any, ClassVar

from textual.css.stylesheet import Stylesheet


class Parsed(dict[Any, Any]):
    """Rules parsed for one set of variables. Stands in for a sheet's own cache."""

    of: ClassVar[dict[frozenset[tuple[str, str]], "Parsed"]] = {}

    def clear(self) -> None:
        """Keep them: a sheet whose variables change goes on with another one of these."""


def share_parsed_rules() -> None:
    """Let every sheet take, and add to, what others with its variables have parsed."""
    Stylesheet.__init__ = _then_share(Stylesheet.__init__)  # type: ignore[method-assign]
    Stylesheet.set_variables = _then_share(Stylesheet.set_variables)  # type: ignore[method-assign]


def _then_share(begin: Callable[..., None]) -> Callable[..., None]:
    def begun(sheet: Stylesheet, *given: Any, **named: Any) -> None:
        begin(sheet, *given, **named)
        variables = frozenset(sheet._variables.items())
        sheet._parse_cache = Parsed.of.setdefault(variables, Parsed())  # type: ignore[assignment]

    return begun

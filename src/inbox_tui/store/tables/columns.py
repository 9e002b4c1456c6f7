"""How columns are declared: ids, references, times, JSON.

Columns that came with a later migration have their default in the database as well, since rows were
there before them.
"""

from typing import Any

from pydantic import ConfigDict
from sqlalchemy import JSON, BigInteger, Boolean, Column, ForeignKey, Integer, String, Table
from sqlmodel import Field, SQLModel


class Row(SQLModel):
    """What a row of every table is.

    Nothing checks or writes rows by their class, so what Pydantic would do that with is not built
    when a server starts: a tenth of its start.
    """

    model_config = ConfigDict(defer_build=True)  # type: ignore[assignment]


Id = BigInteger().with_variant(Integer, "sqlite")
"""SQLite gives row ids by itself to an INTEGER primary key only."""


def new_id() -> Any:  # noqa: ANN401 - SQLModel's Field is typed Any, here and below
    """Declare the primary key that the database gives."""
    return Field(default=None, sa_column=Column(Id, primary_key=True))


def ref(target: str, *, null: bool = False, index: bool = False) -> Any:  # noqa: ANN401
    """Declare a reference to another table's id."""
    return Field(
        default=None,
        sa_column=Column(BigInteger, ForeignKey(target), nullable=null, index=index),
    )


def big(*, null: bool = False, default: int | None = None) -> Any:  # noqa: ANN401
    """Declare a time or a duration (milliseconds), or an id without a reference."""
    server = None if default is None else str(default)
    return Field(
        default=default,
        sa_column=Column(BigInteger, nullable=null, server_default=server),
    )


def flag() -> Any:  # noqa: ANN401
    """Declare a yes or no that is no unless said."""
    return Field(default=False, sa_column=Column(Boolean, nullable=False, server_default="0"))


def text_of(default: str) -> Any:  # noqa: ANN401
    """Declare a text that is ``default`` unless said."""
    return Field(default=default, sa_column=Column(String, nullable=False, server_default=default))


def json_list() -> Any:  # noqa: ANN401
    """Declare a list in JSON, empty unless said."""
    return Field(default_factory=list, sa_column=Column(JSON, nullable=False, server_default="[]"))


def json_dict() -> Any:  # noqa: ANN401
    """Declare a table in JSON, empty unless said."""
    return Field(default_factory=dict, sa_column=Column(JSON, nullable=False, server_default="{}"))


def maybe_json() -> Any:  # noqa: ANN401
    """Declare JSON that may be missing."""
    return Field(default=None, sa_column=Column(JSON(none_as_null=True)))


def table(of: type[SQLModel]) -> Table:
    """Return the SQLAlchemy table of a class, for Core statements."""
    found = of.__table__  # type: ignore[attr-defined]
    assert isinstance(found, Table)
    return found

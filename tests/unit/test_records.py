"""Records behave as the frozen dataclasses that type checkers take them for."""

import copy
import dataclasses
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox_tui.records import dataclass, field
from inbox_tui.wire import codec


@dataclass(frozen=True, slots=True)
class Place:
    """A record with positions."""

    row: int
    column: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A record with names, a default made anew, and a secret."""

    name: str
    place: Place = Place(1)
    tags: list[str] = field(default_factory=list)
    token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Nothing:
    """A record without fields."""


@dataclasses.dataclass(frozen=True, slots=True)
class StandardPlace:
    """What the standard decorator makes of the same."""

    row: int
    column: int = 0


@given(
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.sampled_from(["row", "column", "x"]), st.integers()),
)
def test_is_made_from_what_a_standard_one_is_made_from(
    args: list[int], told: dict[str, int]
) -> None:
    def made(kind: Any) -> object:
        try:
            return dataclasses.asdict(kind(*args, **told))
        except TypeError:
            return TypeError

    assert made(Place) == made(StandardPlace)


@pytest.mark.parametrize("told", [{}, {"name": "a", "colour": "red"}])
def test_names_are_checked(told: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match=r"name|colour"):
        Thing(**told)


def test_equality_and_hash_go_by_class_and_values() -> None:
    assert Place(1, 2) == Place(1, 2)
    assert Place(1, 2) != Place(2, 1)
    other: object = StandardPlace(1)
    assert Place(1) != other
    assert Nothing() == Nothing()
    assert len({Place(1, 2), Place(row=1, column=2), Place(2)}) == 2


def test_is_shown_without_secrets() -> None:
    assert (
        repr(Thing(name="a", token="s")) == "Thing(name='a', place=Place(row=1, column=0), tags=[])"
    )


def test_cannot_be_changed() -> None:
    thing = Thing(name="a")
    with pytest.raises(dataclasses.FrozenInstanceError):
        thing.name = "b"  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        del thing.name
    assert not hasattr(thing, "__dict__")


def test_what_is_made_anew_is_not_shared() -> None:
    Thing(name="a").tags.append("x")
    assert Thing(name="a").tags == []


def test_the_tools_of_dataclasses_work() -> None:
    thing = Thing(name="a", tags=["x"])
    assert dataclasses.replace(thing, name="b") == Thing(name="b", tags=["x"])
    assert dataclasses.asdict(thing)["place"] == {"row": 1, "column": 0}
    assert copy.deepcopy(thing) == thing == pickle.loads(pickle.dumps(thing))
    match Place(3, 4):
        case Place(row, column):
            assert (row, column) == (3, 4)


def test_goes_through_json() -> None:
    thing = Thing(name="a", place=Place(5), tags=["x"])
    assert codec.decode(codec.encode(thing), Thing) == thing


class Told:
    """What messages of Textual are like: they want to be told when they are made."""

    def __post_init__(self) -> None:
        """Note that it was made."""
        self.told = True


@dataclass
class Moved(Told):
    """A record that can be changed, and has more than its fields."""

    row: int = 0


@dataclass
class MovedFar(Moved):
    """One with the fields of another."""

    far: int = 1


def test_one_that_is_not_frozen_can_be_changed_and_not_hashed() -> None:
    moved = MovedFar(3, far=4)
    assert moved.told
    moved.row = 5
    assert moved == MovedFar(5, 4)
    assert repr(moved) == "MovedFar(row=5, far=4)"
    with pytest.raises(TypeError, match="unhashable"):
        hash(moved)

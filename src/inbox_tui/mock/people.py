"""The users of a simulated account: one short name of ours, one id of the platform's."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from inbox_tui.errors import NotFound
from inbox_tui.mock import words


@dataclass(slots=True)
class Person:
    """A user of the platform."""

    key: str
    id: str
    name: str
    language: str | None = None
    picture_url: str | None = None
    status: str | None = None
    blocked: bool = False
    last_message: str | None = None
    entered: bool = False
    """Whether they wrote or added the account, so that opening its chat asks nothing of them."""

    def told(self) -> words.User:
        """Return them in words of the control interface."""
        return words.User(
            user=self.key,
            id=self.id,
            name=self.name,
            language=self.language,
            picture_url=self.picture_url,
            status=self.status,
            blocked=self.blocked,
        )


class People:
    """Who knows an account; looked up by short name and by the platform's id."""

    def __init__(self, make_id: Callable[[str], str]) -> None:
        self._make_id = make_id
        self._by_key: dict[str, Person] = {}
        self._by_id: dict[str, Person] = {}

    def put(self, given: words.PutUser) -> Person:
        """Make a person or change them; what is not given stays."""
        person = self._by_key.get(given.user)
        if person is None:
            person = Person(given.user, self._make_id(given.user), given.user)
            self._by_key[person.key] = self._by_id[person.id] = person
        for field in ("name", "language", "picture_url", "status", "blocked"):
            value = getattr(given, field)
            if value is not None:
                setattr(person, field, value)
        return person

    def known(self, key: str) -> Person:
        """Return a person, made on the spot if never seen."""
        return self._by_key.get(key) or self.put(words.PutUser(user=key))

    def knows(self, key: str) -> bool:
        """Say whether somebody was here before, and has not blocked the account since."""
        person = self._by_key.get(key)
        return person is not None and person.entered and not person.blocked

    def find(self, key: str) -> Person:
        """Return a person by short name. Raises NotFound."""
        if key not in self._by_key:
            raise NotFound(f"There is no user {key!r} here.")
        return self._by_key[key]

    def by_id(self, platform_id: str) -> Person | None:
        """Return a person by the platform's id."""
        return self._by_id.get(platform_id)

    def all(self) -> list[Person]:
        """Return everybody."""
        return list(self._by_key.values())


def digest(*parts: str) -> str:
    """Return 64 hex digits that depend on the parts only."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()

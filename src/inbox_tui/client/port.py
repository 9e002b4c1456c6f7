"""What a terminal can ask of its backend, as a protocol, and what the live stream tells.

The real client (:mod:`inbox_tui.client.http`) and the scripted one of ``testing`` both have this
shape. Every call raises a class of :mod:`inbox_tui.errors`; ``Unavailable`` when the backend
cannot be reached. Nothing here imports httpx.
"""

from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING, Protocol

from inbox_tui.errors import InboxError
from inbox_tui.records import dataclass
from inbox_tui.wire.explanation import Explanation
from inbox_tui.wire.models import (
    Agent,
    Binding,
    Case,
    Channel,
    Contact,
    Counts,
    Deactivation,
    Entry,
    Event,
    Me,
    Page,
    Session,
    SessionResult,
    Team,
    TransferResult,
)
from inbox_tui.wire.requests import (
    CaseEdit,
    PatchAgent,
    PatchContact,
    PatchSession,
    PostAssign,
    PostEnd,
    PostMoveBinding,
    PostTransfer,
    PutAccepting,
)
from inbox_tui.wire.words import Automatic, CaseStatus, CodeState, ListName, Sort, StateFilter

if TYPE_CHECKING:
    from inbox_tui.wire.automatic import (
        AutomaticMessages,
        PatchAutomatic,
        PostPreview,
        Preview,
        PutTemplate,
    )
    from inbox_tui.wire.codes import (
        BindingCounts,
        BindingsChanged,
        Code,
        ContactSummary,
        PostCode,
        PostMoveBindings,
    )
    from inbox_tui.wire.rules import Hours, PatchRule, Rule, RuleDraft, RuleTrial, TryRules
    from inbox_tui.wire.wall import Wall


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionQuery:
    """Which sessions to ask for. Empty strings and None ask for no restriction."""

    list: ListName
    sort: Sort = Sort.WAIT
    q: str = ""
    state: StateFilter | None = None
    channel: str = ""
    team: str = ""
    agent: str = ""
    bound: str = ""
    limit: int = 100
    cursor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseQuery:
    """Which cases to ask for."""

    status: CaseStatus | None = None
    owner: str = ""
    q: str = ""
    limit: int = 100
    cursor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeQuery:
    """Which codes to ask for: of a channel, an agent, a team, in some ``states`` (none: any)."""

    channel: str = ""
    agent: str = ""
    team: str = ""
    states: tuple[CodeState, ...] = ()
    limit: int = 100
    cursor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingQuery:
    """Which bindings to ask for: to an agent, to a team."""

    agent: str = ""
    team: str = ""
    limit: int = 100
    cursor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactQuery:
    """Which contacts to ask for (Q11).

    ``bound`` is ``me``, a nickname, a team's slug, ``none``, or with the kind of a name that is
    both ``agent:x`` or ``team:x``; ``q`` a part of their names.
    """

    bound: str = ""
    q: str = ""
    limit: int = 100
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Connected:
    """The stream stands: what comes from now on is live. ``after`` is where it resumed."""

    after: int


@dataclass(frozen=True, slots=True)
class Lost:
    """The stream broke; the next try comes in ``retry_in`` seconds."""

    error: InboxError
    retry_in: float


@dataclass(frozen=True, slots=True)
class Reset:
    """Events are missing and cannot be had: read everything again. The stream has ended."""

    reason: str


Signal = Connected | Lost | Reset | Event
"""What the live stream yields."""


class Client(Protocol):
    """The calls of a terminal. See ``surface.md`` of the product for what each does."""

    async def me(self) -> Me:
        """Return who I am."""
        ...

    async def counts(self) -> Counts:
        """Return how many sessions each list holds for me."""
        ...

    async def agents(self) -> list[Agent]:
        """Return every agent, with presence, switch, load and limit."""
        ...

    async def teams(self) -> list[Team]:
        """Return every team."""
        ...

    async def channels(self) -> list[Channel]:
        """Return every channel."""
        ...

    async def put_accepting(self, body: PutAccepting) -> Agent:
        """Turn my accept switch."""
        ...

    async def put_accepting_of(self, nickname: str, body: PutAccepting) -> Agent:
        """Turn a colleague's accept switch (P5)."""
        ...

    async def patch_agent(self, nickname: str, body: PatchAgent) -> Agent:
        """Set a colleague's limit (R5), activate or deactivate their account (R12)."""
        ...

    async def deactivation(self, nickname: str) -> Deactivation:
        """Say what deactivating an account would do (R12)."""
        ...

    async def wall(self, *, agent: str | None = None, most: int = 10) -> "Wall":
        """Return the supervisor's wall, with what ``agent`` serves."""
        ...

    async def take_back(self, session_id: int) -> SessionResult:
        """Take a session from whoever serves it, back to routing."""
        ...

    async def sessions(self, query: SessionQuery) -> Page[Session]:
        """Return one page of a list."""
        ...

    async def session(self, session_id: int) -> Session:
        """Return one session."""
        ...

    async def timeline(
        self, session_id: int, *, before: str | None = None, limit: int = 60
    ) -> Page[Entry]:
        """Return entries of the session's conversation, newest last.

        ``next_cursor`` is the ``before`` of the older page, null at the beginning.
        """
        ...

    async def post_message(self, session_id: int, text: str, *, key: str) -> Entry:
        """Reply to the customer; asking again with the same ``key`` sends nothing twice."""
        ...

    async def retry_message(self, session_id: int, entry_id: int) -> Entry:
        """Send a failed or uncertain reply again: a person decided so."""
        ...

    async def post_note(self, session_id: int, text: str) -> Entry:
        """Write an internal note."""
        ...

    async def claim(self, session_id: int) -> SessionResult:
        """Take a session. Raises AlreadyTaken when somebody was first."""
        ...

    async def assign(self, session_id: int, body: PostAssign) -> SessionResult:
        """Give a session to an agent or a team."""
        ...

    async def transfer(self, session_id: int, body: PostTransfer) -> TransferResult:
        """Hand over one session, or all of mine."""
        ...

    async def end(self, session_id: int, body: PostEnd) -> SessionResult:
        """End a session, with its case."""
        ...

    async def star(self, session_id: int, starred: bool) -> SessionResult:
        """Star or unstar a session for me."""
        ...

    async def read(self, session_id: int, customer_messages: int) -> SessionResult:
        """Say that I have seen the first ``customer_messages`` messages of the customer."""
        ...

    async def patch_session(self, session_id: int, body: PatchSession) -> SessionResult:
        """Set priority, category or language."""
        ...

    async def explanation(self, session_id: int, decision: int = 0) -> Explanation:
        """Return why the session is where it is: the present decision, or one before it (R13).

        Raises NotFound for a decision that there is not.
        """
        ...

    async def contact(self, contact_id: int) -> Contact:
        """Return a profile."""
        ...

    async def patch_contact(
        self, contact_id: int, body: PatchContact, *, version: int | None = None
    ) -> Contact:
        """Edit a profile."""
        ...

    async def cases(self, query: CaseQuery) -> Page[Case]:
        """Return one page of cases."""
        ...

    async def case(self, code: str) -> Case:
        """Return one case with its activity."""
        ...

    async def patch_case(self, code: str, body: CaseEdit, *, version: int) -> Case:
        """Edit a case. Raises StaleVersion when it was changed meanwhile."""
        ...

    async def rules(self) -> list["Rule"]:
        """Return the distribution rules in their order."""
        ...

    async def post_rule(self, body: "RuleDraft") -> "Rule":
        """Make a rule, behind all others."""
        ...

    async def patch_rule(
        self, rule_id: int, body: "PatchRule", *, version: int | None = None
    ) -> "Rule":
        """Change a rule. Raises StaleVersion when it was changed meanwhile."""
        ...

    async def delete_rule(self, rule_id: int, *, version: int | None = None) -> None:
        """Take a rule away. Raises StaleVersion when it was changed meanwhile."""
        ...

    async def order_rules(self, ids: list[int]) -> list["Rule"]:
        """Put all rules in this order. Raises Conflict when rules came or went meanwhile."""
        ...

    async def try_rules(self, body: "TryRules") -> "RuleTrial":
        """Say what the rules do with a message; nothing is changed."""
        ...

    async def hours(self) -> list["Hours"]:
        """Return the business hours by name."""
        ...

    async def codes(self, query: CodeQuery) -> "Page[Code]":
        """Return one page of the codes I may see, also those that bind no more (Q9)."""
        ...

    async def make_code(self, body: "PostCode") -> "Code":
        """Return the live code of an assignee on a channel, made if there is none (Q1, Q9).

        Raises Refused, NotPossibleNow or Unavailable for a channel that cannot carry a code or does
        not tell its address now, Forbidden for one I may not make.
        """
        ...

    async def revoke_code(self, code: str) -> None:
        """Revoke a code: it binds nobody any more (Q9)."""
        ...

    async def bindings(self, query: BindingQuery) -> Page[Binding]:
        """Return one page of the live bindings."""
        ...

    async def binding_counts(self) -> "BindingCounts":
        """Return how many contacts are bound to each agent and team (Q10)."""
        ...

    async def end_binding(self, binding_id: int) -> None:
        """End one binding (Q8)."""
        ...

    async def move_binding(self, binding_id: int, body: PostMoveBinding) -> Binding:
        """Bind a contact to somebody else (Q8)."""
        ...

    async def end_bindings_of(self, nickname: str) -> "BindingsChanged":
        """End every binding to an agent (Q8)."""
        ...

    async def move_bindings(self, body: "PostMoveBindings") -> "BindingsChanged":
        """Bind every contact of an agent to somebody else (Q8)."""
        ...

    async def contacts(self, query: ContactQuery) -> "Page[ContactSummary]":
        """Return one page of contacts, also of those without an open session (Q11)."""
        ...

    async def automatic(self) -> "AutomaticMessages":
        """Return which messages are sent by themselves, and their texts (M8)."""
        ...

    async def patch_automatic(self, body: "PatchAutomatic") -> "AutomaticMessages":
        """Switch kinds of messages on and off, set the least time between two of M4."""
        ...

    async def put_template(self, kind: Automatic, body: "PutTemplate") -> "AutomaticMessages":
        """Write a text. Raises Invalid for an unknown variable, StaleVersion."""
        ...

    async def delete_template(
        self,
        kind: Automatic,
        *,
        language: str,
        channel: str | None = None,
        version: int | None = None,
    ) -> "AutomaticMessages":
        """Go back to the text that comes with the program.

        Raises NotFound where it is that already, StaleVersion.
        """
        ...

    async def preview_automatic(self, body: "PostPreview") -> "Preview":
        """Fill in a text with the data of a session. Raises Invalid for a bad text."""
        ...

    def signals(self, after: int) -> AsyncGenerator[Signal, None]:
        """Follow the live stream from ``after``, reconnecting for ever; ends after a Reset.

        While it is connected, this window counts as open (P3).
        """
        ...

    async def goodbye(self) -> None:
        """Say that this window closes now, without grace (P3)."""
        ...

    async def close(self) -> None:
        """Close the connections."""
        ...

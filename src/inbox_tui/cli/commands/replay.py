"""``inbox-tui replay``: every recorded decision, made once more (O7, R13)."""

import sqlite3
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from inbox_tui.cli import plain
from inbox_tui.cli.options import database_option, json_option, path_of
from inbox_tui.clock import to_datetime
from inbox_tui.errors import Invalid, NotFound

if TYPE_CHECKING:
    from inbox_tui.assignment import Decision
    from inbox_tui.assignment.journal import Call
    from inbox_tui.simulate.replay import Replayed


@click.command("replay", short_help="Make every recorded decision again, and compare.")
@database_option
@click.option("--session", type=int, metavar="ID", help="Print each decision about this session.")
@json_option
def command(database_url: str | None, session: int | None, as_json: bool) -> None:
    """Run the recorded facts through the assignment engine and compare every decision.

    All of them have to come out again, or the first difference is named and the exit code is 1.
    The database is only read, also while a server has it. What is recorded is kept for 30 days.
    """
    from inbox_tui.backend.assigner.journal import calendars
    from inbox_tui.simulate.replay import Replayed, replay

    told = Replayed()
    about: list[tuple[int, Decision]] = []
    try:
        with _runs(path_of(database_url)) as (names, runs):
            for found in replay(runs, calendars, session):
                if isinstance(found, Replayed):
                    told = found
                else:
                    about.append(found)
    except ValueError as error:
        raise Invalid(f"The record cannot be read: {error}.") from None
    if as_json:
        plain.print_json(_document(told, about))
    else:
        for at, decision in about:
            plain.print_line(f"{_time(at)}  {names.said(decision)}")
        if session is not None and not about:
            plain.print_line(f"No decision about session {session} is recorded.")
        for line in _report(told, names):
            plain.print_wrapped(line)
    sys.exit(0 if told.difference is None else 1)


class Names:
    """Nicknames, team slugs and rule names by id, as they are now."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._agents = dict(connection.execute("SELECT id, nickname FROM agents"))
        self._teams = dict(connection.execute("SELECT id, slug FROM teams"))

    def said(self, decision: "Decision | None") -> str:
        """Say a decision in a line."""
        from inbox_tui.assignment import Assign, TakeBack, Wait

        match decision:
            case None:
                return "nothing"
            case Assign():
                team = self._teams.get(decision.team_id or 0, "the workspace pool")
                step = decision.step.replace("_", " ")
                method = f", {decision.method.replace('_', ' ')}" if decision.method else ""
                agent = self._agents.get(decision.agent_id, f"agent {decision.agent_id}")
                return f"session {decision.session_id} to {agent} ({step}, {team}{method})"
            case TakeBack():
                agent = self._agents.get(decision.agent_id, f"agent {decision.agent_id}")
                return f"session {decision.session_id} back from {agent} ({decision.cause})"
            case Wait():
                reason = decision.reason.replace("_", " ")
                return f"session {decision.session_id} waits in {decision.queue}: {reason}"
            case _:
                return f"all of {decision.queue} wait: {decision.reason.replace('_', ' ')}"


@contextmanager
def _runs(path: Path) -> "Iterator[tuple[Names, Iterable[tuple[int, Iterable[Call]]]]]":
    """Open a database for reading; give its names and its recorded runs. Raises NotFound."""
    import sqlalchemy as sa

    from inbox_tui.backend.assigner.journal import calls_of, runs

    if not path.exists():
        raise NotFound(f"There is no database {path}.")
    plainly = sqlite3.connect(f"file:{path}?mode=ro", uri=True, check_same_thread=False)
    engine = sa.create_engine("sqlite://", creator=lambda: plainly, poolclass=sa.StaticPool)
    try:
        names = Names(plainly)
        with engine.connect() as connection:
            yield names, ((run, calls_of(connection, run)) for run in runs(connection))
    except sqlite3.DatabaseError as error:
        raise Invalid(
            f"{path} is no database of inbox-tui, or of another version: {error}."
        ) from None
    finally:
        engine.dispose()
        plainly.close()


def _report(told: "Replayed", names: Names) -> Iterator[str]:
    if told.first is None or told.last is None:
        yield "Nothing is recorded yet."
        return
    kinds = {"Assign": "assigned", "TakeBack": "taken back", "Wait": "told to wait"}
    counts = [f"{told.decisions.get(kind, 0):,} {word}" for kind, word in kinds.items()]
    runs = "1 run" if told.runs == 1 else f"{told.runs:,} runs"
    yield (
        f"{told.turns:,} turns in {runs}, {_time(told.first)} to {_time(told.last)}: "
        f"{', '.join(counts)}."
    )
    if told.difference is None:
        yield "Every recorded decision came out again."
        return
    first = told.difference
    yield f"The first difference is in run {first.run}, at {_time(first.at)}:"
    yield f"- recorded: {names.said(first.recorded)}"
    yield f"- now: {names.said(first.decided)}"


def _time(at: int) -> str:
    return to_datetime(at).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3] + "Z"


def _document(told: "Replayed", about: "list[tuple[int, Decision]]") -> dict[str, Any]:
    import msgspec

    def built(decision: "Decision | None") -> Any:  # noqa: ANN401 - plain JSON
        return None if decision is None else msgspec.to_builtins(decision)

    first = told.difference
    return {
        "runs": told.runs,
        "turns": told.turns,
        "decisions": told.decisions,
        "first": None if told.first is None else _time(told.first),
        "last": None if told.last is None else _time(told.last),
        "same": first is None,
        "difference": None
        if first is None
        else {
            "run": first.run,
            "at": _time(first.at),
            "recorded": built(first.recorded),
            "now": built(first.decided),
        },
        "session": [{"at": _time(at), "decision": built(each)} for at, each in about],
    }

"""Structured logs on stderr: lines for a person on a terminal, JSON for everything else.

Nothing that lets somebody in may stand in a log. Values under names of secrets are left out, and
tokens are cut out of every text, tracebacks and the URLs of platforms included.
"""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

from inbox_tui.clock import SystemClock, to_datetime
from inbox_tui.lean_structlog import structlog

HIDDEN = "[hidden]"

_SECRET_NAMES = re.compile(r"token|secret|password|authorization|credential|local_key", re.I)
_SECRETS = re.compile(
    r"\bit_[\w-]{20,}"  # our bearer tokens
    r"|(?<=bot)\d+:[\w-]{20,}|\b\d{6,}:[\w-]{30,}"  # Telegram: part of every URL of its API
    r"|(?i:(?<=bearer )[\w.~+/-]{8,}=*)"
)
_QUIET = ("httpx", "httpcore", "uvicorn", "uvicorn.error", "uvicorn.access", "alembic", "asyncio")
"""Libraries whose every step is no news; what they warn about is."""


def set_up_logs(level: int = logging.INFO) -> None:
    """Send our logs and those of libraries to stderr."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        _stamp,
        structlog.processors.StackInfoRenderer(),
    ]
    for_people = sys.stderr.isatty()
    last: list[Any] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        hide_secrets,
        structlog.dev.ConsoleRenderer() if for_people else structlog.processors.JSONRenderer(),
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(processors=last, foreign_pre_chain=shared)
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def hide_secrets(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Take secrets out of a log entry, at any depth."""
    return {key: _hide(key, value) for key, value in event.items()}


def _hide(name: str, value: Any) -> Any:  # noqa: ANN401 - whatever is logged
    if _SECRET_NAMES.search(name) and value not in (None, "", True, False):
        return HIDDEN
    if isinstance(value, str):
        return _SECRETS.sub(HIDDEN, value)
    if isinstance(value, dict):
        return {key: _hide(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_hide("", inner) for inner in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return _SECRETS.sub(HIDDEN, str(value))


def _stamp(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    event["timestamp"] = to_datetime(SystemClock().now()).isoformat(timespec="milliseconds")
    return event

"""Logs as lines of JSON: which incident, which delivery, what happened, where it failed; never a text, never a token.

Exceptions are told by their kind and the places they passed, because their words may quote what people wrote (pydantic
quotes inputs, SQL errors quote rows) and because drawing a full traceback takes longer than Slack waits for us.
"""

import contextlib
import logging
import sys
import traceback
from collections.abc import MutableMapping
from io import TextIOBase
from typing import Any, TextIO, cast

import structlog

#: Libraries that put payloads or arguments into their own words.
_TALKATIVE = ("slack_bolt", "slack_sdk", "aiohttp", "sqlalchemy", "asyncio", "websockets")
FRAMES = 30
#: Ticks that are late are told by `/readyz`; APScheduler would say so every second.
_CHATTY = "apscheduler.scheduler"

Event = MutableMapping[str, Any]


class _Stderr(TextIOBase):
    """Wherever stderr goes at that moment. A log that cannot be written (a full disk) stops nothing of what is logged."""

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError):
            return sys.stderr.write(text)
        return len(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            sys.stderr.flush()


def configure(level: str) -> None:
    """Everything that is logged goes to stderr, a line each; libraries only from warnings on."""
    number = logging.getLevelNamesMapping()[level.upper()]
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        tell_exception,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(cast("TextIO", _Stderr())),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(_Stderr())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[_hush, *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(max(number, logging.WARNING))
    logging.getLogger(_CHATTY).setLevel(max(number, logging.ERROR))


def _hush(_logger: Any, _method: str, event: Event) -> Event:
    """A library's line: who says it, and its words where they are known to quote nobody."""
    record: logging.LogRecord = event["_record"]
    event["logger"] = record.name
    if record.name.startswith(_TALKATIVE):
        event["event"] = f"{record.module}.{record.funcName}"
    # The formatter would append a traceback with words to the line.
    if record.exc_info:
        event["exc_info"], record.exc_info, record.exc_text = record.exc_info, None, None
    return event


def tell_exception(_logger: Any, _method: str, event: Event) -> Event:
    """In place of ``exc_info``: the exceptions' kinds, from the first cause, and where the last one passed."""
    found = event.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()
    error = found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        event["exception"] = " <- ".join(_kind(each) for each in _chain(error))
        frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
        event["passed"] = [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
    return event


def _chain(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


def _kind(error: BaseException) -> str:
    """The exception's name, with its words only where they can be nobody's."""
    words = error.strerror if isinstance(error, OSError) else getattr(error, "word", None)
    words = words or (str(error) if type(error).__module__ == "sqlite3" else None)
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


def _short(filename: str) -> str:
    return "/".join(filename.replace("\\", "/").rsplit("/", 3)[-3:])

"""Structured logs (JSON lines on stderr) and the ids that connect a sentence on a page with its log entry."""

from __future__ import annotations

import logging
import re
import secrets
import sys
from collections.abc import Callable, MutableMapping
from contextlib import suppress
from io import TextIOBase
from typing import Any, TextIO, cast

import structlog

HIDDEN = re.compile(r"password|passwd|secret|token|ticket|cookie|authorization|credential|session_key", re.IGNORECASE)
URL_PASSWORD = re.compile(r"(?<=://)([^\s:/@]+):[^\s@]+@")

log = structlog.get_logger()


def configure() -> None:
    """Send our logs, and the warnings of libraries, to stderr as one JSON object a line."""
    shared: list[Callable[..., Any]] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,  # a plain traceback: the richer form prints local variables
        hide_secrets,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(default=str)],
        logger_factory=lambda *_: structlog.WriteLogger(_STDERR),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(default=str),
            ],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    # Google's libraries cut their loggers off the root unless somebody has set them up before.
    google = logging.getLogger("google")
    google.setLevel(logging.WARNING)
    google.propagate = True


class _Stderr(TextIOBase):
    """Standard error as long as it takes something: where the disk of the log is full, pages go on without it."""

    def write(self, text: str) -> int:
        with suppress(OSError, ValueError):
            return sys.stderr.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            sys.stderr.flush()


_STDERR = cast(TextIO, _Stderr())


def fault(error: BaseException, **context: Any) -> str:
    """Log an error with its traceback and context; returns the id of eight hex digits to show beside the sentence.

    An attribute `detail` of the error (the engine's own words) is logged too; pages never show it.
    """
    identity = secrets.token_hex(4)
    detail = getattr(error, "detail", None)
    log.error(
        "fault",
        id=identity,
        error=type(error).__name__,
        message=str(error),
        **({"detail": str(detail)} if detail else {}),
        **context,
        exc_info=(type(error), error, error.__traceback__),
    )
    return identity


def hide_secrets(_logger: Any, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Blank whatever is named like a secret, at any depth, and passwords within addresses."""
    return {key: _hide(key, value) for key, value in entry.items()}


def _hide(key: object, value: Any) -> Any:
    if isinstance(key, str) and HIDDEN.search(key):
        return "[hidden]"
    if isinstance(value, dict):
        return {name: _hide(name, item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_hide(None, item) for item in value]
    if isinstance(value, str):
        return URL_PASSWORD.sub(r"\1:[hidden]@", value)
    return value

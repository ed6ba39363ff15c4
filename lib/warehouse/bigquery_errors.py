"""What BigQuery's and the network's errors mean for the person who waits (docs/warehouse has the table)."""

from __future__ import annotations

import concurrent.futures
import re

import requests
from google.api_core import exceptions
from google.auth import exceptions as auth

from lib.warehouse.query import (
    Query,
    QueryCancelled,
    QueryInvalid,
    QueryRefused,
    QueryTimedOut,
    WarehouseError,
    WarehouseUnavailable,
)
from lib.warehouse.words import (
    BUSY,
    NO_BILLING,
    NO_CREDENTIALS,
    NO_RIGHT,
    NOT_FOUND,
    OVER_BUDGET,
    OVER_BUDGET_UNSAID,
    SILENT,
    TOO_LARGE,
    TOO_SLOW,
    UNWANTED,
    WRONG,
    size_text,
)

# A job that failed with one of these may well succeed when it is begun anew.
PASSING = frozenset(
    {"rateLimitExceeded", "jobRateLimitExceeded", "backendError", "jobBackendError", "jobInternalError"}
)


def explain(error: BaseException, query: Query) -> WarehouseError:
    """The error of the protocol for one of the client, the network, or the credentials."""
    if isinstance(error, exceptions.RetryError) and error.cause is not None:
        explained = explain(error.cause, query)
        return explained if isinstance(explained, WarehouseUnavailable) else WarehouseUnavailable(SILENT)
    if isinstance(error, auth.TransportError):
        return WarehouseUnavailable(SILENT)
    if isinstance(error, auth.GoogleAuthError):
        return WarehouseUnavailable(NO_CREDENTIALS)
    if isinstance(error, exceptions.GoogleAPICallError):
        return _explain_call(error, query)
    if isinstance(error, concurrent.futures.TimeoutError):
        return WarehouseUnavailable(SILENT)
    if isinstance(error, (requests.RequestException, ConnectionError, exceptions.GoogleAPIError)):
        return WarehouseUnavailable(SILENT)
    if isinstance(error, OSError):
        # A credentials file that is not there or is not readable; the client reads no other file.
        return WarehouseUnavailable(NO_CREDENTIALS)
    if isinstance(error, (ValueError, TypeError)):
        return QueryInvalid(WRONG, detail=str(error))
    return WarehouseUnavailable(SILENT)


def may_try_again(error: exceptions.GoogleAPICallError) -> bool:
    """Whether beginning the same query anew is worth one try."""
    return reason_of(error) in PASSING


def reason_of(error: exceptions.GoogleAPICallError) -> str:
    """BigQuery's own word for the error, such as `bytesBilledLimitExceeded`; empty where it gives none."""
    first = next(iter(error.errors or ()), None)
    return str(first.get("reason", "")) if isinstance(first, dict) else ""


def _explain_call(error: exceptions.GoogleAPICallError, query: Query) -> WarehouseError:
    reason, words = reason_of(error), str(error.message or "")
    if reason == "bytesBilledLimitExceeded" or "limit for bytes billed" in words:
        return QueryRefused(_over_budget(words, query.budget_bytes), construct="budget")
    if "timed out" in words.lower() or reason == "timeout":
        return QueryTimedOut(TOO_SLOW.format(seconds=query.deadline_s))
    if reason == "stopped" or "cancelled" in words.lower():
        return QueryCancelled(UNWANTED)
    if reason in ("responseTooLarge", "resourcesExceeded", "billingTierLimitExceeded"):
        return QueryRefused(TOO_LARGE)
    if reason in ("quotaExceeded", "billingNotEnabled", "blocked"):
        return WarehouseUnavailable(NO_BILLING)
    if reason in PASSING or isinstance(error, exceptions.TooManyRequests):
        return WarehouseUnavailable(BUSY)
    if isinstance(error, exceptions.Unauthorized):
        return WarehouseUnavailable(NO_CREDENTIALS)
    if isinstance(error, exceptions.Forbidden):
        return QueryRefused(NO_RIGHT)
    if isinstance(error, exceptions.NotFound):
        return QueryInvalid(NOT_FOUND, detail=words) if "Not found: Job" not in words else WarehouseUnavailable(SILENT)
    if isinstance(error, exceptions.ServerError):
        return WarehouseUnavailable(SILENT)
    return QueryInvalid(WRONG, detail=words)


def _over_budget(words: str, budget: int | None) -> str:
    sizes = [int(digits) for digits in re.findall(r"\d+", words.partition("bytes billed")[2])]
    limit = budget if budget is not None else (sizes[0] if sizes else 0)
    if len(sizes) > 1:
        return OVER_BUDGET.format(needed=size_text(sizes[1]), budget=size_text(limit))
    return OVER_BUDGET_UNSAID.format(budget=size_text(limit))

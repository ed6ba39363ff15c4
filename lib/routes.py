"""What the server answers beside the pages: health, session cookie, sign-out; headers, start-up, error hook."""

from __future__ import annotations

import gc
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import streamlit as st
from pydantic import ValidationError
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from lib.access.browser import browser_in_words
from lib.access.demo import DemoRefused, add_demo_people, check_demo_mode, demo_mode
from lib.access.journal import JOURNAL
from lib.access.keys import key_of
from lib.access.sessions import (
    COOKIE,
    SESSION_LIFE,
    begin_session,
    end_session,
    end_sessions_of_other_methods,
    may_sign_out,
    person_of,
)
from lib.board.navigation import pages
from lib.board.old_links import KINDS, new_address, old_numbers
from lib.board.opens import wrong_opens
from lib.bundle import Bundle
from lib.first_build import stop_build, warehouse_missing
from lib.guard import PROVIDER_SIGN_OUT, Guard, address_of, is_from_here, is_https, unsafe_options
from lib.log import configure, fault, log
from lib.looks import LookError, catalogue
from lib.settings import settings, wrong_settings
from lib.state import StateError, ready
from lib.warehouse.folder import current_stamp, warehouse_file


def healthz(_request: Request) -> Response:
    """Whether the parts are well, for load balancers; asks for no sign-in and says nothing more."""
    parts = {"state": _state_health(), "warehouse": _warehouse_health()}
    well = "down" not in parts.values()
    return JSONResponse({"status": "ok" if well else "down", **parts}, status_code=200 if well else 503)


def _state_health() -> str:
    try:
        ready()
        person_of("nobody's")  # the statement that every page begins with
    except StateError:
        return "down"
    return "ok"


def _warehouse_health() -> str:
    if settings().warehouse == "bigquery":
        return "ok"
    if warehouse_missing():
        return "building"
    folder = settings().warehouse_folder
    stamp = current_stamp(folder)
    return "ok" if stamp and warehouse_file(folder, stamp).is_file() else "down"


def session(request: Request) -> Response:
    """Turn a one-time ticket into the session cookie and go on to where the visitor wanted."""
    target = local_path(request.query_params.get("to", "/"))
    # A link on another site must not sign its reader in as somebody else.
    ticket = request.query_params.get("ticket", "")
    browser = browser_in_words(request.headers.get("user-agent"))
    token = begin_session(ticket, address_of(request), browser) if ticket and is_from_here(request) else None
    response = RedirectResponse(target, status_code=303)
    if token:
        response.set_cookie(
            COOKIE,
            token,
            max_age=int(SESSION_LIFE.total_seconds()),
            path="/",
            httponly=True,
            samesite="lax",
            secure=is_https(request),
        )
    return response


def sign_out(request: Request) -> Response:
    """End this browser's session; only by the address that was made for it. A provider's own session ends next."""
    response = RedirectResponse("/", status_code=303)
    token = request.cookies.get(COOKIE)
    if token and may_sign_out(key_of(token), request.query_params.get("token", "")):
        end_session(key_of(token), address_of(request))
        response = RedirectResponse(PROVIDER_SIGN_OUT if settings().oidc else "/", status_code=303)
        response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax", secure=is_https(request))
    return response


def old_link(request: Request) -> Response:
    """Lead a link of the old tool to the page that took its place, with all that it says about filters."""
    kind = request.url.path.strip("/").split("/")[0]
    target = new_address(kind, str(request.path_params["number"]), request.url.query)
    return RedirectResponse(target, status_code=307)


def local_path(text: str) -> str:
    """A path of this server, with its parameters; `/` for anything that a browser could read as another address."""
    local = text.startswith("/") and not text.startswith("//") and "\\" not in text and text.isprintable()
    return text if local else "/"


def answer_state_error(_request: Request, error: Exception) -> Response:
    """One sentence when a route needs the state database and cannot have it."""
    return Response(f"{error} ({fault(error, surface='route')})", status_code=503, media_type="text/plain")


def guarded(route: str, endpoint: Callable[[Request], Response]) -> Route:
    """A route whose state errors end in a sentence."""

    def answer(request: Request) -> Response:
        try:
            return endpoint(request)
        except StateError as error:
            return answer_state_error(request, error)

    return Route(route, answer, methods=["GET"], name=endpoint.__name__)


routes = [
    Route("/healthz", healthz, methods=["GET"]),
    guarded("/session", session),
    guarded("/sign-out", sign_out),
    *(Route(f"/{kind}/{{number:path}}", old_link, methods=["GET"]) for kind in KINDS),
]
middleware = [Middleware(Guard), Middleware(Bundle)]


def refuse_wrong_settings() -> None:
    """Stop the start with one sentence when settings are wrong or an old number is claimed twice."""
    try:
        settings()
        check_demo_mode()
        old_numbers()
    except ValidationError as error:
        sys.exit(wrong_settings(error))
    except (DemoRefused, LookError) as error:
        sys.exit(f"Boardroom did not start. {error}")
    if unsafe := unsafe_options():
        sys.exit(
            f"Boardroom did not start. Streamlit's {' and '.join(unsafe)} must stay as delivered (docs/access.md)."
        )


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Logging, state database, demo people at start; a running first build is stopped at the end.

    A state database that cannot be used does not stop the start: each page says so until it can.
    """
    configure()
    prepare_state()
    for error in (*catalogue().errors.values(), *wrong_opens(catalogue(), pages())):
        fault(error, surface="start")
    # Imports live as long as the process: the collector need not walk them at every page run.
    gc.collect()
    gc.freeze()
    log.info("started", warehouse=settings().warehouse)
    yield
    stop_build()
    JOURNAL.flush()
    log.info("stopped")


def prepare_state() -> None:
    """Bring the state database up to date and put the demo's people in; what fails is logged."""
    try:
        ready()
        end_sessions_of_other_methods()
        if demo_mode():
            add_demo_people()
    except StateError as error:
        fault(error, surface="start")


def on_script_error(error: Exception) -> bool:
    """What a page shows for an error that nobody expected: a sentence and an id, nothing of the error itself."""
    identity = fault(error, surface="page")
    if isinstance(error, StateError):
        st.error(f"**{error}** ({identity})", icon=":material/error:")
    else:
        st.error(
            f"**This page could not be shown.** The log has the reason under {identity}. Reload the page to try again.",
            icon=":material/error:",
        )
    return True

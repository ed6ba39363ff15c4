"""What stands before every request: what is answered at all, to whom, from where, and with which headers."""

from __future__ import annotations

from functools import partial
from urllib.parse import urlsplit

import streamlit as st
from google.protobuf.message import DecodeError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

from lib.access.keys import key_of
from lib.access.page import forwarded_address
from lib.access.sessions import COOKIE, person_of
from lib.log import fault, log
from lib.settings import settings
from lib.state import StateError

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Content-Security-Policy": "base-uri 'self'; form-action 'self'; frame-ancestors 'self'; object-src 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
}
MEDIA = "/media/"
PROVIDER_SIGN_IN, PROVIDER_SIGN_OUT, PROVIDER_BACK = "/auth/login", "/auth/logout", "/oauth2callback"
# By GET, and yet something changes: a one-time ticket, a signature or a provider's state stands behind each.
CHANGING = ("/session", "/sign-out", PROVIDER_SIGN_IN, PROVIDER_SIGN_OUT, PROVIDER_BACK)
# Of Streamlit's own endpoints the browser needs these. Uploads, figures of the process, other people's components and
# the interface for programs are off, as is what a later Streamlit may add.
STREAMLIT = ("/_stcore/health", "/_stcore/host-config", "/_stcore/stream")
OFF = ("/_stcore/", "/component/")
# What a page sends over its websocket. Streamlit asks nobody who they are: anybody might empty everybody's cache, or
# read the name and branch of the folder that Boardroom runs from.
MESSAGES = ("rerun_script", "stop_script", "app_heartbeat")
OPERATIONS = ("deferred_file", "dataframe_chunk")
# Streamlit's options that would open a way around the guard, and the values that do not.
OPTIONS = {
    "server.baseUrlPath": "",
    "server.enableCORS": True,
    "server.enableXsrfProtection": True,
    "server.enableStaticServing": False,
    "server.enableAgentApi": False,
    "server.trustedUserHeaders": {},
    "global.developmentMode": False,
}


def unsafe_options() -> list[str]:
    """Streamlit's options that are set so that the guard would not stand everywhere."""
    return [name for name, safe in OPTIONS.items() if st.get_option(name) != safe]


class Guard:
    """ASGI middleware around all of Streamlit."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            if is_from_elsewhere(HTTPConnection(scope)):
                # Before it is accepted: the browser reads status 403.
                await send({"type": "websocket.close", "code": 1008})
                return
            await self.app(scope, partial(_receive_wanted, receive), send)
        elif scope["type"] == "http":
            await self._answer(Request(scope), scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _answer(self, request: Request, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def send_with_headers(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                _add_headers(request, MutableHeaders(scope=message))
            await send(message)

        answer = await run_in_threadpool(refusal, request) if _is_asked_about(request) else None
        try:
            await (answer or self.app)(scope, receive, send_with_headers)
        except Exception as error:
            identity = fault(error, surface="request", path=scope["path"])
            if begun:
                raise
            failed = PlainTextResponse(f"This could not be answered. ({identity})", status_code=500)
            await failed(scope, receive, send_with_headers)


def is_wanted(frame: bytes) -> bool:
    """Whether a websocket's message is one that a page of ours sends; an unreadable one is left to Streamlit."""
    sent = BackMsg()
    try:
        sent.ParseFromString(frame)
    except DecodeError:
        return True
    kind = sent.WhichOneof("type")
    operation = sent.backend_operation_request.WhichOneof("payload")
    return operation in OPERATIONS if kind == "backend_operation_request" else kind in MESSAGES


async def _receive_wanted(receive: Receive) -> Message:
    while True:
        message = await receive()
        frame = message.get("bytes")
        if frame is None or is_wanted(frame):
            return message
        log.warning("message ignored", surface="websocket", bytes=len(frame))


def refusal(request: Request) -> Response | None:
    """Why a request is not answered, or None."""
    path = _path_of(request)
    if request.method not in (("GET",) if path in CHANGING else ("GET", "HEAD", "OPTIONS")):
        return PlainTextResponse("Not allowed.", status_code=405, headers={"Allow": "GET"})
    if path.startswith("/_stcore/upload_file"):
        return PlainTextResponse("Boardroom takes no uploads.", status_code=404)
    if path.startswith(OFF) and path not in STREAMLIT:
        return PlainTextResponse("Not found.", status_code=404)
    if path in (PROVIDER_SIGN_IN, PROVIDER_SIGN_OUT, PROVIDER_BACK) and not settings().oidc:
        return PlainTextResponse("Not found.", status_code=404)
    if path in (PROVIDER_SIGN_IN, PROVIDER_SIGN_OUT) and not is_from_here(request):
        return PlainTextResponse("Open Boardroom first, and sign in or out there.", status_code=403)
    if path.startswith(MEDIA) and not _signed_in(request):
        # Streamlit hands its files (downloads among them) to whoever knows the address.
        return PlainTextResponse("You are signed out. Sign in again to go on.", status_code=403)
    return None


def is_from_here(request: Request) -> bool:
    """Whether a page of ours led to this request; a link elsewhere, a bookmark and a pasted address did not.

    Browsers tell by `Sec-Fetch-Site`; over plain http to another machine they do not, and the page before counts.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    return _host_of(request.headers.get("referer", "")) in _own_hosts(request)


def is_from_elsewhere(connection: HTTPConnection) -> bool:
    """Whether a page of another site opens this websocket, which would carry its reader's cookie."""
    origin = connection.headers.get("origin")
    return origin is not None and _host_of(origin) not in _own_hosts(connection)


def is_https(connection: HTTPConnection) -> bool:
    """Whether the visitor's browser speaks https, to us or to the proxy before us."""
    forwarded = connection.headers.get("x-forwarded-proto", "").split(",")[0].strip()
    return "https" in (connection.url.scheme, forwarded) or (settings().address or "").startswith("https://")


def address_of(connection: HTTPConnection) -> str | None:
    """The visitor's network address; behind `BOARDROOM_PROXIES` proxies the one that the outermost of them noted."""
    direct = connection.client.host if connection.client else None
    return forwarded_address(direct, connection.headers.get("x-forwarded-for"))


def _is_asked_about(request: Request) -> bool:
    # The files of the page itself are most requests, and nothing about them needs a thread.
    return request.method != "GET" or not _path_of(request).startswith("/static/")


def _add_headers(request: Request, headers: MutableHeaders) -> None:
    headers.update(HEADERS)
    if _path_of(request) in (*CHANGING, "/healthz") or _path_of(request).startswith(MEDIA):
        headers["Cache-Control"] = "no-store"
    if is_https(request):
        headers["Strict-Transport-Security"] = "max-age=31536000"
        # Streamlit's own cookies come without the flag.
        cookies = headers.getlist("set-cookie")
        del headers["set-cookie"]
        for cookie in cookies:
            headers.append("set-cookie", cookie if "; secure" in cookie.lower() else f"{cookie}; Secure")


def _path_of(request: Request) -> str:
    # As routes read it. `request.url` is put together with the Host header, which a visitor writes.
    return request.scope["path"]


def _signed_in(request: Request) -> bool:
    token = request.cookies.get(COOKIE)
    try:
        return person_of(key_of(token) if token else None) is not None
    except StateError:
        return False


def _own_hosts(connection: HTTPConnection) -> set[str]:
    return {connection.headers.get("host", ""), _host_of(settings().address or "")} - {""}


def _host_of(address: str) -> str:
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""

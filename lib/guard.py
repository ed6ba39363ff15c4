"""What stands before every request: security headers, no uploads, and no file for anybody signed out."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lib.access.keys import key_of
from lib.access.page import forwarded_address
from lib.access.sessions import COOKIE, person_of
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
OWN_ROUTES = ("/healthz", "/session", "/sign-out")


class Guard:
    """ASGI middleware around all of Streamlit."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                if is_https(request):
                    headers["Strict-Transport-Security"] = "max-age=31536000"
                if scope["path"].startswith((*OWN_ROUTES, "/media/")):
                    headers["Cache-Control"] = "no-store"
            await send(message)

        if scope["path"].startswith("/_stcore/upload_file"):
            refused = PlainTextResponse("Boardroom takes no uploads.", status_code=404)
            await refused(scope, receive, send_with_headers)
        elif scope["path"].startswith("/media/") and not await run_in_threadpool(_signed_in, request):
            # Streamlit hands its files (downloads among them) to whoever knows the address.
            refused = PlainTextResponse("You are signed out. Sign in again to go on.", status_code=403)
            await refused(scope, receive, send_with_headers)
        else:
            await self.app(scope, receive, send_with_headers)


def _signed_in(request: Request) -> bool:
    token = request.cookies.get(COOKIE)
    try:
        return person_of(key_of(token) if token else None) is not None
    except StateError:
        return False


def is_https(connection: HTTPConnection) -> bool:
    """Whether the visitor's browser speaks https, to us or to the proxy before us."""
    forwarded = connection.headers.get("x-forwarded-proto", "").split(",")[0].strip()
    return "https" in (connection.url.scheme, forwarded) or (settings().address or "").startswith("https://")


def address_of(connection: HTTPConnection) -> str | None:
    """The visitor's network address; behind `BOARDROOM_PROXIES` proxies the one that the outermost of them noted."""
    direct = connection.client.host if connection.client else None
    return forwarded_address(direct, connection.headers.get("x-forwarded-for"))

"""Streamlit's scripts, styles and fonts on their way to the browser: read once, compressed once, sent in one piece.

A browser that comes for the first time asks for more than a hundred of them before a board stands. Streamlit reads each
from the disk, piece by piece, and sends it as it is (docs/performance.md).
"""

from __future__ import annotations

import gzip
import mimetypes
from functools import cache
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import file_util

PREFIX = "/static/"
_TEXT = (".js", ".css", ".svg", ".json")
# Their names change with their content.
_FOR_EVER = "public, immutable, max-age=31536000"


class Bundle:
    """ASGI middleware in front of Streamlit's own files; everything else passes."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._kept: dict[tuple[str, bool], Response] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = scope["type"] == "http" and scope["method"] == "GET" and scope["path"].startswith(PREFIX)
        name = scope["path"].removeprefix(PREFIX) if asked else ""
        if name not in _files():
            await self.app(scope, receive, send)
            return
        zipped = name.endswith(_TEXT) and "gzip" in Headers(scope=scope).get("accept-encoding", "")
        if (name, zipped) not in self._kept:
            self._kept[name, zipped] = await run_in_threadpool(_read, name, zipped)
        await self._kept[name, zipped](scope, receive, send)


@cache
def _files() -> dict[str, Path]:
    folder = Path(file_util.get_static_dir()) / "static"
    return {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}


def _read(name: str, zipped: bool) -> Response:
    content = _files()[name].read_bytes()
    headers = {"Cache-Control": _FOR_EVER}
    if name.endswith(_TEXT):
        headers["Vary"] = "Accept-Encoding"
    if zipped:
        content, headers["Content-Encoding"] = gzip.compress(content, 6), "gzip"
    return Response(content, headers=headers, media_type=mimetypes.guess_type(name)[0] or "application/octet-stream")

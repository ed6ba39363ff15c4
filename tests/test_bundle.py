"""Streamlit's scripts as they are handed out."""

from __future__ import annotations

import asyncio
import gzip
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route
from starlette.types import Message
from streamlit import file_util

from lib.bundle import Bundle

STATIC = Path(file_util.get_static_dir())
VEGA = next(path for path in (STATIC / "static" / "js").glob("embed.*.js"))


@dataclass(frozen=True)
class Answer:
    """What the app answered."""

    headers: dict[str, str]
    content: bytes


def _app() -> Starlette:
    routes = [
        Route("/board", lambda _: HTMLResponse("<h1>Board</h1>")),
        Route("/static/{path:path}", lambda _: PlainTextResponse("Streamlit's own answer", status_code=404)),
    ]
    return Starlette(routes=routes, middleware=[Middleware(Bundle)])


def _get(app: Starlette, path: str, encoding: str = "gzip") -> Answer:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"accept-encoding", encoding.encode())],
    }
    asyncio.run(app(scope, receive, send))
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    content = b"".join(message.get("body", b"") for message in sent[1:])
    return Answer(headers, gzip.decompress(content) if headers.get("content-encoding") == "gzip" else content)


def test_all_else_passes() -> None:
    assert _get(_app(), "/board").content == b"<h1>Board</h1>"


def test_a_script_comes_compressed_whole_and_for_ever() -> None:
    app = _app()
    for _ in range(2):  # read, and kept
        answer = _get(app, f"/static/js/{VEGA.name}")
        assert answer.content == VEGA.read_bytes()
        assert answer.headers["content-encoding"] == "gzip"
        assert int(answer.headers["content-length"]) < VEGA.stat().st_size / 2
        assert answer.headers["cache-control"] == "public, immutable, max-age=31536000"
        assert answer.headers["content-type"].startswith(("text/javascript", "application/javascript"))
        assert answer.headers["vary"] == "Accept-Encoding"


def test_a_browser_without_gzip_gets_the_plain_script() -> None:
    answer = _get(_app(), f"/static/js/{VEGA.name}", "identity")
    assert "content-encoding" not in answer.headers
    assert answer.content == VEGA.read_bytes()


def test_fonts_are_not_compressed_again() -> None:
    font = next((STATIC / "static" / "media").glob("*.woff2"))
    answer = _get(_app(), f"/static/media/{font.name}")
    assert "content-encoding" not in answer.headers
    assert answer.content == font.read_bytes()


@pytest.mark.parametrize("path", ["/static/js/unknown.js", "/static/js/../../index.html", "/static/../index.html"])
def test_nothing_beside_streamlit_s_own_scripts_is_handed_out(path: str) -> None:
    assert _get(_app(), path).content == b"Streamlit's own answer"

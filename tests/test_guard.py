"""What stands before every request: headers, cookies, methods, origins, hostile paths; on one real server.

The routes are those of the started application, found by listing: a route that no table here knows fails.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey
from starlette.testclient import TestClient
from streamlit import config
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from lib.guard import (
    CHANGING,
    HEADERS,
    MESSAGES,
    OFF,
    OPERATIONS,
    OPTIONS,
    PROVIDER_BACK,
    PROVIDER_SIGN_IN,
    PROVIDER_SIGN_OUT,
    STREAMLIT,
    Guard,
    is_wanted,
)
from lib.routes import refuse_wrong_settings
from lib.settings import ROOT
from tests.oidc_provider import provider
from tests.server import BARE, Server, put_warehouse, serving
from tests.visitors import SIGNED_IN, SIGNED_OUT, bring_visitors

LISTING = """
import json
import Home
routes = Home.app._build_starlette_app().routes
print("ROUTES" + json.dumps([[route.path, sorted(getattr(route, "methods", None) or [])] for route in routes]))
"""
# Answered to everybody, for they tell nothing of the data: status, and what of it people read.
PUBLIC = {
    "/healthz": 200,
    "/session": 303,
    "/sign-out": 303,
    "/looks/{number:path}": 307,
    "/dashboards/{number:path}": 307,
    "/boards/{number:path}": 307,
    "/_stcore/health": 200,
    "/_stcore/host-config": 200,
    "": 200,  # the page's own scripts and styles, and under every other address its empty frame
}
# Answered to the signed-in; nobody else hears whether the file is there.
GUARDED = {"/media/{file_id:path}": 404}
SOCKETS = {"/_stcore/stream"}
# Answered to nobody.
SHUT = {
    "/_stcore/metrics",
    "/_stcore/upload_file/{session_id}/{file_id}",
    "/_stcore/bidi-components/{path:path}",
    "/_stcore/agent/interact",
    "/_stcore/agent/openapi.json",
    "/_stcore/agent/mcp",
    "/component/{path:path}",
    PROVIDER_SIGN_IN,  # without a provider
    PROVIDER_SIGN_OUT,
    PROVIDER_BACK,
}
FILLED = {"number:path": "1521", "file_id:path": "0" * 56 + ".csv", "path:path": "a/b.js"}
METHODS = ("POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "get")
SECRET = "the secret of this installation"
FOREIGN = ["https://evil.example", "http://127.0.0.1:1", "http://localhost", "null", "", "http://[", "file://"]


@dataclass(frozen=True)
class Heard:
    """An answer as it came over the line, every header with each of its values."""

    status: int
    headers: tuple[tuple[str, str], ...]
    text: str

    def all(self, name: str) -> list[str]:
        return [value for found, value in self.headers if found.lower() == name]


def ask(server: Server, path: str, method: str = "GET", **headers: str) -> Heard:
    """One request, with nothing added to path, method or headers."""
    line = http.client.HTTPConnection(urlsplit(server.base).netloc, timeout=30)
    line.putrequest(method, path, skip_accept_encoding=True)
    for name, text in headers.items():
        line.putheader(name.replace("_", "-"), text)
    line.endheaders()
    answer = line.getresponse()
    heard = Heard(answer.status, tuple(answer.getheaders()), answer.read().decode(errors="replace"))
    line.close()
    return heard


def example(path: str) -> str:
    """An address under a route."""
    for name, text in FILLED.items():
        path = path.replace("{" + name + "}", text)
    return path.replace("{", "").replace("}", "") or "/no_such_page"


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Every route of the application as it is served, with the methods that it has."""
    environment = {**os.environ, "BOARDROOM_VAR": str(tmp_path_factory.mktemp("listing"))}
    ran = subprocess.run(
        [sys.executable, "-c", LISTING], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    listed: dict[str, list[str]] = {}
    for path, methods in json.loads(ran.stdout.split("ROUTES")[1]):
        listed.setdefault(path, []).extend(methods)
    return listed


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("var")
    put_warehouse(folder)
    return folder


@pytest.fixture(scope="module")
def visitors(var: Path) -> dict[str, str | None]:
    return bring_visitors(var)


@pytest.fixture(scope="module")
def server(var: Path, visitors: dict[str, str | None]) -> Iterator[Server]:
    with serving(var, BARE, BOARDROOM_DEMO="0") as running:
        yield running


def test_every_route_is_known_here(routes: dict[str, list[str]]) -> None:
    assert set(routes) == {*PUBLIC, *GUARDED, *SOCKETS, *SHUT}
    assert {path for path in routes if path.startswith(OFF)} - SHUT == set(STREAMLIT)


@pytest.mark.parametrize("visitor", [*SIGNED_OUT, *SIGNED_IN])
def test_every_route_answers_each_visitor_as_it_should(
    server: Server, routes: dict[str, list[str]], visitors: dict[str, str | None], visitor: str
) -> None:
    token = visitors[visitor]
    cookie = {} if token is None else {"Cookie": f"boardroom_session={token}"}
    for path in set(routes) - SOCKETS:
        heard = ask(server, example(path), **cookie)
        guarded = GUARDED.get(path) if visitor in SIGNED_IN else 403
        expected = 404 if path in SHUT else PUBLIC.get(path) or guarded
        assert heard.status == expected, (path, heard)
        assert "Traceback" not in heard.text
        if path not in ("", "/_stcore/host-config"):
            assert len(heard.text) < 100, (path, heard)
    assert "Traceback" not in server.output.read_text()


def test_no_method_but_reading_is_answered(server: Server, routes: dict[str, list[str]]) -> None:
    for path in [example(path) for path in routes if path not in SOCKETS]:
        for method in METHODS:
            heard = ask(server, path, method, Content_Length="0")
            assert heard.status in (400, 405), (method, path, heard)
        for method in ("HEAD", "OPTIONS"):
            heard = ask(server, path, method)
            assert heard.status < 500, (method, path, heard)
            if path in CHANGING:
                assert heard.status == 405, (method, path, heard)


PLACES = ["/", "/home", "/no/such/page", "/healthz", "/media/x", "/session", "/sign-out", "/looks/1", "/static/none.js"]
PLACES += ["/_stcore/health", "/_stcore/metrics", "/auth/login", "/..%2f..%2fetc/passwd", "//evil.example", "/%00"]


@pytest.mark.parametrize("path", PLACES)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_answer_has_the_security_headers(server: Server, path: str, method: str) -> None:
    heard = ask(server, path, method, Content_Length="0")
    for name, text in HEADERS.items():
        assert heard.all(name.lower()) == [text], (path, heard)


def test_the_pages_own_files_have_them_too(server: Server) -> None:
    script = next(part for part in ask(server, "/").text.split('"') if part.endswith(".js")).lstrip("./")
    heard = ask(server, f"/{script}")
    assert heard.status == 200
    assert heard.all("x-content-type-options") == ["nosniff"]
    assert "javascript" in heard.all("content-type")[0]


def test_nothing_of_a_person_is_kept_by_anything_between(server: Server) -> None:
    for path in (*CHANGING, "/healthz", "/media/x"):
        assert ask(server, path).all("cache-control") == ["no-store"], path


def test_no_other_site_reads_an_answer(server: Server) -> None:
    for path in (*STREAMLIT[:2], "/", "/healthz", "/media/x"):
        heard = ask(server, path, Origin="https://evil.example")
        assert heard.all("access-control-allow-origin") == []
    assert json.loads(ask(server, "/_stcore/host-config").text)["allowedOrigins"] == []


def test_an_answer_that_failed_has_the_headers_and_tells_an_id(
    own_settings: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def fail(*_: object) -> None:
        raise RuntimeError("a secret of the inside")

    answer = TestClient(Guard(fail)).get("/home")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert answer.text.rstrip(")").split("(")[1] in "".join(capsys.readouterr())
    assert {answer.headers[name] for name in HEADERS} == set(HEADERS.values())


@pytest.mark.parametrize("https", [False, True])
def test_every_cookie_has_its_flags(server: Server, https: bool) -> None:
    forwarded = {"X_Forwarded_Proto": "https"} if https else {}
    (cookie,) = ask(server, "/_stcore/health", **forwarded).all("set-cookie")
    flags = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert cookie.startswith("_streamlit_xsrf=")  # scripts of the page send it back, so it is not HttpOnly
    assert {"samesite=lax", "path=/"} <= flags
    assert ("secure" in flags) == https
    assert bool(ask(server, "/", **forwarded).all("strict-transport-security")) == https


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_page_of_another_site_opens_no_websocket(
    server: Server, visitors: dict[str, str | None], origin: str
) -> None:
    headers = {"Cookie": f"boardroom_session={visitors['admin']}", "Origin": origin}
    address = server.base.replace("http", "ws") + "/_stcore/stream"
    with pytest.raises(InvalidStatus) as refused, connect(address, additional_headers=headers):
        pass
    assert refused.value.response.status_code == 403


def test_a_page_of_ours_opens_its_websocket(server: Server) -> None:
    address = server.base.replace("http", "ws") + "/_stcore/stream"
    with connect(address, subprotocols=["streamlit"], additional_headers={"Origin": server.base}):  # pyright: ignore
        pass


def test_nothing_but_what_a_page_sends_goes_through_a_websocket() -> None:
    kinds = {field.name: field for field in BackMsg.DESCRIPTOR.oneofs_by_name["type"].fields}
    operations = BackMsg.DESCRIPTOR.fields_by_name["backend_operation_request"].message_type
    for kind, field in kinds.items():
        sent = BackMsg()
        getattr(sent, kind).SetInParent() if field.message_type else setattr(sent, kind, True)
        assert is_wanted(sent.SerializeToString()) == (kind in MESSAGES), kind
    for field in operations.oneofs_by_name["payload"].fields:
        sent = BackMsg()
        getattr(sent.backend_operation_request, field.name).SetInParent()
        assert is_wanted(sent.SerializeToString()) == (field.name in OPERATIONS), field.name
    assert {*MESSAGES, "clear_cache", "load_git_info"} <= set(kinds)
    assert is_wanted(b"no message at all")


def test_what_is_ignored_leaves_the_websocket_open_and_tells_nothing(server: Server) -> None:
    address = server.base.replace("http", "ws") + "/_stcore/stream"
    with connect(address, subprotocols=["streamlit"], max_size=None) as socket:  # pyright: ignore
        socket.send(BackMsg(load_git_info=True).SerializeToString())
        socket.send(BackMsg(clear_cache=True).SerializeToString())
        opened = BackMsg()
        opened.rerun_script.page_name = "home"
        socket.send(opened.SerializeToString())
        kinds = []
        while "script_finished" not in kinds:
            message = ForwardMsg()
            message.ParseFromString(socket.recv(timeout=60))  # pyright: ignore
            kinds.append(message.WhichOneof("type"))
    assert "git_info_changed" not in kinds


@pytest.mark.parametrize(
    "path",
    [
        "/media/../media/x",
        "/media//x",
        "/./media/x",
        "/media%2fx",
        "/%6dedia/x",
        "/media/x?y=1",
        "/media/x%3f",
        "/media/..%2f..%2fHome.py",
        "/media/" + "a" * 8_000,
    ],
)
@pytest.mark.parametrize("host", [None, "evil.example/x", "a@b", "x?"])
def test_no_spelling_of_an_address_goes_around_the_guard(server: Server, path: str, host: str | None) -> None:
    line = http.client.HTTPConnection(urlsplit(server.base).netloc, timeout=30)
    line.putrequest("GET", path, skip_host=host is not None)
    if host is not None:
        line.putheader("Host", host)
    line.endheaders()
    answer = line.getresponse()
    text = answer.read().decode(errors="replace")
    line.close()
    # Refused, or the page's empty frame; "File not found" would mean that Streamlit was asked for the file.
    assert answer.status in (400, 403) or "<!doctype html>" in text.lower(), (answer.status, text)
    assert "File not found" not in text


@pytest.mark.parametrize("from_where", ["cross-site", "same-site", "none", ""])
@pytest.mark.parametrize("path", [PROVIDER_SIGN_IN, PROVIDER_SIGN_OUT])
def test_no_other_site_signs_its_readers_in_or_out_at_the_provider(
    provided: Server, path: str, from_where: str
) -> None:
    assert ask(provided, path, Sec_Fetch_Site=from_where).status == 403
    assert ask(provided, path).status == 403
    assert ask(provided, path, Referer="https://evil.example/").status == 403
    assert ask(provided, path, Sec_Fetch_Site="same-origin").status == 302
    assert ask(provided, path, Referer=f"{provided.base}/home").status == 302


@pytest.mark.parametrize("https", [False, True])
def test_the_cookies_of_a_providers_sign_in_have_their_flags(provided: Server, https: bool) -> None:
    forwarded = {"X_Forwarded_Proto": "https"} if https else {}
    heard = ask(provided, PROVIDER_SIGN_IN + _at_the_provider(), Sec_Fetch_Site="same-origin", **forwarded)
    cookies = heard.all("set-cookie")
    assert [cookie.split("=")[0] for cookie in cookies] == ["_streamlit_session"]
    for cookie in cookies:
        flags = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert {"httponly", "samesite=lax", "path=/"} <= flags
        assert ("secure" in flags) == https


@pytest.mark.parametrize(
    "query", ["", "?code=c", "?code=c&state=s", "?error=x&error_description=%0d%0aSet-Cookie:+a=b"]
)
def test_a_made_up_answer_of_the_provider_signs_nobody_in(provided: Server, query: str) -> None:
    heard = ask(provided, PROVIDER_BACK + query)
    assert (heard.status, heard.all("location")) == (302, ["/"])
    assert not [cookie for cookie in heard.all("set-cookie") if "Max-Age=0" not in cookie]


def _at_the_provider() -> str:
    """What `st.login` adds to the address of signing in, on an installation of the same secret."""
    claims = {"provider": "default", "exp": int(time.time()) + 60}
    key = OctKey.import_key(hmac.new(SECRET.encode(), b"oidc-cookie:", hashlib.sha256).hexdigest())
    return f"?provider={jwt.encode({'alg': 'HS256'}, claims, key)}"


@pytest.fixture(scope="module")
def provided(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server where a provider signs people in."""
    folder = tmp_path_factory.mktemp("provided")
    put_warehouse(folder)
    with provider() as identity, serving(folder, BARE, **identity.settings(BOARDROOM_SECRET=SECRET)) as running:
        yield running


@pytest.mark.parametrize("name", list(OPTIONS))
def test_no_option_of_streamlit_opens_a_way_around(name: str, own_settings: pytest.MonkeyPatch) -> None:
    safe = config.get_option(name)
    config.set_option(name, {"": "boards", True: False, False: True}.get(safe) if safe != {} else {"X-User": "email"})
    try:
        with pytest.raises(SystemExit, match=f"did not start. Streamlit's {name} must stay as delivered"):
            refuse_wrong_settings()
    finally:
        config.set_option(name, safe)
    refuse_wrong_settings()

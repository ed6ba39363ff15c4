"""The routes beside the pages: health, session cookie, sign-out, headers; on one real server."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from lib.access.demo import PASSWORD
from lib.access.keys import key_of
from lib.access.sessions import person_of, sign_out_address
from lib.access.sign_in import sign_in
from lib.routes import local_path
from lib.state import database
from tests.databases import forget_settings
from tests.server import BARE, Server, put_warehouse, serving


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("var")
    put_warehouse(folder)
    return folder


@pytest.fixture(scope="module")
def server(var: Path) -> Iterator[Server]:
    with serving(var, BARE) as running:
        yield running


@pytest.fixture
def ticket(var: Path, server: Server, own_settings: pytest.MonkeyPatch) -> Iterator[str]:
    """A ticket of the demo's viewer, on the state database of the server."""
    own_settings.setenv("BOARDROOM_VAR", str(var))
    forget_settings()
    yield sign_in("viewer@demo.example", PASSWORD, None)
    database().dispose()


def cookie_of(set_cookie: str) -> str:
    return set_cookie.split("boardroom_session=")[1].split(";")[0].strip('"')


def test_health_says_only_whether_the_parts_are_well(server: Server) -> None:
    answer = server.get("/healthz")
    assert (answer.status, answer.text) == (200, '{"status":"ok","state":"ok","warehouse":"ok"}')
    assert answer.headers["cache-control"] == "no-store"


def test_health_tells_a_missing_warehouse_file(server: Server, var: Path) -> None:
    file = var / "warehouse" / "stamp" / "warehouse.duckdb"
    file.rename(file.with_suffix(".away"))
    try:
        answer = server.get("/healthz")
    finally:
        file.with_suffix(".away").rename(file)
    assert (answer.status, answer.text) == (503, '{"status":"down","state":"ok","warehouse":"down"}')


def test_a_ticket_becomes_a_cookie_that_scripts_cannot_read(server: Server, ticket: str) -> None:
    answer = server.get(f"/session?ticket={ticket}&to={quote('/home?date=7 days&x=')}")
    assert (answer.status, answer.headers["location"]) == (303, "/home?date=7%20days&x=")
    cookie = answer.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=lax", "Path=/", "Max-Age=604800"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    person = person_of(key_of(cookie_of(cookie)))
    assert person is not None
    assert person.email == "viewer@demo.example"


def test_the_cookie_is_secure_behind_https(server: Server, ticket: str) -> None:
    answer = server.get(f"/session?ticket={ticket}", **{"X-Forwarded-Proto": "https"})
    assert "Secure" in answer.headers["set-cookie"].split("; ")
    assert "strict-transport-security" in answer.headers


def test_a_ticket_works_once(server: Server, ticket: str) -> None:
    first, second = (server.get(f"/session?ticket={ticket}") for _ in range(2))
    assert "set-cookie" in first.headers
    assert (second.status, "set-cookie" in second.headers) == (303, False)


def test_a_link_on_another_site_signs_nobody_in(server: Server, ticket: str) -> None:
    answer = server.get(f"/session?ticket={ticket}", **{"Sec-Fetch-Site": "cross-site"})
    assert "set-cookie" not in answer.headers
    assert "set-cookie" in server.get(f"/session?ticket={ticket}", **{"Sec-Fetch-Site": "same-origin"}).headers


def test_signing_out_needs_the_address_made_for_it(server: Server, ticket: str) -> None:
    token = cookie_of(server.get(f"/session?ticket={ticket}").headers["set-cookie"])
    for wrong in ("/sign-out", "/sign-out?token=", "/sign-out?token=" + "0" * 64):
        assert "set-cookie" not in server.get(wrong, cookie=token).headers
    assert person_of(key_of(token))
    answer = server.get(sign_out_address(key_of(token)), cookie=token)
    assert (answer.status, answer.headers["location"]) == (303, "/")
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert person_of(key_of(token)) is None


def test_files_are_for_the_signed_in(server: Server, ticket: str) -> None:
    file = "/media/" + "a" * 56 + ".csv"
    assert server.get(file).status == 403
    assert server.get(file, cookie="made-up").status == 403
    token = cookie_of(server.get(f"/session?ticket={ticket}").headers["set-cookie"])
    assert server.get(file, cookie=token).status == 404
    server.get(sign_out_address(key_of(token)), cookie=token)
    assert server.get(file, cookie=token).status == 403


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/looks/1521?Account%20Name=Data%25&x=%3Cb%3E", "/company_metrics?Account%20Name=Data%25&x=%3Cb%3E"),
        ("/dashboards/409/?Account+name=", "/single_instance?Account+name="),
        ("/boards/58", "/company_metrics"),
        ("/dashboards/453?Date=7%20days", "/home?old_link=dashboard%20453"),
        ("/looks//evil.example", "/home?old_link=look"),
        ("/looks/%2F%2Fevil.example", "/home?old_link=look"),
        ("/dashboards/%20%22%3E", "/home?old_link=dashboard"),
        ("/boards/%3Cscript%3E", "/home?old_link=board"),
        ("/boards/https://evil.example/", "/home?old_link=board"),
    ],
)
def test_an_old_link_is_led_on_within_this_site(server: Server, old: str, new: str) -> None:
    answer = server.get(old)
    assert (answer.status, answer.headers["location"], answer.text) == (307, new, "")
    assert "set-cookie" not in answer.headers


def test_uploads_are_off(server: Server) -> None:
    answer = server.get("/_stcore/upload_file/session/file")
    assert (answer.status, answer.text) == (404, "Boardroom takes no uploads.")


@pytest.mark.parametrize("path", ["/", "/healthz", "/home", "/media/x"])
def test_every_answer_has_the_security_headers(server: Server, path: str) -> None:
    headers = server.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "frame-ancestors 'self'" in headers["content-security-policy"]


def test_a_locked_state_database_is_told_and_nothing_else_breaks(server: Server, var: Path) -> None:
    other = sqlite3.connect(var / "state.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        answer = server.get("/session?ticket=x")
        assert answer.status == 503
        assert answer.text.startswith("The state database is locked by another program. Try again in a moment. (")
        assert server.get("/healthz").status == 200
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert server.get("/session?ticket=x").status == 303
    assert f'"id": "{answer.text[-9:-1]}"' in server.output.read_text()


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ("/home?a=b&c=", "/home?a=b&c="),
        ("/", "/"),
        ("", "/"),
        ("home", "/"),
        ("//evil.example", "/"),
        ("///evil.example", "/"),
        ("https://evil.example/x", "/"),
        ("/\\evil.example", "/"),
        ("\\\\evil.example", "/"),
        ("/a\r\nSet-Cookie: x=y", "/"),
        ("javascript:alert(1)", "/"),
        ("/\t/evil.example", "/"),
        ("http://[", "/"),
    ],
)
def test_one_goes_on_within_this_server_only(given: str, path: str) -> None:
    assert local_path(given) == path

"""An OpenID provider of the tests' own: it vouches for whomever the test named, without asking anybody."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.server import free_port

CLIENT_ID, CLIENT_SECRET = "boardroom", "a secret of the client"


@dataclass
class Provider:
    """A running provider; `claims` are what it says of the next person, `refuses` ends a sign-in with that error."""

    base: str
    claims: dict[str, Any] = field(default_factory=dict)
    refuses: str = ""
    signed_out: list[dict[str, str]] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)

    def settings(self, **more: str) -> dict[str, str]:
        """The environment of a Boardroom that signs in here."""
        return {
            "BOARDROOM_OIDC_METADATA_URL": f"{self.base}/.well-known/openid-configuration",
            "BOARDROOM_OIDC_CLIENT_ID": CLIENT_ID,
            "BOARDROOM_OIDC_CLIENT_SECRET": CLIENT_SECRET,
            "BOARDROOM_OIDC_DOMAINS": "acme.example",
            **more,
        }


@contextmanager
def provider() -> Iterator[Provider]:
    """A provider on a free port until the end of the block."""
    port = free_port()
    running = Provider(f"http://127.0.0.1:{port}")
    server = uvicorn.Server(uvicorn.Config(_app(running), host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield running
    finally:
        server.should_exit = True
        thread.join(10)


def _app(running: Provider) -> Starlette:
    key = RSAKey.generate_key(2048, parameters={"kid": "tests", "use": "sig", "alg": "RS256"})
    granted: dict[str, dict[str, Any]] = {}

    def discovery(_request: Request) -> Response:
        return JSONResponse(
            {
                "issuer": running.base,
                "authorization_endpoint": f"{running.base}/authorize",
                "token_endpoint": f"{running.base}/token",
                "jwks_uri": f"{running.base}/jwks",
                "end_session_endpoint": f"{running.base}/end",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    def authorize(request: Request) -> Response:
        asked = dict(request.query_params)
        running.asked.append(asked)
        assert asked["client_id"] == CLIENT_ID
        if running.refuses:
            back = {"error": running.refuses, "state": asked["state"]}
        else:
            code = f"code-{len(granted)}"
            granted[code] = {**running.claims, "nonce": asked["nonce"]}
            back = {"code": code, "state": asked["state"]}
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(back)}", status_code=302)

    async def token(request: Request) -> Response:
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        claims = granted.pop(form["code"], None)
        if claims is None:
            return JSONResponse({"error": "invalid_grant"}, status_code=400)
        moment = int(time.time())
        said = {"iss": running.base, "aud": CLIENT_ID, "iat": moment, "exp": moment + 300, **claims}
        id_token = jwt.encode({"alg": "RS256", "kid": "tests"}, said, key)
        return JSONResponse({"access_token": "a", "token_type": "Bearer", "expires_in": 300, "id_token": id_token})

    def end(request: Request) -> Response:
        asked = dict(request.query_params)
        running.signed_out.append(asked)
        return RedirectResponse(asked["post_logout_redirect_uri"], status_code=302)

    return Starlette(
        routes=[
            Route("/.well-known/openid-configuration", discovery),
            Route("/authorize", authorize),
            Route("/token", token, methods=["POST"]),
            Route("/jwks", lambda _request: JSONResponse(KeySet([key]).as_dict(private=False))),
            Route("/end", end),
        ]
    )

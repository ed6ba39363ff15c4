"""Texts that want to be something else than a value, and addresses made of them; the same ones in every run."""

from __future__ import annotations

from itertools import product
from urllib.parse import quote

# What an answer or a page would hold if it took a text for markup, a link or a statement.
MARK = "<script>alert(7357)</script>"
LINK = "[click](https://evil.example)"

TEXTS = (
    "' OR 1=1 --",
    '" OR ""="',
    "'; DROP TABLE people; --",
    "') UNION SELECT password_hash FROM people --",
    "1; ATTACH 'state.sqlite' AS s",
    "x' AND SLEEP(30) --",
    "read_csv('/etc/passwd')",
    "@filters",
    "{{7*7}} ${7*7} #{7*7} %(x)s {0}",
    "\\x27 OR 1=1",
    MARK,
    f'"><img src=x onerror=alert(7357)>{MARK}',
    "javascript:alert(7357)",
    LINK,
    "![x](https://evil.example/x.png)",
    ":red[x] :material/delete: $x^2$ `x` **x** <b>x</b>",
    "</script><svg/onload=alert(7357)>",
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "/var/secret",
    "file:///etc/passwd",
    "//evil.example/",
    "https:evil.example",
    "\\\\evil.example\\x",
    "\x00",
    "a\x00b",
    "\r\nSet-Cookie: boardroom_session=x",
    "\t\n\x0b\x1b[31m",
    "\u202egpj.exe\u200b",
    "Z̴̛͖a̷l̸g̵o̶",
    "𝕬𝖈𝖒𝖊 İıſß",
    "\ufeff\ufffe",
    "%",
    "%00%ff%zz",
    "a" * 5_000,
    "," * 300,
    "-" * 300,
    '"' * 301,
    "(" * 200 + ")" * 200,
    "9" * 400,
    "-9223372036854775809",
    "1e309, NaN, inf",
    "9999-99-99",
    "0000-00-00 to 10000-01-01",
    "999999999999 months ago for 999999999999 years",
    "[1,2], not null, null, any, EMPTY",
    "before after this last complete next",
    "=cmd|' /C calc'!A0",
    "__proto__",
    "[object Object]",
)
PLACES = (
    "/{}",
    "/company_metrics/{}",
    "/company_metrics?account_name={}",
    "/company_metrics?date={}&date={}",
    "/company_metrics?{}={}",
    "/company_metrics?drill={}&look={}",
    "/single_instance?site={}&find={}",
    "/looks/1521?f[instance_days.account_name]={}",
    "/looks/{}",
    "/looks/1521?{}",
    "/dashboards/409?Account+Name={}&Date={}",
    "/boards/58?x={}",
    "/?look={}",
    "/session?ticket={}&to={}",
    "/session?to=/{}",
    "/sign-out?token={}",
    "/set-password?token={}",
    "/media/{}",
    "/_stcore/{}",
    "/_stcore/upload_file/{}/{}",
)


def addresses() -> list[str]:
    """A thousand: each text in each place."""
    return [place.replace("{}", quote(text, safe="")) for text, place in product(TEXTS, PLACES)]


# Not even an address; sent as they are.
RAW = (
    b"/company_metrics?account_name=%",
    b"/company_metrics?account_name=%zz%ff%fe",
    b"/company_metrics?account_name=\xff\xfe",
    b"/%00%2e%2e%2f",
    b"/" + b"x" * 60_000,
    b"/company_metrics?" + b"a=1&" * 10_000,
    b"http://evil.example/",
    b"/a b c",
    b"/\x01\x02",
    b"*",
    b"",
)


def dressed(text: str) -> list[str]:
    """The same text as the filter language may read it: as it is, as a name, left out, as a beginning, in a list."""
    name = text.replace("\\", "\\\\").replace('"', '\\"')
    return [text, f'"{name}"', f"-{text}", f"{text}%", f"Acme,{text},-{text}"]

"""The companies of the demo: accounts, their licences, and the instances they run."""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from lib.demo.days import DAYS, day_of, index_of
from lib.demo.names import AWKWARD_NAMES, company_names, mail_address, people, slug

ACCOUNTS = 270  # at scale 1, the fixed ones included
INSTANCES_WITHOUT_ACCOUNT = 50
APPS = 36


@dataclass(frozen=True)
class Account:
    """A company in Salesforce. `customer_from` and `customer_to` are day indexes (None: never, still)."""

    id: str
    name: str
    domain: str
    customer_from: int | None
    customer_to: int | None
    users: float  # monthly users of the whole account about the middle of the demo
    growth: float  # factor over the two years
    telemetry: str = "full"
    is_deleted: bool = False
    managed: bool = False
    plan: str = "enterprise"
    trial: bool = False


@dataclass(frozen=True)
class Instance:
    """A running Sourcegraph. Days are indexes; `account` is the account's id or None; rates are shares of its users."""

    site_id: str
    account: str | None
    kind: str  # self-hosted, managed, free, app, internal, dotcom
    start: int
    end: int
    users: float
    growth: float
    deploy_type: str
    email: str
    auth: str
    code_hosts: str
    telemetry: str
    lag: float
    skip: float
    oldest: str
    frozen: bool = False
    version: str | None = None  # sent as it is, whatever the release train says
    postgres: str = "16.4"
    repos: int = 0
    batch_rate: float = 0.0  # batch changes created a working day
    traits: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Licence:
    """A licence key. Days are indexes."""

    key: str
    id: str
    account: str
    plan: str
    seats: int
    products: tuple[str, ...]
    created: int
    expires: int


@dataclass(frozen=True)
class Move:
    """One row of the hand-kept map from instances to accounts."""

    site_id: str
    account: str
    valid_from: date
    valid_to: date | None
    updated: date
    by: str


@dataclass(frozen=True)
class World:
    accounts: list[Account]
    licences: list[Licence]
    instances: list[Instance]
    moves: list[Move]


def _pick(rng: np.random.Generator, weights: dict[str, float]) -> str:
    shares = np.array(list(weights.values()))
    return str(rng.choice(list(weights), p=shares / shares.sum()))


def _token(*parts: object) -> str:
    return hashlib.sha256("/".join(map(str, parts)).encode()).hexdigest()


def _round_seats(seats: float) -> int:
    step = 5 if seats < 50 else 25 if seats < 500 else 100
    return max(step, round(seats / step) * step)


_DEPLOYMENTS = {
    "kubernetes": 0.30,
    "helm": 0.11,
    "docker-compose": 0.28,
    "docker-container": 0.14,
    "kustomize": 0.06,
    "pure-docker": 0.06,
    "server": 0.05,
}
_CODE_HOSTS = {
    "GITHUB": 0.40,
    "GITHUB,GITLAB": 0.10,
    "GITLAB": 0.18,
    "BITBUCKETSERVER": 0.12,
    "GITHUB,BITBUCKETSERVER": 0.06,
    "AZUREDEVOPS,GITHUB": 0.05,
    "GERRIT": 0.03,
    "PERFORCE,GITHUB": 0.04,
    "OTHER": 0.02,
}
_SIGN_IN = {
    "builtin,saml": 0.32,
    "saml": 0.25,
    "openidconnect": 0.16,
    "builtin": 0.14,
    "builtin,github": 0.08,
    "http-header": 0.05,
}


def _traits(rng: np.random.Generator, enterprise: bool) -> dict[str, float]:
    """How far one instance uses each part of the product; 0 where it does not."""

    def often(chance: float, low: float, high: float) -> float:
        value = rng.uniform(low, high)
        return float(value) if rng.random() < (chance if enterprise else chance * 0.45) else 0.0

    return {
        "weekday_noise": float(rng.uniform(0.02, 0.06)),
        "heavy": float(rng.beta(9, 9)),
        "searches": float(rng.lognormal(1.7, 0.35)),
        "latency": float(rng.lognormal(5.6, 0.35)),
        "navigation": often(0.88, 0.25, 0.7),
        "precise": often(0.62, 0.15, 0.85),
        "insights": often(0.45, 0.01, 0.07),
        "monitors": often(0.4, 0.002, 0.03),
        "notebooks": often(0.35, 0.005, 0.05),
        "saved_searches": often(0.5, 0.01, 0.08),
        "browser_extension": often(0.4, 0.05, 0.3),
        "native_integration": often(0.15, 0.05, 0.2),
        "vscode": often(0.4, 0.03, 0.2),
        "jetbrains": often(0.3, 0.02, 0.12),
        "cody": often(0.7, 0.15, 0.75),
        "cody_from": float(rng.uniform(index_of(date(2024, 2, 25)), index_of(date(2025, 6, 1)))),
        "executor": float(rng.uniform(0.2, 0.8)),
        "merge": float(rng.uniform(0.42, 0.76)),
        "language": float(rng.integers(0, 6)),
    }


def _instance(
    rng: np.random.Generator, account: Account, number: int, of: int, share: float, people_: list[str]
) -> Instance:
    """Instance `number` of `of` of an account, with `share` of its users."""
    managed = account.managed and number == 0
    paid = account.customer_from is not None
    names = [
        mail_address(str(rng.choice(people_)), account.domain),
        f"platform@{account.domain}",
        f"devops@{account.domain}",
    ]
    start = -400 if account.customer_from is None else account.customer_from - int(rng.integers(0, 40))
    if number > 0:
        start = max(start, int(rng.integers(-400, DAYS - 120)))
    end = DAYS - 1
    if account.customer_to is not None:
        end = account.customer_to + int(rng.integers(-20, 60))
    laggard = rng.random() < 0.05 and not managed
    users = max(2.0, account.users * share)
    place = ("prod", "emea", "dev", "apac")[number % 4]
    uses_batches = rng.random() < (0.68 if paid else 0.12)
    return Instance(
        site_id="-".join(["src", slug(account.name)[:18].strip("-"), place, _token(account.id, number)[:4]]),
        account=account.id,
        kind="managed" if managed else "self-hosted",
        start=start,
        end=end,
        users=users,
        growth=account.growth,
        deploy_type="docker-container"
        if managed and rng.random() < 0.3
        else "kubernetes"
        if managed
        else _pick(rng, _DEPLOYMENTS),
        email=str(rng.choice(names)),
        auth=_pick(rng, _SIGN_IN),
        code_hosts=_pick(rng, _CODE_HOSTS),
        telemetry="critical" if account.telemetry == "critical only" else "full",
        lag=float(rng.uniform(3, 9) if managed else rng.lognormal(3.15, 0.6)),
        skip=0.0 if managed else float(rng.uniform(0.0, 0.45)),
        oldest=_pick(rng, {"5.2": 0.55, "5.1": 0.25, "5.0": 0.12, "4.5": 0.08})
        if not laggard
        else _pick(rng, {"5.2": 0.5, "5.0": 0.3, "4.5": 0.2}),
        frozen=laggard,
        postgres=_pick(rng, {"16.4": 0.55, "15.8": 0.15, "14.13": 0.1, "13.16": 0.1, "12.22": 0.1}),
        repos=int(rng.lognormal(np.log(users * 6 + 60), 0.8)),
        batch_rate=float(users**0.5 * rng.lognormal(-4.75, 0.6)) if uses_batches else 0.0,
        traits=_traits(rng, paid),
    )


def _ordinary_account(rng: np.random.Generator, number: int, name: str) -> Account:
    kind = _pick(rng, {"customer": 0.63, "new": 0.12, "churned": 0.09, "prospect": 0.10, "free": 0.06})
    customer_from, customer_to = int(rng.integers(-1400, -20)), None
    growth = float(rng.lognormal(0.22, 0.25))
    if kind == "new":
        customer_from = int(rng.integers(20, DAYS - 60))
    elif kind == "churned":
        # A customer leaves when its licence ends: a whole number of years after the start.
        customer_from = int(rng.integers(-1400, -400))
        years = int(rng.integers((-customer_from) // 365 + 1, (DAYS - customer_from) // 365 + 1))
        customer_to = min(customer_from + 365 * years, DAYS - 70)
        customer_from = customer_to - 365 * years
        growth = float(rng.uniform(0.55, 0.9))
    users = float(rng.lognormal(5.95, 1.0))
    paid = kind not in ("prospect", "free")
    return Account(
        id=f"0015f0000{number:06d}AAQ",
        name=name,
        domain=f"{slug(name).replace('-', '')}.example",
        customer_from=customer_from if paid else None,
        customer_to=customer_to,
        users=users if paid else float(rng.lognormal(2.8, 0.8)),
        growth=growth,
        telemetry=_pick(rng, {"full": 0.87, "critical only": 0.08, "off": 0.03, "air-gapped": 0.02})
        if paid
        else "full",
        managed=bool(paid and rng.random() < 0.22),
        plan="team" if users < 60 else "enterprise",
        trial=kind == "prospect",
    )


def _licences(rng: np.random.Generator, account: Account) -> list[Licence]:
    """Yearly terms; each renewal is made some days before the old licence ends, so that the two overlap."""
    if account.customer_from is None:
        if not account.trial:
            return []
        start = int(rng.integers(0, DAYS - 40))
        return [_licence(account, start, start + 30, 50, ("batch-changes", "code-insights"), "trial", "trial")]
    end = DAYS + 400 if account.customer_to is None else account.customer_to
    use = float(np.clip(rng.normal(0.60, 0.13), 0.33, 0.95))
    products = tuple(
        tag
        for tag, chance in (("batch-changes", 0.72), ("code-insights", 0.5), ("cody", 0.45))
        if rng.random() < chance
    ) + (("managed",) if account.managed else ())
    terms: list[Licence] = []
    start = account.customer_from
    while start < min(end, DAYS):
        if start + 365 > -30:
            reached = account.users * account.growth ** ((start + 120) / DAYS - 0.5)
            seats = _round_seats(reached / min(use, 1.0))
            created = start - (int(rng.integers(6, 30)) if terms else 0)
            terms.append(_licence(account, created, start + 365, seats, products, account.plan, str(start)))
        start += 365
        use *= float(rng.uniform(0.98, 1.12))
    if account.trial or rng.random() < 0.2:
        terms.insert(
            0, _licence(account, account.customer_from - 35, account.customer_from - 5, 50, products, "trial", "trial")
        )
    return terms


def _licence(
    account: Account, created: int, expires: int, seats: int, products: tuple[str, ...], plan: str, salt: str
) -> Licence:
    token = _token("licence", account.id, salt)
    key_id = f"{token[:8]}-{token[8:12]}-{token[12:16]}-{token[16:20]}-{token[20:32]}"
    return Licence(f"slk_{token[:40]}", key_id, account.id, plan, seats, products, created, expires)


def _share_out(rng: np.random.Generator, count: int) -> np.ndarray:
    return np.sort(rng.dirichlet(np.full(count, 0.8)))[::-1]


def _fixed_accounts(rng: np.random.Generator) -> list[Account]:
    """Accounts that stand in every demo, whatever its scale; docs/demo.md names them."""
    old, new = -900, 210
    plain = [
        Account("", "Databricks", "databricks.example", -1100, None, 6800.0, 2.1),
        Account("", "Harrow & Finch", "harrowfinch.example", -760, None, 1480.0, 1.35),
        Account("", "Cobalt Freight", "cobaltfreight.example", old, None, 900.0, 1.2),
        Account("", "Quayside Logistics", "quayside.example", old, None, 2100.0, 1.3),
        Account("", "Lantern Insurance", "lantern.example", -700, None, 420.0, 1.0, is_deleted=True),
        Account("", "Tessellate Robotics", "tessellate.example", -800, DAYS - 130, 350.0, 1.0),
        Account("", "Greenlight Payments", "greenlight.example", -640, None, 760.0, 1.4),
        Account("", "Penumbra Systems", "penumbra.example", -640, None, 540.0, 1.1, telemetry="critical only"),
        Account("", "Oxbow Archives", "oxbow.example", -800, None, 240.0, 1.0),
        Account("", "Silent Running Games", "silentrunning.example", -500, None, 310.0, 1.1),
        Account("", "Second Wind Travel", "secondwind.example", -500, None, 260.0, 1.2),
        Account("", "Vaultline Defence", "vaultline.example", -500, None, 600.0, 1.1, telemetry="air-gapped"),
        Account("", "Fresh Start Labs", "freshstart.example", new, None, 180.0, 1.6, trial=True),
        Account("", "Curfew Labs", "curfew.example", None, None, 14.0, 1.1, trial=True),
    ]
    awkward = [
        Account(
            "", name, f"{slug(name).replace('-', '')}{number}.example", -500 - number, None, 150.0 + 25 * number, 1.2
        )
        for number, name in enumerate(AWKWARD_NAMES)
    ]
    return [replace(account, id=f"0015f0000{number:06d}AAQ") for number, account in enumerate([*plain, *awkward])]


def _without_account(rng: np.random.Generator, number: int, people_: list[str]) -> Instance:
    domain = f"{_pick(rng, {'mailbox': 1, 'postfach': 1, 'inbox': 1})}.example"
    start = int(rng.integers(-400, DAYS - 30))
    stand_in = Account(f"none-{number}", f"free {number}", domain, None, None, float(rng.lognormal(1.9, 0.8)), 1.15)
    made = _instance(rng, stand_in, 0, 1, 1.0, people_)
    end = DAYS - 1 if rng.random() < 0.55 else min(DAYS - 1, max(start, 0) + int(rng.exponential(260)) + 5)
    return replace(
        made,
        site_id=f"{_token('free', number)[:8]}-{_token('free', number)[8:12]}-4{_token('free', number)[13:16]}",
        account=None,
        kind="free",
        start=start,
        end=end,
        deploy_type=_pick(rng, {"docker-container": 0.5, "docker-compose": 0.35, "kubernetes": 0.15}),
        batch_rate=0.0,
        lag=60.0,
        skip=0.6,
    )


def _app(rng: np.random.Generator, number: int) -> Instance:
    """The desktop App: one person each, given up in the course of 2024 and 2025."""
    start = int(rng.integers(-200, 420))
    end = min(DAYS - 1, max(start, 0) + int(rng.exponential(300)) + 10)
    person = people(rng, 1)[0]
    stand_in = Account(f"app-{number}", f"app {number}", "home.example", None, None, 1.0, 1.0)
    made = _instance(rng, stand_in, 0, 1, 1.0, [person])
    return replace(
        made,
        site_id=f"app-{_token('app', number)[:12]}",
        account=None,
        kind="app",
        start=start,
        end=end,
        users=1.0,
        deploy_type="app",
        version=_pick(rng, {"2024.5.1": 0.4, "2024.2.7": 0.3, "2023.9.15": 0.3}),
        code_hosts=_pick(rng, {"GITHUB": 0.7, "OTHER": 0.3}),
        auth="builtin",
        batch_rate=0.0,
        repos=int(rng.integers(3, 80)),
    )


def build_world(seed: int, scale: float) -> World:
    """Everything that stands still in the demo. `scale` thins out the ordinary accounts, never the fixed ones."""
    rng = np.random.default_rng([seed, 1])
    fixed = _fixed_accounts(rng)
    ordinary = max(6, round((ACCOUNTS - len(fixed)) * scale))
    names = company_names(rng, ordinary, {account.name for account in fixed})
    accounts = fixed + [_ordinary_account(rng, len(fixed) + n, name) for n, name in enumerate(names)]
    workers = people(rng, 240)
    instances: list[Instance] = []
    for account in accounts:
        if account.telemetry in ("off", "air-gapped"):
            continue
        count = 2 if account.name == "Databricks" else 3 if account.name == "Harrow & Finch" else 1
        if account.customer_from is not None and account not in fixed:
            count = int(rng.choice([1, 2, 3, 4], p=[0.56, 0.29, 0.11, 0.04]))
        shares = _share_out(rng, count)
        if account.name in ("Databricks", "Harrow & Finch"):
            shares = np.array([0.82, 0.175, 0.005] if count == 3 else [0.86, 0.14])
        instances += [_instance(rng, account, n, count, float(shares[n]), workers) for n in range(count)]
    licences = [licence for account in accounts for licence in _licences(rng, account)]
    instances += [_without_account(rng, n, workers) for n in range(max(6, round(INSTANCES_WITHOUT_ACCOUNT * scale)))]
    instances += [_app(rng, n) for n in range(max(4, round(APPS * scale)))]
    moves = [
        Move(i.site_id, i.account, day_of(i.start), None, day_of(max(i.start, 0) + 3), str(rng.choice(workers[:9])))
        for i in instances
        if i.account is not None
    ]
    return World(accounts, licences, instances, moves)

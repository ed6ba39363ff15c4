"""The awkward cases that real data holds: where each stands and how it gets there (docs/demo.md lists them)."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from lib.demo.activity import Activity
from lib.demo.days import DAYS, FULL_PINGS_DAYS, day_of, index_of
from lib.demo.world import Instance, Licence, Move, World

# Fields of the fixed accounts' instances, in the order in which the account's instances are made.
_NAMED: dict[str, list[dict[str, object]]] = {
    "Databricks": [
        {
            "site_id": "src-databricks-prod",
            "kind": "self-hosted",
            "deploy_type": "kubernetes",
            "batch_rate": 1.9,
            "email": "devtools@databricks.example",
        },
        {
            "site_id": "src-databricks-managed",
            "kind": "managed",
            "deploy_type": "kubernetes",
            "start": -200,
            "email": "devtools@databricks.example",
        },
    ],
    "Harrow & Finch": [
        {"site_id": "src-hf-prod-7c1e", "email": "platform@harrowfinch.example", "batch_rate": 0.7, "start": -760},
        {"site_id": "src-hf-emea-20b4", "email": "Platform@HarrowFinch.example", "kind": "managed", "start": -90},
        {"site_id": "src-hf-sandbox-e9", "email": "k.osei+sandbox@harrowfinch.example", "start": 40},
    ],
    "Cobalt Freight": [{"site_id": "src-cobalt-main", "email": "platform@cobaltfreight.example"}],
    "Quayside Logistics": [{"site_id": "src-quayside-main", "email": "devops@quayside.example", "batch_rate": 0.4}],
    "Lantern Insurance": [{"site_id": "src-lantern-main"}],
    "Tessellate Robotics": [{"site_id": "src-tessellate-main", "end": DAYS - 1}],
    "Greenlight Payments": [{"site_id": "src-greenlight-main"}],
    "Penumbra Systems": [{"site_id": "src-penumbra-main", "telemetry": "critical", "frozen": False}],
    "Oxbow Archives": [{"site_id": "src-oxbow-main", "oldest": "3.43", "frozen": True, "deploy_type": "server"}],
    "Silent Running Games": [{"site_id": "src-silent-main"}],
    "Second Wind Travel": [{"site_id": "src-secondwind-main", "batch_rate": 0.8}],
    "Fresh Start Labs": [{"site_id": "src-freshstart-main", "start": 190}],
    "Curfew Labs": [{"site_id": "src-curfew-main", "start": 60, "kind": "free"}],
    "100% Organic Foods": [{"site_id": "src-organic-main", "version": "5.3.2+dirty"}],
    "snake_case_systems": [{"site_id": "src-snake-main", "version": "dev", "deploy_type": "docker-compose"}],
    " Leading Space Ltd": [{"site_id": "src-leading-main", "email": None}],
    "Rocket 🚀 Labs": [
        {"site_id": "src-rocket-main", "oldest": "5.2", "frozen": False, "telemetry": "full", "batch_rate": 0.5}
    ],
    "null": [{"site_id": "src-null-main", "version": ""}],
    "=cmd": [{"site_id": "src-cmd-main", "email": ""}],
    "Acme Robotics": [{"site_id": "src-acme-main", "version": "288124_2024-05-14_5.3-abc"}],
    "ACME ROBOTICS": [{"site_id": "src-acme-upper-main"}],
    "Smith, Jones & Partners": [{"site_id": "src-smith-main"}],
    'The "Quoted" Company': [{"site_id": "src-quoted-main"}],
}

# Accounts whose instances use every part of the product, so that each chart of a single instance has something to show.
_KEEN = {"Databricks", "Harrow & Finch"}
_KEEN_TRAITS = {
    "heavy": 0.55,
    "navigation": 0.6,
    "precise": 0.55,
    "insights": 0.04,
    "monitors": 0.02,
    "notebooks": 0.03,
    "saved_searches": 0.05,
    "browser_extension": 0.2,
    "native_integration": 0.08,
    "vscode": 0.15,
    "jetbrains": 0.08,
    "cody": 0.55,
    "cody_from": 120.0,
}

MOVED_SITE, MOVED_ON = "src-cobalt-harbor", date(2025, 3, 17)
SILENT = ("src-silent-main", date(2025, 2, 10), date(2025, 3, 21))
REINSTALLED = ("src-secondwind-main", date(2024, 11, 12))
DELETED_BATCH_CHANGES = ("src-databricks-prod", date(2025, 8, 13), 6)
NOBODY_CAME = ("src-curfew-main", date(2025, 9, 16))
NOTHING_SAID = ("src-curfew-main", date(2025, 9, 17))
EARLY_MONTH_END = ("src-cobalt-main", 20)  # the hour of the last ping of each month
DUPLICATE = ("src-hf-prod-7c1e", date(2025, 10, 2))
STORED_LATE = ("src-hf-prod-7c1e", date(2025, 10, 5))
SEATS_CHANGED = ("Greenlight Payments", date(2025, 6, 17))
BAD_NUMBERS = ("src-acme-upper-main", date(2025, 9, 1), ["", "-1", "1e3", "12.0", "99999999999999999999"])  # one a day
ODD_ACTIVITY = (
    "src-rocket-main",
    {
        date(2025, 9, 9): "no users for the day",
        date(2025, 9, 10): "null text",
        date(2025, 9, 11): "quoted null",
        date(2025, 9, 12): "cut off",
    },
)
INTERNAL_SITES = {
    "src-internal-demo": "demo for sales",
    "src-internal-e2e": "end-to-end tests",
    "src-internal-scale": "scale tests",
}
DOTCOM_SITE = "SourcegraphWeb"
DEV_SITE = "src-dev-laptop"


def add_quirks(world: World) -> World:
    """The world with its fixed instances named, and the instances, licences and map rows that a quirk needs."""
    names = {account.id: account.name for account in world.accounts}
    ids = {account.name: account.id for account in world.accounts}
    left = {name: list(fields) for name, fields in _NAMED.items()}
    instances: list[Instance] = []
    renamed: dict[str, str] = {}
    for instance in world.instances:
        waiting = left.get(names.get(instance.account or "", ""), [])
        if waiting:
            fields = {"frozen": False, "skip": 0.2, "lag": 22.0, **waiting.pop(0)}
            changed = replace(instance, **fields)  # pyright: ignore[reportArgumentType]
            if names[instance.account or ""] in _KEEN:
                changed = replace(changed, traits={**changed.traits, **_KEEN_TRAITS})
            renamed[instance.site_id] = changed.site_id
            instance = changed
        instances.append(instance)
    model = next(i for i in instances if i.site_id == "src-cobalt-main")
    instances.append(replace(model, site_id=MOVED_SITE, users=260.0, start=-300, email="harbor@cobaltfreight.example"))
    for site in INTERNAL_SITES:
        instances.append(_internal(model, site, "internal", "kubernetes", 40.0))
    instances.append(_internal(model, DOTCOM_SITE, "dotcom", "kubernetes", 21_000.0))
    instances.append(_internal(model, DEV_SITE, "internal", "dev", 3.0, version="dev"))
    moves = [replace(move, site_id=renamed.get(move.site_id, move.site_id)) for move in world.moves]
    moves = [_from_start(move, instances) for move in moves]
    cobalt, quayside = ids["Cobalt Freight"], ids["Quayside Logistics"]
    moves += [
        # The old row was left open when the move was written down: the later edit counts.
        Move(MOVED_SITE, cobalt, date(2023, 1, 9), None, date(2023, 1, 12), "Rosa Osei"),
        Move(MOVED_SITE, quayside, MOVED_ON, None, date(2025, 3, 20), "Sven Tanaka"),
    ]
    return World(world.accounts, [*world.licences, *_extra_licences(world, ids)], instances, moves)


def _from_start(move: Move, instances: list[Instance]) -> Move:
    instance = next(i for i in instances if i.site_id == move.site_id)
    return replace(move, valid_from=day_of(instance.start))


def _internal(model: Instance, site: str, kind: str, deploy: str, users: float, version: str | None = None) -> Instance:
    return replace(
        model, site_id=site, account=None, kind=kind, deploy_type=deploy, users=users, version=version, start=-500,
        email="dev@sourcegraph.example", lag=1.0, skip=0.0, frozen=False, batch_rate=0.0,
    )  # fmt: skip


def _extra_licences(world: World, ids: dict[str, str]) -> list[Licence]:
    """A second and third licence on one account; one of them raises the seats in the middle of a month."""
    account = ids[SEATS_CHANGED[0]]
    latest = max((licence for licence in world.licences if licence.account == account), key=lambda one: one.created)
    changed = index_of(SEATS_CHANGED[1])
    in_force = max(
        (one for one in world.licences if one.account == account and one.created <= changed < one.expires),
        key=lambda one: one.created,
    )
    key = "slk_seatschangedmidmonth000000000000000000001"
    raised = replace(
        in_force, key=key, id="5ea75c4a-0000-4000-8000-000000000001", seats=in_force.seats + 400, created=changed,
        expires=in_force.expires,
    )  # fmt: skip
    trial = replace(
        latest,
        key="slk_secondlicence00000000000000000000000002",
        id="5ea75c4a-0000-4000-8000-000000000002",
        plan="trial",
        seats=50,
        created=index_of(date(2025, 7, 1)),
        expires=index_of(date(2025, 12, 31)),
        products=("cody",),
    )
    return [raised, trial]


@dataclass(frozen=True)
class Quirks:
    """What to bend, and where, in terms of the world's columns (positions of instances)."""

    column: dict[str, int]
    seed: int

    def _rng(self, salt: int) -> np.random.Generator:
        return np.random.default_rng([self.seed, 7, salt])

    def batch_falls(self) -> dict[tuple[int, int], int]:
        """Q8: (day, column) -> batch changes deleted; -1 where the instance was installed anew."""
        falls = {
            (index_of(REINSTALLED[1]), self.column[REINSTALLED[0]]): -1,
            (index_of(DELETED_BATCH_CHANGES[1]), self.column[DELETED_BATCH_CHANGES[0]]): DELETED_BATCH_CHANGES[2],
        }
        rng = self._rng(1)
        for column in rng.permutation(len(self.column))[: len(self.column) // 6]:
            falls.setdefault((int(rng.integers(100, DAYS)), int(column)), 1)
        return falls

    def edit_activity(self, activity: Activity) -> None:
        """Q18: nobody came on that day, in an instance that says so."""
        activity.daily[index_of(NOBODY_CAME[1]), self.column[NOBODY_CAME[0]]] = 0

    def edit_seen(self, seen: np.ndarray) -> np.ndarray:
        """Q2 and Q18: days without pings, and days that must have some."""
        site, first, last = SILENT
        seen[index_of(first) : index_of(last) + 1, self.column[site]] = False
        seen[index_of(NOTHING_SAID[1]), self.column[NOTHING_SAID[0]]] = False
        rng = self._rng(2)
        for column in rng.permutation(len(self.column))[: len(self.column) // 12]:
            begin, length = int(rng.integers(20, DAYS - 60)), int(rng.integers(3, 24))
            seen[begin : begin + length, column] = False
        for site, day in self._must_be_seen():
            seen[index_of(day), self.column[site]] = True
        return seen

    def _must_be_seen(self) -> list[tuple[str, date]]:
        bad = [(BAD_NUMBERS[0], day_of(index_of(BAD_NUMBERS[1]) + n)) for n in range(len(BAD_NUMBERS[2]))]
        odd = [(ODD_ACTIVITY[0], day) for day in ODD_ACTIVITY[1]]
        around = [day_of(index_of(day) + n) for day in (SILENT[1], SILENT[2]) for n in (-1, 1)]
        silent = [(SILENT[0], day) for day in around if not SILENT[1] <= day <= SILENT[2]]
        falls = [
            (site, day_of(index_of(day) + n)) for site, day in (REINSTALLED, DELETED_BATCH_CHANGES[:2]) for n in (-1, 0)
        ]
        moved = [(MOVED_SITE, day_of(index_of(MOVED_ON) + n)) for n in (-1, 0)]
        return [*bad, *odd, *silent, *falls, *moved, NOBODY_CAME, DUPLICATE, STORED_LATE]

    def early_month_ends(self) -> dict[int, int]:
        """Q13: column -> hour of the last ping of each month."""
        return {self.column[EARLY_MONTH_END[0]]: EARLY_MONTH_END[1]}

    def with_repeats(self, day: np.ndarray, instance: np.ndarray, last: np.ndarray) -> np.ndarray:
        """Q1: positions of all pings, and once more of those that are stored twice."""
        twice = self._rng(3).random(day.size) < 0.0015
        wanted = (day == index_of(DUPLICATE[1])) & (instance == self.column[DUPLICATE[0]]) & last
        return np.concatenate([np.arange(day.size), np.nonzero(twice | wanted)[0]])

    def delay(self, day: np.ndarray, instance: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Seconds from sending to storing; Q1: a few pings are stored hours or a whole day late."""
        rng = np.random.default_rng([self.seed, 8, int(day[0])])
        wait = rng.integers(0, 4, day.size)
        late = rng.random(day.size) < 0.002
        wait = np.where(late, rng.integers(3_600, 80_000, day.size), wait)
        named = (day == index_of(STORED_LATE[1])) & (instance == self.column[STORED_LATE[0]])
        # Nothing arrives after the demo's last midnight.
        left = (DAYS - day) * 86_400 - second - 1
        return np.minimum(np.where(named, 93_600, wait), left).astype("timedelta64[s]")

    def marks(self, day: np.ndarray, instance: np.ndarray, last: np.ndarray) -> tuple[list[str], list[str]]:
        """Q6, Q7, Q17: the quirk of each ping ("" for none), and the bad number that it sends."""
        kinds, numbers = [""] * day.size, [""] * day.size
        first = index_of(BAD_NUMBERS[1])
        for n, text in enumerate(BAD_NUMBERS[2]):
            for row in np.nonzero((day == first + n) & (instance == self.column[BAD_NUMBERS[0]]) & last)[0]:
                kinds[row], numbers[row] = "bad number", text
        for when, kind in ODD_ACTIVITY[1].items():
            for row in np.nonzero((day == index_of(when)) & (instance == self.column[ODD_ACTIVITY[0]]))[0]:
                kinds[row] = kind
        return kinds, numbers


def quirks_of(world: World, seed: int) -> Quirks:
    """The quirks, bound to the positions of the world's instances."""
    column = {instance.site_id: n for n, instance in enumerate(world.instances)}
    if len(column) != len(world.instances):
        raise ValueError("Two instances of the demo have the same site id.")
    return Quirks(column, seed)


RECENT_FROM = day_of(DAYS - FULL_PINGS_DAYS)

"""Writes the demo's raw tables as Parquet exports, in the form in which a warehouse is loaded from exports."""

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lib.demo.cody_pro import write_cody_pro
from lib.demo.pings import write_pings
from lib.demo.quirks import add_quirks, quirks_of
from lib.demo.tables import write_tables
from lib.demo.traffic import write_traffic
from lib.demo.world import build_world

Progress = Callable[[str, float], None]


def write_exports(folder: Path, seed: int = 1, on_progress: Progress | None = None, scale: float = 1.0) -> None:
    """Write every raw table of the demo into `folder`, as `<dataset>.<table>.parquet`, a file or a folder of parts.

    The same seed and scale give the same rows. `scale` thins out ordinary accounts and visitors; everything that
    docs/demo.md names is there at any scale. `on_progress` hears the step in words and the share done, 0 to 1.
    Files of an earlier run in `folder` are replaced; other files stay.
    """

    def report(step: str, share: float) -> None:
        if on_progress is not None:
            on_progress(step, min(share, 1.0))

    folder.mkdir(parents=True, exist_ok=True)
    report("Inventing accounts and instances", 0.0)
    world = add_quirks(build_world(seed, scale))
    write_tables(folder, world, seed)
    pings = folder / "sourcegraph_analytics.update_checks.parquet"
    shutil.rmtree(pings, ignore_errors=True)
    with ThreadPoolExecutor(1) as beside:
        # Half of either's work leaves a core idle: each makes its rows on one and writes them on all.
        subscribers = beside.submit(write_cody_pro, folder, seed, scale)
        traffic = beside.submit(write_traffic, folder, world, seed, scale)
        write_pings(
            pings, world, quirks_of(world, seed), seed, lambda share: report("Writing pings", 0.03 + 0.92 * share)
        )
        report("Writing visits to Sourcegraph.com", 0.96)
        subscribers.result()
        traffic.result()
    report("Raw tables written", 1.0)

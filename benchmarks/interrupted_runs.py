"""Kill an inspection (SIGKILL) at random moments, and check that nothing is lost and the result is the same.

A synthetic country of two forces is received and run once without interruption, then many times in chains of kills,
each a little later, over every stage. After each kill, every finished stage must exist unchanged. At the end of each
chain, every receipt must have the same hash as without interruption, and `verify` must find no difference.

    python benchmarks/interrupted_runs.py [--kills 200] [--minutes 120] [--forces 2] [--crimes 6] [--seed 1]
"""

import argparse
import os
import platform
import random
import sys
import tempfile
import time
from collections import Counter
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
os.environ.setdefault("PYTHONPATH", sys.path[0])


def main() -> None:
    from killed_runs import Killed, chain, synthetic, undisturbed

    parser = argparse.ArgumentParser()
    for name, default in (("kills", 200), ("minutes", 120), ("forces", 2), ("crimes", 6), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args()
    rng, kills = random.Random(options.seed), list[Killed]()
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        path = synthetic(place / "sent", forces=options.forces, crimes=options.crimes)
        start = time.monotonic()
        whole = undisturbed(place / "undisturbed", path)
        print(f"Undisturbed: {len(whole.order)} stages in {time.monotonic() - start:.0f} s", flush=True)
        while len(kills) < options.kills and time.monotonic() - start < 60 * options.minutes:
            left = options.kills - len(kills)
            places = range(len(whole.order))
            places_chosen = places if left >= len(places) else rng.sample(places, left)
            kills += chain(place / "killed", path, whole, places_chosen, rng)
            good = sum(kill.nothing_lost and kill.same_hashes for kill in kills)
            took = time.monotonic() - start
            print(f"{len(kills)} of {options.kills} kills in {took:.0f} s, {good} as it should be", flush=True)
    _print(kills, [*dict.fromkeys(whole.order), ""])


def _print(kills: list, order: list[str]) -> None:
    times = Counter(kill.stage for kill in kills)
    lost = Counter(kill.stage for kill in kills if not kill.nothing_lost)
    unchanged_by_stage = Counter(kill.stage for kill in kills if kill.same_hashes)
    print(f"\n{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {date.today()}\n")
    print("| killed in | kills | something lost | ended with the same hashes |\n|---|---|---|---|")
    for stage in order:
        if times[stage]:
            print(
                f"| {stage or 'after the last stage'} | {times[stage]} | {lost[stage]} | {unchanged_by_stage[stage]} |"
            )
    print(f"| **all** | {len(kills)} | {sum(lost.values())} | {sum(unchanged_by_stage.values())} |")


if __name__ == "__main__":
    main()

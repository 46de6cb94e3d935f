"""Is anything lost when an inspection is killed (SIGKILL) at random moments, and does the next run end the same?

An invented country of two forces is taken in and run, once undisturbed; then again and again in chains of kills, each a
little further on, over every stage. After each kill, every stage that was finished must be there unchanged; at the end
of each chain, every receipt must have the hash that it has undisturbed, and `verify` must find nothing.

    python benchmarks/faults.py [--kills 200] [--minutes 120] [--forces 2] [--crimes 6] [--seed 1]
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
    from killed_runs import Killed, chain, invented, undisturbed

    asked = argparse.ArgumentParser()
    for name, default in (("kills", 200), ("minutes", 120), ("forces", 2), ("crimes", 6), ("seed", 1)):
        asked.add_argument(f"--{name}", type=int, default=default)
    told = asked.parse_args()
    chance, kills = random.Random(told.seed), list[Killed]()
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        sent = invented(place / "sent", forces=told.forces, crimes=told.crimes)
        began = time.monotonic()
        whole = undisturbed(place / "undisturbed", sent)
        print(f"Undisturbed: {len(whole.order)} stages in {time.monotonic() - began:.0f} s", flush=True)
        while len(kills) < told.kills and time.monotonic() - began < 60 * told.minutes:
            left = told.kills - len(kills)
            places = range(len(whole.order))
            chosen = places if left >= len(places) else chance.sample(places, left)
            kills += chain(place / "killed", sent, whole, chosen, chance)
            good = sum(one.nothing_lost and one.same_hashes for one in kills)
            took = time.monotonic() - began
            print(f"{len(kills)} of {told.kills} kills in {took:.0f} s, {good} as it should be", flush=True)
    _print(kills, [*dict.fromkeys(whole.order), ""])


def _print(kills: list, order: list[str]) -> None:
    times = Counter(one.stage for one in kills)
    lost = Counter(one.stage for one in kills if not one.nothing_lost)
    same = Counter(one.stage for one in kills if one.same_hashes)
    print(f"\n{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {date.today()}\n")
    print("| killed in | kills | something lost | ended with the same hashes |\n|---|---|---|---|")
    for stage in order:
        if times[stage]:
            print(f"| {stage or 'after the last stage'} | {times[stage]} | {lost[stage]} | {same[stage]} |")
    print(f"| **all** | {len(kills)} | {sum(lost.values())} | {sum(same.values())} |")


if __name__ == "__main__":
    main()

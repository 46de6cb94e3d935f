"""How many serious failings are found where forces have many records, and what could the best test find?

Invented countries of 44 forces, every failing of `TRIED` planted in two of them at strength 1, each laid and run whole.
A force in which a failing is planted has its own deviation too: by luck it may lie hardly worse than others in which
nothing is wrong. So power is told twice: of all forces in which it is planted, and of those whose true rates lie as far
out as strength 1, or further. Beside what is found stands a bound: what a test would find that knew the mean and the
spread of forces exactly and had endless records, with the threshold that false discoveries allow. It follows from the
size of the failing and how much forces differ, and no method can pass it.

    python benchmarks/power.py                        two countries of 800 crimes a force; writes benchmarks/power.md
    python benchmarks/power.py --crimes 2500 --seeds 2 3 4 --keep FILE     others; trials are kept, and gone on from
"""

import argparse
import os
import pickle
import sys
import time
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
from scipy import special, stats

from assay.estimation.intervals import wilson
from assay.invented.calibration import Shape, shapes
from assay.truths.failings import failings
from assay.truths.trials import OURS, Planted, Trial, try_world, written_for
from assay.truths.worlds import TRIED, World

FORCES, FORCES_EACH, ASKED = 44, 2, 0.9
TESTS, CALLS, ONE_SIDE = 3100, 60, 1.8
"""About how many tests one country makes, how many calls, and the weight of the worse side: they set the threshold."""
NEARLY = 0.995
"""Rates are stored with four decimals."""
OUT = Path(__file__).with_name("power.md")


def threshold() -> float:
    """Standard deviations from the mean past which a force is called, about, where so many are called."""
    return float(stats.norm.isf(ONE_SIDE * 0.05 * CALLS / TESTS / 2))


def bound(key: str) -> float | None:
    """The share of forces with this failing that a test would find that knew mean and spread; None without a spread."""
    found = [_found(one) for one in shapes().values() if one.planted == key and one.spread and one.weight == 1]
    return float(1 - np.prod([1 - one for one in found])) if found else None


def _found(shape: Shape) -> float:
    """Of one rate: how often a force lies so far out, its own deviation on top of the failing."""
    normal = (np.arange(20_000) + 0.5) / 20_000
    rates = special.expit(special.logit(shape.moved(1.0)) + shape.spread * stats.norm.ppf(normal))
    far = threshold() * shape.spread * shape.value * (1 - shape.value)
    way = -1 if shape.worse == "higher" else 1
    return float((way * (shape.value - rates) >= far).mean())


def reached(one: Planted) -> bool:
    """Whether the true rates of the force, with its own deviation, lie as far out as strength 1 sets them, on average
    over the figures that the failing moves."""
    mine = [shape for shape in shapes().values() if shape.planted == one.failing and shape.key in one.rates]
    far = [(one.rates[shape.key] - shape.value) / (shape.moved(1.0) - shape.value) for shape in mine]
    return bool(far) and float(np.mean(far)) >= NEARLY


def tried(crimes: int, seeds: list[int], kept: Path | None) -> list[Trial]:
    """The countries, one after another."""
    found: list[Trial] = pickle.loads(kept.read_bytes()) if kept and kept.exists() else []
    for seed in seeds:
        world = World("planted", seed, FORCES, crimes, dict.fromkeys(TRIED, FORCES_EACH), 1.0, even=True)
        if world not in [one.world for one in found]:
            began = time.monotonic()
            found.append(try_world(written_for(World("statements", 1, 5, 8)), world))
            print(f"seed {seed}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
            if kept:
                kept.write_bytes(pickle.dumps(found))
    return found


def table(trials: list[Trial]) -> str:
    """The page of the benchmark."""
    true, false = (sum(one.alarms[OURS][place] for one in trials) for place in (0, 1))
    low, high = wilson(false, true + false)
    tests = sum(number for one in trials for number, _ in one.tests.values())
    rows = [_row(key, trials) for key in TRIED]
    met = sum(row[-1] == "yes" for row in rows)
    head = (
        "failing", "records", "found of planted", "power", "no test could pass", "found of those truly so far", "power",
        "0.9 reached",
    )  # fmt: skip
    lines = [head, ("---",) * len(head), *rows]
    crimes = sorted({one.world.crimes for one in trials})
    return "\n".join([
        "# Power where forces have as many records as real ones",
        "",
        f"{len(trials)} countries of {FORCES} forces with {', '.join(map(str, crimes))} crimes each, seeds "
        f"{', '.join(str(one.world.seed) for one in trials)}; each failing in {FORCES_EACH} forces, at strength 1. "
        f"Power is shown with its 95% interval. `python benchmarks/power.py`.",
        "",
        f"False alarms: {false} of {true + false} alarms ({low:.0%} to {high:.0%}), and of {tests:,} tests "
        f"{100 * false / max(tests, 1):.3f} in 100.",
        f"0.9 is reached by {met} of {len(rows)} failings, in forces that are truly so far out; of all in which they "
        f"are planted, by {sum(_power(_of(key, trials)) >= ASKED for key in TRIED)}.",
        "",
        *("| " + " | ".join(line) + " |" for line in lines),
        "",
        "*No test could pass*: the share that would be found by a test that knew the mean and the spread of forces "
        f"exactly and had endless records, called past {threshold():.1f} standard deviations, which is about where "
        "false discoveries are held. A force in which a failing is planted has its own deviation too: by luck it may "
        "lie little worse than others in which nothing is wrong. None where the rate has no spread of its own.",
        "",
    ])  # fmt: skip


def _of(key: str, trials: list[Trial]) -> list[Planted]:
    return [planted for one in trials for planted in one.planted if planted.failing == key]


def _power(mine: list[Planted]) -> float:
    return sum(OURS in one.found for one in mine) / len(mine) if mine else 0.0


def _said(mine: list[Planted]) -> tuple[str, str]:
    """'3 of 4' and '75% (30% to 95%)'."""
    found = sum(OURS in one.found for one in mine)
    if not mine:
        return "none", "not tried"
    low, high = wilson(found, len(mine))
    return f"{found} of {len(mine)}", f"{found / len(mine):.0%} ({low:.0%} to {high:.0%})"


def _row(key: str, trials: list[Trial]) -> tuple[str, ...]:
    mine = _of(key, trials)
    far = [one for one in mine if reached(one)]
    most = bound(key)
    records = round(np.mean([one.records for one in mine])) if mine else 0
    return (
        failings()[key].name, f"{records}" if records else "one a force", *_said(mine),
        "" if most is None else f"{most:.0%}", *_said(far), "yes" if far and _power(far) >= ASKED else "no",
    )  # fmt: skip


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--crimes", type=int, default=800)
    asked.add_argument("--seeds", type=int, nargs="+", default=[2, 3])
    asked.add_argument("--keep", type=Path)
    given = asked.parse_args()
    told = table(tried(given.crimes, given.seeds, given.keep))
    print(told)
    OUT.write_text(told, encoding="utf-8")


if __name__ == "__main__":
    main()

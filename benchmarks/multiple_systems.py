"""Time to estimate the number of persons on no list, compared with one GLM for each bootstrap resample.

    python benchmarks/multiple_systems.py [--strata 43] [--draws 20] [--replicates 1000]

Counts are those of the reference data sets, if present, or of synthetic tables of the same shape. Times are processor
seconds; run it with OMP_NUM_THREADS=1 for those of one thread. The peer is what a Python user would write: a GLM of
statsmodels for each resample, in the same steps, without a check that an estimate exists; it is timed on a few
resamples and scaled up. The table also shows the seconds that R packages took on a similar machine.
"""

import argparse
import csv
import os
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import statsmodels.api as sm
from scipy.stats import poisson

from assay.stats.multiple_systems.capture_histories import effects_of_order, history_matrix
from assay.stats.multiple_systems.capture_tables import CaptureTable
from assay.stats.multiple_systems.decomposable import average_decomposable_graphs
from assay.stats.multiple_systems.decomposable_graphs import decomposable_graphs
from assay.stats.multiple_systems.loglinear import estimate_best_model, estimate_stepwise, estimate_stepwise_all
from assay.stats.multiple_systems.model_selection import rank_models

REFERENCE = Path(os.environ.get("ASSAY_REFERENCE", Path(__file__).parents[2] / "shared" / "reference")) / "mse"
PEER_RESAMPLES = 20
R_SECONDS = {  # SparseMSE 2.0.1 / MultipleSystemsEstimation 1.2.0, processor seconds of one thread
    "stepwise, 1,000 BCa and jackknife, 5 lists": "82.6 / 47.4",
    "stepwise, 1,000 BCa and jackknife, 6 lists": "187 / not run",
    "BIC over all models of order 3, 5 lists": "not there / 12.2",
    "decomposable graphs, 5 lists": "0.64 (dga)",
    "decomposable graphs, 6 lists": "R cannot",
    "decomposable graphs, 7 lists, with enumeration": "R cannot",
}


def table_of(name: str, lists: int) -> tuple[CaptureTable, bool]:
    """Return the reference capture table, or a synthetic one with these lists and about as many persons."""
    path = REFERENCE / f"{name}.csv"
    if not path.exists():
        return synthetic(lists, 12_000), False
    with path.open(encoding="utf-8") as file:
        head, *rows = csv.reader(file)
    histories: dict[str, float] = {}
    for row in rows:
        history = "*".join(n for n, on_list in zip(head[:-1], row, strict=False) if on_list == "1")
        histories[history] = histories.get(history, 0) + float(row[-1])
    return CaptureTable.from_histories(head[:-1], histories), True


def synthetic(lists: int, persons: int, seed: int = 1) -> CaptureTable:
    capture_probabilities = np.resize([0.06, 0.1, 0.04, 0.08, 0.05, 0.07, 0.03, 0.05], lists)
    history = history_matrix(lists)
    weight = np.prod(np.where(history, capture_probabilities, 1 - capture_probabilities), axis=1)
    weight *= np.where(history[:, 0] * history[:, 1], 4.0, 1.0)
    counts = np.random.default_rng(seed).multinomial(persons, weight / weight.sum()).astype(float)
    counts[0] = 0
    return CaptureTable(tuple("ABCDEFGH"[:lists]), counts)


def seconds(job: Callable[[], object], times: int = 3) -> float:
    """Return the median processor seconds of several runs."""
    seconds_taken = []
    for _ in range(times):
        begin = time.process_time()
        job()
        seconds_taken.append(time.process_time() - begin)
    return float(np.median(seconds_taken))


def stepwise_by_glm(counts: np.ndarray) -> float:
    """Select a log-linear model stepwise, by fitting one GLM after another as a user would write it."""
    lists = len(counts).bit_length() - 1
    cells = np.arange(1, len(counts))
    effects = [0, *(1 << place for place in range(lists))]
    pairs = effects_of_order(lists, 2)

    def fitted(chosen_terms: list[int]) -> tuple[float, np.ndarray]:
        design = ((cells[:, None] & np.array(chosen_terms)) == np.array(chosen_terms)).astype(float)
        found = sm.GLM(counts[1:], design, family=sm.families.Poisson()).fit()
        return float(np.exp(found.params[0])), found.fittedvalues

    hidden, means = fitted(effects)
    while left := [pair for pair in pairs if pair not in effects]:
        probabilities_found = []
        for pair in left:
            on_both = (cells & pair) == pair
            seen, expected = counts[1:][on_both].sum(), means[on_both].sum()
            probabilities_found.append(min(poisson.cdf(seen, expected), poisson.sf(seen - 1, expected)))
        if min(probabilities_found) >= 0.02:
            break
        effects = [*effects, left[int(np.argmin(probabilities_found))]]
        hidden, means = fitted(effects)
    return hidden


def peer_seconds(table: CaptureTable, replicates: int) -> float:
    """Return the estimated seconds of stepwise GLMs for all resamples and one jackknife, extrapolated from a few."""
    draws = np.random.default_rng(1).multinomial(table.persons, table.counts / table.persons, PEER_RESAMPLES)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        begin = time.process_time()
        for counts in draws:
            stepwise_by_glm(counts.astype(float))
        seconds_per_resample = (time.process_time() - begin) / PEER_RESAMPLES
    return seconds_per_resample * (replicates + int((table.counts > 0).sum()) + 1)


def row(*cells: object) -> None:
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--strata", type=int, default=43)
    parser.add_argument("--draws", type=int, default=20)
    parser.add_argument("--replicates", type=int, default=1000)
    options = parser.parse_args()
    five, real = table_of("uk2013_5lists", 5)
    six, _ = table_of("uk2013_6lists", 6)
    print(f"Tables: {'UK 2013, of the reference data' if real else 'synthetic, of the same shape'}\n")
    row("job", "seconds", "statsmodels, seconds", "ratio", "R, seconds")
    row(*["---"] * 5)
    for lists, table in ((5, five), (6, six)):
        name = f"stepwise, 1,000 BCa and jackknife, {lists} lists"
        own_seconds, peer = seconds(lambda table=table: estimate_stepwise(table)), peer_seconds(table, 1000)
        row(name, f"{own_seconds:.2f}", f"{peer:.0f}", f"{peer / own_seconds:.0f}", R_SECONDS[name])
    name = "BIC over all models of order 3, 5 lists"
    row(name, f"{seconds(lambda: rank_models(five.counts, five.lists, order=3)):.2f}", "", "", R_SECONDS[name])
    row("the same, 60 best x 1,000 BCa", f"{seconds(lambda: estimate_best_model(five), 1):.2f}", "", "", "")
    row("decomposable graphs, 5 lists", f"{graphs(five):.3f}", "", "", R_SECONDS["decomposable graphs, 5 lists"])
    row("decomposable graphs, 6 lists", f"{graphs(six):.2f}", "", "", R_SECONDS["decomposable graphs, 6 lists"])
    name = "decomposable graphs, 7 lists, with enumeration"
    row(name, f"{graphs(synthetic(7, 12_000), 1):.1f}", "", "", R_SECONDS[name])
    print("\nGrowth with lists: stepwise, 1,000 BCa and jackknife, synthetic tables of 12,000 persons\n")
    row("lists", "seconds")
    row("---", "---")
    for lists in range(3, 9):
        table = synthetic(lists, 12_000)
        row(lists, f"{seconds(lambda table=table: estimate_stepwise(table), 1):.2f}")
    print(f"\nGrowth with strata: stepwise, 5 lists, {options.replicates:,} resamples and jackknife each\n")
    row("strata", "linkage draws", "fits", "seconds", "seconds a stratum and draw")
    row(*["---"] * 5)
    for strata, draws in ((1, 1), (10, 1), (options.strata, 1), (options.strata, options.draws)):
        tables = [synthetic(5, 4000, seed=seed) for seed in range(strata * draws)]
        batch_seconds = seconds(lambda tables=tables: estimate_stepwise_all(tables, replicates=options.replicates), 1)
        row(
            strata,
            draws,
            f"{strata * draws * options.replicates:,}",
            f"{batch_seconds:.1f}",
            f"{batch_seconds / strata / draws:.3f}",
        )


def graphs(table: CaptureTable, times: int = 3) -> float:
    decomposable_graphs.cache_clear()
    return seconds(lambda: average_decomposable_graphs(table, sensitivity=False), times)


if __name__ == "__main__":
    main()

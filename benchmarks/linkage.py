"""Precision, recall and time of record linkage, compared with a carefully tuned plain use of Splink.

Both read the same columns of the same synthetic records, each in a process of its own. For each, the table shows the
threshold with the highest recall at which at most 1% of pairs are wrong; for our linkage also the threshold that an
inspection uses. The setting "heavy" was not looked at before all parameters were final.

    python benchmarks/linkage.py                       100,000 records, three settings of noise (minutes)
    python benchmarks/linkage.py --records 1000000     the size of a nation (most of an hour on two cores)
    python benchmarks/linkage.py --real                the public sets in ASSAY_REFERENCE, and Splink's own examples
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

WRONG_AT_MOST = 0.01
OWN_THRESHOLDS = [0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999]
PEERS = [0.5, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9999, 0.99999, 0.999999]


def scores(person: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    """Return precision and recall of pairs, and B-cubed F of records (Bagga and Baldwin 1998)."""
    person, truth = (np.unique(labels, return_inverse=True)[1].astype(np.int64) for labels in (person, truth))
    _, where, pair_counts = np.unique(person * (truth.max() + 1) + truth, return_inverse=True, return_counts=True)
    own_scores, true_sizes = np.bincount(person), np.bincount(truth)

    def pairs(sizes: np.ndarray) -> float:
        return float((sizes * (sizes - 1.0) / 2).sum())

    right, wrong = (pair_counts[where] / own_scores[person]).mean(), (pair_counts[where] / true_sizes[truth]).mean()
    return {
        "precision": pairs(pair_counts) / max(pairs(own_scores), 1),
        "recall": pairs(pair_counts) / max(pairs(true_sizes), 1),
        "b_cubed": 2 * right * wrong / (right + wrong),
        "largest": int(own_scores.max()),
    }


def our_persons(entries: pa.Table, aliases: pa.Table) -> dict[float, pa.Table]:
    """Return the persons that assay's own record linkage finds at each threshold."""
    from assay.linkage.person_assignment import connect_persons
    from assay.linkage.probabilistic_linkage import link_entries

    ids = pc.utf8_lpad(entries["entry"].cast(pa.string()), 9, "0")
    rows = entries.set_column(0, "entry", ids).append_column("ref", ids)
    rows = rows.append_column("on_list", pa.array(np.zeros(len(ids), bool)))
    rows = rows.append_column("part", pa.nulls(len(ids), pa.string()))
    numbers = pc.binary_join_element_wise(entries["force_code"], entries["person_ref"], " ")
    other = aliases.set_column(0, "entry", pc.utf8_lpad(aliases["entry"].cast(pa.string()), 9, "0"))
    found = link_entries(rows.append_column("number", numbers), other)
    places = found.linked_entries["entry"].cast(pa.int64())
    return {
        threshold: pa.table(
            {
                "unique_id": places,
                "cluster_id": connect_persons(
                    found.linked_entries, found.joins.filter(pc.greater_equal(found.joins["probability"], threshold))
                ),
            }
        )
        for threshold in OWN_THRESHOLDS
    }


def splink_clusters(entries: pa.Table, aliases: pa.Table) -> dict[float, pa.Table]:
    """Return the clusters that Splink finds with plain settings at each threshold."""
    from linkage_peers import clusters

    return clusters(entries, aliases, PEERS)


def work(side: str, folder: Path) -> None:
    """Run record linkage in a separate process, and return its result, time and memory."""
    entries, aliases, truth = (pq.read_table(folder / f"{name}.parquet") for name in ("entries", "aliases", "truth"))
    begun = time.perf_counter()
    found = {"ours": our_persons, "peers": splink_clusters}[side](entries, aliases)
    seconds, cpu = time.perf_counter() - begun, time.process_time()
    gigabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    person, scores_by_threshold = truth["person"].to_numpy(), {}
    for threshold, table in found.items():
        codes = pc.dictionary_encode(table["cluster_id"].combine_chunks()).indices.to_numpy()
        scores_by_threshold[threshold] = scores(codes, person[table["unique_id"].to_numpy()])
    print(json.dumps({"seconds": seconds, "cpu": cpu, "gigabytes": gigabytes, "at": scores_by_threshold}))


def run_side(side: str, folder: Path) -> dict:
    """Run one of the two linkage methods in this process, and print its result."""
    command = [sys.executable, __file__, "--side", side, "--folder", str(folder)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def best(scores_by_threshold: dict) -> tuple[str, dict]:
    """Return the threshold with the highest recall among those at which at most 1% of linked pairs are wrong."""
    sure = {
        threshold: item
        for threshold, item in scores_by_threshold["at"].items()
        if item["precision"] >= 1 - WRONG_AT_MOST
    }
    if not sure:
        return "none", {"precision": float("nan"), "recall": 0.0, "b_cubed": 0.0, "largest": 0}
    return max(sure.items(), key=lambda score_item: score_item[1]["recall"])


def compare(records: int, noise: str, seed: int) -> None:
    """Compare both linkage methods at one rate of errors in the records."""
    from assay.synthetic.linkage_population import NOISES, linkage_population

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        population = linkage_population(records, NOISES[noise], seed)
        for name in ("entries", "aliases", "truth"):
            pq.write_table(getattr(population, name), folder / f"{name}.parquet")
        del population
        own_scores, peers = run_side("ours", folder), run_side("peers", folder)
    print(f"\n{noise}: {records:,} records")
    as_run = ("ours, as run", "0.9", own_scores["at"]["0.9"], own_scores)
    rows = [("ours", *best(own_scores), own_scores), as_run, ("Splink", *best(peers), peers)]
    for name, threshold, own_line, side in rows:
        line(name, threshold, own_line, side)
    (_, own_best), (_, peer_best) = best(own_scores), best(peers)
    top = max(item["b_cubed"] for item in peers["at"].values())
    print(
        (
            f"  recall {own_best['recall'] - peer_best['recall']:+.3f}, B-cubed F "
            f"{own_best['b_cubed'] - peer_best['b_cubed']:+.4f} "
            f"(beside the best that Splink has at any threshold, whatever its precision: "
            f"{max(item['b_cubed'] for item in own_scores['at'].values()) - top:+.4f}), "
            f"processor time {own_scores['cpu'] / peers['cpu']:.2f} times, time "
            f"{own_scores['seconds'] / peers['seconds']:.2f} times, "
            f"memory {own_scores['gigabytes'] / peers['gigabytes']:.2f} times"
        ),
        flush=True,
    )


def line(name: str, threshold: str, own_line: dict, side: dict | None = None) -> None:
    """Return a row of the results table: one linkage method at one threshold."""
    cost = f"  {side['seconds']:6.1f} s  {side['cpu']:6.1f} s of processor  {side['gigabytes']:.2f} GB" if side else ""
    print(
        f"  {name:<13} at {threshold:<8} precision {own_line['precision']:.4f}  recall {own_line['recall']:.4f}  "
        f"B-cubed F {own_line['b_cubed']:.4f}  largest {own_line['largest']:>4}{cost}",
        flush=True,
    )


def real() -> None:
    """Compare both linkage methods on public data sets, with the settings of Splink's own examples."""
    import linkage_examples

    folder = Path(os.environ.get("ASSAY_REFERENCE", "../shared/reference")) / "data" / "record-linkage"
    for name, read, examples in linkage_examples.SETS:
        entries, truth, raw = read(folder)
        person = truth["person"].to_numpy()
        print(f"\n{name}: {len(person):,} records of {len(set(person.tolist())):,} people")
        no_entries = pa.table({key: pa.array([], kind) for key, kind in
                           (("entry", pa.int64()), ("forenames", pa.string()), ("surname", pa.string()))})  # fmt: skip
        results_by_side = {"ours": our_persons(entries, no_entries)} | {
            side: example(raw) for side, example in examples.items()
        }
        for side, found in results_by_side.items():
            for threshold, table in found.items():
                if threshold in (0.5, 0.9, 0.95, 0.99):
                    codes = pc.dictionary_encode(table["cluster_id"].combine_chunks()).indices.to_numpy()
                    line(side, str(threshold), scores(codes, person[table["unique_id"].to_numpy()]))


def main() -> None:
    """Run the record linkage comparisons that are named as arguments."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--noise", nargs="*", default=["light", "ordinary", "heavy"])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--real", action="store_true")
    parser.add_argument("--side", choices=["ours", "peers"])
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    if options.side:
        work(options.side, options.folder)
    elif options.real:
        real()
    else:
        for noise in options.noise:
            compare(options.records, noise, options.seed)


if __name__ == "__main__":
    main()

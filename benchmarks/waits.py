"""Time to compute Aalen-Johansen cumulative incidence curves of waiting times from a million rows.

    python benchmarks/waits.py [--records 1000000]

Synthetic crimes of 44 forces, charged, closed or still open after whole days. Our way counts in the engine (one thread)
and computes the curves from the counts, with standard errors and medians; statsmodels takes one row for each record. It
stops unless the shares agree to 1e-9.
"""

import argparse
import time
from collections.abc import Callable

import numpy as np
import pyarrow as pa

from assay.engine import ExpressionEngine
from assay.indicators import STILL_WAITING, Wait, wait_counts, wait_groups
from assay.stats.cumulative_incidence import cumulative_incidence

WAIT = Wait(
    key="report_to_charge", title="Report to charge", question="How long?", why="As synthetic.", line="responses",
    asks="Q8", record="crime", population="true", start="the report", ends=("charged", "days_to_charged"),
    competing=(("closed", "days_to_closed"),), seen="days_seen", better="lower", limits="As synthetic.",
    assumptions="As synthetic.",
)  # fmt: skip


def table(head: list[str], rows: list[list[str]]) -> None:
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print(flush=True)


def crimes(records: int) -> pa.Table:
    random = np.random.default_rng(12)
    seen = random.integers(30, 1500, records)
    charged, closed = (random.exponential(mean, records).astype(int) for mean in (2500, 400))
    first = np.minimum(charged, closed)
    happened = first <= seen
    codes = np.char.add("E230000", np.arange(10, 54).astype(str))
    return pa.table(
        {
            "force_code": pa.array(codes[random.integers(0, 44, records)]),
            "days_to_charged": pa.array(charged, mask=~(happened & (charged <= closed))),
            "days_to_closed": pa.array(closed, mask=~(happened & (closed < charged))),
            "days_seen": pa.array(seen),
        }
    )


def curves_of(wait_table: pa.Table, place: str):
    groups = wait_groups(wait_table, place)
    curves = cumulative_incidence(*groups, waiting=STILL_WAITING, required_endings=("charged", "closed"))
    return curves, [curve.median for curve in curves.values()]


def status_of(rows: pa.Table) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    charged, closed, seen = (
        rows.column(name).to_numpy(zero_copy_only=False) for name in ("days_to_charged", "days_to_closed", "days_seen")
    )
    status = np.where(~np.isnan(charged), 1, np.where(~np.isnan(closed), 2, 0))
    days = np.where(status == 1, charged, np.where(status == 2, closed, seen)).astype(int)
    return days, status, rows.column("force_code").to_numpy(zero_copy_only=False)


def timed(run: Callable) -> tuple[float, object]:
    times = []
    for _ in range(3):
        start = time.perf_counter()
        found = run()
        times.append(time.perf_counter() - start)
    return sorted(times)[1], found


def measured(records: int) -> dict[str, float]:
    from statsmodels.duration.survfunc import CumIncidenceRight

    rows = crimes(records)
    days, status, forces = status_of(rows)
    codes, force = np.unique(forces, return_inverse=True)

    def each_force():
        return [CumIncidenceRight(days[force == n], status[force == n]) for n in range(len(codes))]

    with ExpressionEngine() as engine:
        table = engine.create_table("crime", engine.table("rows", rows))
        counting, wait_table = timed(lambda: engine.run(wait_counts(WAIT, table)))
        drawing, own_curves = timed(lambda: curves_of(wait_table, "ALL"))
        drawing_all, _ = timed(lambda: [curves_of(wait_table, place) for place in ("ALL", *codes)])
    joint_seconds, peer_curves = timed(lambda: CumIncidenceRight(days, status))
    force_seconds, _ = timed(each_force)
    _agree(own_curves[0], peer_curves)
    return {
        "ours: rows to counts by force and day": counting,
        "ours: counts to the curve of all forces": drawing,
        "ours: counts to the curves of all and of each of 44": drawing_all,
        "ours: rows to the curve of all forces": counting + drawing,
        "ours: rows to the curves of all and of each of 44": counting + drawing_all,
        "statsmodels: rows in memory to the curve of all forces": joint_seconds,
        "statsmodels: to the curves of all and of each of 44": joint_seconds + force_seconds,
    }


def _agree(own_curves, peer_curves) -> None:
    for place, label in enumerate(("charged", "closed")):
        event_days = np.searchsorted(peer_curves.times, own_curves[label].days)
        if np.abs(own_curves[label].share - peer_curves.cinc[place][event_days]).max() > 1e-9:
            raise SystemExit("The shares differ: the times say nothing.")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000)
    options = parser.parse_args()
    small, large = measured(options.records // 10), measured(options.records)
    own_seconds = large["ours: rows to the curves of all and of each of 44"]
    print("Cumulative incidence with standard errors, two endings; shares agree to 1e-9")
    table(
        ["step", f"seconds, {options.records // 10:,}", f"seconds, {options.records:,}", "growth", "ratio to ours"],
        [
            [
                name,
                f"{small[name]:.3f}",
                f"{seconds:.3f}",
                f"{seconds / small[name]:.1f}",
                f"{seconds / own_seconds:.2f}",
            ]
            for name, seconds in large.items()
        ],
    )

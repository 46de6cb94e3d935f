"""Time to evaluate indicators with all answers and reasons, compared with plain counts in SQL and pandas.

    python benchmarks/indicators.py [--records 1000000] [--indicators 40]

Synthetic visits of 44 forces, with some values of every column missing. For each indicator: our ladder (one statement:
outside, five answers, each reason), four filtered counts (base, met, not met, not known; one statement each), the same
four as filters of one statement, and pandas. All count by force on one thread. It stops if the counts differ.
"""

import argparse
import time
from collections.abc import Callable

import duckdb
import numpy as np
import pyarrow as pa

from assay.engine import ExpressionEngine
from assay.indicators import Indicator, count_rungs

Counts = dict[str, tuple[int, int, int, int]]  # by force: base, met, not met, not known
KINDS = ("home", "school", "video", "telephone", "station")


def table(head: list[str], rows: list[list[str]]) -> None:
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print(flush=True)


def visits(records: int) -> pa.Table:
    random = np.random.default_rng(11)

    def missing(share: float) -> np.ndarray:
        return random.random(records) < share

    columns = {
        "force_code": pa.array(np.char.add("E230000", np.arange(10, 54).astype(str))[random.integers(0, 44, records)]),
        "in_base": pa.array(random.random(records) < 0.8),
        "age": pa.array(random.integers(0, 30, records), mask=missing(0.03)),
        "cancelled": pa.array(random.random(records) < 0.05, mask=missing(0.01)),
        "kind": pa.array(np.array(KINDS)[random.integers(0, 5, records)], mask=missing(0.02)),
        "hours": pa.array(np.round(random.gamma(1.5, 15, records), 2), mask=missing(0.10)),
        "limit_hours": pa.array(random.choice([24, 48, 72], records)),
        "told": pa.array(random.random(records) < 0.6, mask=missing(0.15)),
    }
    return pa.table(columns)


def indicators(how_many: int) -> list[Indicator]:
    """Return indicators of the same shape with different numbers, so that no result can be cached."""
    words = dict.fromkeys(("title", "why", "line", "asks", "record", "limits", "assumptions"), "As synthetic.")
    met = ("hours <= limit_hours", "told", "hours <= {n} or told", "told and hours between 0 and {n}")
    return [
        Indicator(
            key=f"synthetic_{n}",
            question="How many?",
            population=f"in_base and age < {10 + n % 20}",
            excluding={"cancelled": "cancelled", "far": f"kind in ('{KINDS[n % 5]}', 'station')"},
            met=met[n % 4].format(n=20 + n),
            better="higher",
            **words,
        )
        for n in range(how_many)
    ]


def by_ladder(engine: ExpressionEngine, table, indicator: Indicator) -> Counts:
    found: dict[str, dict[str, int]] = {}
    for row in engine.run(count_rungs(indicator, table)).to_pylist():
        answers = found.setdefault(row["force_code"], {})
        answers[row["answer"]] = answers.get(row["answer"], 0) + row["records"]
    four = ("met", "not met", "not known")
    return {f: (sum(a.get(x, 0) for x in four), *(a.get(x, 0) for x in four)) for f, a in found.items()}


def filters(indicator: Indicator) -> list[str]:
    """Return the filters that an analyst would write for an indicator: in scope, met, not met, not known."""
    exclusions = " ".join(f"and not ({text})" for text in indicator.excluding.values())
    in_base_text = f"({indicator.population}) {exclusions}"
    return [
        in_base_text, f"{in_base_text} and ({indicator.met})", f"{in_base_text} and not ({indicator.met})",
        f"{in_base_text} and ({indicator.met}) is null",
    ]  # fmt: skip


def by_four_statements(connection, indicator: Indicator) -> Counts:
    found: dict[str, list[int]] = {}
    for place, where in enumerate(filters(indicator)):
        sql = f"select force_code, count(*) from visit where {where} group by 1"
        for force, count in connection.execute(sql).fetchall():
            found.setdefault(force, [0, 0, 0, 0])[place] = count
    return {force: tuple(counts) for force, counts in found.items()}


def by_four_filters(connection, indicator: Indicator) -> Counts:
    counts = ", ".join(f"count(*) filter (where {where})" for where in filters(indicator))
    rows = connection.execute(f"select force_code, {counts} from visit group by 1").fetchall()
    return {force: tuple(counts) for force, *counts in rows}


def by_pandas(frame, indicator: Indicator) -> Counts:
    def truth(text: str):
        # pandas' eval has no three truths: each shape of condition is written out over nullable columns.
        return CONDITIONS[text](frame) if text in CONDITIONS else _pandas_condition(frame, text)

    population = truth(indicator.population)
    in_base = population.fillna(False)
    for text in indicator.excluding.values():
        in_base &= ~truth(text).fillna(True)
    met = truth(indicator.met)
    columns = {
        "base": in_base, "met": in_base & met.fillna(False), "not_met": in_base & ~met.fillna(True),
        "not_known": in_base & met.isna(),
    }  # fmt: skip
    import pandas as pd

    sums = pd.DataFrame(columns).astype("int64").groupby(frame["force_code"], sort=False).sum()
    return {force: tuple(map(int, row)) for force, *row in sums.itertuples()}


CONDITIONS: dict[str, Callable] = {
    "hours <= limit_hours": lambda f: f["hours"] <= f["limit_hours"],
    "told": lambda f: f["told"],
    "cancelled": lambda f: f["cancelled"],
}


def _pandas_condition(frame, text: str):
    words = text.replace("(", "").replace(")", "").replace(",", "").replace("'", "").split()
    if words[:3] == ["in_base", "and", "age"]:
        return frame["in_base"] & (frame["age"] < int(words[4]))
    if words[0] == "kind":
        return (frame["kind"] == words[2]) | (frame["kind"] == words[3])
    if words[-1] == "told":
        return (frame["hours"] <= int(words[2])) | frame["told"]
    return frame["told"] & ((frame["hours"] >= 0) & (frame["hours"] <= int(words[-1])))


def timed(ways: dict[str, Callable[[Indicator], Counts]], forms_asked: list[Indicator]) -> dict[str, float]:
    """Return the total seconds of each method; the methods alternate, so that other load affects all alike."""
    seconds = dict.fromkeys(ways, 0.0)
    for indicator in forms_asked:
        found = {}
        for name, way in ways.items():
            start = time.perf_counter()
            found[name] = way(indicator)
            seconds[name] += time.perf_counter() - start
        _agree(found)
    return seconds


def measured(records: int, forms_asked: list[Indicator]) -> dict[str, float]:
    import pandas as pd

    rows = visits(records)
    frame = rows.to_pandas(types_mapper=pd.ArrowDtype)
    nullable = {"in_base": "boolean", "cancelled": "boolean", "told": "boolean", "age": "Int64", "hours": "Float64"}
    frame = frame.astype(nullable | {"limit_hours": "Int64", "kind": "string[pyarrow]", "force_code": "category"})
    connection = duckdb.connect(config={"threads": 1})
    connection.register("rows", rows)
    connection.execute("create table visit as select * from rows").fetchall()
    with ExpressionEngine() as engine:
        table = engine.create_table("visit", engine.table("rows", rows))
        ways = {
            "ladder": lambda form: by_ladder(engine, table, form),
            "four filtered counts, four statements": lambda item: by_four_statements(connection, item),
            "four filtered counts, one statement": lambda item: by_four_filters(connection, item),
            "pandas": lambda item: by_pandas(frame, item),
        }
        for way in ways.values():
            way(forms_asked[0])  # the first also pays for imports
        return timed(ways, forms_asked)


def _agree(found: dict[str, Counts]) -> None:
    nonzero = {name: {f: four for f, four in counts.items() if any(four)} for name, counts in found.items()}
    for name, counts in nonzero.items():
        if counts != nonzero["ladder"]:
            raise SystemExit(f"{name} counts otherwise than the ladder: the times say nothing.")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--indicators", type=int, default=40)
    options = parser.parse_args()
    forms_asked = indicators(options.indicators)
    small, large = measured(options.records // 10, forms_asked), measured(options.records, forms_asked)
    print(f"{options.indicators} indicators by force, one thread; the four counts agree everywhere")
    sizes = [f"seconds, {records:,}" for records in (options.records // 10, options.records)]
    table(
        ["way", *sizes, "growth", "ratio to the ladder"],
        [
            [name, f"{small[name]:.2f}", f"{seconds:.2f}", f"{seconds / small[name]:.1f}",
             f"{seconds / large['ladder']:.2f}"]
            for name, seconds in large.items()
        ],
    )  # fmt: skip

"""Plain scripts that an analyst would write instead of the slowest stages of an inspection, for comparison.

read_with_pandas     for receive: reads every file; checks no cell, writes no letter
plain_splink         for run_linkage_stage: Splink, tuned with care, at one threshold (`linkage_peers`)
join_with_pandas     for run_facts_stage: one row for each crime with its people and the first event of each kind; no
                     duties, calendars or time zones, and no other records
count_with_pandas    for run_indicators_stage: met, not met and not known of every indicator by force; no reasons, no
                     answers of single records, no waits, no check of sums
loop_of_statsmodels  for run_comparison_stage: a binomial model of every indicator over forces; no shrinkage, no control
                     of the false discovery rate, no missing-data bounds
"""

from __future__ import annotations

import operator
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any


def read_with_pandas(inspection_folder: Path) -> int:
    import pandas as pd

    returns_path = inspection_folder / "sent" / "returns"
    read_options = {"dtype": str, "keep_default_na": False, "on_bad_lines": "skip"}
    rows = sum(len(pd.read_csv(path, **read_options)) for path in sorted(returns_path.rglob("*.csv")))
    rows += sum(len(pd.read_parquet(path)) for path in sorted(returns_path.rglob("*.parquet")))
    if not rows:
        raise SystemExit("Nothing that was sent was found, so nothing can stand beside taking it in.")
    return rows


def plain_splink(inspection_folder: Path) -> int:
    import duckdb

    from linkage_peers import clusters

    identities_path, coded = (
        f"{inspection_folder}/inspection/identities/*/*",
        f"{inspection_folder}/inspection/returns/*/*",
    )
    with duckdb.connect() as connection:
        entries = connection.sql(f"""
            select row_number() over (order by force_code, involvement_ref) as entry, c.force_code, c.person_ref,
                   t.forenames, t.surname, t.date_of_birth, c.sex, t.postcode, t.phone, c.involvement_ref
            from read_parquet('{coded}/involvements.parquet', union_by_name=true) c
            join read_parquet('{identities_path}/involvements.parquet', union_by_name=true) t
            using (force_code, involvement_ref)
        """).to_arrow_table()
        connection.register("entries", entries)
        aliases = connection.sql(f"""
            select e.entry, a.forenames, a.surname
            from read_parquet('{identities_path}/aliases.parquet', union_by_name=true) a
            join entries e using (force_code, involvement_ref)
        """).to_arrow_table()
    return int(clusters(entries.drop_columns(["involvement_ref"]), aliases, [0.9])[0.9].num_rows)


def read_all(inspection_folder: Path, name: str) -> Any:
    import pandas as pd

    paths = sorted((inspection_folder / "inspection" / "returns").glob(f"*/*/{name}.parquet"))
    return pd.concat([pd.read_parquet(path) for path in paths])


def join_with_pandas(inspection_folder: Path) -> int:
    crimes, people, events = (read_all(inspection_folder, name) for name in ("crimes", "involvements", "events"))
    key = ["force_code", "crime_ref"]
    parts = people.groupby([*key, "role"]).size().unstack(fill_value=0)
    linked_events = events.dropna(subset=["crime_ref"])
    first = linked_events.pivot_table(index=key, columns="kind", values="happened_at", aggfunc="min")
    facts = crimes.merge(parts, how="left", on=key).merge(first, how="left", on=key)
    facts["hours_to_record"] = (facts["recorded_at"] - facts["reported_at"]).dt.total_seconds() / 3600
    return len(facts)


def count_with_pandas(inspection_folder: Path) -> int:
    import pandas as pd

    from assay.indicators.indicator_catalogue import indicators

    tables_read: dict[str, Any] = {}
    count = 0
    for form in indicators():
        if form.record not in tables_read:
            path = inspection_folder / "inspection" / "records" / f"{form.record}.parquet"
            tables_read[form.record] = pd.read_parquet(path, dtype_backend="numpy_nullable")
        rows = tables_read[form.record]
        inside = truth(form.population, rows)
        for text in form.excluding.values():
            inside &= ~truth(text, rows)
        met = truth(form.met, rows)
        counts = pd.DataFrame({"met": inside & met, "not_met": inside & ~met, "not_known": inside & met.isna()})
        count += len(counts.fillna(False).astype("int64").groupby(rows["force_code"]).sum())
    return count


def truth(text: str, rows: Any) -> Any:
    """Evaluate a condition on a pandas frame with missing values, in three-valued logic."""
    import pandas as pd

    from assay.indicators.condition_grammar import BooleanOperation, Column, Compare, IsIn, Not, parse_condition
    from assay.indicators.conditions import OPERATORS

    def value(term: Any) -> Any:
        return rows[term.name] if isinstance(term, Column) else term.value

    def column_of(node: Any) -> Any:
        if isinstance(node, BooleanOperation):
            found = [column_of(part) for part in node.parts]
            return reduce(operator.and_ if node.how == "and" else operator.or_, found)
        if isinstance(node, Not):
            return ~column_of(node.inner)
        if isinstance(node, IsIn):
            column = rows[node.term.name]
            return column.isin([choice.value for choice in node.choices]).astype("boolean").mask(column.isna())
        if isinstance(node, Compare):
            return OPERATORS[node.how](value(node.left), value(node.right)).astype("boolean")
        value_found = value(node)
        return pd.Series(value_found, index=rows.index, dtype="boolean")

    return column_of(parse_condition(text))


def loop_of_statsmodels(inspection_folder: Path) -> int:
    import numpy as np
    import pandas as pd
    import statsmodels.api as sm

    warnings.simplefilter("ignore")  # one parameter a force fits perfectly, and is told so each time
    rows = pd.read_parquet(inspection_folder / "inspection" / "enquiries" / "ladders.parquet")
    rows = rows[(rows["when_reported"] == "all") & (rows["place_code"] != "ALL") & (rows["not_askable"] == "")]
    fitted = 0
    for _, indicator_rows in rows.groupby("indicator"):
        with_base = indicator_rows[(indicator_rows["met"] + indicator_rows["not_met"]) > 0]
        if len(with_base) > 1:
            counts = with_base[["met", "not_met"]].to_numpy(float) + 0.5  # without it a force of none would have no end
            sm.GLM(counts, np.eye(len(with_base)), family=sm.families.Binomial()).fit().conf_int()
            fitted += 1
    return fitted


@dataclass(frozen=True)
class Peer:
    """A plain script that does the work of one stage, for comparison, and the name of that stage."""

    compared_stage: str
    work: Callable[[Path], int]


PEERS = {
    "read_with_pandas": Peer("receive", read_with_pandas),
    "plain_splink": Peer("run_linkage_stage", plain_splink),
    "join_with_pandas": Peer("run_facts_stage", join_with_pandas),
    "count_with_pandas": Peer("run_indicators_stage", count_with_pandas),
    "loop_of_statsmodels": Peer("run_comparison_stage", loop_of_statsmodels),
}

"""Splink with careful plain settings: its own comparisons, term frequencies and hand-chosen blocking rules.

Weights are trained by expectation maximisation with `max_pairs`, and pairs are clustered at a threshold. The input is
that of our own linkage: the same columns, without placeholder values, and the aliases of each entry.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

PREPARED = r"""
create table records as
with given as (
    select e.entry as unique_id,
           regexp_replace(lower(e.forenames), ' .*', '') as forename, lower(e.surname) as surname,
           nullif(regexp_extract(lower(e.forenames), ' (\w+)', 1), '') as middle,
           case when e.date_of_birth > date '1901-01-01' then e.date_of_birth end as dob,
           e.sex, e.postcode, case when ltrim(e.phone, '0') <> '' then e.phone end as phone,
           e.force_code || ' ' || e.person_ref as force_ref,
           a.known
    from entries e
    left join (select entry, list(lower(forenames)) as known from aliases group by entry) a using (entry)
)
select *, forename || ' ' || surname as forename_surname,
       list_distinct(list_append(coalesce(known, []), forename)) as forenames_known
from given
"""


def names() -> object:
    """Return Splink's own comparison of forename and surname, with the aliases as one level."""
    return cl.CustomComparison(
        output_column_name="names",
        comparison_levels=[
            cll.And(cll.NullLevel("forename"), cll.NullLevel("surname")),
            cll.ExactMatchLevel("forename_surname", term_frequency_adjustments=True),
            cll.ColumnsReversedLevel("forename", "surname", symmetrical=True),
            cll.And(cll.ArrayIntersectLevel("forenames_known"), cll.ExactMatchLevel("surname")),
            cll.And(cll.JaroWinklerLevel("forename", 0.92), cll.JaroWinklerLevel("surname", 0.92)),
            cll.And(cll.JaroWinklerLevel("forename", 0.88), cll.JaroWinklerLevel("surname", 0.88)),
            cll.ExactMatchLevel("surname", term_frequency_adjustments=True),
            cll.ExactMatchLevel("forename", term_frequency_adjustments=True),
            cll.ElseLevel(),
        ],
    )


def settings() -> SettingsCreator:
    """Return Splink settings (comparisons and blocking rules) that a careful user would choose."""
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            names(),
            cl.DateOfBirthComparison(
                "dob", input_is_string=False, datetime_thresholds=[1, 1], datetime_metrics=["month", "year"]
            ),
            cl.JaroWinklerAtThresholds("middle", [0.88]),
            cl.ExactMatch("sex"),
            cl.ExactMatch("postcode").configure(term_frequency_adjustments=True),
            cl.ExactMatch("phone"),
            cl.ExactMatch("force_ref"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("force_ref"),
            block_on("forename", "surname"),
            block_on("dob", "substr(forename, 1, 1)"),
            block_on("dob", "substr(surname, 1, 1)"),
            block_on("dob", "postcode"),
            block_on("phone"),
            block_on("postcode", "forename"),
            block_on("postcode", "year(dob)"),
            block_on("surname", "year(dob)", "substr(forename, 1, 1)"),
            block_on("forename", "year(dob)", "month(dob)"),
        ],
        retain_matching_columns=False,
    )


def clusters(
    entries: pa.Table, aliases: pa.Table, thresholds: list[float], memory: str = "3GB"
) -> dict[float, pa.Table]:
    """Return the cluster of each record (`unique_id`, `cluster_id`) at each match probability threshold."""
    connection = duckdb.connect(config={"memory_limit": memory})
    connection.register("entries", entries)
    connection.register("aliases", aliases)
    connection.execute(PREPARED).fetchall()
    api = DuckDBAPI(connection)
    linker = Linker(api.register("records", dataset_display_name="records"), settings(), log_level="ERROR")
    linker.training.estimate_probability_two_random_records_match(
        [block_on("force_ref"), block_on("forename", "surname", "dob")], recall=0.6
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    for rule in (block_on("dob"), block_on("forename", "surname")):
        linker.training.estimate_parameters_using_expectation_maximisation(
            rule, estimate_without_term_frequencies=True, max_pairs=3e6
        )
    pairs = linker.inference.predict(threshold_match_probability=min(thresholds), warning_mode="never")
    found = {}
    for threshold in thresholds:
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
            pairs, threshold_match_probability=threshold
        )
        found[threshold] = connection.sql(
            f"select unique_id, cluster_id from {clusters.physical_name}"
        ).to_arrow_table()
    connection.close()
    return found

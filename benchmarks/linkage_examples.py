"""Public data sets with known truth for record linkage, and the settings of Splink's own examples for them.

The examples are those of Splink's documentation (deduplication of 50,000 historical persons, and of FEBRL 3), with the
same comparisons, blocking rules, training and threshold, written for Splink 5.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

THRESHOLDS = (0.5, 0.9, 0.95, 0.99)
Read = tuple[pa.Table, pa.Table, pl.DataFrame]


def day(text: str | None, form: str) -> dt.date | None:
    """Return a date as text, or None if the value is not a date."""
    try:
        return dt.datetime.strptime(text or "", form).date()
    except ValueError:
        return None


def entries(rows: pl.DataFrame, form: str, **columns: str) -> pa.Table:
    """Return the columns that assay's record linkage reads; a column that the data set lacks has missing values."""
    columns_read = {name: rows[column].to_list() for name, column in columns.items()}
    count = rows.height
    missing = [None] * count
    return pa.table({
        "entry": pa.array(range(count)),
        "force_code": pa.array(["X"] * count),
        "person_ref": pa.array(columns_read.get("person_ref", missing), pa.string()),
        "forenames": pa.array(columns_read["forenames"], pa.string()),
        "surname": pa.array(columns_read["surname"], pa.string()),
        "date_of_birth": pa.array([day(birth_date, form) for birth_date in columns_read["born"]], pa.date32()),
        "sex": pa.array(columns_read.get("sex", missing), pa.string()),
        "postcode": pa.array(columns_read.get("postcode", missing), pa.string()),
        "phone": pa.array(missing, pa.string()),
    })  # fmt: skip


def historical(folder: Path) -> Read:
    """Return 50,578 records of 5,156 people: names and births of public figures, with errors added."""
    rows = pl.read_parquet(folder / "historical_figures_with_errors_50k.parquet")
    entry_table = entries(
        rows, "%Y-%m-%d", forenames="first_name", surname="surname", born="dob", sex="gender", postcode="postcode_fake"
    )
    return entry_table, pa.table({"person": rows["cluster"].rank("dense").cast(pl.Int64).to_arrow()}), rows


def febrl(folder: Path) -> Read:
    """Return 5,000 records with many duplicates; the social security number is used as the force's person number."""
    rows = pl.read_csv(folder / "dataset3.csv", infer_schema=False)
    rows = rows.rename({name: name.strip() for name in rows.columns})
    rows = rows.with_columns(pl.col(pl.String).str.strip_chars().replace("", None))
    entry_table = entries(
        rows, "%Y%m%d", forenames="given_name", surname="surname", born="date_of_birth", postcode="postcode",
        person_ref="soc_sec_id",
    )  # fmt: skip
    person = rows["rec_id"].str.extract(r"rec-(\d+)-").cast(pl.Int64)
    return entry_table, pa.table({"person": person.to_arrow()}), rows


def historical_example(rows: pl.DataFrame) -> dict[float, pa.Table]:
    """Return Splink's example for the historical persons, which also reads place of birth and occupation."""
    more = [cl.ExactMatch(name).configure(term_frequency_adjustments=True) for name in ("birth_place", "occupation")]
    return _historical(rows, more)


def historical_on_our_columns(rows: pl.DataFrame) -> dict[float, pa.Table]:
    """Return Splink's example for the historical persons, restricted to columns that assay's record linkage reads."""
    return _historical(rows, [cl.ExactMatch("gender")])


def _historical(rows: pl.DataFrame, more: list) -> dict[float, pa.Table]:
    settings = SettingsCreator(
        link_type="dedupe_only",
        blocking_rules_to_generate_predictions=[
            block_on("substr(first_name, 1, 3)", "substr(surname, 1, 4)"),
            block_on("surname", "dob"),
            block_on("first_name", "dob"),
            block_on("postcode_fake", "first_name"),
            block_on("postcode_fake", "surname"),
            block_on("dob", "birth_place"),
            block_on("substr(postcode_fake, 1, 3)", "dob"),
            block_on("substr(postcode_fake, 1, 3)", "first_name"),
            block_on("substr(postcode_fake, 1, 3)", "surname"),
            block_on("substr(first_name, 1, 2)", "substr(surname, 1, 2)", "substr(dob, 1, 4)"),
        ],
        comparisons=[
            cl.ForenameSurnameComparison(
                "first_name", "surname", forename_surname_concat_col_name="first_name_surname_concat"
            ),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.PostcodeComparison("postcode_fake"),
            *more,
        ],
    )
    full_name = pl.concat_str("first_name", "surname", separator=" ")
    sure = [
        "l.first_name = r.first_name and l.surname = r.surname and l.dob = r.dob",
        "substr(l.first_name, 1, 2) = substr(r.first_name, 1, 2) and l.surname = r.surname "
        "and substr(l.postcode_fake, 1, 2) = substr(r.postcode_fake, 1, 2)",
        "l.dob = r.dob and l.postcode_fake = r.postcode_fake",
    ]
    training = [block_on("first_name", "surname"), block_on("dob")]
    return _clusters(rows.with_columns(first_name_surname_concat=full_name), settings, sure, 0.6, training)


def febrl_example(rows: pl.DataFrame) -> dict[float, pa.Table]:
    """Return Splink's example for FEBRL 3."""
    settings = SettingsCreator(
        link_type="dedupe_only",
        blocking_rules_to_generate_predictions=[
            block_on("soc_sec_id"), block_on("given_name"), block_on("surname"), block_on("date_of_birth"),
            block_on("postcode"),
        ],
        comparisons=[
            cl.NameComparison("given_name"),
            cl.NameComparison("surname"),
            cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
            cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]),
        ],
    )  # fmt: skip
    sure = [
        block_on("soc_sec_id"),
        block_on("given_name", "surname", "date_of_birth"),
        "l.given_name = r.surname and l.surname = r.given_name and l.date_of_birth = r.date_of_birth",
    ]
    return _clusters(rows, settings, sure, 0.9, [block_on("date_of_birth"), block_on("postcode")])


def _clusters(
    rows: pl.DataFrame, settings: SettingsCreator, sure: list, recall: float, training: list
) -> dict[float, pa.Table]:
    connection = duckdb.connect()
    numbered = rows.drop("unique_id", strict=False).with_row_index("unique_id").to_arrow()
    connection.register("given", numbered)
    api = DuckDBAPI(connection)
    linker = Linker(api.register("given", dataset_display_name="given"), settings, log_level="ERROR")
    linker.training.estimate_probability_two_random_records_match(sure, recall=recall)
    linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    for rule in training:
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    pairs = linker.inference.predict(threshold_match_probability=0.2, warning_mode="never")
    found = {}
    for threshold in THRESHOLDS:
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
            pairs, threshold_match_probability=threshold
        )
        read = f"select unique_id::bigint as unique_id, cluster_id from {clusters.physical_name}"
        found[threshold] = connection.sql(read).to_arrow_table()
    connection.close()
    return found


Example = Callable[[pl.DataFrame], dict[float, pa.Table]]
SETS: list[tuple[str, Callable[[Path], Read], dict[str, Example]]] = [
    ("historical persons", historical, {"Splink": historical_example, "Splink, less": historical_on_our_columns}),
    ("FEBRL 3", febrl, {"Splink": febrl_example}),
]

"""Fellegi-Sunter match model: match weights by expectation maximisation, and scores of pairs.

Splink trains the model on the records themselves (Fellegi and Sunter 1969, by expectation maximisation) if there are
enough of them; otherwise the weights of the specification are used. Training runs on one thread and its result is
rounded to six significant digits before it is used, so that the same records give the same weights on every run.
Scoring adds rounded weights pair by pair; order makes no difference there, so it may use all threads.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from assay.linkage.linkage_database import LinkageDatabase
from assay.linkage.linkage_specification import LinkageSpecification
from assay.linkage.name_profiles import NAME_PROFILES, PAIRS
from assay.linkage.splink_compiler import CLUSTER, ROW, compared_columns, splink_settings
from assay.linkage.splink_statement_order import sort_splink_columns

Settings = dict[str, Any]
MINIMUM_PROBABILITY = 1e-7
"""Lower limit of every probability, so that no agreement level is impossible because it was never observed."""
SPECIFIED, LEARNED = "as the form has it", "learned"


@dataclass(frozen=True)
class MatchModel:
    """Splink settings, the origin of the weights, and the prior probability that two records match."""

    settings: Settings
    origin: str
    prior_match_probability: float


def train_model(database: LinkageDatabase, specification: LinkageSpecification, entries: int) -> MatchModel:
    """Train the match model, or use the specified weights if there are too few entries."""
    prior = _prior_match_probability(database, entries)
    if entries < specification.learning["least_entries"]:
        return MatchModel(
            _drop_linker_uid(splink_settings(specification, prior).create_settings_dict("duckdb")), SPECIFIED, prior
        )
    return MatchModel(
        _constrain_weights(_train_settings(database, specification, prior), specification), LEARNED, prior
    )


def _drop_linker_uid(settings: Settings) -> Settings:
    """Return the settings without the random identifier that Splink adds on each run."""
    return {name: value for name, value in settings.items() if name != "linker_uid"}


def _train_settings(database: LinkageDatabase, specification: LinkageSpecification, prior: float) -> Settings:
    linker = _linker(database, specification, splink_settings(specification, prior))
    training = specification.learning
    linker.training.estimate_u_using_random_sampling(
        max_pairs=training["pairs_random"], seed=training["seed"], num_chunks=1
    )
    for column in training["on"]:
        linker.training.estimate_parameters_using_expectation_maximisation(
            f"l.{column} = r.{column} and l.{CLUSTER} <> r.{CLUSTER}",
            estimate_without_term_frequencies=True,
            max_pairs=training["pairs_blocked"],
        )
    return _drop_linker_uid(linker.misc.save_model_to_json())


def _linker(database: LinkageDatabase, specification: LinkageSpecification, settings: Any) -> Any:
    from splink import Linker

    sort_splink_columns()
    columns = ", ".join(sorted({ROW, CLUSTER, *compared_columns(specification), *specification.learning["on"]}))
    database.create_table("compared", f"select {columns} from {NAME_PROFILES}")
    compared = database.splink_api().register("compared", dataset_display_name="compared")
    return Linker(compared, settings, log_level="ERROR", validate_settings=False)


def _prior_match_probability(database: LinkageDatabase, entries: int) -> float:
    """Estimate the probability that two random records match, from pairs that are almost certain matches.

    A pair counts if it has the same force number, or if two of name, date of birth, postcode and telephone agree. About
    two of three matches are found in this way, hence the factor 1.5.
    """
    agreement = {
        name: f"coalesce(l.{name} = r.{name}, false)" for name in ("whole_name", "born", "postcodes", "numbers")
    }
    agreement_count = " + ".join(
        f"cast({condition} as integer)" for condition in (*agreement.values(), agreement["numbers"])
    )
    certain_pairs = database.query_number(
        f"""select count(*) from {PAIRS} p join {NAME_PROFILES} l on p.join_key_l = l.row_number
        join {NAME_PROFILES} r on p.join_key_r = r.row_number
        where {agreement_count} + cast(coalesce(l.phones = r.phones and l.given = r.given, false) as integer) >= 2
            and coalesce(left(l.given, 1) = left(r.given, 1), true)"""
    )
    possible_pairs = max(entries * (entries - 1) / 2, 1)
    return _round_probability(min(0.1, max(1.5 * certain_pairs, 1) / possible_pairs))


def _constrain_weights(settings: Settings, specification: LinkageSpecification) -> Settings:
    """Return the trained settings, rounded, with two constraints.

    A level that never occurred keeps its specified probabilities. No level of a comparison gets a larger match weight
    than the first one, because estimates for rare levels are unstable.
    """
    constrained = copy.deepcopy(settings)
    for comparison, specified in zip(constrained["comparisons"], specification.comparisons, strict=True):
        pairs = list(zip(comparison["comparison_levels"], specified.levels, strict=True))[1:]
        for level, specified_level in pairs:
            level["m_probability"] = _round_probability(level.get("m_probability") or specified_level.m)
            level["u_probability"] = _round_probability(level.get("u_probability") or specified_level.u)
        maximum_ratio = max(pairs[0][0]["m_probability"] / pairs[0][0]["u_probability"], 1.0)
        for level, _ in pairs:
            level["u_probability"] = _round_probability(
                max(level["u_probability"], level["m_probability"] / maximum_ratio)
            )
    constrained["probability_two_random_records_match"] = _round_probability(
        settings["probability_two_random_records_match"]
    )
    return constrained


def _round_probability(probability: float | None) -> float:
    return float(f"{max(probability or 0.0, MINIMUM_PROBABILITY):.6g}")


def _translate_settings(engine: str, specification: LinkageSpecification, model: MatchModel) -> Settings:
    """Return the settings of the model, with each condition in the SQL dialect of the engine."""
    settings = copy.deepcopy(model.settings)
    translated = _drop_linker_uid(
        splink_settings(specification, model.prior_match_probability).create_settings_dict(engine)
    )
    for comparison, translated_comparison in zip(settings["comparisons"], translated["comparisons"], strict=True):
        for level, translated_level in zip(
            comparison["comparison_levels"], translated_comparison["comparison_levels"], strict=True
        ):
            level["sql_condition"] = translated_level["sql_condition"]
    return settings


def _predict(database: LinkageDatabase, linker: Any, floor: float) -> Any:
    """Return Splink's predictions for the pairs at or above the probability floor.

    The statements are Splink's own. They are composed here, with Splink's internal functions, so that both sides of a
    pair come from one table with the term frequencies, and no compared value stays in the result.
    """
    from splink.internals.comparison_vector_values import compute_comparison_vector_values_from_id_pairs_sqls
    from splink.internals.dialects import SplinkDialect
    from splink.internals.pipeline import CTEPipeline
    from splink.internals.predict import predict_from_comparison_vectors_sqls
    from splink.internals.vertically_concatenate import enqueue_df_concat_with_tf

    linker_settings, api = linker._settings_obj, linker._db_api
    profiles = api.sql_pipeline_to_splink_dataframe(enqueue_df_concat_with_tf(linker, CTEPipeline()))
    database.drop("compared", NAME_PROFILES)
    column_settings = linker_settings.column_info_settings
    steps = CTEPipeline([profiles, api.table_to_splink_dataframe("__splink__blocked_id_pairs", PAIRS)])
    steps.enqueue_list_of_sqls(
        compute_comparison_vector_values_from_id_pairs_sqls(
            linker_settings._columns_to_select_for_blocking,
            linker_settings._columns_to_select_for_comparison_vector_values,
            profiles.templated_name,
            profiles.templated_name,
            column_settings.source_dataset_input_column,
            column_settings.unique_id_input_column,
        )
    )
    steps.enqueue_list_of_sqls(
        predict_from_comparison_vectors_sqls(
            column_settings.unique_id_input_columns,
            linker_settings.core_model_settings,
            SplinkDialect.from_string(linker_settings._sql_dialect_str),
            threshold_match_probability=floor,
            training_mode=True,
            additional_columns_to_retain=linker_settings._additional_columns_to_retain,
        )
    )
    predictions = api.sql_pipeline_to_splink_dataframe(steps)
    profiles.drop_table_from_database_and_remove_from_cache()
    return predictions


def score_pairs(database: LinkageDatabase, specification: LinkageSpecification, model: MatchModel) -> pa.Table:
    """Return the cluster pairs whose match probability is at or above the floor.

    If a cluster has several name profiles, its most probable pair counts. The column `apart` is true if the pair meets
    a level with a cannot-link constraint. Reads the tables `holdings` (which it drops) and `pairs`.
    """
    settings = _translate_settings(database.engine, specification, model) | {"retain_matching_columns": False}
    linker = _linker(database, specification, settings)
    predictions = _predict(database, linker, specification.floor)
    names = [comparison_settings["output_column_name"] for comparison_settings in settings["comparisons"]]
    columns = [f"c{number}" for number in range(len(names))]
    # Splink counts levels from the bottom, and the missing one as -1; here they are counted from the top.
    levels = ", ".join(
        (
            f"cast(case when gamma_{name} < 0 then 0 else {len(specified.levels) - 1} - gamma_{name} end as "
            f"tinyint) as {position}"
        )
        for name, specified, position in zip(names, specification.comparisons, columns, strict=True)
    )
    cannot_link = " or ".join(
        f"{column} = {position}"
        for column, comparison in zip(columns, specification.comparisons, strict=True)
        for position, level in enumerate(comparison.levels)
        if level.cannot_link
    )
    rows = database.query(
        f"""with scored as (
            select least({CLUSTER}_l, {CLUSTER}_r) as left_cluster, greatest({CLUSTER}_l, {CLUSTER}_r) as right_cluster,
                   round(match_probability, 6) as probability, {levels},
                   {ROW}_l as first_row, {ROW}_r as second_row
            from {predictions.physical_name}
        ),
        ranked as (
            select *, row_number() over (
                partition by left_cluster, right_cluster
                order by probability desc, {", ".join(columns)}, first_row, second_row
            ) as position
            from scored
        )
        select left_cluster, right_cluster, probability, coalesce({cannot_link or "false"}, false) as apart,
               {", ".join(columns)}
        from ranked where position = 1 order by left_cluster, right_cluster"""
    )
    predictions.drop_table_from_database_and_remove_from_cache()
    return rows

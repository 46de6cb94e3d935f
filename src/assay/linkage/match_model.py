"""How much does each way of being alike, or different, say about two holdings being one person?

Splink learns it from the holdings themselves (Fellegi and Sunter 1969, by expectation maximisation), where there are
enough of them; else what the form says stands. Learning runs on one thread and is rounded to six digits before anything
rests on it, so that the same holdings give the same weights on every run; scoring adds rounded weights pair by pair, in
which order makes no difference, and may take as many threads as there are.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from assay.linkage.linkage_database import Database
from assay.linkage.linkage_specification import Form
from assay.linkage.name_profiles import HOLDINGS, PAIRS
from assay.linkage.splink_compiler import KNOT, ROW, columns_of, splink_settings
from assay.linkage.splink_statement_order import keep_columns_in_order

Settings = dict[str, Any]
SMALLEST = 1e-7
"""No level is impossible: what was never seen may be seen once in ten million pairs."""
WRITTEN, LEARNED = "as the form has it", "learned"


@dataclass(frozen=True)
class Model:
    """The model as Splink reads it, how it came about, and the chance that two holdings drawn blindly are one."""

    settings: Settings
    came_about: str
    chance_of_two: float


def learn(at: Database, form: Form, entries: int) -> Model:
    """The model, from a database in which each holding is one entry, and pairs are those of entries."""
    chance = _chance_of_two(at, entries)
    if entries < form.learning["least_entries"]:
        return Model(_nameless(splink_settings(form, chance).create_settings_dict("duckdb")), WRITTEN, chance)
    return Model(_kept_in_order(_learned(at, form, chance), form), LEARNED, chance)


def _nameless(settings: Settings) -> Settings:
    """Settings without the name that Splink draws for each run."""
    return {name: value for name, value in settings.items() if name != "linker_uid"}


def _learned(at: Database, form: Form, chance: float) -> Settings:
    linker = _linker(at, form, splink_settings(form, chance))
    told = form.learning
    linker.training.estimate_u_using_random_sampling(max_pairs=told["pairs_random"], seed=told["seed"], num_chunks=1)
    for column in told["on"]:
        linker.training.estimate_parameters_using_expectation_maximisation(
            f"l.{column} = r.{column} and l.{KNOT} <> r.{KNOT}",
            estimate_without_term_frequencies=True,
            max_pairs=told["pairs_blocked"],
        )
    return _nameless(linker.misc.save_model_to_json())


def _linker(at: Database, form: Form, settings: Any) -> Any:
    from splink import Linker

    keep_columns_in_order()
    read = ", ".join(sorted({ROW, KNOT, *columns_of(form), *form.learning["on"]}))
    at.keep("compared", f"select {read} from {HOLDINGS}")
    compared = at.splink().register("compared", dataset_display_name="compared")
    return Linker(compared, settings, log_level="ERROR", validate_settings=False)


def _chance_of_two(at: Database, entries: int) -> float:
    """The chance that two entries drawn blindly are one person, from pairs that hardly anything but one person makes:
    one number, or two of name, birthday, postcode and telephone the same. About two of three are found so."""
    same = {name: f"coalesce(l.{name} = r.{name}, false)" for name in ("whole_name", "born", "postcodes", "numbers")}
    signs = " + ".join(f"cast({one} as integer)" for one in (*same.values(), same["numbers"]))
    sure = at.number(
        f"""select count(*) from {PAIRS} p join {HOLDINGS} l on p.join_key_l = l.row_number
        join {HOLDINGS} r on p.join_key_r = r.row_number
        where {signs} + cast(coalesce(l.phones = r.phones and l.given = r.given, false) as integer) >= 2
            and coalesce(left(l.given, 1) = left(r.given, 1), true)"""
    )
    every = max(entries * (entries - 1) / 2, 1)
    return _rounded(min(0.1, max(1.5 * sure, 1) / every))


def _kept_in_order(learned: Settings, form: Form) -> Settings:
    """What was learned, rounded; what never occurred stays as the form has it, and no level of a comparison says more
    for one person than the first does, however seldom it was seen."""
    found = copy.deepcopy(learned)
    for comparison, told in zip(found["comparisons"], form.comparisons, strict=True):
        pairs = list(zip(comparison["comparison_levels"], told.levels, strict=True))[1:]
        for level, written in pairs:
            level["m_probability"] = _rounded(level.get("m_probability") or written.m)
            level["u_probability"] = _rounded(level.get("u_probability") or written.u)
        most = max(pairs[0][0]["m_probability"] / pairs[0][0]["u_probability"], 1.0)
        for level, _ in pairs:
            level["u_probability"] = _rounded(max(level["u_probability"], level["m_probability"] / most))
    found["probability_two_random_records_match"] = _rounded(learned["probability_two_random_records_match"])
    return found


def _rounded(share: float | None) -> float:
    return float(f"{max(share or 0.0, SMALLEST):.6g}")


def _in_words_of(engine: str, form: Form, model: Model) -> Settings:
    """The settings of the model, with each condition in the words of an engine."""
    settings = copy.deepcopy(model.settings)
    told = _nameless(splink_settings(form, model.chance_of_two).create_settings_dict(engine))
    for one, other in zip(settings["comparisons"], told["comparisons"], strict=True):
        for level, said in zip(one["comparison_levels"], other["comparison_levels"], strict=True):
            level["sql_condition"] = said["sql_condition"]
    return settings


def _predicted(at: Database, linker: Any, floor: float) -> Any:
    """What Splink predicts of the pairs at or above the floor, by its own statements, put together so that both sides
    of a pair come from one table with the frequencies of names, and that no value which was compared is carried on."""
    from splink.internals.comparison_vector_values import compute_comparison_vector_values_from_id_pairs_sqls
    from splink.internals.dialects import SplinkDialect
    from splink.internals.pipeline import CTEPipeline
    from splink.internals.predict import predict_from_comparison_vectors_sqls
    from splink.internals.vertically_concatenate import enqueue_df_concat_with_tf

    told, door = linker._settings_obj, linker._db_api
    both = door.sql_pipeline_to_splink_dataframe(enqueue_df_concat_with_tf(linker, CTEPipeline()))
    at.forget("compared", HOLDINGS)
    told_of = told.column_info_settings
    steps = CTEPipeline([both, door.table_to_splink_dataframe("__splink__blocked_id_pairs", PAIRS)])
    steps.enqueue_list_of_sqls(compute_comparison_vector_values_from_id_pairs_sqls(
        told._columns_to_select_for_blocking, told._columns_to_select_for_comparison_vector_values,
        both.templated_name, both.templated_name, told_of.source_dataset_input_column, told_of.unique_id_input_column,
    ))  # fmt: skip
    steps.enqueue_list_of_sqls(predict_from_comparison_vectors_sqls(
        told_of.unique_id_input_columns, told.core_model_settings, SplinkDialect.from_string(told._sql_dialect_str),
        threshold_match_probability=floor, training_mode=True,
        additional_columns_to_retain=told._additional_columns_to_retain,
    ))  # fmt: skip
    found = door.sql_pipeline_to_splink_dataframe(steps)
    both.drop_table_from_database_and_remove_from_cache()
    return found


def score(at: Database, form: Form, model: Model) -> pa.Table:
    """The pairs of knots at or above the floor: knot_l, knot_r (l below r), probability (six digits), apart, and for
    each comparison `c0`, `c1` ... the place of the level that fits (0 from the top).

    Of two knots with several names the likeliest pair of names counts. `apart`: it fits a level of the form that keeps
    people apart. Reads the tables `holdings`, of which it lets go, and `pairs`.
    """
    settings = _in_words_of(at.engine, form, model) | {"retain_matching_columns": False}
    linker = _linker(at, form, settings)
    found = _predicted(at, linker, form.floor)
    names = [one["output_column_name"] for one in settings["comparisons"]]
    places = [f"c{at_}" for at_ in range(len(names))]
    # Splink counts levels from the bottom, and the missing one as -1; here they are counted from the top.
    levels = ", ".join(
        f"cast(case when gamma_{name} < 0 then 0 else {len(told.levels) - 1} - gamma_{name} end as tinyint) as {place}"
        for name, told, place in zip(names, form.comparisons, places, strict=True)
    )
    apart = " or ".join(
        f"{column} = {place}"
        for column, comparison in zip(places, form.comparisons, strict=True)
        for place, level in enumerate(comparison.levels)
        if level.apart
    )
    rows = at.answer(
        f"""with told as (
            select least({KNOT}_l, {KNOT}_r) as knot_l, greatest({KNOT}_l, {KNOT}_r) as knot_r,
                   round(match_probability, 6) as probability, {levels},
                   {ROW}_l as first_row, {ROW}_r as second_row
            from {found.physical_name}
        ),
        ranked as (
            select *, row_number() over (
                partition by knot_l, knot_r order by probability desc, {", ".join(places)}, first_row, second_row
            ) as turn
            from told
        )
        select knot_l, knot_r, probability, coalesce({apart or "false"}, false) as apart, {", ".join(places)}
        from ranked where turn = 1 order by knot_l, knot_r"""
    )
    found.drop_table_from_database_and_remove_from_cache()
    return rows

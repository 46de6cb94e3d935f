"""Translate the linkage specification into Splink settings.

The condition of a level is written in a small fixed vocabulary (see the head of `data/linkage.toml`). Each word
compiles to a level of Splink's library, so that the specification means the same on every engine of Splink.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from assay.errors import DefinitionError
from assay.linkage.linkage_specification import Comparison, ComparisonLevel, LinkageSpecification
from assay.linkage.nicknames import SHORT_FORM_LENGTHS
from assay.linkage.splink_statement_order import sort_splink_columns

if TYPE_CHECKING:
    from splink import SettingsCreator

    sort_splink_columns()
ROW, CLUSTER = "row_number", "exact_cluster"
DIALECT = "duckdb"
"""SQL dialect of the conditions that Splink's library lacks; Splink translates them for other engines."""
MULTIVALUED_COLUMNS = frozenset({
    "born", "born_turned", "years", "postcodes", "sectors", "districts", "phones", "numbers", "numbering_forces",
    "given_words", "given_roots", "given_short", "family_parts",
})  # fmt: skip
"""Columns of which a name profile can have several values: the first is in the column of that name, the others are a
list in the column with the suffix `_more`. That list is missing for nearly all profiles, so few lists are compared."""
CODED_COLUMNS = frozenset({"phones", "numbers"})
"""Columns stored as an integer code for each value, so that only equality can be tested."""
CONDITION_PATTERNS: tuple[tuple[str, str], ...] = (
    ("same", r"same (\w+)"),
    ("share", r"share (\w+)"),
    ("meets", r"(\w+) meets (\w+)"),
    ("begins", r"(\w+) begins (\w+)"),
    ("crosswise", r"(\w+) is the other's (\w+)"),
    ("like", r"like (\w+) (0\.\d+)"),
    ("slip", r"slip (\w+) (\d)"),
    ("mistyped", r"mistyped (\w+)"),
    ("near", r"near (\w+) (\d+)"),
    ("missing", r"missing (\w+)"),
)


def splink_settings(specification: LinkageSpecification, prior_match_probability: float) -> SettingsCreator:
    """Return the Splink settings with which training starts.

    `prior_match_probability`: probability that two random name profiles are of one person.
    """
    from splink import SettingsCreator

    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name=ROW,
        comparisons=[_comparison(comparison) for comparison in specification.comparisons],
        blocking_rules_to_generate_predictions=[],
        probability_two_random_records_match=prior_match_probability,
        retain_matching_columns=False,
        additional_columns_to_retain=[CLUSTER],
        max_iterations=30,
    )


def _comparison(comparison: Comparison) -> Any:
    import splink.comparison_library as cl

    return cl.CustomComparison(
        output_column_name=comparison.name.replace(" ", "_").replace("'", ""),
        comparison_description=comparison.name,
        comparison_levels=[_level(level) for level in comparison.levels],
    )


def _level(level: ComparisonLevel) -> Any:
    import splink.comparison_level_library as cll

    if level.condition == "all else":
        return cll.ElseLevel().configure(m_probability=level.m, u_probability=level.u, label_for_charts=level.label)
    conditions = [_condition(words.strip()) for words in level.condition.split(" and ")]
    combined = conditions[0] if len(conditions) == 1 else cll.And(*conditions)
    if level.m is None:
        return combined.configure(is_null_level=True, label_for_charts=level.label)
    frequency_options: dict[str, Any] = {}
    if level.frequency_column:
        frequency_options = {
            "tf_adjustment_column": level.frequency_column,
            "tf_adjustment_weight": 1.0,
            "disable_tf_exact_match_detection": True,
        }
    return combined.configure(
        m_probability=level.m, u_probability=level.u, label_for_charts=level.label, **frequency_options
    )


def _condition(words: str) -> Any:
    """Compile one condition to a level of Splink's library; DefinitionError if it is not in the vocabulary."""
    for name, pattern in CONDITION_PATTERNS:
        match = re.fullmatch(pattern, words)
        if match and not (
            name in ("like", "slip", "begins", "mistyped", "near") and CODED_COLUMNS & set(match.groups())
        ):
            return _LEVEL_BUILDERS[name](*match.groups())
    raise DefinitionError(f"A level of the linkage form says {words!r}, which no word of the form means.")


def _exact_match(column: str) -> Any:
    import splink.comparison_level_library as cll

    return cll.ExactMatchLevel(column)


def _custom_level(condition: str) -> Any:
    import splink.comparison_level_library as cll

    return cll.CustomLevel(condition, base_dialect_str=DIALECT)


def _value_in_common(column: str) -> Any:
    return _custom_level(_intersection_sql(column, "l", column, "r"))


def _value_across_columns(column: str, other: str) -> Any:
    return _custom_level(
        f"{_intersection_sql(column, 'l', other, 'r')} or {_intersection_sql(other, 'l', column, 'r')}"
    )


def _intersection_sql(column: str, side: str, other_column: str, other_side: str) -> str:
    """Return SQL that is true if `column` on one side and `other_column` on the other have a value in common."""
    value, other_value, further_values, other_further_values = (
        f"{column}_{side}",
        f"{other_column}_{other_side}",
        f"{column}_more_{side}",
        f"{other_column}_more_{other_side}",
    )
    # (DuckDB has list_has_any, but sqlglot does not translate it to Spark.)
    lists_intersect = f"array_length(array_intersect({further_values}, {other_further_values})) > 0"
    list_matches = (
        f"list_contains({further_values}, {other_value}) or list_contains({other_further_values}, "
        f"{value}) or {lists_intersect}"
    )
    return (
        f"{value} = {other_value} or (({further_values} is not null or {other_further_values} is not null) "
        f"and ({list_matches}))"
    )


def _prefix_match(column: str, full_column: str) -> Any:
    return _custom_level(
        f"{_prefix_sql(column, 'l', full_column, 'r')} or {_prefix_sql(column, 'r', full_column, 'l')}"
    )


def _prefix_sql(column: str, side: str, full_column: str, other_side: str) -> str:
    short, further_values, name = f"{column}_{side}", f"{column}_more_{side}", f"{full_column}_{other_side}"
    further_matches = " or ".join(
        f"(list_contains({further_values}, left({name}, {length})) and length({name}) > {length})"
        for length in SHORT_FORM_LENGTHS
    )
    return f"(starts_with({name}, {short}) and length({name}) > length({short})) or {further_matches}"


def _columns_reversed(column: str, other: str) -> Any:
    import splink.comparison_level_library as cll

    return cll.ColumnsReversedLevel(column, other, symmetrical=True)


def _jaro_winkler(column: str, threshold: str) -> Any:
    import splink.comparison_level_library as cll

    return cll.JaroWinklerLevel(column, float(threshold))


def _edit_distance(column: str, maximum: str) -> Any:
    import splink.comparison_level_library as cll

    distance_level = cll.DamerauLevenshteinLevel(column, int(maximum))
    if maximum != "1":
        return distance_level
    # One edit leaves the first or the last character of three or more unchanged: a cheap test before the distance.
    ends = " or ".join(f"{end}({column}_l, 1) = {end}({column}_r, 1)" for end in ("left", "right"))
    return cll.And(_custom_level(ends), distance_level)


def _date_typing_error(column: str) -> Any:
    # Days are numbers like 20110503. One wrong digit gives a difference below 10 or a multiple of 10; two transposed
    # digits a multiple of 9. Few pairs of days pass this cheap test, and the edit distance of all pairs would cost more
    # than all other comparisons.
    difference = f"abs({column}_l - {column}_r)"
    is_plausible = f"({difference} < 10 or {difference} % 10 = 0 or {difference} % 9 = 0)"
    texts = ", ".join(f"cast({column}_{side} as varchar)" for side in "lr")
    return _custom_level(f"{is_plausible} and damerau_levenshtein({texts}) <= 1")


def _absolute_difference(column: str, maximum: str) -> Any:
    import splink.comparison_level_library as cll

    return cll.AbsoluteDifferenceLevel(column, int(maximum))


def _null_level(column: str) -> Any:
    import splink.comparison_level_library as cll

    return cll.NullLevel(column)


_LEVEL_BUILDERS: dict[str, Callable[..., Any]] = {
    "same": _exact_match,
    "share": _value_in_common,
    "meets": _value_across_columns,
    "begins": _prefix_match,
    "crosswise": _columns_reversed,
    "like": _jaro_winkler,
    "slip": _edit_distance,
    "mistyped": _date_typing_error,
    "near": _absolute_difference,
    "missing": _null_level,
}


def compared_columns(specification: LinkageSpecification) -> tuple[str, ...]:
    """Return all columns of name profiles that the comparisons read, sorted by name."""
    columns: set[str] = set()
    for comparison in specification.comparisons:
        for level in comparison.levels:
            columns |= {level.frequency_column} - {""}
            for words in level.condition.split(" and "):
                columns |= set(_condition_columns(words.strip()))
    return tuple(sorted(columns | {f"{name}_more" for name in columns & MULTIVALUED_COLUMNS}))


def _condition_columns(words: str) -> Iterable[str]:
    for _, pattern in CONDITION_PATTERNS:
        if match := re.fullmatch(pattern, words):
            return (part for part in match.groups() if not re.fullmatch(r"[\d.]+", part))
    return ()

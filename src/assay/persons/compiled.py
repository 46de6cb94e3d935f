"""What does the form say in the words of Splink?

Each level is a condition in a few fixed words (see the head of `data/linkage.toml`), and each of these words is a level
of Splink's own library, so that the form means the same on every engine that Splink speaks to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from assay.errors import DefinitionError
from assay.persons.form import Comparison, Form, Level

if TYPE_CHECKING:
    from splink import SettingsCreator

ROW, KNOT = "row_number", "knot"
WORDS: tuple[tuple[str, str], ...] = (
    ("same", r"same (\w+)"),
    ("share", r"share (\w+)"),
    ("meets", r"(\w+) meets (\w+)"),
    ("crosswise", r"(\w+) is the other's (\w+)"),
    ("like", r"like (\w+) (0\.\d+)"),
    ("slip", r"slip (\w+) (\d)"),
    ("near", r"near (\w+) (\d+)"),
    ("missing", r"missing (\w+)"),
)


def splink_settings(form: Form, chance_of_two: float) -> SettingsCreator:
    """The settings with which learning starts; `chance_of_two` that two holdings drawn blindly are one person."""
    from splink import SettingsCreator

    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name=ROW,
        comparisons=[_comparison(one) for one in form.comparisons],
        blocking_rules_to_generate_predictions=[],
        probability_two_random_records_match=chance_of_two,
        retain_matching_columns=False,
        additional_columns_to_retain=[KNOT],
        max_iterations=30,
    )


def _comparison(told: Comparison) -> Any:
    import splink.comparison_library as cl

    return cl.CustomComparison(
        output_column_name=told.of.replace(" ", "_").replace("'", ""),
        comparison_description=told.of,
        comparison_levels=[_level(level) for level in told.levels],
    )


def _level(level: Level) -> Any:
    import splink.comparison_level_library as cll

    if level.when == "all else":
        return cll.ElseLevel().configure(m_probability=level.m, u_probability=level.u, label_for_charts=level.says)
    parts = [_condition(words.strip()) for words in level.when.split(" and ")]
    whole = parts[0] if len(parts) == 1 else cll.And(*parts)
    if level.m is None:
        return whole.configure(is_null_level=True, label_for_charts=level.says)
    counted: dict[str, Any] = {}
    if level.common:
        counted = {
            "tf_adjustment_column": level.common, "tf_adjustment_weight": 1.0, "disable_tf_exact_match_detection": True
        }  # fmt: skip
    return whole.configure(m_probability=level.m, u_probability=level.u, label_for_charts=level.says, **counted)


def _condition(words: str) -> Any:
    """One condition, as a level of Splink's library."""
    for name, pattern in WORDS:
        found = re.fullmatch(pattern, words)
        if found:
            return _MAKERS[name](*found.groups())
    raise DefinitionError(f"A level of the linkage form says {words!r}, which no word of the form means.")


def _same(column: str) -> Any:
    import splink.comparison_level_library as cll

    return cll.ExactMatchLevel(column)


def _share(column: str) -> Any:
    import splink.comparison_level_library as cll

    return cll.ArrayIntersectLevel(column, 1)


def _meets(column: str, other: str) -> Any:
    import splink.comparison_level_library as cll

    either = f"(list_has_any({column}_l, {other}_r) or list_has_any({other}_l, {column}_r))"
    return cll.CustomLevel(either, base_dialect_str="duckdb")


def _crosswise(column: str, other: str) -> Any:
    import splink.comparison_level_library as cll

    return cll.ColumnsReversedLevel(column, other, symmetrical=True)


def _like(column: str, least: str) -> Any:
    import splink.comparison_level_library as cll

    return cll.JaroWinklerLevel(column, float(least))


def _slip(column: str, most: str) -> Any:
    import splink.comparison_level_library as cll

    return cll.DamerauLevenshteinLevel(column, int(most))


def _near(column: str, most: str) -> Any:
    import splink.comparison_level_library as cll

    return cll.AbsoluteDifferenceLevel(column, int(most))


def _missing(column: str) -> Any:
    import splink.comparison_level_library as cll

    return cll.NullLevel(column)


_MAKERS: dict[str, Callable[..., Any]] = {
    "same": _same, "share": _share, "meets": _meets, "crosswise": _crosswise, "like": _like, "slip": _slip,
    "near": _near, "missing": _missing,
}  # fmt: skip


def columns_of(form: Form) -> tuple[str, ...]:
    """Every column of holdings that the comparisons read, in order of their names."""
    found: set[str] = set()
    for comparison in form.comparisons:
        for level in comparison.levels:
            found |= {level.common} - {""}
            for words in level.when.split(" and "):
                found |= set(_columns(words.strip()))
    return tuple(sorted(found))


def _columns(words: str) -> Iterable[str]:
    for _, pattern in WORDS:
        if match := re.fullmatch(pattern, words):
            return (part for part in match.groups() if not re.fullmatch(r"[\d.]+", part))
    return ()

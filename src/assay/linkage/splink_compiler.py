"""What does the form say in the words of Splink?

Each level is a condition in a few fixed words (see the head of `data/linkage.toml`), and each of these words is a level
of Splink's own library, so that the form means the same on every engine that Splink speaks to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from assay.errors import DefinitionError
from assay.linkage.linkage_specification import Comparison, Form, Level
from assay.linkage.nicknames import BEGINNING
from assay.linkage.splink_statement_order import keep_columns_in_order

if TYPE_CHECKING:
    from splink import SettingsCreator

    keep_columns_in_order()
ROW, KNOT = "row_number", "knot"
DIALECT = "duckdb"
"""In which SQL is written what no level of Splink says; Splink puts it into the words of another engine."""
MANY = frozenset({
    "born", "born_turned", "years", "postcodes", "sectors", "districts", "phones", "numbers", "numbering_forces",
    "given_words", "given_roots", "given_short", "family_parts",
})  # fmt: skip
"""Of what a holding can have several values: the first of them stands under its name, and a list of the others under
its name with `_more`, which is missing for nearly all, so that hardly any list is ever carried or compared."""
AS_NUMBERS = frozenset({"phones", "numbers"})
"""Held as a whole number for each value, so that nothing but whether two are the same can be asked of them."""
WORDS: tuple[tuple[str, str], ...] = (
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
        if found and not (name in ("like", "slip", "begins", "mistyped", "near") and AS_NUMBERS & set(found.groups())):
            return _MAKERS[name](*found.groups())
    raise DefinitionError(f"A level of the linkage form says {words!r}, which no word of the form means.")


def _same(column: str) -> Any:
    import splink.comparison_level_library as cll

    return cll.ExactMatchLevel(column)


def _sql(condition: str) -> Any:
    import splink.comparison_level_library as cll

    return cll.CustomLevel(condition, base_dialect_str=DIALECT)


def _share(column: str) -> Any:
    return _sql(_in_common(column, "l", column, "r"))


def _meets(column: str, other: str) -> Any:
    return _sql(f"{_in_common(column, 'l', other, 'r')} or {_in_common(other, 'l', column, 'r')}")


def _in_common(one: str, side: str, other: str, other_side: str) -> str:
    """Whether all values of `one` on the one side and all of `other` on the other have one in common."""
    a, b, more_a, more_b = f"{one}_{side}", f"{other}_{other_side}", f"{one}_more_{side}", f"{other}_more_{other_side}"
    # (list_has_any says the same, but sqlglot has no word of Spark for it.)
    both = f"array_length(array_intersect({more_a}, {more_b})) > 0"
    among = f"list_contains({more_a}, {b}) or list_contains({more_b}, {a}) or {both}"
    return f"{a} = {b} or (({more_a} is not null or {more_b} is not null) and ({among}))"


def _begins(column: str, whole: str) -> Any:
    return _sql(f"{_beginning(column, 'l', whole, 'r')} or {_beginning(column, 'r', whole, 'l')}")


def _beginning(column: str, side: str, whole: str, other_side: str) -> str:
    short, more, name = f"{column}_{side}", f"{column}_more_{side}", f"{whole}_{other_side}"
    among_more = " or ".join(
        f"(list_contains({more}, left({name}, {letters})) and length({name}) > {letters})" for letters in BEGINNING
    )
    return f"(starts_with({name}, {short}) and length({name}) > length({short})) or {among_more}"


def _crosswise(column: str, other: str) -> Any:
    import splink.comparison_level_library as cll

    return cll.ColumnsReversedLevel(column, other, symmetrical=True)


def _like(column: str, least: str) -> Any:
    import splink.comparison_level_library as cll

    return cll.JaroWinklerLevel(column, float(least))


def _slip(column: str, most: str) -> Any:
    import splink.comparison_level_library as cll

    measured = cll.DamerauLevenshteinLevel(column, int(most))
    if most != "1":
        return measured
    # One slip leaves the first or the last sign as it was: to look at these two costs little, to measure much.
    ends = " or ".join(f"{end}({column}_l, 1) = {end}({column}_r, 1)" for end in ("left", "right"))
    return cll.And(_sql(ends), measured)


def _mistyped(column: str) -> Any:
    # One digit makes a difference below ten, or of a number of tens; two that changed places, of a number of nines. Few
    # days differ so, and to measure all would cost more than everything else together.
    apart = f"abs({column}_l - {column}_r)"
    few = f"({apart} < 10 or {apart} % 10 = 0 or {apart} % 9 = 0)"
    texts = ", ".join(f"cast({column}_{side} as varchar)" for side in "lr")
    return _sql(f"{few} and damerau_levenshtein({texts}) <= 1")


def _near(column: str, most: str) -> Any:
    import splink.comparison_level_library as cll

    return cll.AbsoluteDifferenceLevel(column, int(most))


def _missing(column: str) -> Any:
    import splink.comparison_level_library as cll

    return cll.NullLevel(column)


_MAKERS: dict[str, Callable[..., Any]] = {
    "same": _same, "share": _share, "meets": _meets, "begins": _begins, "crosswise": _crosswise, "like": _like,
    "slip": _slip, "mistyped": _mistyped, "near": _near, "missing": _missing,
}  # fmt: skip


def columns_of(form: Form) -> tuple[str, ...]:
    """Every column of holdings that the comparisons read, in order of their names."""
    found: set[str] = set()
    for comparison in form.comparisons:
        for level in comparison.levels:
            found |= {level.common} - {""}
            for words in level.when.split(" and "):
                found |= set(_columns(words.strip()))
    return tuple(sorted(found | {f"{name}_more" for name in found & MANY}))


def _columns(words: str) -> Iterable[str]:
    for _, pattern in WORDS:
        if match := re.fullmatch(pattern, words):
            return (part for part in match.groups() if not re.fullmatch(r"[\d.]+", part))
    return ()

"""Does a condition say yes, no or unknown as SQL does, and is all else refused with a sentence?"""

import datetime as dt
import itertools

import pyarrow as pa
import pytest

from assay.engine import ExpressionEngine
from assay.errors import DefinitionError
from assay.indicators import Condition

pytestmark = pytest.mark.quick


@pytest.mark.parametrize(
    ("text", "row", "answer"),
    [
        ("age < 18", {"age": 17}, True),
        ("age < 18", {"age": 18}, False),
        ("age < 18", {"age": None}, None),
        ("age <> 18", {"age": None}, None),
        ("hours <= limit_hours", {"hours": 24.0, "limit_hours": 24}, True),
        ("hours <= limit_hours", {"hours": 24.0, "limit_hours": None}, None),
        ("told", {"told": None}, None),
        ("not told", {"told": False}, True),
        ("not told", {"told": None}, None),
        ("told = false", {"told": False}, True),
        ("kind in ('home', 'video')", {"kind": "video"}, True),
        ("kind in ('home', 'video')", {"kind": None}, None),
        ("kind not in ('home', 'video')", {"kind": "school"}, True),
        ("kind in ('home', other)", {"kind": "home", "other": None}, True),
        ("kind in ('home', other)", {"kind": "school", "other": None}, None),
        ("kind not in ('home', other)", {"kind": "school", "other": None}, None),
        ("age between 0 and 17", {"age": 17}, True),
        ("age between 0 and high", {"age": -1, "high": None}, False),
        ("age between 0 and high", {"age": 5, "high": None}, None),
        ("days >= -1.5", {"days": -1}, True),
        ("true", {}, True),
        ("(told or age > 3) and not (kind = 'x')", {"told": None, "age": 4, "kind": "y"}, True),
        ("seen_day < asked_day", {"seen_day": dt.date(2025, 1, 1), "asked_day": dt.date(2025, 1, 2)}, True),
    ],
)
def test_a_condition_has_three_truths(text, row, answer):
    assert Condition(text).plain(row) is answer


TRUTH_VALUES = (True, False, None)


@pytest.mark.parametrize("text", ["a and b", "a or b", "not (a and b)", "a = b", "a <> b", "not a or b", "a and not b"])
def test_plain_python_and_the_engine_agree_on_every_pair_of_truths(text):
    pairs = list(itertools.product(TRUTH_VALUES, TRUTH_VALUES))
    rows = pa.table({"n": range(9), "a": [a for a, _ in pairs], "b": [b for _, b in pairs]})
    with ExpressionEngine() as engine:
        table = engine.table("pairs", rows)
        by_engine = engine.run(table.select("n", answer=Condition(text).ibis(table))).column("answer").to_pylist()
    assert by_engine == [Condition(text).plain({"a": a, "b": b}) for a, b in pairs]


def test_false_wins_over_the_unknown_in_and_and_true_wins_in_or():
    assert Condition("a and b").plain({"a": None, "b": False}) is False
    assert Condition("a and b").plain({"a": None, "b": True}) is None
    assert Condition("a or b").plain({"a": None, "b": True}) is True
    assert Condition("a or b").plain({"a": None, "b": False}) is None


@pytest.mark.parametrize("text", ["age is null", "age is not null", "age = null", "told is true", "told is not false"])
def test_a_test_for_missing_values_is_refused_with_what_to_do(text):
    with pytest.raises(DefinitionError, match=r"does not test for missing values.*Derive a fact in records"):
        Condition(text)


@pytest.mark.parametrize(
    "text",
    [
        "coalesce(age, 1) = 2",
        "age + 1 > 2",
        "lower(kind) = 'x'",
        "kind like 'x%'",
        "age < 3 < 4",
        "seen_day = date '2025-01-01'",
        "visit.age = 3",
        "age = :limit",
        "case when age = 1 then true else false end",
        "age::int = 3",
        "current_date = seen_day",
        "exists (select 1)",
        "'home'",
        "3",
        "kind || 'x' = 'yx'",
        "age between symmetric 3 and 1",
    ],
)
def test_whatever_is_not_a_comparison_of_named_columns_is_refused(text):
    with pytest.raises(DefinitionError, match=r"Derive a fact in records|stands beside"):
        Condition(text).check({"age": int, "kind": str, "seen_day": dt.date})


@pytest.mark.parametrize("text", ["kind in (select 1)", "kind in ()"])
def test_in_needs_a_list(text):
    with pytest.raises(DefinitionError, match="needs a list of values"):
        Condition(text)


@pytest.mark.parametrize("text", ["", "age <", "age = 1; drop table visit", "end = 3", "age = 1 select"])
def test_what_cannot_be_read_is_refused(text):
    with pytest.raises(DefinitionError):
        Condition(text)


def test_a_misspelt_column_gets_the_nearest_one():
    with pytest.raises(DefinitionError, match=r"no column 'offence_familly'. Did you mean 'offence_family'"):
        Condition("offence_familly = 'rape'").check({"offence_family": str, "age": int})


@pytest.mark.parametrize(
    "text", ["age = '18'", "kind < 3", "told = 1", "age", "kind in ('a', 3)", "seen_day = 'x'", "seen = seen_day"]
)
def test_text_is_compared_with_text_only_and_numbers_with_numbers(text):
    columns = {"age": int, "kind": str, "told": bool, "seen_day": dt.date, "seen": dt.datetime}
    with pytest.raises(DefinitionError, match="compare like with like"):
        Condition(text).check(columns)


def test_the_engine_and_plain_python_refuse_the_same_mixtures():
    condition = Condition("kind = 3")
    with pytest.raises(DefinitionError, match="compare like with like"):
        condition.plain({"kind": "MARKER"})
    with ExpressionEngine() as engine, pytest.raises(DefinitionError, match="compare like with like"):
        condition.ibis(engine.table("visit", pa.table({"kind": ["MARKER"]})))


def test_no_refusal_repeats_what_a_record_holds():
    with pytest.raises(DefinitionError) as refused:
        Condition("kind = 3").plain({"kind": "MARKER"})
    assert "MARKER" not in str(refused.value)


def test_the_columns_of_a_condition_are_named_once_each():
    assert Condition("a = b and a in (c, 'x') and not d").columns == ("a", "b", "c", "d")


def test_a_column_that_plain_python_is_not_given_is_refused_and_not_taken_for_missing():
    with pytest.raises(DefinitionError, match=r"no column 'age'. Did you mean 'ages'"):
        Condition("age < 18").plain({"ages": 3})

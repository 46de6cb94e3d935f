"""Whatever the conditions and whatever is missing: do the engine and plain Python give every row the same answer?"""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measured_forms import WORDS

from assay.engine import ExpressionEngine
from assay.indicators import Indicator, add_answers, check_totals, count_records, count_rungs, plain_answer

KINDS = {"a": "yes or no", "b": "yes or no", "m": "number", "n": "number", "x": "number", "s": "text", "t": "text"}
TYPES = {"a": pa.bool_(), "b": pa.bool_(), "m": pa.int64(), "n": pa.int64(), "x": pa.float64(), "s": pa.string(), "t": pa.string()}  # fmt: skip
TEXTS = ("home", "video", "It's", "Ärger", "")
LITERALS = {
    "yes or no": st.sampled_from(["true", "false"]),
    "number": st.sampled_from(["0", "1", "2", "-1", "1.5", "-0.5"]),
    "text": st.sampled_from(["'" + text.replace("'", "''") + "'" for text in TEXTS]),
}
VALUES = {
    "yes or no": st.booleans(),
    "number": st.sampled_from([-1, 0, 1, 2]),
    "text": st.sampled_from(TEXTS),
}


def terms(kind):
    return st.sampled_from([name for name, kind_of_column in KINDS.items() if kind_of_column == kind]) | LITERALS[kind]


@st.composite
def comparisons(draw):
    kind = draw(st.sampled_from(["yes or no", "number", "text"]))
    left = draw(st.sampled_from([name for name, kind_of_column in KINDS.items() if kind_of_column == kind]))
    shape = draw(st.sampled_from(["compare", "in", "between"]))
    if kind == "yes or no" and shape != "in":
        return draw(st.sampled_from([left, f"{left} = {draw(terms(kind))}"]))
    if shape == "compare":
        return f"{left} {draw(st.sampled_from(['=', '<>', '<', '<=', '>', '>=']))} {draw(terms(kind))}"
    negated = draw(st.sampled_from(["", "not "]))
    if shape == "in":
        return f"{left} {negated}in ({', '.join(draw(st.lists(terms(kind), min_size=1, max_size=3)))})"
    return f"{left} {negated}between {draw(terms(kind))} and {draw(terms(kind))}"


CONDITIONS = st.recursive(
    comparisons(),
    lambda inner: st.one_of(
        inner.map(lambda c: f"not ({c})"),
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda p: f"({p[0]}) {p[1]} ({p[2]})"),
    ),
    max_leaves=5,
)
ROW = st.fixed_dictionaries(
    {"force_code": st.sampled_from(["X1", "X2"]), "when_reported": st.sampled_from(["child when reported", None])}
    | {name: st.none() | VALUES[kind] for name, kind in KINDS.items()}
)
SCHEMA = pa.schema([("row", pa.int64()), ("force_code", pa.string()), ("when_reported", pa.string()), *TYPES.items()])


@pytest.fixture(scope="module")
def engine():
    with ExpressionEngine() as opened:
        yield opened


@settings(max_examples=40, deadline=None)
@given(
    st.lists(ROW, min_size=1, max_size=25),
    CONDITIONS,
    st.lists(CONDITIONS, max_size=3),
    CONDITIONS,
    st.sampled_from(["", "when_reported"]),
)
def test_the_ladder_of_the_engine_is_the_ladder_of_plain_python(engine, rows, population, excluding, met, split):
    reasons = {f"reason_{n}": text for n, text in enumerate(excluding)}
    indicator = Indicator(
        key="any", population=population, excluding=reasons, met=met, better="neither", split=split, **WORDS
    )
    numbered = [{"row": n} | {name: _typed(name, value) for name, value in row.items()} for n, row in enumerate(rows)]
    table = engine.table("any_rows", pa.Table.from_pylist(numbered, schema=SCHEMA))
    found = engine.run(add_answers(indicator, table)).select(["row", "answer", "reason"]).to_pylist()
    by_hand = [plain_answer(indicator, row) for row in numbered]
    assert [(row["answer"], row["reason"]) for row in found] == by_hand

    ladder = engine.run(count_rungs(indicator, table))
    check_totals(indicator, ladder, engine.run(count_records(table)))
    expected = {}
    for row, (answer, reason) in zip(numbered, by_hand, strict=True):
        group = (row["when_reported"] or "not known") if split else "all"
        key = (row["force_code"], group, answer, reason)
        expected[key] = expected.get(key, 0) + 1
    assert {tuple(row.values())[:4]: row["records"] for row in ladder.to_pylist()} == expected


def _typed(name, value):
    return float(value) if name == "x" and value is not None else value

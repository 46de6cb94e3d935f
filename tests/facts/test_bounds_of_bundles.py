"""A bundle lacks most words that somebody wrote: what it leaves open must hold what the full return says."""

from collections import Counter
from functools import cache
from itertools import product

import pyarrow as pa
import pytest
from coded_references import as_in_a_bundle
from tiny import FORCE, Return, facts_on, table_names, tables_held

from assay.engine import ExpressionEngine
from assay.engine.column_lineage import source_columns
from assay.facts.fact_tables import derive_fact_tables
from assay.facts.risk_assessments import NARRATIVES
from assay.indicators import Indicator, columns_read, count_rungs
from assay.indicators.answer_ladder import EXCLUDED, MET, NOT_MET, OUTSIDE
from assay.indicators.indicator_catalogue import forms
from assay.indicators.plain_evaluator import plain_answer
from assay.privacy.separated_identifiers import select_separated_columns
from assay.workflows.run.assessment_narratives import CHILD_COLUMNS, NARRATIVE_SCHEMA, detect_copied_narratives

FIRST_NARRATIVE = "The worker met the child at school and agreed with the mother who calls whom by Friday at noon."
SECOND_NARRATIVE = "The officer rang the placement twice, wrote down both answers and asked the team to meet on Monday."
FINDINGS = ("harm_known", "harm_suspected", "at_risk_only", "no_concern", None)
ALL_ASSESSMENTS = [
    (finding, text, person_ref)
    for finding, text, person_ref in product(FINDINGS, (FIRST_NARRATIVE, SECOND_NARRATIVE, "", None), ("P1", "P2"))
]
DATA = Return(
    crimes=[{"crime_ref": "C1", "scope_reason": "core_offence", "offence_code": "13", "reported_at": "2026-04-02T10:00"}],
    involvements=[
        {"involvement_ref": f"V{person_number}", "crime_ref": "C1", "person_ref": person_number, "role": "victim", "date_of_birth": "2012-01-05"}
        for person_number in ("P1", "P2")
    ],
    assessments=[
        {"assessment_ref": f"A{number:02}", "person_ref": person_ref, "assessed_at": "2026-05-08", "harm_finding": finding,
         "narrative": text}
        for number, (finding, text, person_ref) in enumerate(ALL_ASSESSMENTS)
    ],
    assessment_items=[], events=[],
)  # fmt: skip
ASSESSMENT_INDICATORS = [form for form in forms() if isinstance(form, Indicator) and form.record == "assessment"]


def answer_counts(sampled):
    """By indicator: how many records give each answer, where of the assessments `sampled` the words are at hand; `sampled`
    is given their number, and None stands for a full return."""
    tables = DATA.tables() if sampled is None else as_in_a_bundle(DATA.tables(), FORCE)
    rows = DATA.tables()["assessments"].set_column(1, "assessment_ref", tables["assessments"]["assessment_ref"])
    texts = select_separated_columns("texts", "assessments", rows)
    if sampled is not None:
        texts = texts.filter(pa.array([sampled(number) for number in range(len(ALL_ASSESSMENTS))]))
    with ExpressionEngine() as engine:
        engine_tables = tables_held(engine, tables)
        engine_tables |= {
            NARRATIVES: engine.table("narratives", detect_copied_narratives(texts, rows.select(CHILD_COLUMNS)))
        }
        fact = facts_on(engine, engine_tables, ("assessment",))["assessment"]
        found = {form.key: engine.run(count_rungs(form, fact)).to_pylist() for form in ASSESSMENT_INDICATORS}
    return {key: Counter({row["answer"]: row["records"] for row in rows if row["answer"] not in (OUTSIDE, EXCLUDED)})
            for key, rows in found.items()}  # fmt: skip


def bounds(answers):
    """The lowest and the highest share that agree with the answers; all shares where there is none."""
    open_ones = answers.total() - answers[MET] - answers[NOT_MET]
    return (answers[MET] / answers.total(), (answers[MET] + open_ones) / answers.total()) if answers else (0.0, 1.0)


@pytest.fixture(scope="module")
def full():
    return answer_counts(None)


def test_the_full_return_knows_of_words_and_of_copies(full):
    # 40 assessments, of which half have words; 5 findings, of which 2 name harm: 2 of 5 of 20 name it in words.
    assert full["narrative_given"] == {MET: 20, NOT_MET: 20}
    assert full["harm_said_in_words"] == {MET: 8, NOT_MET: 28, "not known": 4}
    assert full["narrative_copied"][MET] == 20


@pytest.mark.parametrize(
    "sampled", [lambda _: False, lambda number: number % 3 == 0, lambda number: number < 30, lambda _: True],
    ids=["none drawn", "a third drawn", "most drawn", "all drawn"],
)  # fmt: skip
def test_the_bounds_of_a_bundle_hold_those_of_the_full_return(full, sampled):
    bundle = answer_counts(sampled)
    for key, answers in full.items():
        (low, high), (lowest, highest) = bounds(answers), bounds(bundle[key])
        assert lowest <= low <= high <= highest, key


def test_without_a_drawn_text_no_answer_that_rests_on_words_is_known(full):
    bundle = answer_counts(lambda _: False)
    for key in ("narrative_given", "narrative_copied", "harm_said_in_words"):
        assert bundle[key].keys() <= {"not known", "not known if counted"}, key
    # harm_called_harm rests on a code of a list, which a bundle holds
    assert bundle["harm_called_harm"] == full["harm_called_harm"]


# Every indicator that there is, and whoever adds one


@cache
def narrative_columns():
    """By fact table, the columns that rest on what was found in words."""
    with ExpressionEngine() as engine:
        tables = tables_held(engine, DATA.tables()) | {
            NARRATIVES: engine.table("narratives", NARRATIVE_SCHEMA.empty_table())
        }
        found = {
            name: {column for column in rows.columns if rests_on_words(rows, column)}
            for name, rows in derive_fact_tables(tables).items()
            if "narratives" in table_names(rows)  # to look for the sources of every column takes seconds
        }
    return {name: columns for name, columns in found.items() if columns}


def rests_on_words(rows, column):
    return "narratives" in {table for table, _ in source_columns(rows, [column]) - source_columns(rows)}


def test_facts_that_rest_on_words_are_known():
    assert narrative_columns() == {"assessment": {"narrative_given", "narrative_copied", "harm_in_words"}}


def test_where_nobody_looked_at_words_an_indicator_of_words_is_neither_met_nor_not():
    """A part that fails for certain would decide "false and unknown", and only failures would be counted."""
    resting = [
        form
        for form in forms()
        if isinstance(form, Indicator) and {*columns_read(form)} & narrative_columns().get(form.record, set())
    ]
    assert {form.key for form in resting} == {"narrative_given", "narrative_copied", "harm_said_in_words"}
    for form in resting:
        unknown = narrative_columns()[form.record] & {*columns_read(form)}
        other_columns = [name for name in columns_read(form) if name not in unknown]
        for values in product((True, False, None), repeat=len(other_columns)):
            answer, _ = plain_answer(form, dict.fromkeys(unknown) | dict(zip(other_columns, values, strict=True)))
            assert answer not in (MET, NOT_MET), (form.key, values)

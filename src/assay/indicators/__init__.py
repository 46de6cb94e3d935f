"""Indicators: definitions that are evaluated on every record, and the counts of each answer.

    indicator_forms         Indicator, Wait, Count: the definitions that an expert reads and signs
    condition_grammar       the language of conditions: comparisons of named columns
    conditions              a condition as an Ibis expression and in plain Python, with three-valued logic
    answer_ladder           the rung (answer) of each record, counted in one statement; the records behind an answer
    wait_tallies            days and endings of waits, counted; curves are estimated in `time_to_event`
    counts_by_definition    records under each of several definitions
    plain_evaluator         the same for one record at a time, in plain Python
    answer_tallies          answers by place, shares and missing-data bounds, checked against the table totals
    evidence_sources        triangulation: the verdict of each evidence source, and their combined certainty
    form_checks             validation of a definition and its examples
    indicator_card          a definition on one card, for an expert to sign

The evaluation does not depend on findings. Importing definitions is fast; Ibis is loaded with the first expression.
"""

from assay.indicators.answer_ladder import (
    ALL,
    ANSWERS,
    EXCLUDED,
    MET,
    NOT_MET,
    OUTSIDE,
    UNKNOWN_IF_COUNTED,
    add_answers,
    count_records,
    count_rungs,
    select_cases,
)
from assay.indicators.answer_tallies import Tally, check_totals, exclusion_rows, ladder_rows, tallies
from assay.indicators.conditions import Condition
from assay.indicators.counts_by_definition import definition_counts, definition_rows
from assay.indicators.form_checks import check_form, example_answer, example_row
from assay.indicators.indicator_card import card, card_dict
from assay.indicators.indicator_forms import (
    EVERYWHERE,
    NOT_KNOWN,
    OPEN_ON,
    SPLITS,
    Count,
    Form,
    Indicator,
    Wait,
    columns_read,
)
from assay.indicators.plain_evaluator import plain_answer, plain_count, plain_wait
from assay.indicators.wait_tallies import INCLUDED, STILL_WAITING, wait_answers, wait_counts, wait_groups

__all__ = [
    "ALL",
    "ANSWERS",
    "EVERYWHERE",
    "EXCLUDED",
    "INCLUDED",
    "MET",
    "NOT_KNOWN",
    "NOT_MET",
    "OPEN_ON",
    "OUTSIDE",
    "SPLITS",
    "STILL_WAITING",
    "UNKNOWN_IF_COUNTED",
    "Condition",
    "Count",
    "Form",
    "Indicator",
    "Tally",
    "Wait",
    "add_answers",
    "card",
    "card_dict",
    "check_form",
    "check_totals",
    "columns_read",
    "count_records",
    "count_rungs",
    "definition_counts",
    "definition_rows",
    "example_answer",
    "example_row",
    "exclusion_rows",
    "ladder_rows",
    "plain_answer",
    "plain_count",
    "plain_wait",
    "select_cases",
    "tallies",
    "wait_answers",
    "wait_counts",
    "wait_groups",
]

"""Indicators: what is evaluated on every record, and the counts of each answer.

    forms        Indicator, Wait, Count: what an expert reads and signs
    grammar      what a condition may say: comparisons of named columns
    condition    a condition as an Ibis expression and in plain Python, with three truths
    ladder       the rung on which each record stands, counted in one statement; the records of any answer
    waiting      days and endings, counted; the curve is drawn in estimation/incidence
    counting     records under each of several definitions
    plain        the same, one record at a time, in plain Python
    tally        answers by place, shares and their bounds; they must add up
    strands      strands of evidence, the verdict of each, and how sure they are together
    checks       whether a form is fit, and its examples true
    card         the form on one card

Nothing here knows what a finding is. Words and readers of forms load nothing slow; Ibis is loaded by the first
expression.
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

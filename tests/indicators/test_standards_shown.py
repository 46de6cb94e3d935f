"""Is every time standard shown by an indicator or a wait, or is it said why not?"""

import re

from assay import reference
from assay.facts.duty_clocks import UNSUPPORTED_STANDARDS
from assay.indicators.indicator_catalogue import find_form
from assay.indicators.standard_indicators import NO_FORM, forms_of_standard, grading_indicators, reason_without_form

STANDARD_KEYS = reference.standards().keys


def test_a_standard_that_no_form_reads_says_why_and_one_that_is_read_does_not():
    assert [key for key in STANDARD_KEYS if bool(forms_of_standard(key)) == bool(reason_without_form(key))] == []
    assert [key for key in NO_FORM if forms_of_standard(key) or key in UNSUPPORTED_STANDARDS] == []
    assert set(NO_FORM) <= set(STANDARD_KEYS)


def test_every_form_or_fact_that_a_reason_sends_the_reader_to_is_there():
    references_named = {name for key in NO_FORM for name in re.findall(r"see `(\w+)`", NO_FORM[key])}
    references_named |= {
        name for why in UNSUPPORTED_STANDARDS.values() for name in re.findall(r"see the wait `(\w+)`", why)
    }
    assert references_named
    assert [find_form(name).key for name in sorted(references_named)] == sorted(references_named)


def test_no_standard_that_was_not_read_in_a_source_or_is_anothers_duty_grades_a_force():
    graded = [key for key in STANDARD_KEYS if grading_indicators(key)]
    assert graded
    assert [key for key in graded if not reference.standards().get(key).grades] == []


def test_the_limits_of_bail_and_of_detention_are_shown_and_grade_nobody():
    assert [form.key for form in forms_of_standard("bail_init")] == ["bail_in_first_period"]
    assert [form.key for form in forms_of_standard("pace24")] == ["held_24_hours"]
    assert not grading_indicators("bail_init")
    assert not grading_indicators("pace24")


def test_each_leg_from_the_court_to_the_victim_is_the_duty_of_those_who_have_it_and_never_of_the_police():
    legs = {key: forms_of_standard(key) for key in ("vc9_court", "vc9_outcome")}
    assert {key: [form.key for form in found] for key, found in legs.items()} == {
        "vc9_court": ["court_told_witness_care"],
        "vc9_outcome": ["told_of_outcome"],
    }
    assert {(form.holder, form.graded) for found in legs.values() for form in found} == {("justice", False)}

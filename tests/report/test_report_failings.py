"""Does the report state which forces are outliers on a past failure, and nothing more?"""

import re

import pytest

from assay.compare.failure_mode_tests import NONE_COMPARED
from assay.report.pages.inspection.failure_mode_page import (
    NO_RETURN,
    NOT_COMPARED,
    failure_mode_page,
    force_failure_modes,
)
from assay.report.pages.inspection.released_tables import Inspection
from assay.report.pages.inspection.theme_pages import theme_pages
from assay.sdc import policy, release
from assay.sdc.disclosure_control import apply_policy
from report.failing_rows import ALERTED, BEFORE, NO_MEASURE, NO_MORE, PERSISTING
from report.record_fixture import NONE_CAME, ORGANISATIONS, UNIT, arrow, raw_tables, record_released

NAMES = {code: name for code, _, name, *_ in ORGANISATIONS}


def words(text):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


@pytest.fixture(scope="module")
def site():
    return Inspection(record_released())


@pytest.fixture(scope="module")
def modes(site):
    return {mode["key"]: mode for mode in failure_mode_page(site).context["modes"]}


def site_of(changed):
    """The report where some of its tables hold other rows."""
    rounding = policy("record level")
    protected_tables = apply_policy(arrow(raw_tables() | changed), rounding)
    return Inspection(release(protected_tables, policy=rounding, ledger_head="0" * 64, edition="E"))


def test_a_force_that_lies_out_is_named_under_the_failure_with_since_when(modes):
    assert [(cell.text, cell.href, alert_text) for cell, alert_text in modes["f2"]["named"]] == [
        (NAMES[PERSISTING], "forces/brackenshire.html", f"on 3 measures, since the records of {BEFORE}"),
        (NAMES[ALERTED], "forces/fernleigh.html", "on 3 measures, new in these records"),
    ]


def test_a_call_that_the_records_no_longer_show_is_said_to_be_so_and_names_nobody(modes):
    [(cell, alert_text)] = modes["f2"]["gone"]
    assert (cell.text, alert_text) == (NAMES[NO_MORE], f"named in the records of {BEFORE}, and no longer shown")


def test_each_measure_leads_to_its_page_and_says_on_which_side_a_force_would_lie(modes):
    assert [(cell.text, cell.href, side) for cell, side in modes["f5"]["measures"]] == [
        ("Return interviews within 72 hours", "indicators/return-interview-in-72-hours.html", "lower than the others"),
        ("Suspects whose own description of their ethnicity is recorded",
         "indicators/suspect-ethnicity-self-recorded.html", "higher than the others"),
    ]  # fmt: skip


def test_a_force_that_could_not_be_looked_at_is_listed_with_the_reason_and_a_unit_is_no_force(modes):
    by_reason = {why: names for _, why, names in modes["f2"]["not_looked"]}
    assert by_reason == {NONE_COMPARED: NAMES[NO_MEASURE], NO_RETURN: NAMES[NONE_CAME]}
    assert NAMES[UNIT] not in str(modes)


def test_the_page_and_the_comparison_say_alike_that_nothing_is_compared():
    assert NOT_COMPARED == NONE_COMPARED


def test_where_nobody_could_be_looked_at_no_force_is_called_free_of_it(site, record_pages, modes):
    assert (modes["f5"]["looked"], modes["f5"]["named"]) == (0, [])
    mode_text = words(record_pages["failures.html"].split('id="f5"')[1].split("</section>")[0])
    assert "nothing can be said of any" in mode_text
    assert "No force that could be looked at" not in mode_text


def test_a_failure_that_no_comparison_shows_says_where_to_look(site):
    rows = [[cell.text for cell in row] for row in failure_mode_page(site).context["elsewhere"].rows]
    assert rows == [
        ["F7: The problem profile was stale.", "Each force has one: see \u2018A profile younger than 12 months\u2019."],
        ["F10: Words blamed victims.", "Words are read in texts, and confirmed by people."],
    ]


def test_the_page_says_how_far_the_false_discovery_rate_is_controlled_and_that_being_named_is_no_finding_on_why(
    record_pages,
):
    page_text = words(record_pages["failures.html"])
    assert "False discoveries are controlled at 5% over all failures and forces" in page_text
    assert "That is a reason to look, and does not say why" in page_text
    assert "A measure may move for other reasons too" in page_text
    assert re.findall(r"(?i)led to|caused|brought to justice|like the others", page_text) == []


def test_the_page_of_a_force_names_the_failures_in_which_it_lies_out(site, record_pages):
    [(cell, alert_text)] = force_failure_modes(site, ALERTED)["named"]
    assert (cell.text, cell.href) == ("F2: Victims were not told of what happened.", "failures.html#f2")
    assert alert_text == "on 3 measures, new in these records"
    assert "It is an outlier on the side of the failure in these" in record_pages["forces/fernleigh/reasons.html"]


def test_the_page_of_a_force_that_is_not_named_does_not_call_it_free_of_any_failure(record_pages):
    page_text = words(record_pages["forces/alderwick/reasons.html"])
    assert "A comparison of forces could show 2 failures. 1 could be tested here." in page_text
    assert "does not show that it is free of them" in page_text


@pytest.mark.parametrize("slug", ["ivyholt", "juniper-coast"])
def test_a_force_that_could_be_looked_at_for_no_failure_is_told_so_and_nothing_for_or_against_it(record_pages, slug):
    page_text = words(record_pages[f"forces/{slug}/reasons.html"])
    assert "None could be tested here. That is neither good nor bad." in page_text
    assert "does not show that it is free of them" not in page_text


def test_a_regional_unit_is_neither_named_nor_cleared(site, record_pages):
    assert force_failure_modes(site, UNIT) is None
    assert 'id="failings"' not in record_pages["forces/north-unit/reasons.html"]


def test_every_line_in_which_the_inquiry_found_a_failure_leads_to_the_page(site):
    leading = {
        page.context["line"]["line"] for page in theme_pages(site) if "failures.html" in dict(page.context["beside"])
    }
    assert leading == {"responses", "assessments"}


def test_where_no_failure_was_looked_for_the_page_says_that_nothing_can_be_said():
    site = site_of({"combined_tests": []})
    context = failure_mode_page(site).context
    assert (context["modes"], context["table"]) == ([], None)
    assert context["elsewhere"] is not None
    assert force_failure_modes(site, ALERTED) is None

"""Do reports, local tables and registers answer part of a question with a figure and its limits?"""

from dataclasses import replace

import pyarrow as pa
import pytest

from assay import reference
from assay.errors import DefinitionError
from assay.facts.local_services import SERVICES
from assay.reference.published_counts import published_counts
from assay.reference.reference_data import register_text, replaced_registers
from assay.workflows.run.added_table_stage import published_tables_table
from assay.workflows.run.published_answers import answer_table, figure_words, published_answers
from assay.workflows.run.register_tables import question_table

pytestmark = pytest.mark.quick

NO_SERVICES = SERVICES.empty_table()


def services(*rows):
    """Counts of children's services of England, each as (year, measure, number)."""
    blank = {"area_code": "E", "marker": "", "areas": 1, "children": None}
    return pa.Table.from_pylist([{**blank, "year": y, "measure": m, "number": n} for y, m, n in rows], SERVICES)


PLANS = services(
    (2024, "plans started", 100),
    (2024, "second or subsequent plans", 25),
    (2025, "plans started", 110),
    (2025, "second or subsequent plans", None),
)


def answer(key, tables=NO_SERVICES):
    return {row["key"]: row for row in answer_table(published_answers(tables, {})).to_pylist()}[key]


def test_nine_of_27_files_are_given_with_the_least_uncertainty_that_27_files_leave():
    assert answer("case-files-good")["sentence"] == (
        "Inspectors graded 9 of 27 group-based cases as \u2018good\u2019. If the 27 were a random sample, the share "
        "would be 33% (95% interval 19% to 52%)."
    )


def test_a_share_keeps_its_base_its_word_and_its_published_margin():
    count = reference.published_counts().get("recorded-gwent")
    assert (count.percent, count.margin) == (90.5, 1.64)
    assert figure_words(count) == "90.5% (88.9% to 92.1%) of"
    assert figure_words(replace(count, margin=None, base=1900, qualifier="more than")) == "more than 90.5% of 1,900"


def test_the_time_to_a_charge_is_given_in_days_with_what_it_leaves_out():
    row = answer("days-to-charge-children-2016")
    assert (row["number"], row["place"], row["period"]) == ("Q30", "England, 18 police forces", "2015/16")
    assert row["sentence"] == (
        "Half of the child sexual abuse offences that were charged took 248 days or more from recording to the charge."
    )
    assert "offences that were not charged" in row["cannot_tell"]
    kinds = {item.evidence for item in reference.published_counts() if item.days is not None}
    assert kinds == {"seen", "seen-secondary"}


def test_second_plans_are_of_the_latest_year_that_has_both_counts():
    row = answer("plans-again", PLANS)
    assert row["sentence"].startswith("25 of 100 child protection plans that started (25%) were a second or later plan")
    assert (row["place"], row["period"]) == ("England", "year ending March 2024")


def test_second_plans_are_context_because_they_are_no_crime_missing_episode_or_referral():
    stated = {row["number"]: row["answered"] for row in question_table().to_pylist()}
    assert (stated["Q14"], stated["Q33"]) == ("not from published statistics", "partly")
    assert "crime, a missing episode or a referral" in answer("plans-again", PLANS)["cannot_tell"]


def test_what_the_inquiry_only_relays_from_a_newspaper_is_not_seen_and_has_no_base():
    relayed = [count for count in reference.published_counts() if count.question == "Q19"]
    assert [(count.number, count.base, count.evidence) for count in relayed] == [(None, None, "seen-secondary")] * 2
    assert answer("flag-dyfed-powys-2018")["sentence"] == (
        "About 90% of crimes that were categorised as child sexual exploitation were misrecorded."
    )


def test_return_interviews_in_time_answer_a_part_of_the_question_on_missing_children_and_say_whose_duty_they_are():
    row = answer("return-interviews-72-hours")
    assert (row["number"], row["period"], row["evidence"]) == ("Q43", "2023/24", "seen")
    assert row["sentence"] == (
        "On average, 63% of interviews that were held with children after they returned took place within 72 hours."
    )
    assert "a duty of local authorities" in row["cannot_tell"]
    stated = {row["number"]: row["answered"] for row in question_table().to_pylist()}
    assert stated["Q43"] == "partly"


def test_one_force_has_a_later_rate_of_recording_and_one_of_sexual_offences_too():
    later = [count for count in reference.published_counts() if "dyfed-powys-202" in count.key]
    assert [(count.percent, count.evidence) for count in later] == [
        (87.6, "seen"), (91.6, "seen-secondary"), (98.8, "seen-secondary"),
    ]  # fmt: skip


def test_the_answer_on_recommendations_is_counted_from_the_register():
    status_read = [
        item
        for item in reference.recommendations()
        if item.key.startswith("hmicfrs-2023") and item.text_read and item.status != "not known"
    ]
    assert (
        f"the status of {len(status_read)} was read: incomplete 4; in progress 1."
        in (answer("recommendations-2023")["sentence"])
    )


def test_every_figure_for_a_question_says_what_it_cannot_tell():
    rows = answer_table(published_answers(PLANS, {})).to_pylist()
    assert {row["number"] for row in rows} == {
        "Q1",
        "Q10",
        "Q14",
        "Q19",
        "Q27",
        "Q28",
        "Q29",
        "Q30",
        "Q33",
        "Q43",
        "Q47",
    }
    assert [row["key"] for row in rows if not (row["cannot_tell"] and row["source"])] == []
    assert {row["evidence"] for row in rows} == {"seen", "seen-secondary"}


def test_a_count_that_nobody_read_is_refused():
    text = register_text("published_counts").replace(",seen-secondary\n", ",recalled\n", 1)
    with replaced_registers({"published_counts": text}), pytest.raises(DefinitionError, match="nobody read"):
        published_counts.__wrapped__()


def test_a_table_whose_figures_are_in_the_report_is_marked_as_used():
    used = {row["key"]: row["used"] for row in published_tables_table({"recorded", "plans_started"}).to_pylist()}
    assert (used["recorded-crime"], used["protection-plans"], used["crime-outcomes"]) == ("yes", "in part", "no")
    assert used["population"] == "yes"
    assert used["peel-grades"] == "no"

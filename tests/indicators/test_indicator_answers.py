"""Does every record get the answer that an expert would give it, and do the answers add up?"""

import sys
from functools import cache
from pathlib import Path

import pyarrow as pa
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from form_examples import as_facts, as_rows, ask, ask_examples, only, organisation, rows_where, types_of

from assay.errors import EvidenceError, UsageError
from assay.facts.duty_clocks import UNSUPPORTED_STANDARDS
from assay.indicators import MET, NOT_KNOWN, NOT_MET, OUTSIDE, Indicator, check_form, indicator_catalogue
from assay.indicators.catalogue.responses.case_waits import device_to_examined
from assay.indicators.catalogue.responses.crime_outcomes import charged_of_closed
from assay.indicators.catalogue.responses.duties_in_time import recorded_in_24_hours
from assay.indicators.catalogue.responses.response_waits import report_to_charge, report_to_first_contact
from assay.indicators.catalogue.responses.victim_notification import told_of_arrest
from assay.indicators.catalogue.scale.definition_forms import cse_crimes, group_crimes
from assay.indicators.catalogue.scale.flag_indicators import cse_flag_on_cse_offence
from assay.indicators.exclusion_reasons import REASON_TEXT, SYSTEM
from assay.indicators.time_to_event import median_rows
from assay.reference import standards

INDICATORS, WAITS, COUNTS = (
    indicator_catalogue.indicators(),
    indicator_catalogue.waits(),
    indicator_catalogue.counts(),
)
PYTHON = {pa.bool_(): bool, pa.int64(): int, pa.string(): str}


def keys(forms):
    return [form.key for form in forms]


def test_the_first_set_is_asked():
    assert keys(indicator_catalogue.forms()) == [
        "recorded_in_24_hours", "told_of_arrest", "told_of_interview", "told_of_release", "told_of_bail",
        "told_of_rui", "told_of_bail_change", "told_of_no_investigation", "told_of_charge_decision", "told_of_outcome",
        "contact_agreed", "confirmed_in_writing", "support_referred", "protection_within_72_hours",
        "review_acknowledged", "review_decided", "cps_decided_in_28_days", "court_told_witness_care",
        "conference_in_15_days", "bail_in_first_period", "held_24_hours",
        "needs_assessment_recorded", "suspect_ethnicity_self_recorded",
        "suspect_ethnicity_officer_recorded", "suspect_ethnicity_recorded", "victim_sex_recorded", "victim_ethnicity_self_recorded",
        "victim_disability_recorded", "victim_care_status_recorded", "victim_nationality_recorded",
        "victim_care_or_disability_recorded",
        "suspect_sex_recorded", "suspect_disability_recorded", "suspect_nationality_recorded",
        "cse_flag_on_cse_offence", "cse_flag_on_other_offence", "marked_as_titled", "titled_of_recorded", "first_sign_to_flag", "flag_removed", "report_became_crime",
        "n100_on_record", "crime_cancelled", "problem_profile_current", "profile_uses_partners_data",
        "profile_covers_a_year", "profile_crimes_fit", "profile_children_fit", "profile_suspects_fit", "found_groups_held", "groups_not_denied", "harm_called_harm", "harm_said_in_words",
        "score_adds_up", "band_follows_score", "overrides_reasoned", "narrative_given", "narrative_copied",
        "back_within_90_days", "back_within_180_days", "moved_down_back_within_90_days", "moved_down_back_within_180_days", "let_go_to_next_sign", "three_episodes_before_flag",
        "sign_to_assessment", "listed_child_known", "tables_searchable", "suspect_identified", "charged_of_all",
        "charged_of_closed", "still_pending", "return_interview_in_72_hours", "exploited_child_shared", "exploited_child_known_to_partners",
        "strategy_discussed", "missing_graded_low", "missing_exploited_graded_low", "missing_flagged", "missing_often_planned",
        "from_schools_answered", "from_health_answered", "from_social_care_answered",
        "from_voluntary_answered", "duty_reports_answered", "online_reports_safeguarded", "several_children_acted_on", "children_also_suspects",
        "children_accused_unconsidered", "exploitation_considered_first", "children_accused",
        "orders_on_children", "childs_account_recorded", "closed_without_support",
        "unsupported_by_circumstance", "named_suspect_met", "described_suspect_looked_for",
        "suspect_under_order", "licensing_authority_told", "other_children_looked_for", "named_suspect_charged", "first_file_accepted",
        "warning_followed_up",
        "suspects_pursued", "disruption_used", "suspect_met_before_closing", "lines_ended_before_closing", "group_lines_ended_before_closing",
        "reviewed_before_closing", "planned_before_closing", "early_advice_sought", "lead_accredited",
        "course_in_order", "course_reworked", "course_followed", "crimes_handed_on", "offer_to_answer",
        "convicted_of_decided", "charge_to_result",
        "court_results", "report_to_charge",
        "report_to_first_contact", "report_to_account", "report_to_arrest", "report_to_early_advice",
        "report_to_file", "report_to_closure", "device_to_examined", "released_to_decision",
        "referral_to_answer", "device_examined_in_180_days", "device_examined_in_365_days",
        "released_decided_in_180_days", "referral_answered_in_28_days", "return_to_prevention_interview", "cause_to_strategy_discussion",
        "account_decided_to_interview", "interview_to_shared", "protection_to_authority_told", "signs_to_nrm_referral", "known_to_next", "done_early_to_next",
        "not_done_early_to_next", "cse_crimes", "group_crimes", "groups_known", "groups_found",
    ]  # fmt: skip


@cache
def example_answers(key):
    """The answers to the examples of an indicator of the catalogue, which several tests read."""
    (form,) = [form for form in INDICATORS if form.key == key]
    return ask_examples(form)


@pytest.mark.parametrize("form", indicator_catalogue.forms(), ids=keys(indicator_catalogue.forms()))
def test_every_form_is_fit_to_be_signed(form):
    check_form(form, {name: PYTHON[kind] for name, kind in types_of([form])[form.record].items()})


@pytest.mark.parametrize("form", INDICATORS, ids=keys(INDICATORS))
def test_every_example_of_an_indicator_gets_its_answer_in_the_engine(form):
    found = {row["record_ref"]: row for row in example_answers(form.key)["answers"].to_pylist()}
    for number, (_, stated) in enumerate(form.examples, start=1):
        row = found.get(f"R{number}", {"answer": OUTSIDE, "reason": ""})
        assert f"{row['answer']}: {row['reason']}".removesuffix(": ") == stated, number


@pytest.mark.parametrize("form", INDICATORS, ids=keys(INDICATORS))
def test_outside_and_the_five_answers_add_up_to_the_records(form):
    row = only(example_answers(form.key)["ladders"], place_code="INV01", when_reported="all")
    five = [row[name] for name in ("excluded", "not_known_if_counted", "met", "not_met", "not_known")]
    assert row["outside"] + sum(five) == row["records"] == len(form.examples)


@pytest.mark.parametrize("form", INDICATORS, ids=keys(INDICATORS))
def test_every_indicator_has_examples_of_each_answer_that_it_can_give(form):
    stated = {answer.partition(":")[0] for _, answer in form.examples}
    assert {MET, NOT_MET, NOT_KNOWN, OUTSIDE, "not known if counted"} <= stated
    reasons = {answer.partition(": ")[2] for _, answer in form.examples} - {""}
    assert reasons == set(form.excluding)


SPLIT = [form for form in (*INDICATORS, *WAITS) if form.split]


@pytest.mark.parametrize("form", SPLIT, ids=keys(SPLIT))
def test_an_adult_who_reports_abuse_in_childhood_is_counted_and_shown_apart(form):
    adults = [(row, a) for row, a in form.examples if row.get("when_reported") == "adult when reported"]
    assert all(answer in (MET, NOT_MET, *(label for label, _ in getattr(form, "endings", ()))) for _, answer in adults)
    if isinstance(form, Indicator):
        row = only(example_answers(form.key)["ladders"], place_code="ALL", when_reported="adult when reported")
        assert row["met"] + row["not_met"] == row["records"] == len(adults) > 0


@pytest.mark.parametrize("form", SPLIT, ids=keys(SPLIT))
def test_an_indicator_of_victims_is_split_by_age_at_the_report_and_none_is_dropped(form):
    if isinstance(form, Indicator):
        ladders = example_answers(form.key)["ladders"]
        parts = rows_where(ladders, place_code="INV01")
        whole = only(ladders, place_code="INV01", when_reported="all")["records"]
        assert sum(row["records"] for row in parts) == 2 * whole


def test_a_force_that_did_not_send_the_events_has_a_sentence_and_no_zero():
    two = [organisation("INV01"), organisation("INV02")]
    found = ask_examples(told_of_arrest, two, omissions=[("INV02", "events.victim_informed")])["ladders"]
    row = only(found, place_code="INV02", when_reported="all")
    assert row["not_askable"] == (
        "This force did not send the events \u2018victim informed\u2019, so this cannot be asked here."
    )
    assert [row[name] for name in ("records", "met", "not_met", "share", "share_lowest")] == [None] * 5
    assert only(found, place_code="ALL", when_reported="all")["records"] == len(told_of_arrest.examples)


NUMBERS_OF = {"ladders": told_of_arrest, "wait_medians": report_to_charge, "counts_by_definition": cse_crimes}


@pytest.mark.parametrize(("table", "form"), NUMBERS_OF.items(), ids=NUMBERS_OF)
def test_where_no_force_sent_what_a_form_needs_all_together_have_a_sentence_and_no_zero(table, form):
    two, need = [organisation("INV01"), organisation("INV02")], form.needs[-1]
    examples = ask_examples(form, two, omissions=[(organisation.code, need) for organisation in two])
    rows = [row for row in examples[table].to_pylist() if row["place_code"] == "ALL"]
    assert rows
    for row in rows:
        assert row["not_askable"].startswith("No force sent ")
        assert row["not_askable"].endswith(", so this cannot be asked.")
        assert [value for value in row.values() if isinstance(value, int | float)] == []
    for other in ("excluded_records", "wait_curves", "wait_medians_by_report"):
        assert examples[other].num_rows == 0, other


def test_where_each_force_lacks_something_else_all_together_are_told_so():
    two = [organisation("INV01"), organisation("INV02")]
    lacking = [("INV01", "events.victim_informed"), ("INV02", "events.suspect_arrested")]
    row = only(ask_examples(told_of_arrest, two, omissions=lacking)["ladders"], place_code="ALL")
    assert row["not_askable"] == "No force sent all that this needs, so this cannot be asked."


def test_a_table_that_no_force_sent_is_named_once_whatever_columns_of_it_are_needed():
    found = ask_examples(cse_flag_on_cse_offence, [organisation("INV01")], omissions=[("INV01", need) for need in (
        "crimes", "crimes.offence_code", "crimes.cancelled_at", "flags")])["ladders"]  # fmt: skip
    row = only(found, place_code="ALL")
    assert row["not_askable"] == "No force sent the table flags and the table crimes, so this cannot be asked."


def test_what_the_inspection_asked_of_nobody_is_said_of_all_together():
    found = ask_examples(cse_flag_on_cse_offence, [organisation("INV01")], not_asked=["flags"])["ladders"]
    row = only(found, place_code="ALL")
    assert row["not_askable"] == "This inspection did not ask for the table flags, so this cannot be asked."


@pytest.mark.parametrize(
    ("left", "askable"),
    [((), True), (("crimes.reported_at",), True), (("report_crimes",), True),
     (("crimes.reported_at", "report_crimes"), False)],
)  # fmt: skip
def test_of_two_ways_to_know_the_time_of_the_report_one_is_enough(left, askable):
    found = ask_examples(recorded_in_24_hours, omissions=[("INV01", need) for need in left])["ladders"]
    expected_reason = "" if askable else (
        "This force did not send the column reported_at of crimes or the table report_crimes, so this cannot be asked "
        "here."
    )  # fmt: skip
    assert only(found, place_code="INV01", when_reported="all")["not_askable"] == expected_reason


def why_not(form, **options):
    return only(ask_examples(form, **options)["ladders"], place_code="INV01", when_reported="all")["not_askable"]


def test_what_the_inspection_did_not_ask_for_is_laid_to_no_force():
    reason = why_not(told_of_arrest, not_asked=["events"])
    assert reason.startswith("This inspection did not ask for the events \u2018")
    assert reason.endswith("\u2019, so this cannot be asked here.")
    assert "force" not in reason


def test_where_one_thing_was_not_asked_and_another_not_sent_both_are_said():
    assert why_not(cse_flag_on_cse_offence, not_asked=["flags"], omissions=[("INV01", "crimes.cancelled_at")]) == (
        "This inspection did not ask for the table flags, and this force did not send the column cancelled_at of "
        "crimes, so this cannot be asked here."
    )


def test_of_two_ways_to_know_it_the_one_that_was_not_asked_is_not_missed():
    reason = why_not(recorded_in_24_hours, not_asked=["report_crimes"], omissions=[("INV01", "crimes.reported_at")])
    assert reason == "This force did not send the column reported_at of crimes, so this cannot be asked here."


def test_a_force_that_cannot_be_asked_is_not_in_the_total():
    rows = as_rows([told_of_arrest.examples[0][0]] * 3, "INV01") + as_rows([told_of_arrest.examples[0][0]] * 5, "INV02")
    facts = {"duty": as_facts(types_of([told_of_arrest])["duty"], rows)}
    two = [organisation("INV01"), organisation("INV02")]
    found = ask([told_of_arrest], facts, two, omissions=[("INV02", "events.suspect_arrested")])["ladders"]
    assert only(found, place_code="ALL", when_reported="all")["met"] == 3


def test_a_force_without_a_record_is_shown_with_zeros_and_no_share():
    two = [organisation("INV01"), organisation("INV02")]
    row = only(ask_examples(told_of_arrest, two)["ladders"], place_code="INV02", when_reported="all")
    assert (row["records"], row["met"], row["share"]) == (0, 0, None)


@pytest.mark.parametrize("kind", ["agency", "regional unit"])
def test_the_agency_and_the_regional_units_have_counts_and_never_a_share(kind):
    row = only(
        ask_examples(told_of_arrest, [organisation("X1", kind)])["ladders"], place_code="X1", when_reported="all"
    )
    assert row["met"] == 1
    assert (row["share"], row["share_lowest"], row["share_highest"]) == (None, None, None)


def test_what_is_not_known_lies_between_the_bounds():
    met, not_met, unknown = (told_of_arrest.examples[n][0] for n in (0, 1, 4))
    rows = as_rows([met] * 6 + [not_met] * 3 + [unknown])
    found = ask([told_of_arrest], {"duty": as_facts(types_of([told_of_arrest])["duty"], rows)}, [organisation("INV01")])
    row = only(found["ladders"], place_code="INV01", when_reported="all")
    assert row["share"] == pytest.approx(6 / 9)
    assert (row["share_lowest"], row["share_highest"]) == pytest.approx((0.6, 0.7))


def test_who_is_left_out_is_counted_by_reason_in_words():
    found = ask_examples(told_of_arrest)["excluded_records"]
    reasons = {row["reason"]: row["records"] for row in rows_where(found, place_code="INV01")}
    assert reasons == {"not yet due": 1, "crime cancelled": 1, "no contact wished": 1, "standard not in force then": 1}


@pytest.mark.parametrize("form", WAITS, ids=keys(WAITS))
def test_every_example_of_a_wait_is_counted_where_it_says(form):
    row = only(ask_examples(form)["wait_medians"], place_code="INV01")
    stated = [answer.partition(":")[0] for _, answer in form.examples]
    assert row["ended"] == stated.count(form.ends[0])
    assert row["ended_otherwise"] == sum(stated.count(label) for label, _ in form.competing)
    assert row["still_waiting"] == stated.count("still waiting")
    assert row["excluded"] == stated.count("left out")
    assert row["not_known"] == stated.count("not known") + stated.count("not known if counted")
    assert row["records"] == row["ended"] + row["ended_otherwise"] + row["still_waiting"]


def waits_of(days, endings, seen=400):
    base = {**report_to_charge.examples[3][0], "days_seen": seen}
    return [base | ({f"days_to_{how}": day} if how else {}) for day, how in zip(days, endings, strict=True)]


def asked_wait(rows):
    facts = {"crime": as_facts(types_of([report_to_charge])["crime"], as_rows(rows))}
    return ask([report_to_charge], facts, [organisation("INV01")])


def test_the_median_counts_those_who_still_wait():
    # 6 crimes charged after 10, 20, 30, 40, 50, 60 days and 2 that still wait at 400: half of 8 are charged by day 40.
    rows = waits_of([10, 20, 30, 40, 50, 60, 0, 0], ["charged"] * 6 + [""] * 2)
    row = only(asked_wait(rows)["wait_medians"], place_code="INV01")
    assert (row["median_days"], row["not_reached"]) == (40, False)


def test_the_90th_percentile_stands_beside_the_median_or_is_said_not_to_be_reached():
    all_charged = waits_of(range(10, 110, 10), ["charged"] * 10)
    row = only(asked_wait(all_charged)["wait_medians"], place_code="INV01")
    assert (row["median_days"], row["p90_days"], row["p90_not_reached"]) == (50, 90, False)
    one_in_five_closed = waits_of(range(10, 110, 10), ["charged"] * 8 + ["closed"] * 2)
    row = only(asked_wait(one_in_five_closed)["wait_medians"], place_code="INV01")
    assert (row["p90_days"], row["p90_high"], row["p90_not_reached"]) == (None, None, True)


def devices_open(read, seen):
    """Of ten devices: the shares not read by day 180 and 365; `read`: the days on which some were."""
    count_rows = [{"force_code": "INV01", "split": "", "answer": "counted", "reason": "", "days": day,
                "ending": "examined", "records": 1} for day in read]  # fmt: skip
    count_rows += [{**count_rows[0], "days": seen, "ending": "still waiting", "records": 10 - len(read)}]
    whole, _ = median_rows(device_to_examined, pa.Table.from_pylist(count_rows), ("INV01",))
    return next(row for row in whole if row["place_code"] == "INV01")


def test_of_devices_it_is_said_how_many_were_not_read_by_day_180_and_365():
    row = devices_open([20, 90, 180, 181, 300], seen=400)
    assert (row["open_180"], row["open_365"]) == pytest.approx((0.7, 0.5))
    assert row["open_180_low"] < row["open_180"] < row["open_180_high"]


def test_by_a_day_to_which_no_device_was_followed_nothing_is_said_of_how_many_are_not_read():
    row = devices_open([20, 90], seen=200)
    assert row["open_180"] == pytest.approx(0.8)
    assert row.get("open_365") is None


def test_a_median_that_is_not_reached_is_no_number():
    rows = waits_of([10, 20, 30, 40], ["charged", "closed", "closed", "closed"])
    row = only(asked_wait(rows)["wait_medians"], place_code="INV01")
    assert (row["median_days"], row["not_reached"]) == (None, True)


def test_a_curve_stands_at_what_it_was_after_the_last_ending():
    # Of 4 crimes one is charged on day 14 and one on day 20: a quarter by day 14, a half by day 21.
    found = asked_wait(waits_of([14, 20, 0, 0], ["charged", "charged", "", ""]))["wait_curves"]
    curve = {row["days"]: row["share"] for row in rows_where(found, place_code="INV01", ending="charged")}
    assert [curve[day] for day in (0, 7, 14, 21, 399)] == [0, 0, 0.25, 0.5, 0.5]


def test_crimes_are_counted_under_each_definition_side_by_side():
    found = ask_examples(cse_crimes)["counts_by_definition"]
    by_definition = {row["definition"]: row["records"] for row in rows_where(found, place_code="INV01")}
    stated = [key for _, keys in cse_crimes.examples for key in keys]
    assert by_definition == {key: stated.count(key) for key in cse_crimes.definitions}


def test_a_definition_that_a_record_does_not_answer_is_not_known_and_not_no():
    row = {**group_crimes.examples[0][0], "suspect_count": None}
    found = ask(
        [group_crimes], {"crime": as_facts(types_of([group_crimes])["crime"], as_rows([row]))}, [organisation("INV01")]
    )
    counts_row = only(found["counts_by_definition"], place_code="INV01", definition="contact_by_several")
    assert (counts_row["records"], counts_row["not_known"]) == (0, 1)


def test_answers_that_do_not_add_up_stop_the_run(monkeypatch):
    lost = pa.table({"force_code": ["INV01"], "records": [99]})
    monkeypatch.setattr("assay.indicators.indicator_answers._EvaluationContext.record_counts", lambda *_: lost)
    for form in (told_of_arrest, report_to_first_contact, cse_crimes):
        with pytest.raises(EvidenceError, match="add up to"):
            ask_examples(form)


def test_every_standard_of_an_indicator_stands_in_the_register():
    for form in INDICATORS:
        assert all(key in standards() for key in form.standard), form.key


UNGRADED = ("bail_in_first_period",)
"""Duties of the police with a verified standard by which nobody is graded (decision 0133)."""


def test_an_indicator_grades_only_by_verified_standards_of_which_the_police_hold_the_duty():
    for form in INDICATORS:
        duty_standards = [standards().get(key) for key in form.standard]
        assert form.graded == (
            bool(duty_standards)
            and all(duty_standard.grades for duty_standard in duty_standards)
            and form.key not in UNGRADED
        ), form.key


def test_the_standards_of_a_notice_are_the_family_that_its_population_names():
    for form in INDICATORS:
        if "family = '" in form.population and form.key != "return_interview_in_72_hours":
            family = form.population.split("'")[1]
            worked_out = [
                time_standard.key
                for time_standard in standards().family(family)
                if time_standard.key not in UNSUPPORTED_STANDARDS
            ]
            assert form.standard == tuple(worked_out), form.key


def test_the_charge_decision_notice_and_the_return_interview_are_shown_and_not_graded():
    assert not indicator_catalogue.find_form("told_of_charge_decision").graded
    interview = indicator_catalogue.find_form("return_interview_in_72_hours")
    assert (interview.graded, interview.holder) == (False, SYSTEM)


def test_every_reason_for_leaving_out_has_its_meaning_in_words():
    used = {reason for form in (*INDICATORS, *WAITS) for reason in form.excluding}
    assert used == set(REASON_TEXT)


def test_open_crimes_are_left_out_of_charged_of_closed_by_name():
    assert "still_open" in charged_of_closed.excluding


def test_a_key_that_is_not_there_is_refused_with_the_nearest():
    assert indicator_catalogue.find_form("told_of_arrest") is told_of_arrest
    with pytest.raises(UsageError, match="Did you mean told_of_arrest"):
        indicator_catalogue.find_form("told-of-arest")

"""On indicators from records, which forces are compared, ranked and outliers, and with which sentences?"""

from datetime import date

import pyarrow as pa
import pytest

from assay.compare.comparability import MIN_RECORDS
from assay.compare.indicator_comparison import compare_indicators
from assay.compare.indicator_findings import findings, indicator_sentence, period_text
from assay.errors import DisclosureError
from assay.indicators import indicator_catalogue
from assay.indicators.findings import findings_table
from assay.indicators.form_sentences import FORM_WORDING, RECORDS
from assay.indicators.indicator_registers import registers, standard_words
from assay.reference import Organisation
from assay.sdc import apply_policy, declared_tables, policy, release
from assay.stats.binomial_intervals import wilson

ARREST, CHARGED, PROFILE = (
    indicator_catalogue.find_form(k) for k in ("told_of_arrest", "charged_of_closed", "problem_profile_current")
)
PARTS = ("outside", "excluded", "not_known_if_counted", "met", "not_met", "not_known")
NAMES = {f"INV{n:02}": f"Force {n} (invented)" for n in range(1, 13)} | {"BTP1": "Railways", "NCA1": "Agency"}
ORGANISATIONS = {code: Organisation(code, name, code.lower(), "territorial", "England") for code, name in NAMES.items()}
ORGANISATIONS |= {
    "BTP1": Organisation("BTP1", "Railways", "railways", "transport", ""),
    "NCA1": Organisation("NCA1", "Agency", "agency", "agency", ""),
}


def ladder(place, form=ARREST, not_askable="", **counts):
    parts = dict.fromkeys(PARTS, 0) | counts
    base = parts["met"] + parts["not_met"]
    eligible = base + parts["not_known"] + parts["not_known_if_counted"]
    row = {
        "indicator": form.key,
        "place_code": place,
        "when_reported": "all",
        "not_askable": not_askable,
        "suppressed_cells": "",
    }
    if not_askable:
        return row | dict.fromkeys(("records", *PARTS, "share", "share_lowest", "share_highest"))
    return row | parts | {
        "records": sum(parts.values()),
        "share": parts["met"] / base if base else None,
        "share_lowest": parts["met"] / eligible if eligible else None,
        "share_highest": (eligible - parts["not_met"]) / eligible if eligible else None,
    }  # fmt: skip


def country(form=ARREST, **special):
    """Twelve forces of which 80 in 100 of 100 records are met, save those that are given otherwise."""
    rows = [ladder(code, form, **special.get(code, {"met": 80, "not_met": 20})) for code in list(NAMES)[:12]]
    rows += [ladder(code, form, **counts) for code, counts in special.items() if code in ("BTP1", "NCA1")]
    asked_rows = [row for row in rows if not row["not_askable"]]
    return [*rows, ladder("ALL", form, **{name: sum(row[name] for row in asked_rows) for name in PARTS})]


def compared(rows, forms=(ARREST, CHARGED, PROFILE)):
    tables = compare_indicators(forms, rows, ORGANISATIONS)
    return tables, {(row["indicator"], row["place_code"]): row for row in tables["force_estimates"].to_pylist()}


def test_a_force_far_below_the_others_is_named_and_the_others_are_not():
    tables, estimates = compared(country(INV05={"met": 30, "not_met": 70}))
    alerted_places = [place for (_, place), row in estimates.items() if row["outlier_alert"]]
    assert alerted_places == ["INV05"]
    assert estimates[ARREST.key, "INV05"]["direction"] == "lower"
    assert tables["indicator_spread"].to_pylist()[0]["outliers"] == 1


def test_forces_that_are_far_below_alike_do_not_hide_one_another():
    similar_counts = {code: {"met": 40, "not_met": 60} for code in ("INV03", "INV05", "INV07")}
    _, estimates = compared(country(**similar_counts), forms=(ARREST,))
    assert [place for (_, place), row in estimates.items() if row["outlier_alert"]] == list(similar_counts)


def test_a_rank_never_stands_without_its_interval_and_the_total_has_none():
    _, estimates = compared(country())
    for (_, place), row in estimates.items():
        ranks = [row[name] for name in ("rank", "rank_low", "rank_high")]
        assert (ranks == [None] * 3) == (place == "ALL")
    assert estimates[ARREST.key, "ALL"]["share"] == 0.8


def test_railways_are_shown_with_their_own_interval_and_not_ranked():
    _, estimates = compared(country(BTP1={"met": 10, "not_met": 20}))
    row = estimates[ARREST.key, "BTP1"]
    assert (row["share_low"], row["share_high"]) == pytest.approx(wilson(10, 30))
    assert row["rank"] is None
    assert row["not_comparable"].startswith("Not comparable: another kind of force")


def test_the_agency_has_counts_alone():
    _, estimates = compared(country(NCA1={"met": 10, "not_met": 20}))
    row = estimates[ARREST.key, "NCA1"]
    assert (row["met"], row["base"], row["share"], row["share_low"], row["rank"]) == (10, 30, None, None, None)
    assert row["not_comparable"].startswith("Counts only:")


def test_where_more_than_a_quarter_does_not_tell_a_force_is_not_compared():
    # 26 of 100 do not tell: over the limit. 25 of 100: just within it.
    _, estimates = compared(
        country(
            INV01={"met": 60, "not_met": 14, "not_known": 20, "not_known_if_counted": 6},
            INV02={"met": 60, "not_met": 15, "not_known": 25},
        )
    )
    assert "more than a quarter of these records do not tell" in estimates[ARREST.key, "INV01"]["not_comparable"]
    assert estimates[ARREST.key, "INV01"]["rank"] is None
    assert estimates[ARREST.key, "INV02"]["not_comparable"] == ""


def test_a_force_with_few_records_is_shown_with_its_counts_and_not_ranked():
    _, estimates = compared(country(INV01={"met": 10, "not_met": 9}, INV02={"met": 10, "not_met": 10}))
    small_base, enough = estimates[ARREST.key, "INV01"], estimates[ARREST.key, "INV02"]
    assert (small_base["base"], small_base["rank"]) == (MIN_RECORDS - 1, None)
    assert small_base["not_comparable"].startswith("Not comparable: fewer than 20 records tell")
    assert enough["rank"] is not None


def test_few_records_do_not_pull_the_others():
    _, with_few = compared(country(INV01={"met": 1, "not_met": 18}))
    _, reduced = compared([row for row in country() if row["place_code"] != "INV01"])
    assert with_few[ARREST.key, "INV02"]["share"] == reduced[ARREST.key, "INV02"]["share"]


def test_a_force_that_could_not_be_asked_keeps_its_sentence():
    _, estimates = compared(country(INV01={"not_askable": "This force did not send the table flags."}))
    row = estimates[ARREST.key, "INV01"]
    assert (row["base"], row["share"], row["not_comparable"]) == (
        None,
        None,
        "This force did not send the table flags.",
    )


def test_a_problem_profile_is_one_a_force_and_never_ranked():
    rows = [ladder(code, PROFILE, met=1) for code in list(NAMES)[:12]] + [ladder("ALL", PROFILE, met=12)]
    tables, estimates = compared(rows)
    assert all(row["rank"] is None for row in estimates.values())
    assert tables["indicator_funnel"].num_rows == 0


def test_the_false_discovery_rate_is_controlled_over_every_indicator_together():
    # Alone, the one odd force among twelve has a smaller q than among the comparisons of two indicators.
    odd = country(INV05={"met": 60, "not_met": 40})
    _, single_measure = compared(odd)
    _, joint_measures = compared(odd + country(CHARGED))
    key = (ARREST.key, "INV05")
    assert joint_measures[key]["q_value"] > single_measure[key]["q_value"]


def test_every_compared_indicator_has_the_lines_of_its_funnel():
    tables, _ = compared(country(INV05={"met": 30, "not_met": 70}))
    lines = tables["indicator_funnel"].to_pylist()
    assert {row["indicator"] for row in lines} == {ARREST.key}
    assert all(row["low"] < row["high"] for row in lines)


def test_neither_lines_nor_spread_tell_the_largest_base_or_more_than_three_decimals():
    # 103 records tell in the largest force: 5% beyond would be 108.
    tables, _ = compared(country(INV01={"met": 83, "not_met": 20}, INV05={"met": 30, "not_met": 70}))
    (spread,) = tables["indicator_spread"].to_pylist()
    for name in ("overall", "between_force_sd"):
        assert 0 < spread[name] == round(spread[name], 3)
    last = tables["indicator_funnel"].to_pylist()[-1]
    assert last["base"] == 150
    # The lines are drawn from the mean as it is shown: 3 standard errors below it.
    mean = spread["overall"]
    assert last["naive_low"] == pytest.approx(mean - 3 * (mean * (1 - mean) / 150) ** 0.5, abs=1e-9)


def findings_of(rows, forms=(ARREST, CHARGED, PROFILE)):
    """Findings as they are made: from tables that have been through the policy."""
    tables, _ = compared(rows, forms)
    schema = declared_tables()["ladders"].schema
    protected = apply_policy({"ladders": pa.Table.from_pylist(rows, schema=schema), **tables}, policy("record level"))
    period = period_text(date(2025, 4, 1), date(2026, 4, 1))
    known = {form.key: form for form in forms}
    return {
        finding.place_code: finding
        for finding in findings(
            known, protected["ladders"], protected["force_estimates"], names=NAMES, request="TRIAL", period=period
        )
    }


def test_a_period_ends_on_its_last_day():
    assert period_text(date(2025, 4, 1), date(2026, 4, 1)) == "1 April 2025 to 31 March 2026"


def test_a_finding_says_its_share_its_base_and_what_the_unknown_may_hide():
    # 80 met, 10 not met, 10 not known: 89% of 90; of all 100, 10% are not known.
    force_finding = findings_of(country(INV01={"met": 80, "not_met": 10, "not_known": 10}))["INV01"]
    assert force_finding.sentence == (
        "Victim told of the suspect's arrest (Force 1 (invented), 1 April 2025 to 31 March 2026): 89% of victims "
        "due to be told of an arrest were told in time (90 notices owed with a known answer; not known for 10%)."
    )
    assert (force_finding.base, force_finding.value, force_finding.source) == (90, 0.89, "returns to request TRIAL")
    assert force_finding.quote.endswith(
        "It does not tell whether the victim understood, how the news was given, and whether it helped."
    )


def test_a_finding_gives_one_estimate_with_the_interval_of_the_same_records():
    # 30 of 100 where the others have 80 of 100: the shrunken estimate is higher, the finding is not.
    found = findings_of(country(INV05={"met": 30, "not_met": 70}))
    assert found["INV05"].value == 0.3
    assert (found["INV05"].low, found["INV05"].high) == (0.21, 0.4)  # Wilson: 0.219 to 0.396
    assert all(item.low <= item.value <= item.high for item in found.values() if item.value is not None)


@pytest.mark.parametrize("met", [20, 25, 30, 95, 100])
def test_no_released_share_lies_outside_its_own_interval(met):
    rows = country(INV05={"met": met, "not_met": 100 - met}, INV07={"met": 12, "not_met": 8})
    found = findings_of(rows)
    tables, _ = compared(rows)
    schema = declared_tables()["ladders"].schema
    released_tables = apply_policy(
        {"ladders": pa.Table.from_pylist(rows, schema=schema), **tables}, policy("record level")
    )
    shares = [(item.low, item.value, item.high) for item in found.values()]
    shares += [
        (row["share_low"], row["share"], row["share_high"]) for row in released_tables["force_estimates"].to_pylist()
    ]
    full = [values for values in shares if None not in values]
    assert full
    assert all(low <= share <= high for low, share, high in full)


def test_a_finding_says_for_how_many_records_the_answer_is_not_known():
    # 60 met, 39 not met, 1 not known of 100; then 60, 38 and 2.
    full_sentence = indicator_sentence(
        ARREST, ladder("INV01", met=60, not_met=39, not_known=1), {}, "Force 1", "a year"
    )
    two = indicator_sentence(ARREST, ladder("INV01", met=60, not_met=38, not_known=2), {}, "Force 1", "a year")
    assert full_sentence.endswith("(not known for 1%).")
    assert two.endswith("(not known for 2%).")


def test_fewer_than_one_in_a_hundred_not_known_are_not_said_to_be_none():
    sentence = indicator_sentence(ARREST, ladder("INV01", met=600, not_met=395, not_known=5), {}, "Force 1", "a year")
    assert sentence.endswith("(not known for under 1%).")


def test_a_suppressed_count_beside_hundreds_not_known_is_not_called_a_few():
    row = ladder("INV01", met=400, not_met=200, not_known=5) | {
        "not_known": None,
        "not_known_if_counted": 400,
        "share_lowest": 0.39,
        "share_highest": 0.81,
    }
    sentence = indicator_sentence(ARREST, row, {}, "Force 1", "a year")
    assert sentence.endswith("(not known for some, so 39% to 81%).")


@pytest.mark.parametrize(("met", "words"), [(1, "met"), (0, "not met")])
def test_one_body_has_its_profile_or_not_and_no_share(met, words):
    row = ladder("INV01", PROFILE, met=met, not_met=1 - met)
    assert (
        indicator_sentence(PROFILE, row, {"base": 1}, "Force 1", "a year")
        == f"{PROFILE.title} (Force 1, a year): {words}."
    )


def test_the_base_of_one_body_is_one_force():
    finding = findings_of([ladder("INV01", PROFILE, met=1)])["INV01"]
    assert "Base: 1 force. Source" in finding.quote


def test_better_and_worse_are_said_only_of_a_graded_duty():
    low = {"INV05": {"met": 30, "not_met": 70}}
    assert (
        "This is an outlier: lower, and so worse, than other forces." in findings_of(country(**low))["INV05"].sentence
    )
    ungraded = findings_of(country(CHARGED, **low))["INV05"].sentence
    assert "This is an outlier: lower than other forces." in ungraded
    assert "worse" not in ungraded


def test_where_few_failed_the_finding_gives_bounds_and_no_share():
    # 1 to 7 of about 100 were not told: from 93 to 99 in 100.
    finding = findings_of(country(INV01={"met": 100, "not_met": 2}))["INV01"]
    assert finding.sentence.endswith(
        "between 93% and 99% of victims due to be told of an arrest were told in time; too few are on one side to show "
        "the share."
    )
    assert (finding.value, finding.low) == (None, None)


def test_where_few_tell_the_finding_says_so_and_gives_nothing_else():
    finding = findings_of(country(INV01={"met": 6, "not_met": 5}))["INV01"]
    assert finding.sentence.endswith(": too few records for a share.")


def test_a_share_that_is_suppressed_is_not_called_small():
    row = ladder("INV01", met=100, not_met=20) | {
        "not_met": None,
        "share": None,
        "suppressed_cells": "secondary:not_met share",
    }
    assert indicator_sentence(ARREST, row, {}, "Force 1", "a year").endswith(
        "the share is suppressed, so that a small count cannot be worked out."
    )


def test_where_the_number_not_known_is_hidden_the_finding_gives_the_bounds_of_the_share():
    # 80 met, 20 not met, 1 to 7 not known: the share lies between 80 of 107 and 87 of 107, as released.
    row = ladder("INV01", met=80, not_met=20, not_known=5) | {
        "not_known": None,
        "share_lowest": 0.75,
        "share_highest": 0.81,
    }
    sentence = indicator_sentence(ARREST, row, {}, "Force 1", "a year")
    assert sentence.endswith(
        ": 80% of victims due to be told of an arrest were told in time (not known for a few, so 75% to 81%)."
    )


def test_an_outlier_of_an_earlier_inspection_that_is_none_now_is_said_to_be_none():
    row = ladder("INV01", met=80, not_met=20)
    estimate = {"base": 100, "outlier_alert": False, "not_comparable": "", "alerted_since": "2024"}
    sentence = indicator_sentence(ARREST, row, estimate, "Force 1", "a year")
    assert sentence.endswith(" It was an outlier in the records of 2024 and is no longer.")


def test_bounds_that_say_the_same_twice_are_not_said():
    # 3 of 10,000 not known change nothing in whole hundredths.
    finding = findings_of(country(INV01={"met": 8000, "not_met": 2000, "not_known": 3}))["INV01"]
    assert finding.sentence.endswith(
        ": 80% of victims due to be told of an arrest were told in time (10,000 notices owed)."
    )


def test_what_cannot_be_asked_is_a_finding_too():
    force_finding = findings_of(
        country(INV01={"not_askable": "This force did not send the table flags, so this cannot be asked here."})
    )
    assert force_finding["INV01"].sentence.endswith(
        ": this force did not send the table flags, so this cannot be asked here."
    )


def test_findings_are_made_for_all_together_and_may_leave():
    found = findings_of(country(BTP1={"met": 25, "not_met": 25}))
    assert found["ALL"].sentence.startswith("Victim told of the suspect's arrest (all forces,")
    assert "Not compared with other forces: another kind of force" in found["BTP1"].sentence
    table = findings_table(found.values())
    left = release({"findings": table}, policy=policy("record level"), ledger_head="", edition="TRIAL")
    assert len(left.rows("findings")) == 14


def test_a_finding_from_exact_figures_would_not_leave():
    rows = country(INV01={"met": 81, "not_met": 20})
    tables, _ = compared(rows)
    exact = findings(
        {ARREST.key: ARREST}, rows, tables["force_estimates"], names=NAMES, request="TRIAL", period="a year"
    )
    with pytest.raises(DisclosureError, match="not rounded"):
        release({"findings": findings_table(exact)}, policy=policy("record level"), ledger_head="", edition="")


def test_every_form_is_said_in_words_and_its_registers_may_leave():
    forms = indicator_catalogue.forms()
    assert set(FORM_WORDING) == {form.key for form in forms}
    assert {form.record for form in forms} == set(RECORDS)
    left = release(registers(forms), policy=policy("record level"), ledger_head="", edition="TRIAL")
    assert {name: len(left.rows(name)) for name in ("indicators", "waits")} == {
        "indicators": len(indicator_catalogue.indicators()), "waits": len(indicator_catalogue.waits()),
    }  # fmt: skip
    assert len(left.rows("indicator_examples")) == sum(len(form.examples) for form in indicator_catalogue.indicators())
    assert len(left.rows("definitions_used")) == sum(len(form.definitions) for form in indicator_catalogue.counts())


def test_a_standard_is_said_with_its_limit_and_source_and_a_doubt_is_said_too():
    assert "1 working day" in standard_words("vc6_arrest_enh")
    assert "5 working days" in standard_words("vc6_arrest_std")
    assert "Not verified" in standard_words("vc6_charge_enh")
    assert "Not verified" not in standard_words("vc6_arrest_enh")

"""Do the key findings name what matters most, by their written rules, and nothing that may not be released?"""

from functools import lru_cache

import pytest

from assay.indicators.finding_phrases import finding_phrases
from assay.report.key_findings import MAX_KEY_FINDINGS, KeyFinding, choose_key_findings
from assay.report.pages.inspection.finding_candidates import key_findings, no_outlier_sentence
from assay.report.report_writer import index_tables
from assay.sdc import policy, release
from report.record_fixture import arrow, raw_tables

MOST_WORDS = 25
ONE_BY_ONE = ("force_estimates", "ladders", "indicators", "places", "inspection_summary", "questions", "findings")
"""The tables of a world in which each measure is compared alone."""


def candidate(sentence="A finding.", **changed):
    """A finding with a gap of 0.5 that is certain and rests on 100 records: its weight is 1."""
    values = {"theme": "responses", "subject": sentence, "links": (), "gap": 0.5, "certainty": 1.0, "records": 100}
    return KeyFinding(sentence, **{**values, **changed})


def sentences(findings):
    return [finding.sentence for finding in findings]


def test_the_weight_is_gap_times_certainty_times_the_digits_of_the_records():
    assert candidate().weight == 1.0
    assert candidate(records=10_000).weight == 2.0
    assert candidate(records=0).weight == candidate(records=10).weight == 0.5


def test_the_weightier_of_two_findings_comes_first_and_ties_are_in_alphabetical_order():
    found = choose_key_findings([candidate("B."), candidate("A."), candidate("C.", gap=0.9)])
    assert sentences(found) == ["C.", "A.", "B."]


def test_of_one_theme_only_one_is_chosen_while_another_theme_has_any():
    responses = [candidate(f"Response {number}.", gap=0.9) for number in range(9)]
    found = choose_key_findings([*responses, candidate("Scale.", theme="scale", gap=0.1)])
    assert len(found) == MAX_KEY_FINDINGS
    assert "Scale." in sentences(found)


def test_of_one_subject_only_the_weightiest_is_chosen():
    found = choose_key_findings([candidate("Less.", subject="x", gap=0.2), candidate("More.", subject="x")])
    assert sentences(found) == ["More."]


def test_one_national_finding_has_a_place_and_comes_first():
    forces = [candidate(f"Force {n}.", theme=f"theme {n}", gap=0.9, names_force=True) for n in range(8)]
    found = choose_key_findings([*forces, candidate("Nationally.", gap=0.1, is_national=True)])
    assert found[0].sentence == "Nationally."
    assert len(found) == MAX_KEY_FINDINGS


def test_a_finding_that_names_a_force_goes_before_a_weightier_one_that_names_none():
    found = choose_key_findings([candidate("Claims.", gap=0.9), candidate("Force.", gap=0.3, names_force=True)])
    assert sentences(found) == ["Force.", "Claims."]


def test_of_no_candidate_there_is_no_key_finding():
    assert choose_key_findings([]) == []


# The key findings of a small world: what is injected is named, and what is hidden is not.


@lru_cache
def rows():
    return raw_tables()


def site_of(change=lambda tables: None, withheld=frozenset(), only=None):
    """The released tables of the small world, after a change to its rows."""
    tables = {name: [dict(row) for row in table] for name, table in rows().items() if only is None or name in only}
    change(tables)
    return index_tables(
        release(arrow(tables), policy=policy("record level"), ledger_head="0" * 64, edition="E"), withheld
    )


@lru_cache
def whole_site():
    """The released tables of the small world as they are, indexed once for all tests that change none."""
    return site_of()


def no_alert(tables):
    for row in tables["force_estimates"]:
        row |= {
            "outlier_alert": False if row["outlier_alert"] is not None else None,
            "direction": "",
            "alert_status": "",
        }
    for row in tables.get("combined_tests", []):
        row["outlier_alert"] = False if row["outlier_alert"] else row["outlier_alert"]
    for row in tables.get("evidence", []):
        row |= {"alert": "", "counts": "", "direction": "neither"}


def text_of(site):
    return " ".join(sentences(key_findings(site)))


def test_a_force_whose_injected_failing_was_found_is_named_with_its_share_and_that_of_the_others():
    site = site_of(only=ONE_BY_ONE)
    ladder, estimate = site.ladder("told_of_arrest", "INV06"), site.estimate("told_of_arrest", "INV06")
    share, expected = (f"{100 * value:.0f}%" for value in (ladder["share"], estimate["expected"]))
    phrase, certainty = finding_phrases()["told_of_arrest"], f"{estimate['base']} records; almost certainly worse"
    assert f"Fernleigh: {share} {phrase}; other forces {expected} ({certainty})." in text_of(site)


def test_a_force_that_is_an_outlier_on_measures_together_is_named_with_the_clearest_of_them():
    combined = [item for item in key_findings(whole_site()) if item.subject.startswith("failure mode")]
    assert combined[0].sentence == (
        "Fernleigh: 50% of crimes were recorded within 24 hours of the report; other forces 90% (735 records; "
        "almost certainly worse on 3 measures together)."
    )
    # Brackenshire is named by the same test, and no single measure of it lies five points out.
    assert combined[1].sentence == (
        "Brackenshire: almost certainly worse on 3 measures together. They may be signs of a failure of the past: "
        "\u2018Victims were not told of what happened\u2019."
    )


def test_a_duty_of_another_organisation_names_no_force():
    assert "return interview" not in text_of(site_of(only=ONE_BY_ONE))


def test_a_standard_that_forces_miss_names_the_lowest_and_says_how_many_miss_it():
    def missed(tables):
        no_alert(tables)
        piece = {**tables["evidence"][0], "key": "recorded_in_24_hours", "counts": "standard",
                 "direction": "against"}  # fmt: skip
        tables["evidence"] = [{**piece, "place_code": place} for place in ("INV05", "INV06")]

    assert (
        "Fernleigh: 50% of crimes were recorded within 24 hours of the report. Standard: all crimes. "
        "2 of the 2 forces tested miss it." in text_of(site_of(missed))
    )


def test_a_national_problem_is_told_as_one_and_names_no_force():
    def national(tables):
        no_alert(tables)
        finding = {**tables["findings"][0], "key": "indicator/told_of_arrest/all", "measure": "told_of_arrest",
                   "place_code": "ALL", "sentence": "Told (all forces, a year): 54% of notices were given (3,070)."}  # fmt: skip
        tables["findings"] = [finding]
        piece = {**tables["evidence"][0], "key": "told_of_arrest", "counts": "standard", "direction": "against"}
        tables["evidence"] = [{**piece, "place_code": "INV06"}]

    found = key_findings(site_of(national))
    assert found[0].sentence == "Nationally, 54% of notices were given (3,070). Standard: all notices owed."
    assert "Fernleigh" not in " ".join(sentences(found))


def test_no_force_is_named_that_has_no_alert_and_misses_no_standard():
    quiet = {"Brackenshire", "Cloverdale", "Dunmoor", "Hazelford", "Ivyholt"}
    findings_text = text_of(site_of(only=ONE_BY_ONE))
    assert "Fernleigh" in findings_text
    assert not [name for name in quiet if name in findings_text]


def test_where_no_force_stands_out_that_is_the_answer():
    site = site_of(no_alert)
    found = key_findings(site)
    assert not [finding for finding in found if finding.names_force]
    assert no_outlier_sentence(site).startswith("No force stands out. ")
    assert no_outlier_sentence(whole_site()) == ""


def test_where_nothing_could_be_compared_the_page_does_not_say_that_all_is_well():
    def nothing_compared(tables):
        no_alert(tables)
        tables["force_estimates"] = []

    site = site_of(nothing_compared)
    assert "could be compared with others" in no_outlier_sentence(site)
    assert "stands out" not in no_outlier_sentence(site)


def test_of_an_outlier_whose_share_is_suppressed_no_figure_is_stated():
    def suppress_counts(tables):
        for table in ("ladders", "force_estimates"):
            for row in tables[table]:
                if row["place_code"] == "INV06" and "met" in row:
                    row |= {"share": None, "met": None}
        no_alert(
            {**tables, "force_estimates": [row for row in tables["force_estimates"] if row["place_code"] != "INV06"]}
        )

    found = [item for item in key_findings(site_of(suppress_counts, only=ONE_BY_ONE)) if "Fernleigh" in item.sentence]
    assert found
    assert not [item for item in found if "%" in item.sentence]


def test_an_alert_that_would_reveal_a_count_and_so_is_not_released_names_no_force():
    def hidden(tables):
        no_alert(tables)
        for row in tables["force_estimates"]:
            if row["place_code"] == "INV06":
                row["outlier_alert"] = None

    assert "Fernleigh" not in text_of(site_of(hidden))


def test_a_force_whose_page_awaits_approval_is_not_named():
    assert "Fernleigh" not in text_of(site_of(withheld=frozenset({"INV06"})))


def test_an_outlier_on_the_better_side_or_without_one_is_no_key_finding():
    def better(tables):
        for row in tables["force_estimates"]:
            row["direction"] = "higher" if row["outlier_alert"] else row["direction"]

    assert "almost certainly" not in text_of(site_of(better, only=ONE_BY_ONE))


def test_every_sentence_is_short_and_gives_shares_as_per_cent():
    for finding in key_findings(whole_site()):
        assert all(len(part.split()) <= MOST_WORDS for part in finding.sentence.split(". "))
        assert "in 100" not in finding.sentence


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_the_rows_changes_nothing(seed):
    import random

    def shuffled(tables):
        for table in tables.values():
            random.Random(seed).shuffle(table)

    assert sentences(key_findings(site_of(shuffled))) == sentences(key_findings(whole_site()))

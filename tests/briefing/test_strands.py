"""Does the statement of certainty use every source of evidence, and change if one is removed?"""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.casefiles.surveys.questionnaire_forms import read_questionnaire
from assay.casefiles.surveys.survey_results import SurveyResult
from assay.grading import case_file_evidence, document_evidence, record_evidence, survey_evidence
from assay.grading.evidence_links import EvidenceLink, evidence_links
from assay.grading.force_evidence import EvidenceTables
from assay.grading.inspection_evidence import InspectionEvidence
from assay.grading.triangulation import TriangulatedCharacteristic, judge_sources
from assay.indicators.document_checklists import checklists
from assay.indicators.evidence_sources import (
    AGREE,
    CANNOT_TELL,
    DISAGREE,
    KINDS,
    NOT_ASKED,
    EvidenceSource,
    certainty_statement,
    combine_parts,
    sources_disagree,
    verdict_by_interval,
)  # fmt: skip
from assay.indicators.indicator_catalogue import COMPARED_ONLY, indicators
from assay.ingest.other_senders.other_table_spec import list_values
from assay.reference import characteristics, questions
from assay.sdc.released_rows.indicator_rows import ForceEstimatesRow
from assay.stats.interval_estimates import IntervalEstimate

FORMS = {indicator.key: indicator for indicator in indicators()}
NAMES = {"INV01": "Alderwick"}


def ladder(met, not_met, not_known=0, **more):
    base = met + not_met
    whole = base + not_known
    shares = {"share": met / base if base else None, "share_lowest": met / whole if whole else None,
              "share_highest": (met + not_known) / whole if whole else None}  # fmt: skip
    counts = {"met": met, "not_met": not_met, "not_known": not_known, "not_known_if_counted": 0}
    return {**counts, **shares, "not_askable": "", "suppressed_cells": "", **more}


def verdict(key, row, **estimate_fields):
    """What the records say of the first characteristic that a measure bears on, by this measure alone."""
    tables = EvidenceTables([{"indicator": key, "place_code": "INV01", **row}],
                            [{**dict.fromkeys(ForceEstimatesRow.__annotations__), "indicator": key, "place_code": "INV01",
                              **estimate_fields}], ())  # fmt: skip
    questions_asked = set(FORMS[key].asks.replace("|", " ").split())
    first = next(item for item in characteristics() if questions_asked & set(item.questions))
    source = record_evidence.record_source(tables, first, "INV01", "Alderwick", "a year", has_series=False)
    return source.verdict


def theme(name, people, place="INV01"):
    return {"place_code": place, "voice": "A/1", "theme": name, "theme_words": name, "people": people}


def evidence(**more):
    return InspectionEvidence("a year", NAMES, {"INV01": {"told_of_arrest": ladder(90, 10)}}, {"INV01": {}}, **more)


VICTIMS = {"voices": ({"place_code": "INV01", "voice": "A/1"},), "themes": (theme("not_informed", 12),)}


def kept_informed(evidence):
    return judge_sources(evidence, characteristics().get("kept_informed"), "INV01")


def test_records_that_are_followed_over_time_were_asked_and_cannot_tell_what_is_said_of_a_rise_or_fall():
    sound, other = characteristics().get("trend_sound"), characteristics().get("language")
    trends = ({"place_code": "INV01", "kind": "recorded"},)

    def data(indicator_key, **more):
        return next(
            source for source in judge_sources(evidence(**more), indicator_key, "INV01") if source.kind == "data"
        )

    assert data(sound, trends=trends).verdict == CANNOT_TELL
    assert "no verdict" in data(sound, trends=trends).statement
    assert data(sound).verdict == NOT_ASKED
    assert data(other, trends=trends).verdict == NOT_ASKED


def test_every_question_of_the_commission_stands_behind_a_characteristic():
    behind = {number for characteristic in characteristics() for number in characteristic.questions}
    assert behind == {question.number for question in questions()}


def test_every_theme_and_survey_question_that_is_tied_is_one_that_is_asked():
    themes = set(list_values("theme"))
    for tie in evidence_links().links.values():
        for kind in ("staff", "partners"):
            assert set(getattr(tie, kind)) <= {question.key for question in read_questionnaire(kind).questions}
        for name in (*tie.said_for, *tie.said_against):
            assert name in themes
    assert set(FORMS) >= COMPARED_ONLY


@pytest.mark.parametrize(
    ("met", "not_met", "not_known", "expected"),
    [(85, 15, 0, AGREE), (65, 35, 0, DISAGREE), (75, 25, 0, CANNOT_TELL), (90, 5, 5, AGREE), (70, 10, 20, CANNOT_TELL),
     (50, 40, 10, DISAGREE), (9, 0, 0, CANNOT_TELL), (10, 0, 0, AGREE)],
)  # fmt: skip
def test_data_speak_only_where_the_records_that_do_not_tell_could_not_turn_it(met, not_met, not_known, expected):
    assert verdict("told_of_arrest", ladder(met, not_met, not_known)) == expected


def test_a_force_that_is_an_outlier_on_the_unwanted_side_disagrees_and_charges_have_no_level_of_their_own():
    few_met = ladder(10, 90)
    assert verdict("charged_of_closed", few_met) == CANNOT_TELL
    alert = {"outlier_alert": True, "direction": "lower", "q_value": 0.01}
    assert verdict("charged_of_closed", few_met, **alert) == DISAGREE
    assert verdict("still_pending", few_met, **alert) == CANNOT_TELL  # fewer is better, and no level is right
    assert (
        verdict("charged_of_all", few_met, outlier_alert=True, direction="lower") == CANNOT_TELL
    )  # neither way is better
    assert verdict("told_of_arrest", ladder(0, 0, not_askable="Not supplied.")) == NOT_ASKED


def test_files_agree_only_where_the_whole_interval_lies_above_the_line():
    question = SimpleNamespace(key="voice_recorded", text="Was it?", asks="Q7", is_graded=False)

    def voice_statement(low, high, place="INV01", voice_question=question):
        share = IntervalEstimate(value=(low + high) / 2, low=low, high=high, words="")
        result = SimpleNamespace(place=place, question=voice_question, answers={"met": 9}, base=10, share=share)
        return [part.verdict for part in case_file_evidence.file_parts(["Q7"], [result], "INV01")]

    assert voice_statement(0.75, 0.9) == [AGREE]
    assert voice_statement(0.4, 0.74) == [DISAGREE]
    assert voice_statement(0.6, 0.9) == [CANNOT_TELL]
    assert voice_statement(0.8, 0.9, place="INV02") == []
    assert voice_statement(0.8, 0.9, voice_question=SimpleNamespace(**{**vars(question), "is_graded": True})) == []


def test_documents_speak_by_the_items_that_serve_the_question_and_a_grade_is_no_item():
    profile = checklists()["problem_profile_document"]
    documents = [{"sender": "I", "document_ref": "D1", "body_code": "INV01"}]

    def answers_statement(*answers, place="INV01"):
        items = ["dated_within_12_months", "group_section", "partner_data", "offenders_described"]
        rows = [{"sender": "I", "document_ref": "D1", "checklist": profile.key, "item": item, "answer": answer}
                for item, answer in zip(items, answers, strict=False)]  # fmt: skip
        rows.append({**rows[0], "item": "profile_overall", "answer": "good"})
        return document_evidence.document_parts(["Q10"], documents, rows, place)

    assert answers_statement("met", "met", "met", "not_met")[0].verdict == AGREE
    assert answers_statement("met", "not_met", "not_met", "met")[0].verdict == DISAGREE
    assert answers_statement("met", "met", "partly_met", "not_met")[0].verdict == CANNOT_TELL
    assert "4 items" in answers_statement("met", "met", "met", "not_met")[0].statement
    assert answers_statement("met", place="INV02") == []


def test_the_interval_of_a_sum_of_survey_options_holds_both_of_its_bounds():
    # Yes 80% to 90%, no 5% to 30%: by the yes 80% to 90%, by the no 70% to 95%. Both may be true: 70% to 95%.
    rows = [
        SurveyResult("INV01", "can_say", option, people, 100, low=low, high=high)
        for option, people, low, high in (("yes", 85, 0.80, 0.90), ("no", 15, 0.05, 0.30))
    ]
    [part] = survey_evidence.survey_parts("staff", ("can_say",), read_questionnaire("staff"), rows, "INV01")
    assert "70.0% to 95.0%" in part.statement
    assert part.verdict == CANNOT_TELL


def test_a_survey_without_a_frame_cannot_tell():
    survey = read_questionnaire("staff")

    def published_statement(low, high, other_forces):
        rows = [("yes", low, high, 90), ("no", *other_forces, 10), ("not_sure", *other_forces, 0)]
        results = [
            SurveyResult("INV01", "trained", option, people, 100, low=option_low, high=option_high)
            for option, option_low, option_high, people in rows
        ]
        return survey_evidence.survey_parts("staff", ["trained"], survey, results, "INV01")[0]

    assert published_statement(None, None, (None, None)).verdict == CANNOT_TELL
    assert published_statement(0.9, 0.95, (0.0, 0.05)).verdict == AGREE
    assert published_statement(0.3, 0.45, (0.25, 0.33)).verdict == DISAGREE


@pytest.mark.parametrize(
    ("speaks_for", "speaks_against", "expected"),
    [
        (10, 5, AGREE),
        (9, 5, CANNOT_TELL),
        (5, 10, DISAGREE),
        (4, 0, CANNOT_TELL),
        (0, 5, DISAGREE),
        (0, 0, CANNOT_TELL),
    ],
)
def test_voices_support_or_contradict_and_never_measure(speaks_for, speaks_against, expected):
    tie = EvidenceLink(said_for=("believed",), said_against=("not_believed",))
    rows = [
        theme("believed", speaks_for),
        theme("not_believed", speaks_against),
        theme("quick", 99),
        theme("believed", 99, "INV02"),
    ]
    part = survey_evidence.voice_parts(tie, rows, VICTIMS["voices"], "INV01")[0]
    assert part.verdict == expected
    assert "%" not in part.statement


def test_where_nobody_was_asked_victims_are_not_asked_and_not_silent():
    assert survey_evidence.voice_parts(EvidenceLink(said_for=("believed",)), [], [], "INV01") == []
    assert combine_parts("victims", []).verdict == NOT_ASKED


def test_files_that_were_read_about_something_else_are_not_said_to_be_unread():
    file_question = SimpleNamespace(key="voice_recorded", text="Was it?", asks="Q7", is_graded=False)
    read = SimpleNamespace(place="INV01", question=file_question, answers={"yes": 12}, base=12,
                           share=SimpleNamespace(value=0.9, low=0.8, high=0.95, words=""))  # fmt: skip
    certainty = TriangulatedCharacteristic(
        characteristics().get("kept_informed"), "INV01", kept_informed(evidence(files=(read,)))
    ).certainty
    assert "iles were not read" not in certainty
    assert "Files cannot tell" in certainty
    unread = TriangulatedCharacteristic(characteristics().get("kept_informed"), "INV01", kept_informed(evidence()))
    assert "Files were not read" in unread.certainty


def test_one_strand_alone_says_so_and_who_was_not_asked():
    assert certainty_statement(kept_informed(evidence())) == (
        "Rests on data alone, for it. Files were not read, documents were not checked, people inside were not asked, "
        "partners were not asked and victims were not asked."
    )


def test_strands_that_disagree_are_a_finding():
    statement = kept_informed(evidence(**VICTIMS))
    assert sources_disagree(statement)
    assert certainty_statement(statement).startswith(
        "The strands disagree: data for it, victims against it. Files were not read"
    )


def test_parts_of_a_strand_that_point_both_ways_cannot_tell_and_are_each_said():
    parts = [EvidenceSource("data", AGREE, "One."), EvidenceSource("data", DISAGREE, "Two.")]
    source = EvidenceSource("data", CANNOT_TELL, "It points both ways. One. Two.", (), ("One.", "Two."))
    assert combine_parts("data", parts) == source
    assert combine_parts("data", parts[:1]).verdict == AGREE


VERDICTS = st.sampled_from([AGREE, DISAGREE, CANNOT_TELL, NOT_ASKED])


@given(st.lists(VERDICTS, min_size=6, max_size=6), st.integers(0, 5))
def test_taking_any_strand_away_that_was_asked_changes_the_statement(verdicts, removed_place):
    sources = [EvidenceSource(kind.key, verdict, "") for kind, verdict in zip(KINDS, verdicts, strict=True)]
    left = [
        replace(source, verdict=NOT_ASKED) if place == removed_place else source for place, source in enumerate(sources)
    ]
    remaining = [source for place, source in enumerate(sources) if place != removed_place]
    assert certainty_statement(left) == certainty_statement(remaining)
    assert (certainty_statement(left) != certainty_statement(sources)) == (verdicts[removed_place] != NOT_ASKED)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_knowing_less_never_makes_a_strand_surer(a, b, c):
    low, middle, high = sorted((a, b, c))
    assert verdict_by_interval(low, high) in (CANNOT_TELL, verdict_by_interval(low, middle))

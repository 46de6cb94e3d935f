"""Is a brief at most eight pages, with findings, certainty and questions, and without a grade?"""

import re
import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from assay.casefiles.file_sampling import draw_sample
from assay.cli import app
from assay.compare.comparison_tables import as_table
from assay.compare.failure_mode_tests import FAILURE_MODE_TESTS
from assay.compare.indicator_comparison import FORCE_ESTIMATES
from assay.engine.provenance import Ledger, write_stage
from assay.errors import UsageError
from assay.grading.claim_comparison import CONFIRMED, CONTRADICTED, NOT_TESTED, Claim, _compare_claim
from assay.grading.force_evidence import EvidenceTables
from assay.grading.hypotheses import raise_hypotheses
from assay.grading.hypothesis_register import hypotheses
from assay.grading.triangulation import TriangulatedCharacteristic
from assay.indicators.evidence_sources import AGREE, DISAGREE, EvidenceSource
from assay.ingest.other_senders.other_table_spec import list_values
from assay.reference import characteristics, failure_modes
from assay.workflows.briefing.force_brief import _alert_questions, write_brief
from assay.workflows.receive.other_sender_intake import receive_evidence
from assay.workflows.run.inspection_pipeline import run_stages
from ingest.other_sent import KENT
from report.browsing import OVERFLOW, WIDE, barriers

MOST_PAGES = 8
NO_EVIDENCE = "No evidence for or against these yet:"
GRADE = re.compile(
    r"\b(outstanding|good|adequate|inadequate|requires improvement|grades?|graded|ratings?|scores?)\b", re.I
)
PARTS = ("What the evidence suggests, and how sure", "What it cannot tell", "What the force says of itself",
         "What may be behind it", "Whom to ask what", "Which documents", "Which files",
         "Which past recommendations to test")  # fmt: skip


def words_of(page):
    text = page.read_text(encoding="utf-8")
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"<style>.*?</style>", " ", text, flags=re.S)))


def printed(browser, page):
    """How many A4 pages Chromium prints."""
    window = browser.new_page()
    window.goto(page.as_uri())
    pdf = window.pdf(format="A4", prefer_css_page_size=True)
    window.close()
    return len(re.findall(rb"/Type\s*/Page[^s]", pdf))


def claim(**row):
    fields = {"about_kind": "indicator", "about_key": None, "claimed_value": None, "claimed_status": None} | row
    ladders = {"needs_assessment_recorded": {"share": 0.6, "share_lowest": 0.55, "share_highest": 0.65}}
    estimates = {"needs_assessment_recorded": {"share_low": 0.5, "share_high": 0.7}}
    return _compare_claim(fields, ladders, estimates, 5)


def test_every_failure_mode_and_every_characteristic_has_a_hypothesis_with_somebody_to_ask():
    assert {hypothesis.failure_mode for hypothesis in hypotheses()} == {
        "",
        *(hypothesis.code for hypothesis in failure_modes()),
    }
    assert {brief.characteristic for brief in hypotheses()} == set(characteristics().keys)
    assert {kind for brief in hypotheses() for kind in brief.documents} <= set(list_values("document_kind"))
    for hypothesis in hypotheses():
        assert hypothesis.ask.endswith(("?", "."))
        mode = hypothesis.failure_mode
        assert not mode or mode in characteristics().get(hypothesis.characteristic).failure_modes


@pytest.mark.parametrize(
    ("value", "verdict"), [(0.7, CONFIRMED), (0.5, CONFIRMED), (0.71, CONTRADICTED), (0.49, CONTRADICTED)]
)
def test_a_claimed_figure_is_contradicted_only_outside_what_chance_and_unknown_records_leave(value, verdict):
    found = claim(about_key="needs_assessment_recorded", claimed_value=value)
    assert found.verdict == verdict
    assert found.characteristics == ("kept_informed",)
    assert "anything from 50% to 70%" in found.comparison


def test_a_claim_that_there_are_no_groups_is_held_against_those_that_are_found():
    assert claim(about_kind="groups", claimed_status="none_exist").verdict == CONTRADICTED
    assert claim(about_kind="groups", claimed_value=5.0).verdict == CONFIRMED
    assert claim(about_kind="groups").verdict == NOT_TESTED
    assert claim(about_kind="scale", claimed_status="falling").verdict == NOT_TESTED
    assert claim(about_key="no_such", claimed_value=0.5).verdict == NOT_TESTED
    claim_made = claim(about_kind="recommendation", about_key="hmicfrs-2023-2", claimed_status="applied")
    assert claim_made.characteristics == ("problem_known", "groups_known")


@given(st.lists(st.sampled_from([AGREE, DISAGREE, "cannot tell", "not asked"]), min_size=1, max_size=6))
def test_a_hypothesis_is_raised_where_a_strand_disagrees_and_carries_what_speaks_against_it(verdicts):
    sources = tuple(EvidenceSource("data", verdict, "So.", (), ("So.",)) for verdict in verdicts)
    found = raise_hypotheses([TriangulatedCharacteristic(characteristics().get("heard"), KENT, sources)], ())
    assert bool(found) == (DISAGREE in verdicts)
    if found:
        assert len(found[0].speaks_for) == verdicts.count(DISAGREE)
        assert len(found[0].speaks_against) == verdicts.count(AGREE)


def test_a_claim_that_the_records_contradict_raises_a_hypothesis_where_no_strand_does():
    silent = TriangulatedCharacteristic(characteristics().get("groups_known"), KENT, ())
    claim_checked = Claim("That there are no groups.", "Five are found.", CONTRADICTED, ("groups_known",))
    assert raise_hypotheses([silent], [claim_checked])[0].speaks_for == (
        "Claim: That there are no groups. Five are found.",
    )
    assert raise_hypotheses([silent], []) == []


def test_a_force_that_is_named_on_a_failure_of_the_past_is_asked_about_that_one_and_no_other():
    silent = TriangulatedCharacteristic(characteristics().get("risk_judged"), KENT, ())
    found = raise_hypotheses([silent], [], {"F8", "F12"})
    assert [brief.failure_mode for brief in found[0].hypotheses] == ["F8"]
    assert len(found[0].speaks_for) == 1
    assert "would show F8 this force lies out" in found[0].speaks_for[0]
    characteristic = TriangulatedCharacteristic(
        silent.characteristic, KENT, (EvidenceSource("data", DISAGREE, "So.", (), ("So.",)),)
    )
    assert {brief.failure_mode for brief in raise_hypotheses([characteristic], [], {"F8"})[0].hypotheses} == {
        "F8",
        "F9",
    }


def test_the_brief_lists_every_alert_with_a_question():
    estimate = {"indicator": "named_suspect_charged", "place_code": KENT, "outlier_alert": True, "direction": "lower",
                "q_value": 0.01, "base": 60, "expected": 0.4}  # fmt: skip
    ladder = {"indicator": "named_suspect_charged", "place_code": KENT, "not_askable": "", "suppressed_cells": "", "met": 3,
              "not_met": 57, "not_known": 0, "not_known_if_counted": 0, "share": 0.05}  # fmt: skip
    tests = [{"failure_mode": mode, "place_code": KENT, "outlier_alert": True, "measures": 2} for mode in ("F2", "F13")]
    alerts = _alert_questions(EvidenceTables([ladder], [estimate], (), combined_tests=tests), KENT)
    assert len(alerts) == 3
    assert any("5% of 60" in figure and "the other forces: 40%" in figure for figure, _, _ in alerts)
    assert all(person and question.endswith(("?", ".")) for _, person, question in alerts)


def test_the_brief_asks_about_what_its_measures_show_together_of_this_force_alone(country):
    def is_told(place, is_outlier):
        return {"failure_mode": "F8", "place_code": place, "outlier_alert": is_outlier, "measures": 3}

    table = as_table([], FORCE_ESTIMATES)
    rows = as_table([is_told("essex", True), is_told(KENT, None)], FAILURE_MODE_TESTS)
    ledger = Ledger(country.folder / "ledger.jsonl")
    write_stage(
        country.folder,
        "comparison",
        {"force_estimates": table, "combined_tests": rows},
        rows_in=1,
        rows_out=1,
        ledger=ledger,
    )
    text = characteristics().get("risk_judged").text
    quiet = words_of(write_brief(country.folder, KENT).path)
    assert "would show F8" not in quiet
    assert text in quiet.partition(NO_EVIDENCE)[2]
    rows = as_table([is_told(KENT, True)], FAILURE_MODE_TESTS)
    write_stage(
        country.folder,
        "comparison",
        {"force_estimates": table, "combined_tests": rows},
        rows_in=1,
        rows_out=1,
        ledger=ledger,
    )
    spoken = words_of(write_brief(country.folder, KENT).path)
    assert "would show F8 this force lies out" in spoken
    assert NO_EVIDENCE in spoken
    assert text not in spoken.partition(NO_EVIDENCE)[2]
    assert text in spoken  # an alert is evidence: the records disagree


def test_the_brief_has_every_part_and_says_for_whom_it_is(country):
    words = words_of(write_brief(country.folder, "Kent").path)
    for part in (*PARTS, "For the inspection's own people", "The evidence suggests that", "Against it"):
        assert part in words
    assert "Recorded within 24 hours: 40%" in words
    assert "The strands disagree: data for it, victims against it" in words


def test_the_brief_holds_no_grade(country, troubled):
    for briefed in (country, troubled):
        assert GRADE.findall(words_of(write_brief(briefed.folder, KENT).path)) == []


def test_what_is_not_said_is_counted(troubled):
    words = words_of(write_brief(troubled.folder, KENT).path)
    assert "And 72 more: assay fieldwork documents" in words
    assert "more: assay inspect triangulate trial" in words


def test_a_brief_is_on_one_force_that_was_asked(country):
    with pytest.raises(UsageError, match="one force"):
        write_brief(country.folder, "")
    done = CliRunner().invoke(app, ["fieldwork", "brief", str(country.folder), "Kent", "--json"])
    assert '"raised": [' in done.output
    assert (country.beside / f"trial-{KENT}-brief.html").is_file()


@pytest.mark.browser
def test_where_everything_speaks_against_a_force_it_still_prints_on_eight_pages(browser, troubled):
    assert 2 <= printed(browser, write_brief(troubled.folder, KENT).path) <= MOST_PAGES


@pytest.mark.browser
def test_the_page_has_no_barrier_and_nothing_wider_than_the_screen(window, axe, troubled):
    window.messages.clear()
    window.goto(write_brief(troubled.folder, KENT).path.as_uri())
    assert window.messages == []
    assert barriers(window, axe) == []
    assert window.evaluate(OVERFLOW) == 0
    assert window.evaluate(WIDE) == []


@pytest.mark.browser
def test_the_synthetic_force_with_most_findings_has_at_most_eight_pages_and_no_grade(
    browser, synthetic_country, tmp_path
):
    folder = shutil.copytree(synthetic_country / "inspection", tmp_path / "inspection")
    receive_evidence(folder, [synthetic_country / "others"])
    run_stages(folder).stage_runner.end_run()
    design = tmp_path / "period.toml"
    design.write_text('title = "Crimes of the period"\nsubject = "crime"\nseed = "read out"\nfiles = 30\n')
    draw_sample(folder, design)
    briefs = [write_brief(folder, code) for code in ("INV01", "INV02", "INV03", "INV04")]
    longest = max(briefs, key=lambda brief: len(brief.data["raised"]))
    assert len(longest.data["raised"]) >= 3
    words = words_of(longest.path)
    assert GRADE.findall(words) == []
    assert "drawn from this force; not rated yet:" in words
    assert printed(browser, longest.path) <= MOST_PAGES


def test_the_brief_opens_with_what_to_ask_and_folds_the_evidence(country):
    page = write_brief(country.folder, KENT).path.read_text(encoding="utf-8")
    heads = re.findall(r'<h2 id="([a-z-]+)"', page)
    assert heads[0] == "ask-first"
    assert heads.index("hypotheses") < heads.index("suggest") < heads.index("cannot")
    opened = re.sub(r"<details.*?</details>", "", page, flags=re.DOTALL)
    assert "How sure." not in opened

"""Where a score made the bands, is what is reported of all records right, whatever the score is worth?"""

import shutil

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assay.casefiles.file_sampling import draw_sample, read_scores, scores_of, strata_of
from assay.casefiles.sample_designs import Design
from assay.casefiles.sample_drawing import draw, replace_missing_files
from assay.casefiles.sample_results import question_results
from assay.casefiles.sampling_frames import SCHEMA, bands_of
from assay.casefiles.scored_estimates import CONTRADICTION_NOTE, ScoredEstimate, estimate_question
from assay.contract.question_sets import Question
from assay.engine.provenance.verification import verify
from assay.errors import UsageError
from assay.stats.interval_estimates import IntervalEstimate
from assay.stats.samples.stratified_sampling import Stratum, stratified_share
from casefiles.conftest import SCORED

EXPLOITATION_SHOWN = Question("exploitation_shown", "Does the record show it?", "Q19", "flags")
DESIGN = Design(
    key="scored", title="Scored", subject="crime", seed="s", strata=("score",), bands={"score": (0.2, 0.6)},
    score="score", files=30, least=5,
)  # fmt: skip
LOW, MIDDLE, HIGH, NONE = bands_of(DESIGN, "score")


def units(scores) -> list[dict]:
    return [
        {"force_code": "A", "subject_ref": f"C{place}", "stratum": _band(score), "size": 1, "score": score}
        for place, score in enumerate(scores)
    ]


def _band(score) -> str:
    return NONE if score is None else LOW if score <= 0.2 else MIDDLE if score <= 0.6 else HIGH


def estimate_marked_sample(scores, having, design=DESIGN) -> tuple[ScoredEstimate, list]:
    """What is reported of all records when those that are drawn are marked as they are."""
    frame = units(scores)
    found = replace_missing_files(draw(design, pa.Table.from_pylist(frame, SCHEMA)), set())
    records = {
        name: sum(unit["stratum"] == name for unit in frame)
        for name in dict.fromkeys(unit["stratum"] for unit in frame)
    }
    unit_frame = pl.DataFrame(frame, schema_overrides={"score": pl.Float64})
    answers = {("A", f"C{place}"): "met" if is_so else "not_met" for place, is_so in enumerate(having)}
    answers = {
        (estimate.force_code, estimate.subject_ref): answers[estimate.force_code, estimate.subject_ref]
        for estimate in found.files
    }
    return estimate_question(EXPLOITATION_SHOWN, design, found, records, unit_frame, answers), question_results(
        EXPLOITATION_SHOWN, design, found, records, answers
    )


SCORES = [0.1] * 600 + [0.4] * 200 + [0.9] * 100


def test_the_figure_of_all_records_is_that_of_the_bands_and_of_nothing_else():
    having = [False] * 600 + [place % 4 == 0 for place in range(200)] + [True] * 100
    estimate, results = estimate_marked_sample(SCORES, having)
    read = [(band.records, band.answered, band.met) for band in estimate.bands]
    assert estimate.share == stratified_share([Stratum(*band) for band in read])
    assert estimate.share.value == pytest.approx(results[0].share.value)
    assert [band.name for band in estimate.bands] == [LOW, MIDDLE, HIGH]
    assert estimate.records == 900


def test_what_nobody_found_in_the_lowest_band_is_told_as_what_it_may_still_hold():
    """Nothing found in so many of 600: what a hypergeometric draw of none leaves possible, one-sided."""
    estimate, _ = estimate_marked_sample(SCORES, [False] * 900)
    low = estimate.bands[0]
    assert (low.met, low.records) == (0, 600)
    miss_probability = np.prod(
        [(600 - estimate.lowest_band_maximum - place) / (600 - place) for place in range(low.answered)]
    )
    more = np.prod([(599 - estimate.lowest_band_maximum - place) / (600 - place) for place in range(low.answered)])
    assert miss_probability > 0.05 >= more


def test_a_score_that_says_nothing_changes_no_figure_but_widens_nothing_less():
    """The same records under a score that is chance: figures of both stay near the truth of 100 in 900."""
    random, values, checks = np.random.default_rng(3), [], []
    having = [True] * 100 + [False] * 800
    for seed in range(60):
        scores = random.random(900).round(3).tolist()
        estimate, _ = estimate_marked_sample(scores, having, Design(**{**vars(DESIGN), "seed": str(seed), "files": 90}))
        values.append(estimate.share.value)
        checks.append(estimate.check.value)
    assert np.mean(values) == pytest.approx(1 / 9, abs=0.015)
    assert np.mean(checks) == pytest.approx(1 / 9, abs=0.015)


def test_over_many_seeds_the_interval_holds_the_truth_and_the_cross_check_lies_beside_it():
    random = np.random.default_rng(4)
    scores = np.concatenate([random.uniform(0, 0.2, 900), random.uniform(0.2, 0.6, 200), random.uniform(0.6, 1, 100)])
    having = (random.random(1200) < 0.8 * scores).tolist()
    truth, covered, contradictions = sum(having) / 1200, 0, 0
    for seed in range(120):
        estimate, _ = estimate_marked_sample(
            scores.tolist(), having, Design(**{**vars(DESIGN), "seed": str(seed), "files": 120, "least": 40})
        )
        covered += estimate.share.low <= truth <= estimate.share.high
        contradictions += estimate.contradicts
    assert covered >= 0.92 * 120
    assert contradictions == 0


def test_records_without_a_score_are_a_band_of_their_own():
    estimate, _ = estimate_marked_sample([*SCORES, *[None] * 50], [False] * 900 + [True] * 50)
    assert estimate.bands[-1].name == NONE == "score: not known"
    assert estimate.bands[-1].met == estimate.bands[-1].answered > 0
    assert estimate.share.value == pytest.approx(50 / 950)
    assert estimate.check.value == pytest.approx(50 / 950)


def test_figures_that_contradict_one_another_are_said_to():
    estimate, _ = estimate_marked_sample(SCORES, [False] * 900)
    far = ScoredEstimate(
        EXPLOITATION_SHOWN, estimate.bands, IntervalEstimate(0.1, 0.05, 0.15), IntervalEstimate(0.4, 0.3, 0.5), 9
    )
    near_miss = ScoredEstimate(
        EXPLOITATION_SHOWN, estimate.bands, IntervalEstimate(0.1, 0.05, 0.15), IntervalEstimate(0.14, 0.12, 0.16), 9
    )
    assert (far.contradicts, near_miss.contradicts) == (True, False)
    assert any(CONTRADICTION_NOTE in line for line in far.summary_lines())


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"strata": ("force_code",)}, "the score must be in strata and in bands"),
        ({"bands": {}}, "the score must be in strata and in bands"),
        ({"sized_by": "victims"}, "equal inclusion probabilities"),
        ({"bands": {"score": ()}}, "at least one cut"),
    ],
)
def test_a_design_by_a_score_that_cannot_be_is_refused(more, message):
    with pytest.raises(UsageError, match=message):
        Design(**{**vars(DESIGN), **more})


def test_from_a_column_of_the_facts_to_a_figure_for_all_records(scored_page):
    page, true = scored_page
    inspection = page.path.parent / "inspection"
    frame = set(scores_of(inspection, "scored").select("force_code", "subject_ref").rows())
    assert sum(records for _, records in strata_of(inspection, "scored")) == len(frame)
    estimate = next(estimate for estimate in page.scored if estimate.question.key == EXPLOITATION_SHOWN.key)
    assert estimate.records == len(frame)
    assert [band.name.removeprefix("exploitation_score") for band in estimate.bands] == [
        " up to 0.3", " up to 0.6", " above 0.6", ": not known",
    ]  # fmt: skip
    low, _, high, _ = estimate.bands
    assert low.read / low.records < high.read / high.records  # more are read where the score is high, some everywhere
    true_answers = [true[(*file, EXPLOITATION_SHOWN.key)] for file in frame]
    applicable_answers = [answer for answer in true_answers if answer not in ("not_applicable", "not_enough_evidence")]
    assert estimate.share.low <= applicable_answers.count("met") / len(applicable_answers) <= estimate.share.high
    assert estimate.check.value is not None
    text = page.path.read_text(encoding="utf-8")
    for words in ("All records, estimated by score", "Prediction-powered, beside it", "Lowest band, at most"):
        assert words in text
    as_told = next(row for row in page.as_dict()["scored"] if row["question"] == EXPLOITATION_SHOWN.key)
    assert "Nothing is assumed about the score" in as_told["share"]["assumptions"]
    assert "normal" in as_told["prediction_powered"]["assumptions"]
    assert "prediction-powered, beside it" in "\n".join(page.summary_lines())


def test_a_score_above_one_is_no_score(country, tmp_path):
    inspection = shutil.copytree(country / "inspection", tmp_path / "inspection")
    (tmp_path / "days.toml").write_text(SCORED.replace("exploitation_score", "days_to_closed"))
    with pytest.raises(UsageError, match="days_to_closed is not a score"):
        draw_sample(inspection, tmp_path / "days.toml")


def test_scores_may_come_in_a_file_and_a_record_without_one_is_a_band_of_its_own(country, tmp_path):
    inspection = shutil.copytree(country / "inspection", tmp_path / "inspection")
    crimes = pq.read_table(
        inspection / "records" / "crime.parquet", columns=["force_code", "crime_ref", "in_base"]
    ).to_pylist()
    refs = [(row["force_code"], row["crime_ref"]) for row in crimes if row["in_base"]]
    lines = [f"{code},{ref},{0.9 if place < 20 else 0.1}" for place, (code, ref) in enumerate(refs[:-5])]
    (tmp_path / "scores.csv").write_text("\n".join(["force_code,subject_ref,score", *lines, "INV01,nobody,0.5"]))
    text = (
        SCORED.replace("exploitation_score", "reads_like").replace("least = 12", "least = 4")
        + 'scores = "scores.csv"\n'
    )
    (tmp_path / "scored.toml").write_text(text)
    sample = draw_sample(inspection, tmp_path / "scored.toml")
    assert {name: records for name, records, *_ in sample.strata} == {
        "reads_like up to 0.3": len(refs) - 25, "reads_like above 0.6": 20, "reads_like: not known": 5,
    }  # fmt: skip
    assert not [estimate for estimate in verify(inspection) if "casefiles" in str(estimate)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("force_code,score\n", "lacks subject_ref"),
        ("force_code,subject_ref,score\nA,C1,2\n", "line 2: a score must lie between 0 and 1"),
        ("force_code,subject_ref,score\nA,C1,\nA,C1,0.2\n", "line 3: this record occurs twice"),
    ],
)
def test_a_file_of_scores_that_cannot_be_used_is_told_by_line(tmp_path, text, message):
    (tmp_path / "scores.csv").write_text(text)
    with pytest.raises(UsageError, match=message):
        read_scores(tmp_path / "scores.csv")

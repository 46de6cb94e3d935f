"""The earlier inspection of synthetic forces, and the text samples of the demonstration."""

from datetime import date

import pytest

from assay.engine.provenance import read_stage
from assay.ingest.inspection_folder import open_inspection
from assay.synthetic import read_world
from assay.synthetic.demo import generate_returns
from assay.synthetic.earlier_inspection import known_changes, make_earlier_inspection, read_changes
from assay.synthetic.injection_page import find_injection_page
from assay.synthetic.text_rating_round import TEXT_SAMPLES
from assay.workflows.judge.recommendation_follow_up import read_recommendations, reply_status

INJECTED = "injected = {}"
RATES = """
[forces.INV01]
rates = { recorded_in_24h = 0.9, needs_assessment = 0.6 }
[forces.INV02]
rates = { recorded_in_24h = 0.5, needs_assessment = 0.8 }
[forces.INV03]
rates = { recorded_in_24h = 0.7, needs_assessment = 0.2 }
"""


@pytest.fixture(scope="module")
def returns(tmp_path_factory):
    """The returns of three forces with few crimes, and the truth behind them."""
    folder = tmp_path_factory.mktemp("earlier") / "sent"
    generate_returns(folder, world=read_world("plain").sized(forces=3, crimes=2, years=2), seed=3)
    return folder


@pytest.fixture(scope="module")
def earlier_folder(returns):
    return make_earlier_inspection(returns, seed=3)


def test_the_best_force_was_worse_the_worst_has_not_changed_and_on_the_last_measure_it_was_better(tmp_path):
    (tmp_path / "truth.toml").write_text(f"seed = 1\n{INJECTED}\n{RATES}", encoding="utf-8")
    assert [(item.force_code, item.test, item.share_then, item.share_now) for item in known_changes(tmp_path)] == [
        ("INV02", "recorded_in_24_hours", 0.5, 0.5),
        ("INV01", "recorded_in_24_hours", 0.6, 0.9),
        ("INV03", "needs_assessment_recorded", 0.5, 0.2),
        ("INV02", "needs_assessment_recorded", 0.5, 0.8),
    ]


def test_a_country_of_one_force_has_no_earlier_inspection(tmp_path):
    (tmp_path / "truth.toml").write_text(
        f"seed = 1\n{INJECTED}\n{RATES.partition('[forces.INV02]')[0]}", encoding="utf-8"
    )
    assert known_changes(tmp_path) == ()


def test_the_earlier_inspection_is_of_the_year_that_ended_a_year_before_the_period(earlier_folder):
    request = open_inspection(earlier_folder).request
    assert (request.period_from, request.period_to) == (date(2022, 4, 1), date(2023, 4, 1))


def test_its_baselines_are_released_counts_of_200_records_near_the_true_share_then(earlier_folder, returns):
    changes, recommendations = read_changes(returns / "truth"), read_recommendations(earlier_folder)
    assert [(row["place_code"], row["test"]) for row in recommendations] == [(c.force_code, c.test) for c in changes]
    for row, change in zip(recommendations, changes, strict=True):
        assert (row["met"] + row["not_met"], row["met"] % 5) == (200, 0)
        assert abs(row["met"] / 200 - change.share_then) < 0.12


def test_replies_came_in_time_late_and_not_at_all(earlier_folder):
    statuses = [reply_status(row, date(2026, 4, 1)) for row in read_recommendations(earlier_folder)]
    assert statuses[:4] == ["replied in time", "replied late", "overdue", "replied in time"]


def test_it_has_an_alert_on_every_share_that_was_not_higher_than_now(earlier_folder, returns):
    rows = read_stage(earlier_folder, "disclosure", "force_estimates").to_pylist()
    assert [row["outlier_alert"] for row in rows] == [
        c.share_then <= c.share_now for c in read_changes(returns / "truth")
    ]
    assert False in [row["outlier_alert"] for row in rows]


def test_it_is_made_once_and_belongs_to_what_the_page_of_injected_failings_shows(returns, earlier_folder):
    before = sorted((path.name, path.read_bytes()) for path in earlier_folder.rglob("*") if path.is_file())
    assert make_earlier_inspection(returns, seed=3) == earlier_folder
    assert sorted((path.name, path.read_bytes()) for path in earlier_folder.rglob("*") if path.is_file()) == before
    key = find_injection_page(returns).key
    (returns / "truth" / "earlier.csv").rename(returns / "truth" / "other.csv")
    assert find_injection_page(returns).key != key
    (returns / "truth" / "other.csv").rename(returns / "truth" / "earlier.csv")


def test_a_sample_of_texts_has_150_texts_a_force(tmp_path):
    for sample in TEXT_SAMPLES:
        sample.write_design(tmp_path / "design.toml", 7)
        assert "files = 1050\nleast = 5\n" in (tmp_path / "design.toml").read_text(encoding="utf-8")

"""Does the synthetic country look like the published figures, and does every figure have its source?"""

import csv
import datetime as dt
import tomllib
from importlib.resources import files

import pytest

from assay.synthetic import failings
from assay.synthetic.calibration import GRADES, CalibrationFigure, calibration_figures, figure_value, mixes
from reference_data import reference

PUBLISHED = {  # our key -> the reference's
    "victim_female": "vic_fem", "suspect_male": "perp_male", "suspect_under_18": "susp_u18", "family": "fam",
    "online": "online24", "triage_sent_back": "cps_triage_fail", "days_to_charge_rape": "days_rape_YE Sep 2023",
    "days_to_close": "days_rape_any", "flag_sensitivity": "flag_sens", "missing_incidents_per_child": "miss_e_w",
    "missing_flagged": "miss_cse", "missing_ended_48h": "miss_48", "return_interview_any": "rhi_any",
    "return_interview_72h": "rhi_72", "crimes_per_1000_children": "csae_rate_u18",
}  # fmt: skip


def is_near(found: float, value: float, tolerance: float) -> bool:
    return abs(found - value) <= tolerance


def share_of(rows, column, value) -> float:
    values = [row[column] for row in rows if row[column]]
    return values.count(value) / len(values)


def test_every_figure_and_every_mix_says_where_it_comes_from():
    calibration = tomllib.loads(files("assay.synthetic").joinpath("calibration.toml").read_text(encoding="utf-8"))
    entries = [*calibration["figure"].values(), *calibration["mix"].values()]
    assert [entry for entry in entries if not entry["source"] or entry["evidence"] not in GRADES] == []


def test_every_failing_moves_some_figure_and_for_the_worse():
    spoilt = {shape.injected for shape in calibration_figures().values() if shape.injected}
    assert spoilt | {"only_when_watched"} == set(failings())
    assert {shape.worse for shape in calibration_figures().values() if shape.injected} == {"lower", "higher"}


def test_a_serious_failing_moves_a_figure_by_twenty_points_or_four_deviations_between_forces():
    far = CalibrationFigure("a", 0.5, "a source", "none", spread=0.4, injected="late_recording", worse="lower")
    figure = CalibrationFigure("b", 0.5, "a source", "none", spread=0.1, injected="late_recording", worse="higher")
    assert far.value_with_failing(1) == pytest.approx(0.5 - 4 * 0.4 * 0.25)
    assert figure.value_with_failing(1) == pytest.approx(0.7)
    assert figure.value_with_failing(0.5) == pytest.approx(0.6)
    assert figure.value_with_failing(4) == 0.99


@pytest.mark.reference
def test_figures_that_were_seen_are_those_of_the_reference():
    with reference("standards/calibration.csv").open(encoding="utf-8") as file:
        published = {row["measure_id"]: row["value"] for row in csv.DictReader(file)}
    assert {key: figure_value(key) for key in PUBLISHED} == {
        key: float(published[published_name]) for key, published_name in PUBLISHED.items()
    }
    for family, published_name in {"sexual_assault": "mix_sa", "images": "mix_iioc", "rape": "mix_rape"}.items():
        assert mixes()["offence"][family] == float(published[published_name])


def test_four_victims_in_five_are_female(country):
    victims = [row for row in country.all("involvements") if row["role"] == "victim"]
    assert is_near(share_of(victims, "sex", "F"), 0.79, 0.03)


def test_four_named_suspects_in_five_are_male_and_half_of_them_under_18(country):
    named_suspects = [row for row in country.all("involvements") if row["suspect_known_as"] == "named"]
    assert is_near(
        share_of(named_suspects, "sex", "M"), 0.82, 0.05
    )  # children suspected of other crimes are mostly girls here
    crimes = {(row["force_code"], row["crime_ref"]): row for row in country.all("crimes")}
    ages = [
        (dt.date.fromisoformat(crime["occurred_from"][:10]) - dt.date.fromisoformat(row["date_of_birth"])).days / 365.25
        for row in named_suspects
        if (crime := crimes[row["force_code"], row["crime_ref"]])["occurred_from"]
        and row["date_of_birth"]
        and crime["scope_reason"] != "child_as_suspect"
    ]
    assert is_near(sum(age < 18 for age in ages) / len(ages), 0.52, 0.06)


def test_one_crime_in_nine_is_charged_at_extraction_and_a_quarter_is_open(country):
    known = [row for row in country.known("crimes") if row["in_period"] == "yes"]
    charged = sum(row["ending"] == "1" and row["ended_by_extraction"] == "yes" for row in known) / len(known)
    still_open = share_of(known, "ended_by_extraction", "no")
    assert 0.08 <= charged <= 0.13
    assert 0.18 <= still_open <= 0.35


def test_one_crime_in_eight_is_reported_by_an_adult_about_childhood(country):
    known = [row for row in country.known("crimes") if row["in_period"] == "yes"]
    assert 0.10 <= share_of(known, "adult_reporter", "yes") <= 0.15


def test_the_mix_of_offences_is_that_of_the_country(country):
    codes = [row["offence_code"] for row in country.all("crimes") if row["scope_reason"] != "child_as_suspect"]
    assert is_near(codes.count("86") / len(codes), 0.27, 0.03)
    assert is_near(sum(code.startswith("19") for code in codes) / len(codes), 0.18, 0.03)
    assert is_near(sum(code in ("17A", "17B", "20A", "20B") for code in codes) / len(codes), 0.29, 0.03)


def test_children_who_go_missing_do_so_near_three_times_and_nine_in_ten_are_back_in_two_days(country):
    episodes = country.all("missing")
    children = {(row["force_code"], row["person_ref"]) for row in episodes}
    assert is_near(len(episodes) / len(children), 2.79, 0.35)
    ended = [row for row in episodes if row["ended_at"]]
    waits = [dt.datetime.fromisoformat(row["ended_at"]) - dt.datetime.fromisoformat(row["started_at"]) for row in ended]
    assert is_near(sum(wait <= dt.timedelta(hours=48) for wait in waits) / len(waits), 0.88, 0.04)


def test_half_of_the_returns_home_are_followed_by_an_interview_and_six_in_ten_of_these_in_72_hours(country):
    returned = {
        (row["force_code"], row["missing_ref"]): row["ended_at"] for row in country.all("missing") if row["ended_at"]
    }
    interviews = [row for row in country.all("events") if row["kind"] == "return_interview_completed"]
    waits = [
        dt.datetime.fromisoformat(row["happened_at"]) - dt.datetime.fromisoformat(back)
        for row in interviews
        if (back := returned.get((row["force_code"], row["missing_ref"])))
    ]
    assert is_near(len(waits) / len(returned), 0.5, 0.07)
    assert is_near(sum(wait <= dt.timedelta(hours=72) for wait in waits) / len(waits), 0.63, 0.07)

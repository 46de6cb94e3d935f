"""Does a settings file say which world is synthetic, and is one that makes no world refused with a sentence?"""

import datetime as dt

import pytest
from pyarrow import csv

from assay.errors import UsageError
from assay.synthetic import earlier_table_notices, failings, generate_country, read_world, worlds
from assay.synthetic.return_forms import return_forms
from assay.synthetic.synthetic_country import generate_forces
from assay.synthetic.world_settings import Where, World


def world(tmp_path, text: str) -> World:
    path = tmp_path / "mine.toml"
    path.write_text(f'title = "A world of my own"\nforces = 6\n{text}', encoding="utf-8")
    return read_world(path)


@pytest.mark.parametrize("key", worlds())
def test_every_world_that_comes_with_the_program_makes_a_country_and_says_why(key):
    world_read = read_world(key)
    assert world_read.title
    assert world_read.why
    assert len(generate_forces(world_read, seed=1)) == world_read.forces


def test_every_failing_is_injected_in_some_world():
    injected = {injection.failing for key in worlds() for injection in read_world(key).injected}
    assert injected == set(failings())


def test_in_a_world_in_which_nothing_is_wrong_nothing_is_injected():
    assert read_world("nothing_wrong").injected == ()
    assert all(force.failings == () for force in generate_forces(read_world("nothing_wrong"), seed=3))


def test_where_a_failing_is_injected_its_rate_is_worse_by_its_strength(tmp_path):
    text = '[injected.late_recording]\nforces = ["INV02"]\nstrength = 1.0\n[nuisances]\nbetween_forces = 0.0\n'
    rates = {force.code: force.rate("recorded_in_24h") for force in generate_forces(world(tmp_path, text), seed=1)}
    assert rates.pop("INV02") == pytest.approx(0.71)
    assert set(rates.values()) == {0.91}


def test_what_is_done_well_only_when_watched_is_done_worse_before_that_day(tmp_path):
    text = '[injected.only_when_watched]\nforces = ["INV02"]\n[nuisances]\nbetween_forces = 0.0\n'
    force = generate_forces(world(tmp_path, text), seed=1)[1]
    assert force.rate("needs_assessment", dt.date(2025, 6, 1)) < force.rate("needs_assessment", dt.date(2026, 2, 1))
    assert force.rate("needs_assessment", dt.date(2026, 2, 1)) == pytest.approx(0.68)


def test_a_change_of_recording_moves_a_rate_from_its_day_on_and_in_its_forces_alone(tmp_path):
    text = (
        "[nuisances]\nbetween_forces = 0.0\n[[nuisances.changes]]\nstarts = 2025-10-01\n"
        'points = { flag_sensitivity = 0.3 }\nforces = ["INV01"]\n'
    )
    changed, other = generate_forces(world(tmp_path, text), seed=1)[:2]
    rates = [changed.rate("flag_sensitivity", dt.date(2025, month, 1)) for month in (9, 10)]
    assert rates == pytest.approx([0.5, 0.8])
    assert other.rate("flag_sensitivity", dt.date(2025, 10, 1)) == 0.5


def test_what_turns_twice_on_one_rate_adds_up_in_the_order_of_days(tmp_path):
    text = (
        '[injected.only_when_watched]\nforces = ["INV01"]\n[nuisances]\nbetween_forces = 0.0\n'
        '[[nuisances.changes]]\nstarts = 2025-06-01\npoints = { recorded_in_24h = 0.05 }\nforces = ["INV01"]\n'
    )
    force = generate_forces(world(tmp_path, text), seed=1)[0]
    days = (dt.date(2025, 5, 1), dt.date(2025, 7, 1), dt.date(2026, 2, 1))
    assert [force.rate("recorded_in_24h", day) for day in days] == pytest.approx([0.71, 0.76, 0.96])


def test_a_share_of_all_forces_is_at_least_one(tmp_path):
    forces_made = generate_forces(world(tmp_path, "[injected.no_orders]\nof_all = 0.01\n"), seed=1)
    assert sum("no_orders" in force.failings for force in forces_made) == 1


def test_a_scale_is_a_share_of_the_nations_crimes():
    assert read_world("plain").sized(scale=0.1).crimes_per_force == round(11_500 / 44)
    with pytest.raises(UsageError, match="not both"):
        read_world("plain").sized(scale=0.1, crimes=5)
    with pytest.raises(UsageError, match="above 0"):
        read_world("plain").sized(scale=-1)


def test_a_force_that_the_country_does_not_have_is_refused_when_the_country_is_smaller(tmp_path):
    sized_world = world(tmp_path, '[injected.no_orders]\nforces = ["INV05"]\n').sized(forces=3)
    with pytest.raises(UsageError, match="names INV05, and the synthetic country ends with INV03"):
        generate_forces(sized_world, seed=1)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("forse = 4", "knows no 'forse'"),
        ("years = -1", "whole number, and not below 0"),
        ("years = 9", "1 to 5 years"),
        ("[injected]", "injects nothing"),
        ("[injected.no_such]\nin = 1", "no failing is called 'no_such'"),
        ("[injected.no_orders]\nin = 0", "injected in no force"),
        ("[injected.no_orders]\nin = 7", "a whole number of forces, 0 to 6"),
        ('[injected.no_orders]\nforces = ["KENT"]', "the forces are INV01 to INV06"),
        ('[injected.no_orders]\nin = 1\nforces = ["INV01"]', "in which forces twice"),
        ("[injected.no_orders]\nin = 1\nstrength = -1", "strength lies between 0 and 4"),
        ("[injected.no_orders]\nin = 1\nstrength = 0", "injects nothing"),
        ("[nuisances]\nsent_twice = -0.1", "sent_twice lies between 0 and 1"),
        ("[nuisances]\nethnicity = 'often'", "ethnicity is one of random"),
        ("[nuisances]\nsends_everything = 3", "true or false"),
        ("[[nuisances.changes]]\nstarts = 2019-01-01\npoints = { blaming = 0.1 }\nin = 1", "outside the period"),
        ("[[nuisances.changes]]\nstarts = '2025-13-40'\npoints = { blaming = 0.1 }", "has no day"),
        ("[[nuisances.changes]]\nstarts = 2025-10-01\npoints = { luck = 0.1 }", "no rate that can change on a day"),
        ("[[nuisances.changes]]\nstarts = 2025-10-01\npoints = { blaming = 2 }", "lies between -1 and 1"),
        ("[[nuisances.operations]]\ndays = 3", "needs days"),
        ("[weights.luck]\na = 1", "no mix that can be weighted"),
        ("[weights.offence]\nrape = -1", "lies between 0 and 100"),
        ("[weights.victim_age]\n3 = 5", "no mix that can be weighted"),
        ("[[nuisances.changes]]\nstarts = 2025-10-01\npoints = { blaming = 0.1 }", "holds in no force"),
        ("[[nuisances.changes]]\nstarts = 2025-10-01\npoints = [1]\nin = 1", "points is a table of rates"),
        ("[[nuisances.operations]]\ndays = 2000\nshare = 0.2\nin = 1", "at most 365"),
        ("[nuisances]\nunentered_days = 9", "say both or neither"),
        ("[nuisances]\nfollow_up_days = 200", "at most 60 days"),
        ("[nuisances]\ncleaned_words = { in = 1, strength = 3 }", "knows no 'strength'"),
        ("[nuisances]\nchanges = 3", "is a list"),
        ("[injected]\nno_orders = 3", "a table of settings"),
        ("[nuisances]\ncleaned_words = { forces = 3 }", "a list of codes"),
        ("injected = [1]", "injected is a table"),
        ("hidden = 3", "hidden is a table"),
        ("weights = 3", "weights is a table"),
        ("[hidden]\nyearly = -1", "Hidden children"),
        ("starts = 2025-13-40", "is not TOML"),
    ],
)
def test_settings_that_make_no_world_are_refused_with_a_sentence(tmp_path, text, sentence):
    with pytest.raises(UsageError, match=sentence):
        world(tmp_path, text)


def test_a_world_that_is_not_there_is_refused_with_the_names_of_those_that_are():
    with pytest.raises(UsageError, match=r"There are: .*nothing_wrong"):
        read_world("no such world")


def test_a_world_of_rows_sent_twice_is_told_apart_in_the_truth(tmp_path):
    country = generate_country(tmp_path / "a", world=read_world("sent_twice").sized(forces=4, crimes=20), seed=2)
    errors = (country.truth / "errors.csv").read_text(encoding="utf-8")
    assert "R12" in errors


def test_an_operation_finds_its_share_of_the_crimes_within_its_days(tmp_path):
    text = (
        '[nuisances]\nsends_everything = true\n[[nuisances.operations]]\ndays = 14\nshare = 0.5\nforces = ["INV01"]\n'
    )
    country = generate_country(tmp_path / "a", world=world(tmp_path, text).sized(forces=1, crimes=200), seed=2)
    record_times = csv.read_csv(country.returns["INV01"] / "crimes.csv")["recorded_at"].to_pylist()
    days = [dt.datetime.fromisoformat(str(cell)).date() for cell in record_times]
    fortnight = max(sum(0 <= (day - first).days < 14 for day in days) for first in days)
    assert fortnight > 0.4 * len(days)


def test_crimes_not_entered_yet_are_absent_and_counted_by_nobody(tmp_path):
    text = '[nuisances]\nsends_everything = true\nunentered_days = 60\nunentered = { forces = ["INV01"] }\n'
    country = generate_country(tmp_path / "a", world=world(tmp_path, text).sized(forces=1, crimes=150), seed=2)
    assert 90 < country.crimes < 145


def test_nowhere_is_false():
    assert not Where()
    assert all((Where(number=1), Where(forces=("INV01",)), Where(share=0.1)))


@pytest.mark.parametrize(("key", "every_force"), [("demonstration", True), ("plain", False)])
def test_every_force_of_the_demonstration_sends_the_lists_of_its_partners(key, every_force):
    world = read_world(key).sized(forces=12)
    forms = return_forms(world, generate_forces(world, 1), 1).values()
    assert all("agencies" not in form.not_sent for form in forms) is every_force
    assert any(form.not_sent for form in forms)


def test_settings_of_an_earlier_version_may_say_plants_for_injected_and_a_notice_names_the_present_word(tmp_path):
    former, present = ("[plants.no_orders]\nin = 2\n", "[injected.no_orders]\nin = 2\n")
    assert world(tmp_path, former) == world(tmp_path, present)
    world(tmp_path, former)
    (notice,) = earlier_table_notices(tmp_path / "mine.toml")
    assert "[plants] is now called [injected]" in notice
    assert earlier_table_notices("plain") == ()
    with pytest.raises(UsageError, match=r"\[plants\] and \[injected\], which are one table"):
        world(tmp_path, former + present)

"""Is what is injected where it should be, at its strength, and nowhere else?"""

import tomllib

from assay.synthetic.simulation.trial_worlds import TrialWorld, generate_world


def truth(folder, world):
    generate_world(folder, world)
    return tomllib.loads((folder / "truth" / "truth.toml").read_text())


def test_a_failing_lowers_its_rates_where_it_is_injected_and_every_other_force_is_as_it_was(tmp_path):
    sound = truth(tmp_path / "sound", TrialWorld("one", 4, 6, 8))
    injected = truth(tmp_path / "injected", TrialWorld("one", 4, 6, 8, {"late_recording": 2}, 1.0))
    where = injected["injected"]["late_recording"]
    assert len(where) == 2
    for code, force in injected["forces"].items():
        before = sound["forces"][code]["rates"]
        moved = {key for key, rate in force["rates"].items() if rate != before[key]}
        assert moved == ({"recorded_in_24h"} if code in where else set())
        if code in where:
            assert force["rates"]["recorded_in_24h"] < before["recorded_in_24h"] - 0.1


def test_where_nothing_is_wrong_nothing_is_injected(tmp_path):
    truth_read = truth(tmp_path, TrialWorld("nothing wrong", 5, 6, 8))
    assert not any(truth_read["injected"].values())
    assert "strength" not in truth_read or truth_read["strength"] == {}
    assert all(force["rates"]["recorded_in_24h"] > 0.8 for force in truth_read["forces"].values())


def test_no_force_has_two_failings_and_the_same_seed_makes_the_same_bytes(tmp_path):
    world = TrialWorld("both", 6, 8, 8, {"late_recording": 3, "late_notices": 3}, 1.0)
    truth_read = truth(tmp_path / "a", world)
    assert not set(truth_read["injected"]["late_recording"]) & set(truth_read["injected"]["late_notices"])
    generate_world(tmp_path / "b", world)
    files = sorted(path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*") if path.is_file())
    assert all((tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes() for name in files)

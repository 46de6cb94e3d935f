"""Are the errors that receiving finds in synthetic returns those that were injected, and no others?"""

import csv
import tomllib

import pytest

from assay.ingest.return_validation import validate_return
from assay.reference import read_request
from assay.synthetic import generate_country

# A crime with several victims is noticed and is no error; a set-aside row takes what hangs on it along.
NOTICED = {("R39", "involvements")}
FOLLOWS = {"R27", "R30", "R58"}


@pytest.fixture(scope="module")
def received(tmp_path_factory):
    """By code: the rules that were injected, and how often receiving counted each rule in each table."""
    country = generate_country(tmp_path_factory.mktemp("received") / "country", forces=8, crimes_per_force=25, seed=1)
    request, injected = read_request(country.request), {code: set() for code in country.returns}
    with (country.truth / "errors.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            injected[row["force_code"]].add((row["rule"], row["table"]))
    truth = tomllib.loads((country.truth / "truth.toml").read_text(encoding="utf-8"))
    sound = [code for code, force in truth["forces"].items() if not force["damaged"]]
    return {code: (injected[code], set(validate_return(country.returns[code], request).error_counts)) for code in sound}


def test_a_return_without_injected_errors_breaks_no_rule(received):
    clean = [found - NOTICED for injected, found in received.values() if not injected]
    assert len(clean) >= 2
    assert [found for found in clean if found] == []


def test_a_return_with_injected_errors_breaks_these_rules_and_what_follows_from_them(received):
    dirty = [(injected, found) for injected, found in received.values() if injected]
    assert len(dirty) >= 2
    for injected, found in dirty:
        unexpected = {error for error in found - NOTICED - injected if error[0] not in FOLLOWS}
        assert unexpected == set()

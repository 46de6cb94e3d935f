"""Does every entry point survive corrupted input, lose no row, and reveal no content?"""

import pytest

from mutated_inputs import entry_points, opened
from mutated_returns import MARK, Read

NAMES = ("return", "voices and documents", "bundle", "official table", "project", "survey", "pack")
ATTEMPTS = 4


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("commands")


@pytest.fixture(scope="module")
def ways(place):
    found = entry_points(place)
    assert tuple(entry_point.name for entry_point in found) == NAMES
    return found


@pytest.mark.parametrize("number", range(ATTEMPTS * len(NAMES)))
def test_no_entry_point_is_broken_by_what_was_made_wrong_on_purpose(ways, place, number):
    read_result, done = opened(ways[number % len(ways)], place, number)
    assert (read_result.crash, read_result.unaccounted, read_result.leaks) == ("", 0, 0), done


def test_the_same_number_makes_the_same_thing(ways, place):
    for entry_point in ways:
        assert len({opened(entry_point, place, 7)[1] for _ in range(2)}) == 1


def test_what_an_entry_point_reports_content_would_be_seen():
    assert Read("", "", 0, (f"a sentence with {MARK}C1 in it",)).leaks == 1

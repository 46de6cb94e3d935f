"""Does a synthetic nation look like the published figures?"""

from dataclasses import replace

import pytest

from assay.synthetic import generate_country, read_world
from assay.synthetic.marginals import marginals, published_figures

SCALE = 0.03
"""Smaller, a year has too few groups and charges of rape for a figure to be held against a range."""


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    world = read_world("nation").sized(scale=SCALE)
    clean = replace(world, nuisances=replace(world.nuisances, sends_everything=True))
    folder = tmp_path_factory.mktemp("nation") / "country"
    generate_country(folder, world=clean, seed=4)
    return list(marginals(folder, scale=SCALE, years=world.years))


def test_every_published_figure_has_its_synthetic_one_and_each_lies_in_its_range(found):
    assert [figure.key for figure in found] == list(published_figures())
    assert [(figure.key, figure.found) for figure in found if not figure.is_in_range] == []


def test_a_range_is_no_range_of_everything():
    """A range that nothing could leave would prove nothing: the highest is at most three times the lowest."""
    assert [
        key for key, entry in published_figures().items() if not 0 < entry["low"] < entry["high"] <= 3 * entry["low"]
    ] == []

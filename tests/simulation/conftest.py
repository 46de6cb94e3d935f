"""Tests of known truths make many synthetic countries."""

import pytest

from assay.synthetic.simulation.trial_runs import written_for
from assay.synthetic.simulation.trial_worlds import World


def pytest_itemcollected(item):
    item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def statements():
    """Statements written for one small country, with which any other is replayed; tests that use them share a process."""
    return written_for(World("statements", 1, 5, 8))

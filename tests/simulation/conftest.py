"""Tests of known truths make many synthetic countries."""

import pytest

from assay.synthetic.simulation.trial_runs import build_statements
from assay.synthetic.simulation.trial_worlds import TrialWorld


def pytest_itemcollected(item):
    item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def statements():
    """Statements written for one small country, with which any other is replayed; tests that use them share a process."""
    return build_statements(TrialWorld("statements", 1, 5, 8))

"""The expressions of all facts are built once a process (`facts_on`), so one process runs the tests of facts."""

import pytest


def pytest_itemcollected(item):
    """Run the tests of facts in one process, which starts early; those on Spark run with the others on Spark."""
    if item.get_closest_marker("xdist_group") is None:
        item.add_marker(pytest.mark.xdist_group("facts"))
        item.add_marker(pytest.mark.slow)

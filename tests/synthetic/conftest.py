"""One synthetic country, made once, for every test that only looks at it."""

import pytest
from plain_return import Country

from assay.synthetic import generate_country


def pytest_itemcollected(item):
    """Run the tests that share the synthetic country in one process, which starts early."""
    item.add_marker(pytest.mark.xdist_group("synthetic_country"))
    item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def country(tmp_path_factory) -> Country:
    return Country(generate_country(tmp_path_factory.mktemp("country"), seed=1))

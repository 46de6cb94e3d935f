"""One synthetic country, made once, for every test that only looks at it."""

import pytest
from plain_return import Country

from assay.synthetic import generate_country


def pytest_itemcollected(item):
    """Tests of the synthetic country share it: one process makes it, and starts early."""
    item.add_marker(pytest.mark.xdist_group("invented"))
    item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def country(tmp_path_factory) -> Country:
    return Country(generate_country(tmp_path_factory.mktemp("invented"), seed=1))

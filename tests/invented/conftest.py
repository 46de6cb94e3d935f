"""One invented country, made once, for every test that only looks at it."""

import pytest
from plain_return import Country

from assay.invented import invent


@pytest.fixture(scope="session")
def country(tmp_path_factory) -> Country:
    return Country(invent(tmp_path_factory.mktemp("invented"), seed=1))

"""Settings that all tests of whole inspections share."""

import pytest

import made_once


def pytest_itemcollected(item):
    item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="module", autouse=True)
def without_pdfs():
    """A journey that runs an inspection of its own looks at no PDF."""
    with made_once.without_pdfs():
        yield

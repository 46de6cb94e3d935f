"""Tests of known truths make many synthetic countries."""

import pytest


def pytest_itemcollected(item):
    item.add_marker(pytest.mark.slow)

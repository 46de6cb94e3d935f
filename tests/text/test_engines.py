"""Do both engines find the same texts, so that no result depends on which is installed?"""

import importlib.util
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_phrase_scanner import PHRASES, TEXTS, hits_by_text

from assay.errors import UsageError
from assay.text import Phrase, Scanner, compile_pattern
from assay.text.hyperscan_engine import HyperscanEngine

GAPPED = Phrase(
    "gap", patterns=(compile_pattern("gave ~2 (a|the|café) [old] lift"), compile_pattern("drop-off [at] office"))
)
ALL = [*(Phrase(key, forms) for key, forms in PHRASES.items()), GAPPED]
HERE = importlib.util.find_spec("hyperscan") is not None


@pytest.mark.skipif(not HERE, reason="hyperscan: not installed (the extra `fast`)")
@settings(max_examples=200, deadline=None)
@given(st.lists(TEXTS, max_size=6))
def test_hyperscan_finds_what_polars_finds(texts):
    assert hits_by_text(texts, FAST) == hits_by_text(texts, SLOW)


@pytest.mark.skipif(not HERE, reason="hyperscan: not installed (the extra `fast`)")
def test_a_column_longer_than_one_block_is_found_whole(monkeypatch):
    monkeypatch.setattr("assay.text.hyperscan_engine.AT_ONCE", 50)
    texts = ["a lift home", None, "nothing", "gave her a lift " * 9, ""] * 20
    assert hits_by_text(texts, FAST) == hits_by_text(texts, SLOW)


def test_without_hyperscan_one_is_told_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "hyperscan", None)
    with pytest.raises(UsageError, match="Add the extra"):
        HyperscanEngine(["lift"])


SLOW = Scanner(ALL)
FAST = Scanner(ALL, engine=HyperscanEngine) if HERE else SLOW

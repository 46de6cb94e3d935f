"""Is the lexicon of attitudes whole: each term with its source, each category told, hundreds of phrases?"""

import pytest

from assay.indicators.catalogue.attitudes import attitude_lexicon
from assay.indicators.catalogue.attitudes.attitude_lexicon import lexicon, lexicon_version
from assay.reference.reference_data import EVIDENCE_GRADES
from assay.text.search_terms import TARGETS, WEIGHTS

GROUP_NAMES = {
    "plain_blame", "lifestyle_choice", "risk_to_self", "consent", "promiscuity", "adultification", "relationship", "credibility", "non_engagement", "labels", "prostitution", "dress_and_drink",
}  # fmt: skip


def test_every_term_says_where_it_was_read_and_what_it_must_be_about():
    for term in lexicon().terms:
        assert term.source
        assert term.evidence in EVIDENCE_GRADES
        assert term.weight in WEIGHTS
        assert term.target in TARGETS
        assert term.category in lexicon().categories


def test_the_categories_of_the_guides_are_there():
    assert set(lexicon().categories) == GROUP_NAMES
    assert sum(len(term.patterns) for term in lexicon().terms) > 300


def test_a_term_that_no_guide_has_is_marked_so():
    own_terms = [term for term in lexicon().terms if term.source.startswith("our own")]
    assert own_terms
    assert {term.evidence for term in own_terms} == {"none"}


def test_the_version_is_the_same_in_every_run_and_compiles_no_pattern(monkeypatch):
    monkeypatch.setattr(attitude_lexicon, "Patterns", lambda lists: pytest.fail("a pattern was compiled"))
    assert len(lexicon_version()) == 12
    assert lexicon_version() == lexicon_version()


def test_the_version_changes_with_any_file_of_the_lexicon(tmp_path):
    (tmp_path / "shared.toml").write_text("a = 1")
    (tmp_path / "blame.toml").write_text("b = 1")
    before = lexicon_version(tmp_path)
    (tmp_path / "notes.txt").write_text("no part of the lexicon")
    assert lexicon_version(tmp_path) == before
    (tmp_path / "blame.toml").write_text("b = 2")
    assert lexicon_version(tmp_path) != before

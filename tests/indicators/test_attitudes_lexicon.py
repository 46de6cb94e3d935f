"""Is the lexicon of attitudes whole: each term with its source, each category told, hundreds of phrases?"""

from assay.indicators.catalogue.attitudes.attitude_lexicon import lexicon
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


def test_the_version_is_the_same_in_every_run():
    assert len(lexicon().version) == 12
    lexicon.cache_clear()
    assert lexicon().version == lexicon().version

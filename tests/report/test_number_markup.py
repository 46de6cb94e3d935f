"""Is a fixed text found in a sentence at word boundaries, whatever the white space, without a pattern where it is even?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.report import number_markup
from assay.report.number_markup import Marker, find_words

SIGNS = st.text(alphabet="a1_\u00e9( -\n", max_size=12)


@given(
    st.text(alphabet="a1_\u00e9( -", min_size=1, max_size=4).map(lambda text: " ".join(text.split())).filter(bool),
    SIGNS,
)
def test_a_text_is_found_where_its_pattern_finds_it(words, text):
    assert list(find_words(words, text)) == [found.span() for found in number_markup._pattern(words).finditer(text)]


def test_a_text_is_found_at_word_boundaries_only():
    assert list(find_words("within 24 hours", "within 24 hours, or within 24 hourss\n")) == [(0, 15)]
    assert list(find_words("within 24 hours", "within\n 24 hours")) == [(0, 16)]


def test_no_pattern_is_compiled_for_even_white_space(monkeypatch):
    monkeypatch.setattr(number_markup, "_pattern", lambda words: pytest.fail(words))
    marker = Marker({"24": [("method", "within 24 hours")]})
    assert marker.mark_page("<p>\n  Recorded within 24 hours: 7\n</p><code>within 24 hours</code>") == (
        '<p>\n  Recorded within <span data-not-figure="method">24</span> hours: 7\n</p><code>within 24 hours</code>'
    )


def test_an_element_whose_name_begins_like_an_unmarked_one_is_marked():
    marker = Marker({"24": [("method", "within 24 hours")]})
    assert "data-not-figure" in marker.mark_page("<codes>within 24 hours</codes>")
    assert "data-not-figure" not in marker.mark_page('<style media="print">within 24 hours</style>')

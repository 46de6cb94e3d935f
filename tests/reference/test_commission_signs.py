"""Is the list of signs whole: every phrase of a sign, every sign with a source, and nothing in it that reports harm?"""

import pytest

from assay.reference import sign_phrases, signs
from assay.reference.exploitation_signs import SLOTS
from assay.text import Phrase, Scanner

pytestmark = pytest.mark.quick


def test_every_sign_has_a_phrase_and_every_slot_a_sign():
    assert {sign_phrase.sign for sign_phrase in sign_phrases()} == set(signs().keys)
    assert {sign.slot for sign in signs()} == set(SLOTS)


def test_a_child_an_adult_and_something_more_stand_together():
    assert signs().fills_every_slot({"child", "older_adult", "gift"})
    assert signs().fills_every_slot({"child", "several_adults", "debt", "missing"})
    assert not signs().fills_every_slot({"child", "gift", "debt"})
    assert not signs().fills_every_slot({"older_adult", "gift"})
    assert not signs().fills_every_slot(set())


def test_every_form_of_a_phrase_is_found_where_it_stands_alone():
    scanner = Scanner(Phrase(sign_phrase.key, sign_phrase.forms) for sign_phrase in sign_phrases())
    forms = [(sign_phrase.key, form) for sign_phrase in sign_phrases() for form in sign_phrase.forms]
    found = set(scanner.hits([form for _, form in forms]).select("record", "key").iter_rows())
    assert [form for number, (key, form) in enumerate(forms) if (number, key) not in found] == []


def test_a_sign_that_is_only_recalled_or_our_own_says_so():
    assert signs().get("threat").evidence == "recalled"
    assert signs().get("child").evidence == "none"
    assert {sign.evidence for sign in signs()} <= {"seen", "recalled", "none"}


@pytest.mark.parametrize("word", ["sex", "rape", "naked", "assault", "abuse", "nude", "indecent"])
def test_the_phrases_are_procedural(word):
    assert [form for sign_phrase in sign_phrases() for form in sign_phrase.forms if word in form] == []


def test_the_version_of_the_list_changes_with_a_form():
    from dataclasses import replace

    first, *rest = sign_phrases()
    other = type(sign_phrases())([replace(first, forms=(*first.forms, "one more form")), *rest])
    phrases = type(sign_phrases())([first, *rest])
    assert phrases.version == sign_phrases().version != other.version

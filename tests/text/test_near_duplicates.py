"""Are copied texts found, and forms, short texts and repeated texts on one child ignored?"""

from assay.text.near_duplicates import find_copies

FIRST = (
    "Seen at school on Tuesday with her teacher, who had noticed new things and lifts home from older people she names."
)
OTHER = "Visited at home with his aunt; he comes in late on most weekends and will not say where he was or with whom."


def test_the_same_words_for_two_children_are_a_copy_and_for_one_child_twice_are_not():
    assert find_copies([FIRST, FIRST, OTHER], ["A", "B", "C"]) == [True, True, False]
    assert find_copies([FIRST, FIRST], ["A", "A"]) == [False, False]


def test_one_word_changed_in_a_long_text_is_still_a_copy_and_half_of_it_changed_is_not():
    long = f"{FIRST} {OTHER} {FIRST.replace('Tuesday', 'Friday')} {OTHER.replace('aunt', 'uncle')}"
    # A run of four words: one word changed of some eighty changes four runs of as many.
    assert find_copies([long, long.replace("noticed", "seen", 1)], ["A", "B"]) == [True, True]
    assert find_copies([f"{FIRST} {OTHER}", FIRST], ["A", "B"]) == [False, False]


def test_short_texts_are_not_judged():
    assert find_copies(["No concerns noted.", "No concerns noted.", ""], ["A", "B", "C"]) == [None, None, None]


def test_what_most_texts_share_is_the_print_of_a_form():
    form = "Section one: tell us what you have seen and what was said to you by the child or by anybody else who knows"
    own_texts = [f"{form}. Child {n} {' '.join(f'said{n}word{m}' for m in range(12))}" for n in range(12)]
    assert find_copies(own_texts, [str(n) for n in range(12)]) == [False] * 12
    assert find_copies([form] * 12, [str(n) for n in range(12)]) == [None] * 12


def test_of_no_texts_nothing_is_said():
    assert find_copies([], []) == []

"""Is the grammar of synthetic notes wide, closed, and the same for the same seed?"""

import re

import pytest

from assay.errors import UsageError
from assay.reference.return_code_lists import return_lists
from assay.synthetic.notes import Blemishes, Habits, grammar, office, vocabulary, write_note
from assay.synthetic.notes.note_grammar import CHILD, FILES, WORDINGS, sentence, word_list
from assay.synthetic.notes.typing_errors import OUTSIDE, WRITERS
from assay.synthetic.random_stream import RandomStream

SPECIAL = {"withheld", "image", "empty"}


def certain(blemish: str) -> Blemishes:
    return Blemishes(**{**dict.fromkeys(vars(Blemishes()), 0.0), blemish: 1.0})


def masked(text: str) -> str:
    """The text without its times, numbers and authors, which would make any two differ."""
    return re.sub(r"K?\d+", "#", text)


def test_of_20000_sentences_more_than_5000_differ_by_more_than_a_number():
    say, stream, kinds = grammar(), RandomStream("sentences"), list(WRITERS)
    masked_sentences = {
        masked(say[f"{stream.pick(kinds)}.{stream.pick(('first', 'then'))}"].say(stream)) for _ in range(20_000)
    }
    assert len(masked_sentences) > 5000


def test_far_more_than_20000_sentences_can_be_said_and_each_attitude_in_thousands_of_ways():
    say = grammar()
    assert all(say[f"{kind}.first"].number() + say[f"{kind}.then"].number() > 20_000 for kind in WRITERS)
    assert all(grammar("she", wording)["officer.frame"].number() > 20_000 for wording in WORDINGS)


def test_what_can_be_said_is_counted_as_it_is_written_out():
    say = grammar()
    assert sum(len(texts) for texts in say["sign.strong"].all_texts()) == say["sign.strong"].number()
    assert list(say["sign.him_or"].all_texts()) == [["the child"], ["them"]]


def test_the_kinds_of_entry_and_the_roles_are_those_of_the_contract():
    lists = {name: {value for value, _ in values} for name, values in return_lists().items()}
    assert set(WRITERS) == lists["entry_type"]
    assert {role for roles in WRITERS.values() for role in roles} <= lists["role"]


@pytest.mark.parametrize("kind", WRITERS)
def test_the_same_seed_writes_the_same_note(kind):
    assert write_note(kind, RandomStream(5, kind)) == write_note(kind, RandomStream(5, kind))
    assert len({write_note(kind, RandomStream(seed, kind)).text for seed in range(60)}) > 30


@pytest.mark.parametrize("blemish", ["", *vars(Blemishes())])
def test_every_word_of_every_note_stands_in_the_grammar(blemish):
    stream, stores = RandomStream("words", blemish), office("words", 400)
    blemishes = certain(blemish) if blemish else Blemishes()
    notes = [
        write_note(kind, stream, author=stores.writer(kind, stream), blemishes=blemishes)
        for kind in WRITERS
        for _ in range(20)
    ]
    words_used = {word for note in notes for word in word_list(note.text or "")}
    assert words_used - vocabulary() == set()
    assert (len(words_used) > 100) == (blemish not in SPECIAL)


def test_a_child_is_she_or_he_throughout_a_grammar():
    for child, other in (("she", {"he", "his", "himself", "him"}), ("he", {"she", "herself"})):
        lines = [
            way
            for slot in ("victim_contact.then", "blame.stock", "blame.paraphrase")
            for way in grammar(child)[slot].variants
        ]
        words_used = {word for line in lines for piece in line if isinstance(piece, str) for word in word_list(piece)}
        assert CHILD[child]["she"] in words_used
        assert words_used & other <= {"him"}  # the adult of whom a paraphrase speaks


def test_a_sentence_begins_with_a_capital_and_so_does_the_next():
    assert sentence('"it is late". the school called.') == '"It is late". The school called.'


def test_every_kind_of_blemish_does_what_it_says():
    notes_by_blemish = {name: write_note("log", RandomStream(3), blemishes=certain(name)) for name in vars(Blemishes())}
    assert {name: notes_by_blemish[name].form for name in SPECIAL} == {
        "withheld": "withheld",
        "image": "image",
        "empty": "text",
    }
    assert all(notes_by_blemish[name].text is None and not notes_by_blemish[name].blaming for name in SPECIAL)
    assert re.search(r"[\x00-\x08\x0e-\x1f]", notes_by_blemish["control"].text)
    assert re.search(r"</?\w+>|&", notes_by_blemish["remnants"].text)
    assert notes_by_blemish["capitals"].text == notes_by_blemish["capitals"].text.upper()
    assert len(notes_by_blemish["very_long"].text) > 5000
    in_welsh = [text for texts in grammar()["welsh.sentence"].all_texts() for text in texts]
    assert any(text in notes_by_blemish["welsh"].text for text in in_welsh)


def test_a_habit_shows_in_the_text_and_words_stay():
    plain = write_note("missing", RandomStream(9), blemishes=certain("very_long")).text
    wrapped = write_note("missing", RandomStream(9), habits=Habits(wrap=60), blemishes=certain("very_long")).text
    assert max(map(len, wrapped.split("\n"))) <= 60
    assert wrapped.split() == plain.split()
    assert (
        write_note("missing", RandomStream(9), habits=Habits(capitals=True), blemishes=certain("very_long")).text
        == plain.upper()
    )
    bullets = write_note("missing", RandomStream(9), habits=Habits(bullet="- "), blemishes=certain("very_long")).text
    assert all(line.startswith("- ") for line in bullets.split("\n"))
    assert (
        "'"
        not in write_note("missing", RandomStream(9), habits=Habits(curly=True), blemishes=certain("very_long")).text
    )


def test_an_entry_begins_with_its_own_time_where_the_author_writes_one():
    text = write_note(
        "log", RandomStream(2), habits=Habits(opening=1.0), clock="14:05", blemishes=certain("capitals")
    ).text
    assert "14:05" in text[:12]


def test_an_author_keeps_role_and_habits_and_partners_have_no_key():
    stream, stores = RandomStream("authors"), office("INV01/office", 300)
    writers = [stores.writer(kind, stream) for kind in WRITERS for _ in range(60)]
    by_key = {author.key: author for author in writers}
    assert all(by_key[author.key] == author for author in writers if author.key)
    assert {author.role for author in writers if author.key is None} == OUTSIDE
    assert len({author.habits for author in by_key.values()}) > 50
    assert office("INV02/office", 300).writer("log", RandomStream(1)) != stores.writer("log", RandomStream(1))


def test_lengths_reach_from_a_line_to_a_page():
    stream = RandomStream("lengths")
    lengths = sorted(len(write_note("investigation", stream).text or "") for _ in range(2000))
    assert lengths[200] < 120
    assert lengths[-5] > 1000


@pytest.mark.parametrize("shares", [{"empty": -0.1}, {"empty": 0.6, "image": 0.6}])
def test_shares_of_blemishes_that_make_no_sense_are_refused(shares):
    with pytest.raises(UsageError, match="add up"):
        Blemishes(**shares)


def test_every_file_of_the_grammar_is_read_and_used():
    from importlib.resources import files

    template_names = {
        path.name.removesuffix(".toml") for path in files("assay.synthetic.notes").joinpath("words").iterdir()
    }
    assert template_names == {*FILES, "kinds"}

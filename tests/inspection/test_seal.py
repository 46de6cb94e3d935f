"""Does the seal that a report prints stand for what was made, and for nothing else?"""

import pyarrow as pa

from assay import measure
from assay.inspection.book import Book, Made


def sealed(folder, number=1, words="select a, b"):
    """The seal of a book of one stage that made one number, by a statement in these words."""
    book = Book(folder)
    table = pa.table({"number": [number]})
    book.stage("records", lambda: Made({"t": table}, 1, 1, sql=(words,)), rooms=(measure,), inputs={})
    return book.seal


def test_the_seal_stays_when_a_library_words_a_statement_otherwise(tmp_path):
    assert sealed(tmp_path / "one") == sealed(tmp_path / "two", words="select b, a")


def test_another_number_gives_another_seal(tmp_path):
    assert sealed(tmp_path / "one") != sealed(tmp_path / "two", number=2)

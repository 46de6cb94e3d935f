"""Can a reader of age 11 read the pages of a report? The formula, and the pages of two synthetic reports."""

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


def _script():
    spec = importlib.util.spec_from_file_location("reading_grade", ROOT / "scripts" / "reading_grade.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # a dataclass looks up its own module
    spec.loader.exec_module(module)
    return module


reading = _script()
LIMITS = reading.read_limits()
PUBLIC_GRADE, PUBLIC_WORDS = 7, 25


def prose(text, **more):
    return reading.Prose("page.html", reading.sentences_of(text), reading.Limits((), ("interval",)).pattern, **more)


def test_the_grade_is_worked_out_from_letters_words_and_sentences():
    """Six letters in two words, in one sentence: 4.71 x 3 + 0.5 x 2 - 21.43 = -6.3."""
    assert reading.reading_grade([("the", "cat")]) == -6.3
    assert reading.reading_grade([]) == 0.0


def test_only_the_prose_that_a_reader_sees_first_is_read():
    page = """<main><h1>Kent</h1><p>One force is <a href="x">slow</a>.</p><table><tr><td>It is. So.</td></tr></table>
        <details><p>Folded away.</p></details><ul><li><a href="a">A list of links.</a></li></ul>
        <p>Recorded within 24 hours; told of arrest; told of bail</p></main><footer><p>At the foot.</p></footer>"""
    assert reading.sentences_of(page) == ("One force is slow.",)


def test_a_long_text_without_a_full_stop_is_a_sentence_and_a_label_of_its_own_is_none():
    words = " ".join(["word"] * 9)
    page = f'<main><p>{words}</p><li><span class="name">Essex Police</span> It is 4.5 miles. It is near.</li></main>'
    assert reading.sentences_of(page) == (words, "It is 4.5 miles.", "It is near.")


def test_an_exempt_term_counts_as_one_word_for_the_grade_and_with_all_its_words_for_the_length():
    limits = reading.Limits((), ("child sexual offences recorded by police",))
    page = reading.Prose("p", ("It counts child sexual offences recorded by police.",), limits.pattern)
    assert page.counted_words == (("It", "counts", "words"),)
    assert page.too_long(7) == list(page.sentences)
    assert page.too_long(8) == []


def test_every_exception_from_the_limits_of_a_public_page_gives_its_reason():
    exceptions = [kind for kind in LIMITS.kinds if kind.grade > PUBLIC_GRADE or kind.words > PUBLIC_WORDS]
    assert [kind.name for kind in exceptions if not kind.reason] == []
    assert (LIMITS.kind_of("easy-read.html").grade, LIMITS.kind_of("easy-read.html").words) == (5, 12)
    assert LIMITS.kind_of("hidden.html").grade == PUBLIC_GRADE


def _over_limits(folder):
    pages = list(reading.read_report(folder, LIMITS))
    assert len(pages) > 40
    kinds = [(page, LIMITS.kind_of(page.path)) for page in pages]
    return [(page.path, page.grade, page.too_long(kind.words)) for page, kind in kinds if page.is_over(LIMITS)]


def test_no_page_of_an_inspection_is_harder_to_read_than_its_kind_allows(record_report):
    assert _over_limits(record_report.folder) == []


def test_no_page_of_published_statistics_is_harder_to_read_than_its_kind_allows(report):
    assert _over_limits(report.folder) == []


@pytest.mark.parametrize("path", ["hidden.html", "grades.html", "forces/alderwick.html"])
def test_a_public_page_is_read_and_not_passed_by(record_report, path):
    limits = LIMITS.exempting(reading.force_names(record_report.folder))
    assert len(reading.prose(record_report.folder, path, limits).sentences) > 8

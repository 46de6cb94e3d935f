"""Do our own pages, letters, column labels and questions pass the text scanner?"""

import ast
import dataclasses
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from lxml import html

from assay import contract, reference
from assay.indicators.catalogue.attitudes.attitude_lexicon import lexicon
from assay.indicators.indicator_catalogue import forms
from assay.indicators.question_set_catalogue import question_sets
from assay.report.number_words import family
from assay.text import Reader

SRC = Path(__file__).parents[2] / "src" / "assay"
BLOCKS = ["p", "li", "td", "th", "dd", "dt", "h1", "h2", "h3", "h4", "summary", "caption", "figcaption"]
LABEL = re.compile(
    r"[\u2018\u201c][^\u2018\u2019\u201c\u201d]*[\u2019\u201d]|(?i:closed: victim not supporting \(official label\))"
)
"""Words that are set in quotation marks are somebody's label, and so is the one that is called official."""
DEMO_WORD = re.compile(r"(?i)\binvented\b")
"""Forces, countries and figures that are not real are called so wherever they stand; nobody says it of a child."""
OTHER_LISTS = ("definitions", "offences", "outcomes", "predicates", "sign_phrases", "signs")
"""Lists that hold the words of laws, of official labels, or what is looked for in texts."""
LETTERS = (
    "feedback/letter_sentences.py",
    "feedback/force_return_letter.py",
    "workflows/urgent/urgent_letter.py",
)
EMPTY_PART = re.compile(r"\s[.,;](?=\s|$)|\bbecause[.,;]|\(\s*\)|,\s*[,.;]|[:;]\s*[.,;]")
"""Punctuation with nothing before it: a sentence was built from a text that is empty."""
READER = Reader(lexicon().terms)
CHILD_ACTS = re.compile(
    r"(?i)\b(?:child(?:ren)?|girls?|boys?|victims?|young people|minors?) (?:who |that )?"
    r"(?:engag\w+ in|put\w* (?:him|her|them)sel\w+|expos\w+ (?:him|her|them)sel\w+|allow\w+|consent\w+|sell\w*|prostitut\w+"
    r"|refus\w+ to (?:engage|support)|fail\w+ to (?:engage|support)|lifestyle|place\w* (?:him|her|them)sel\w+ at risk)"
)


def said_by(page):
    """What a page says, block by block, and in its alternatives in words."""
    document = html.fromstring(page)
    blocks = document.xpath(" | ".join(f"//body//{tag}" for tag in BLOCKS))
    return {" ".join(block.text_content().split()) for block in blocks} | set(document.xpath("//@alt | //@aria-label"))


def strings(thing):
    """Every text in a form of ours."""
    if isinstance(thing, str):
        yield thing
    elif dataclasses.is_dataclass(thing):
        for field in dataclasses.fields(thing):
            yield from strings(getattr(thing, field.name))
    elif isinstance(thing, Mapping):
        for pair in thing.items():
            yield from strings(list(pair))
    elif isinstance(thing, (list, tuple, set, frozenset)):
        for field in thing:
            yield from strings(field)


def constants(path):
    return {
        n.value
        for n in ast.walk(ast.parse(path.read_text()))
        if isinstance(n, ast.Constant) and isinstance(n.value, str)
    }


def hits(texts):
    """What counts against whoever wrote it, by the rules of the scanner; quoted labels are not read."""
    read = sorted({re.sub(r"\d+", "9", DEMO_WORD.sub("", LABEL.sub(" ", text))) for text in texts if len(text) > 5})
    return [
        (passage.term, text[max(0, passage.start - 40) : passage.end + 30])
        for text, answer in zip(read, READER.read(read, signs=False), strict=True)
        for passage in answer.passages
        if passage.counts
    ]


@pytest.mark.parametrize("report_name", ["pages", "record_pages"])
def test_no_page_and_no_alternative_text_blames_a_child(request, report_name):
    texts_read = set().union(*(said_by(page) for page in request.getfixturevalue(report_name).values()))
    assert len(texts_read) > 1000
    assert hits(texts_read) == []
    assert [text for text in texts_read if CHILD_ACTS.search(LABEL.sub(" ", text))] == []


def test_no_question_indicator_or_column_label_blames_a_child():
    texts_asked = [*strings(question_sets()), *strings(forms()), *strings(contract.tables())]
    texts_asked += [
        str(v)
        for name, rows in reference.code_lists().items()
        if name not in OTHER_LISTS
        for r in rows
        for v in r.values()
    ]
    assert len(texts_asked) > 3000
    assert hits(texts_asked) == []


def test_no_letter_and_no_template_blames_a_child():
    letter_texts = set().union(*(constants(SRC / name) for name in LETTERS if (SRC / name).exists()))
    for path in (*SRC.rglob("*.html"), *SRC.rglob("*.md")):
        letter_texts |= set(re.split(r"<[^>]*>|\{[{%].*?[%}]\}|\n\n", path.read_text(encoding="utf-8")))
    assert len(letter_texts) > 1000
    assert hits({" ".join(text.split()) for text in letter_texts}) == []


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("She makes poor choices and puts herself at risk.", True),
        ("The victim will not support the police.", True),
        ("Closed: victim not supporting (official label)", False),
        ("The note says \u2018she puts herself at risk\u2019.", False),
        ("Whether it fell cannot be said.", False),
    ],
)
def test_the_scanner_reads_our_words_as_it_reads_those_of_the_police(text, is_one):
    assert bool(hits([text])) is is_one


def test_outcome_16_is_printed_as_an_official_label():
    assert family("evidential_victim_does_not_support") == "Closed: victim not supporting (official label)"


@pytest.mark.parametrize("report_name", ["pages", "record_pages"])
def test_no_page_says_in_our_voice_that_a_victim_does_not_support(request, report_name):
    for path, page in request.getfixturevalue(report_name).items():
        full_text = " ".join(LABEL.sub(" ", text) for text in said_by(page))
        assert not re.search(r"(?i)victims? (?:does|do|did|will) not support", full_text), path


@pytest.mark.parametrize("report_name", ["pages", "record_pages"])
def test_no_sentence_has_an_empty_part(request, report_name):
    for path, page in request.getfixturevalue(report_name).items():
        found = {text for text in said_by(page) if EMPTY_PART.search(text)}
        assert not found, path


@pytest.mark.parametrize(
    ("text", "is_empty"),
    [
        ("It stops at adequate because . By its characteristics alone it would be good.", True),
        ("It stops at adequate because.", True),
        ("Missed in 2 forces: .", True),
        ("Worse ( ) than the others.", True),
        ("39%, , other forces 91%", True),
        ("It stops at adequate because duties in law are not met.", False),
        ("It is recorded who victims and suspects are.", False),
        ("median 9 days; all forces .5 days", False),
    ],
)
def test_an_empty_part_of_a_sentence_is_found(text, is_empty):
    assert bool(EMPTY_PART.search(text)) is is_empty

"""Is every number on every page a figure that was released, or plainly no figure at all?"""

import json
import re
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from assay.disclosure import declared_tables, policy, release
from assay.report import write
from assay.report.marking import marker
from assay.report.noted import noting, worked_out
from assay.report.register import numbers_in, printed
from report.fixture import released
from report.record_fixture import arrow, raw_tables, record_released

NOT_READ = "ancestor::style or ancestor::script or ancestor::code or ancestor::*[@data-not-figure]"
TEXTS = f"//body//text()[not({NOT_READ})]"
DATE = re.compile(r"(?:\d\d? )?[A-Z][a-z]+(?: \d{4})?|(?:mid-)?\d{4}(?:[-/]\d\d(?:-\d\d)?)?(?:T[\d:]+)?(?: Q[1-4])?")


def figures_of(report):
    return json.loads((report.folder / "figures" / "figures.json").read_text(encoding="utf-8"))


def numbers_held(told, keep=lambda one: True):
    """Every number that the file of figures holds, as it may be printed."""
    said = [said for one in (*told["figures"], *told["worked_out"]) if keep(one) for said in one["printed"]]
    said += [one["says"] for one in told["sentences"] if keep(one)]
    return {number for text in said for number in numbers_in(text)}


def unread(text, spans):
    """A text without the stretches that are no figures."""
    for start, end, _ in reversed(spans):
        text = text[:start] + " " + text[end:]
    return text


def numbers_on(page, marks):
    """Every number that a reader of a page is told as a figure: in its text, and in its alternatives in words."""
    document = html.fromstring(page)
    found = [number for text in document.xpath(TEXTS) for number in numbers_in(text)]
    named = document.xpath("//@alt | //@aria-label")
    return found + [number for text in named for number in numbers_in(unread(text, marks.spans(text)))]


@pytest.mark.parametrize(("which", "what"), [("report", released), ("record_report", record_released)])
def test_every_number_on_every_page_stands_in_the_file_of_figures(request, which, what):
    report = request.getfixturevalue(which)
    held, marks = numbers_held(figures_of(report)), marker(what())
    lost, read = [], 0
    for path in report.written.pages:
        numbers = numbers_on(Path(report.folder, path).read_text(encoding="utf-8"), marks)
        read += len(numbers)
        lost += [(path, number) for number in numbers if number not in held]
    assert read > 5000
    assert lost == []


def test_on_the_page_of_a_force_stand_its_own_figures_and_those_of_all_together_and_no_others(record_report):
    told, marks, read = figures_of(record_report), marker(record_released()), 0
    for place in record_released().rows("places"):
        page = record_report.folder / "forces" / f"{place['slug']}.html"
        if page.exists():
            held = numbers_held(told, lambda one, own=place["place_code"]: one.get("force", "ALL") in ("ALL", own))
            numbers = numbers_on(page.read_text(encoding="utf-8"), marks)
            read += len(numbers)
            assert [number for number in numbers if number not in held] == [], place["name"]
    assert read > 1000


def test_a_number_that_was_not_released_would_be_found(record_report, marked_pages):
    page = marked_pages["index.html"].replace("</main>", "<p>In all 987,651 records.</p></main>")
    numbers, held = numbers_on(page, marker(record_released())), numbers_held(figures_of(record_report))
    assert [number for number in numbers if number not in held] == ["987,651"]


def test_no_template_and_no_code_marks_a_number_by_hand():
    folder = Path(__file__).parents[2] / "src" / "assay" / "report"
    marking = [p.name for p in folder.rglob("*.*") if p.suffix in (".py", ".html") and "data-not-figure" in p.read_text()]
    assert marking == ["marking.py"]


def changed(table, form):
    """A table whose every protected figure is another one that might have been released."""
    for at, column in enumerate(form.columns):
        if column.protect and column.kind == "count":
            table = table.set_column(at, column.name, pc.add(table[column.name], pa.scalar(12345)))
        elif column.protect and column.kind == "share":
            table = table.set_column(at, column.name, pc.multiply(table[column.name], 0.5))
    return table


@pytest.fixture(scope="module")
def marked_pages(record_report):
    """Every page as it is read, marks and all."""
    return {p: Path(record_report.folder, p).read_text(encoding="utf-8") for p in record_report.written.pages}


@pytest.fixture(scope="module")
def other_pages(tmp_path_factory):
    """The pages of the same report where every count and share is another."""
    forms, folder = declared_tables(), tmp_path_factory.mktemp("other")
    there = {name: changed(table, forms[name]) for name, table in arrow(raw_tables("invented")).items()}
    made = release(there, policy=policy("record level"), ledger_head="0" * 64, edition=record_released().edition)
    return {path: Path(folder, path).read_text(encoding="utf-8") for path in write(made, folder).pages}


def marked_on(page, kind):
    """What is marked, with the few letters before and after it."""
    for mark in html.fromstring(page).xpath(f'//*[@data-not-figure="{kind}"]'):
        held = mark.getprevious()
        before = (held.tail if held is not None else mark.getparent().text) or ""
        yield mark.text_content(), before[-5:], (mark.tail or "")[:5]


def test_what_is_marked_as_words_of_ours_is_the_same_whatever_the_figures_are(marked_pages, other_pages):
    """Figures beside a marked number may change; the number itself, and the words on one side of it, do not."""
    first = {mark for page in marked_pages.values() for mark in marked_on(page, "method")}
    elsewhere = {mark for page in other_pages.values() for mark in marked_on(page, "method")}
    sides = {(number, before) for number, before, _ in elsewhere} | {(number, after) for number, _, after in elsewhere}
    assert len(first) > 100
    assert [(n, before, after) for n, before, after in first if not {(n, before), (n, after)} & sides] == []


def test_what_is_marked_as_a_date_reads_as_one(marked_pages):
    said = [number for page in marked_pages.values() for number, *_ in marked_on(page, "date")]
    assert len(said) > 40
    assert [number for number in said if not DATE.fullmatch(number)] == []


def test_what_is_marked_as_a_name_is_one_of_a_register(marked_pages):
    texts = set()
    for name, table in record_released().tables.items():
        for column in declared_tables()[name].columns:
            if column.kind in ("code", "name"):
                texts |= {" ".join(str(text).split()) for text in table[column.name].to_pylist()}
    said = {" ".join(n.split()) for page in marked_pages.values() for n, *_ in marked_on(page, "name")}
    assert len(said) > 50
    assert said - texts - {record_released().edition} == set()


def test_every_figure_says_what_it_is_and_under_which_rule_it_left(record_report):
    told = figures_of(record_report)
    assert len({one["id"] for one in told["figures"]}) == len(told["figures"]) > 4500
    assert all({"id", "value", "printed", "unit", "rule"} <= set(one) for one in told["figures"])
    share = next(o for o in told["figures"] if o["id"].startswith("standing/") and o["id"].endswith("#share"))
    assert {"base", "interval", "indicator", "force"} <= set(share)
    assert "base of 20 or more" in share["rule"]
    counts = {one["rule"] for one in told["figures"] if one["id"].endswith("#not_met")}
    assert counts == {"1 to 7 hidden, all others rounded to 5"}


def test_a_hidden_count_has_no_figure(record_report):
    hidden = [row for row in record_released().rows("ladders") if row["met"] is None and not row["not_askable"]]
    ids = {one["id"] for one in figures_of(record_report)["figures"]}
    row = hidden[0]
    assert f"ladders/{row['indicator']} / {row['place_code']} / {row['when_reported']}#met" not in ids


@given(st.floats(0, 1))
def test_a_share_is_printed_in_per_cent_and_in_hundred(share):
    said = printed(share, declared_tables()["standing"].columns[[c.name for c in declared_tables()["standing"].columns].index("share")])
    assert said[0] == f"{100 * share:.1f}%"
    assert f"{round(100 * share)} in 100" in said


def test_what_a_page_works_out_is_noted_only_while_a_report_is_written():
    with noting() as noted:
        assert worked_out("1,475", "found and not known") == "1,475"
    worked_out("99", "later")
    assert noted == {"worked-out/found-and-not-known/1,475": "1,475"}


def test_words_of_ours_are_marked_and_a_figure_beside_them_is_not():
    marks = marker(record_released())
    page = marks.marked("<p>About 1,345 records &amp; more. Counts from 1 to 7 are hidden, all others rounded to 5, and so on.")
    assert html.fromstring(page).xpath("//@data-not-figure") == []
    said = "Counts from 1 to 7 are hidden, all others rounded to 5, and shares are worked out from the rounded counts."
    page = marks.marked(f"<p>About 1,345 records &amp; more. {said}</p>")
    assert html.fromstring(page).xpath("//@data-not-figure") == ["method", "method", "method"]
    assert "About 1,345 records &amp; more" in page

"""Is every number on every page a released figure, or marked as no figure?"""

import json
import re
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from assay.reference.data_requests import SYNTHETIC
from assay.report import write_report
from assay.report.derived_numbers import assign_to_page, derived_number, record_derived_numbers
from assay.report.figure_register import _CellTexts, numbers_in, printed_forms, register_figures, register_parts
from assay.report.number_markup import marker
from assay.sdc import declared_tables, policy, release
from report.fixture import released
from report.record_fixture import arrow, raw_tables, record_released
from report.scoped import Reader, figures_of, other, register_of

DATE = re.compile(r"(?:\d\d? )?[A-Z][a-z]+(?: \d{4})?|(?:mid-)?\d{4}(?:[-/]\d\d(?:-\d\d)?)?(?:T[\d:]+)?(?: Q[1-4])?")


@pytest.fixture(scope="module", params=["report", "record_report"])
def read(request):
    """A reader of each report, and everything that it found said in numbers."""
    report = request.getfixturevalue(request.param)
    reader = Reader(report, {"report": released, "record_report": record_released}[request.param]())
    return reader, [statement for path in report.written.pages for statement in reader.statements(path)]


def test_every_number_is_a_released_figure_of_what_it_speaks_of(read):
    reader, found = read
    lost = [(item.page, number, item.text[:100]) for item in found for number in item.numbers
            if number not in reader.figures.allowed(item)]  # fmt: skip
    assert sum(len(item.numbers) for item in found) > 5000
    assert lost == []


KINDS = {  # of each kind of page, the least share of made-up numbers that must be found to be made up
    # An indicator's page counts the forces that miss a standard: one more than so small a number is often released too.
    "forces": 0.45, "indicators": 0.69, "waits": 0.65, "people": 0.9, "lines": 0.35, "definitions.html": 0.9,
    "falling.html": 0.9, "hidden.html": 0.9, "scale.html": 0.65, "concerns.html": 0.8, "lessons.html": 0.7,
    "offences": 0.6, "comparison": 0.5, "on-the-wane.html": 0.64, "questions": 0.75,
}  # fmt: skip


def test_a_number_that_was_made_up_is_found_on_every_kind_of_page(read):
    """Each number in turn is made one higher: the nearest that a slip could be, and the hardest to tell."""
    reader, found = read
    by_kind = {}
    for mark_found in found:
        allowed = reader.figures.allowed(mark_found)
        by_kind.setdefault(mark_found.page.partition("/")[0], []).extend(
            other(number) not in allowed for number in mark_found.numbers
        )
    shares = {kind: sum(flags) / len(flags) for kind, flags in by_kind.items() if kind in KINDS}
    assert len(shares) >= 5
    assert {kind: share for kind, share in shares.items() if share < KINDS[kind]} == {}


@pytest.mark.parametrize(
    ("path", "original", "made_up"),
    [
        ("indicators/told-of-arrest.html", r">54% of 3,070<", ">17% of 3,070<"),
        ("indicators/told-of-arrest.html", r">54% of 3,070<", ">54% of 3,075<"),
        ("findings.html", r"54% of records with a known answer", "58% of records with a known answer"),
        ("forces/alderwick/measures.html", r"91% of records with a known answer", "71% of records with a known answer"),
        ("recommendations/one.html", r">3,070<", ">3,170<"),
        ("recommendations/one.html", r"1 shows it in practice", "3 show it in practice"),
        ("grades.html", r'class="n">1<', 'class="n">41<'),
    ],
)
def test_a_figure_of_another_row_does_not_pass_for_that_of_this_one(record_report, path, original, made_up):
    reader = Reader(record_report, record_released())
    text = Path(record_report.folder, path).read_text(encoding="utf-8")
    assert reader.lost(path) == []
    assert original in text
    assert reader.lost(path, text.replace(original, made_up)) != []


def test_no_template_and_no_code_marks_a_number_by_hand():
    folder = Path(__file__).parents[2] / "src" / "assay" / "report"
    marking = [
        p.name for p in folder.rglob("*.*") if p.suffix in (".py", ".html") and "data-not-figure" in p.read_text()
    ]
    assert marking == ["number_markup.py"]


def changed(table, form):
    """A table whose every protected figure is another one that might have been released."""
    for number, column in enumerate(form.columns):
        if column.protect and column.kind == "count":
            table = table.set_column(number, column.name, pc.add(table[column.name], pa.scalar(12345)))
        elif column.protect and column.kind == "share":
            table = table.set_column(number, column.name, pc.multiply(table[column.name], 0.5))
    return table


@pytest.fixture(scope="module")
def marked_pages(record_report):
    """Every page as it is read, marks and all."""
    return {p: Path(record_report.folder, p).read_text(encoding="utf-8") for p in record_report.written.pages}


@pytest.fixture(scope="module")
def other_pages(tmp_path_factory):
    """The pages of the same report where every count and share is another."""
    forms, folder = declared_tables(), tmp_path_factory.mktemp("other")
    changed_tables = {name: changed(table, forms[name]) for name, table in arrow(raw_tables(SYNTHETIC)).items()}
    changed_release = release(
        changed_tables, policy=policy("record level"), ledger_head="0" * 64, edition=record_released().edition
    )
    return {
        path: Path(folder, path).read_text(encoding="utf-8") for path in write_report(changed_release, folder).pages
    }


def marked_on(page, kind):
    """What is marked, with the few letters before and after it."""
    for mark in html.fromstring(page).xpath(f'//*[@data-not-figure="{kind}"]'):
        previous_element = mark.getprevious()
        before = (previous_element.tail if previous_element is not None else mark.getparent().text) or ""
        yield mark.text_content(), before[-5:], (mark.tail or "")[:5]


def test_what_is_marked_as_words_of_ours_is_the_same_whatever_the_figures_are(marked_pages, other_pages):
    """Figures beside a marked number may change; the number itself, and the words on one side of it, do not."""
    first = {mark for page in marked_pages.values() for mark in marked_on(page, "method")}
    elsewhere = {mark for page in other_pages.values() for mark in marked_on(page, "method")}
    sides = {(number, before) for number, before, _ in elsewhere} | {(number, after) for number, _, after in elsewhere}
    assert len(first) > 100
    assert [(n, before, after) for n, before, after in first if not {(n, before), (n, after)} & sides] == []


def test_what_is_marked_as_a_date_reads_as_one(marked_pages):
    date_numbers = [number for page in marked_pages.values() for number, *_ in marked_on(page, "date")]
    assert len(date_numbers) > 40
    assert [number for number in date_numbers if not DATE.fullmatch(number)] == []


def test_what_is_marked_as_a_name_is_one_of_a_register(marked_pages):
    texts = set()
    for name, table in record_released().tables.items():
        for column in declared_tables()[name].columns:
            if column.kind in ("code", "name"):
                texts |= {" ".join(str(text).split()) for text in table[column.name].to_pylist()}
    names_marked = {" ".join(n.split()) for page in marked_pages.values() for n, *_ in marked_on(page, "name")}
    assert len(names_marked) > 50
    texts |= {f"{row['report']}, {row['number']}" for row in record_released().rows("lessons_register")}
    assert names_marked - texts - {record_released().edition} == set()


def test_every_figure_says_what_it_is_and_under_which_rule_it_left(record_report):
    figures = figures_of(record_report)
    assert len({figure["id"] for figure in figures}) == len(figures) > 4500
    assert all({"id", "value", "printed", "unit", "rule"} <= set(figure) for figure in figures)
    share = next(o for o in figures if o["id"].startswith("force_estimates/") and o["id"].endswith("#share"))
    assert {"base", "interval", "indicator", "force"} <= set(share)
    assert "base of 20 or more" in share["rule"]
    counts = {figure["rule"] for figure in figures if figure["id"].endswith("#not_met")}
    assert counts == {"1 to 7 suppressed, all others rounded to 5"}


def test_a_hidden_count_has_no_figure(record_report):
    hidden = [row for row in record_released().rows("ladders") if row["met"] is None and not row["not_askable"]]
    ids = {figure["id"] for figure in figures_of(record_report)}
    row = hidden[0]
    assert f"ladders/{row['indicator']} / {row['place_code']} / {row['when_reported']}#met" not in ids


def column(table, name):
    return next(column for column in declared_tables()[table].columns if column.name == name)


@given(st.floats(0, 1))
def test_a_share_is_printed_in_per_cent_and_as_no_bare_number(share):
    assert printed_forms(share, column("force_estimates", "share")) == [
        "under 1%" if 0 < share <= 0.005 else f"{100 * share:.0f}%"
    ]
    assert ("under 0.1%" if 0 < share < 0.0005 else f"{100 * share:.1f}%") in printed_forms(
        share, column("shares", "share")
    )
    assert {
        number
        for printed_form in printed_forms(share, column("shares", "share"))
        for number in numbers_in(printed_form)
        if number.isdigit()
    } == set()


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("Between 47 and 59 in 100, since 11 in 100 do not tell", ["47 in 100", "59 in 100", "11 in 100"]),
     ("+30 points (20 to 40)", ["30 points", "20 points", "40 points"]), ("2.4 percentage points", ["2.4 points"]),
     ("7.9% of 1,345", ["7.9%", "1,345"]), ("12.3 in 100, or 5", ["12.3 in 100", "5"])],
)  # fmt: skip
def test_a_number_is_read_with_its_unit(text, numbers):
    assert numbers_in(text) == numbers


def test_what_a_page_works_out_is_noted_for_that_page_alone_and_only_while_a_report_is_written():
    with record_derived_numbers() as derived_numbers:
        assert derived_number("1,475", "found and not known") == "1,475"
        assign_to_page("one.html")
        assign_to_page("two.html")
    derived_number("99", "later")
    assert derived_numbers.page_numbers == {("one.html", "worked-out/found-and-not-known", "1,475")}


def test_words_of_ours_are_marked_and_a_figure_beside_them_is_not():
    marks = marker(record_released())
    page = marks.mark_page(
        "<p>About 1,345 records &amp; more. Counts from 1 to 7 are hidden, all others rounded to 5, and so on."
    )
    assert html.fromstring(page).xpath("//@data-not-figure") == []
    policy_text = (
        "Counts from 1 to 7 are hidden, and all others are rounded to 5, each by itself: parts may add up to more or "
        "less than their total. Shares are worked out from the rounded counts."
    )
    page = marks.mark_page(f"<p>About 1,345 records &amp; more. {policy_text}</p>")
    assert html.fromstring(page).xpath("//@data-not-figure") == ["method", "method", "method"]
    assert "About 1,345 records &amp; more" in page


def test_the_file_of_figures_says_which_were_worked_out_from_rounded_counts_and_which_from_exact_ones(record_report):
    rules = {(figure["id"].partition("/")[0], figure["id"].rpartition("#")[2]): figure["rule"]
             for figure in figures_of(record_report)}  # fmt: skip
    assert rules["force_estimates", "expected"].startswith("worked out from rounded counts")
    assert rules["wait_medians", "median_days"].startswith("estimated from exact counts")


def test_the_file_of_figures_is_written_in_parts_of_one_row_each(record_report):
    parts = [*register_parts(record_released(), ())]
    register = register_of(record_report)
    assert json.loads("".join(parts)) | {"worked_out": register["worked_out"]} == register
    assert len(parts) > sum(len(table["rows"]) for table in register["tables"].values()) > 1000
    assert max(map(len, parts)) < 12000


def test_the_file_of_figures_says_unit_and_rule_once_a_column_and_the_reader_says_them_of_every_figure():
    register = {
        "format": 2,
        "tables": {
            "shares": {
                "columns": {
                    "numerator": {"unit": "offences", "rule": "as released"},
                    "base": {"unit": "offences", "rule": "as released"},
                    "low": {"unit": "share", "rule": "as released", "base": ["base"]},
                    "high": {"unit": "share", "rule": "as released", "base": ["base"]},
                    "share": {"unit": "share", "rule": "as released", "base": ["base"], "interval": ["low", "high"]},
                },
                "rows": [
                    {
                        "row": "charged / A / 2024/25",
                        "force": "A",
                        "figures": {
                            "base": [40, "40"],
                            "low": [0.1, "10%"],
                            "high": [0.4, "40%"],
                            "share": [0.25, "25%"],
                        },
                    },
                    {
                        "row": "charged / B / 2024/25",
                        "force": "B",
                        "figures": {"low": [0.1, "10%"], "share": [0.2, "20%"]},
                    },
                ],
            }
        },
    }
    found = {figure["id"]: figure for figure in register_figures(register)}
    assert len(found) == 6
    assert found["shares/charged / A / 2024/25#share"] == {
        "id": "shares/charged / A / 2024/25#share", "value": 0.25, "printed": ["25%"], "unit": "share", "base": 40,
        "interval": [0.1, 0.4], "rule": "as released", "force": "A",
    }  # fmt: skip
    assert not {"base", "interval"} & set(found["shares/charged / B / 2024/25#share"])


def test_a_register_of_an_earlier_release_that_lists_its_figures_singly_is_read_too():
    figures = [{"id": "recorded/A#offences", "value": 5, "printed": ["5"], "unit": "offences", "rule": "as released"}]
    assert [*register_figures({"edition": "2025", "figures": figures})] == figures


def test_equal_numbers_that_are_written_unlike_stay_unlike_in_the_figure_register():
    texts = _CellTexts(column("force_estimates", "share"))
    assert texts.text(0.0).startswith('"share":[0.0,')
    assert texts.text(-0.0).startswith('"share":[-0.0,')
    assert texts.text(None) == ""

"""Do pages show added tables as published, with what they do not count?"""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from assay.ingest.added_tables import read_added_table, write_long_form
from assay.report import write_report
from assay.report.pages import added_table_pages
from assay.sdc import policy, release
from assay.workflows.run.added_table_stage import added_source_rows, added_table_rows, published_tables_table
from report.conftest import unmarked
from report.fixture import FORCES, tables
from report.scoped import Reader

TABLE = "Offences with a flag, by police force (example with made-up counts)"


@pytest.fixture(scope="module")
def added(tmp_path_factory):
    """The example of the long form, with a force that the synthetic report knows."""
    folder = tmp_path_factory.mktemp("added")
    write_long_form(folder)
    rows = (folder / "example-table.csv").read_text().replace("Kent", "Essex")
    (folder / "example-table.csv").write_text(rows)
    return read_added_table(folder / "example-mapping.toml")


@pytest.fixture(scope="module")
def report(added, tmp_path_factory):
    """A report with the added table and the register of published tables."""
    released = release(
        {**tables(FORCES), **added_table_rows([added]), "published_tables": published_tables_table()},
        policy=policy(), ledger_head="0" * 64, edition="2026-01 (synthetic)",
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("report")
    return SimpleNamespace(folder=folder, released=released, written=write_report(released, folder))


@pytest.fixture(scope="module")
def pages(report):
    return unmarked(report.folder, report.written)


def text(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_the_page_of_a_table_says_what_it_counts_and_what_not_before_any_figure(pages):
    page = text(pages["added/example-flags.html"])
    assert page.index("Offences that should have the flag and lack it") < page.index("12,600")
    assert "https://example.org/table" in page
    assert "year ending March 2025" in page


def test_a_figure_stands_beside_that_of_the_period_before_with_the_change(pages):
    page = text(pages["added/example-flags.html"])
    assert "Essex 420 400 +20 (5.0%)" in page
    assert "England and Wales 12,600 12,000 +600 (5.0%)" in page


@pytest.mark.parametrize(
    ("unit", "text"), [("offences", "+20 (5.0%)"), ("per cent", "+20"), ("per 10,000 children", "+20"), ("%", "+20")]
)
def test_a_share_or_rate_has_no_relative_change(unit, text):
    newest, prior = ({"value": value, "grade": ""} for value in (420.0, 400.0))
    assert text_of(added_table_pages._change_text(newest, prior, unit)) == text


@pytest.mark.parametrize(("prior", "text"), [(1.0, "+1"), (19.0, "+1"), (20.0, "+1 (5.0%)")])
def test_a_count_below_20_has_no_change_in_per_cent(prior, text):
    """From 1 to 2 is one more, and not 'up 100%'."""
    before, newest = {"value": prior, "grade": ""}, {"value": prior + 1, "grade": ""}
    assert text_of(added_table_pages._change_text(newest, before, "offences")) == text


def text_of(marked):
    return re.sub(r"<[^>]+>", "", str(marked))


def test_a_marker_is_shown_as_it_was_printed_and_no_change_is_made_of_it(pages):
    page = text(pages["added/example-flags.html"])
    assert "Essex [c] 40 not known" in page
    assert "[c] suppressed by the publisher" in page


def test_the_page_of_a_force_has_a_line_for_each_measure_of_an_added_table(pages):
    page = text(pages["forces/essex.html"])
    assert TABLE in page
    assert "Offences flagged as child sexual abuse: 420 offences in 2024/25 (400 offences in 2023/24)" not in page
    assert "Offences flagged as child sexual abuse: 420 offences in 2024/25 (400 in 2023/24)." in page
    assert "no figure in 2024/25, the publisher printed [c] (40 in 2023/24)." in page
    assert TABLE not in text(pages["forces/cleveland.html"])


def test_a_question_names_the_added_tables_and_those_of_the_register_that_bear_on_it(pages):
    number = next(path for path in pages if path.startswith("questions/q"))
    assert any(TABLE in text(page) for path, page in pages.items() if path.startswith("questions/q")), number


def test_the_register_says_of_each_table_how_far_it_is_known(pages):
    page = text(pages["published-tables.html"])
    assert page.count("What it does not count") == 0
    assert page.count("It does not count") == 40
    assert "never looked up" in page
    assert "assay has a reader for 7." in page


def test_a_year_is_neither_hidden_by_a_quarter_nor_compared_with_one(added):
    """Essex has years, Kent a quarter: both are shown, in tables of their own."""
    rows = [
        {"source": "s", "measure": "m", "area_code": code, "area_name": code, "area_level": "police force",
         "breakdown": "all", "period": period, "value": value, "marker": "", "grade": "", "force_code": code}
        for code, period, value in (
            ("essex", "2023/24", 400.0), ("essex", "2024/25", 420.0), ("kent", "2024/25 Q1", 90.0), ("essex", "2024/25 Q1", 99.0),
        )
    ]  # fmt: skip
    measure = {"source": "s", "measure": "m", "title": "Offences", "unit": "offences"}
    site = SimpleNamespace(places={}, find_rows=lambda _table, **values: [
        row for row in rows if all(row[name] == value for name, value in values.items())])  # fmt: skip
    part = added_table_pages._measure_part(site, measure)
    assert [title for title, _ in part["main"]] == [
        "Police forces, financial years",
        "Police forces, financial quarters",
    ]
    years, quarters = (found for _, found in part["main"])
    assert [row[0].text for row in years.rows] == ["essex"]
    assert "400" in str(years.rows)
    assert "+20" in str(years.rows)
    assert [row[0].text for row in quarters.rows] == ["essex", "kent"]
    assert added_table_pages._period_range(rows) == "2023/24 to 2024/25; 2024/25 Q1"
    line = added_table_pages._force_line(site, measure, "essex")
    assert line == "Offences: 420 offences in 2024/25 (400 in 2023/24); 99 offences in 2024/25 Q1."


def test_every_number_on_these_pages_is_a_released_figure(report):
    reader = Reader(report, report.released)
    published = set().union(
        *(found for (table, _), found in reader.figures.by_table.items() if table == "added_values")
    )
    paths = [path for path in report.written.pages if path.startswith(("added/", "published-tables"))]
    found = [item for path in paths for item in reader.statements(path)]
    lost = [(item.page, number, item.text[:80]) for item in found for number in item.numbers
            if number not in published | reader.figures.by_page[item.page]]  # fmt: skip
    assert len(found) > 10
    assert lost == []
    assert reader.lost("forces/essex.html") == []


def test_every_link_of_these_pages_leads_to_a_page_or_a_place_on_it(pages):
    for path in ("added/index.html", "added/example-flags.html", "published-tables.html", "forces/essex.html"):
        for link in re.findall(r'href="([^"#]*\.html)(?:#([^"]*))?"', pages[path]):
            target = (Path("/") / path).parent.joinpath(link[0]).resolve().relative_to("/").as_posix()
            assert target in pages, (path, link)
            assert not link[1] or f'id="{link[1]}"' in pages[target], (path, link)


def test_a_report_without_added_tables_has_no_page_of_them(tmp_path):
    released = release(tables(FORCES), policy=policy(), ledger_head="0" * 64, edition="2026-01 (synthetic)")
    paths = write_report(released, tmp_path).pages
    assert [path for path in paths if path.startswith(("added/", "published-tables"))] == []


def test_the_table_of_sources_names_the_file_and_the_rows_that_were_left_out(added):
    row = added_source_rows([added]).to_pylist()[0]
    assert (row["rows_taken"], row["rows_passed_on"], row["rows_set_aside"]) == (7, 6, 1)
    assert row["period"] == "2023/24 to 2024/25"
    assert "no area is stated" in row["note"]

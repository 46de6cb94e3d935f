"""Is every page complete, correct in its names, and the same every time?"""

import itertools
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote

import pyarrow as pa
import pytest

from assay import reference
from assay.errors import DisclosureError
from assay.report import write_report
from assay.report.pages.series_labels import group_explanations
from assay.report.report_tables import ReleasedTables
from assay.sdc import Released, policy, release
from made_once import FRONT_PAGE, with_pages_only
from report.fixture import released, tables

STAGES = ("returns", "records", "enquiries", "comparison", "disclosure", "report")
RECEIPTS = {("receipts/index.html", f"../../{stage}/receipt.json") for stage in STAGES}
VOID = {"meta", "link", "img", "source", "br", "path", "rect", "circle"}


class Reading(HTMLParser):
    """What a reader of a page meets: links, anchors, headings, captions, alternatives."""

    def __init__(self, text):
        super().__init__()
        self.links, self.ids, self.headings, self.labels, self.images, self.scripts = [], [], [], [], [], 0
        self.heads_without_scope, self._open = 0, []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.ids += [attributes["id"]] if "id" in attributes else []
        self.links += [attributes[name] for name in ("href", "src", "srcset") if name in attributes]
        self.scripts += tag == "script"
        self.heads_without_scope += tag == "th" and "scope" not in attributes
        if tag == "img":
            self.images.append(attributes.get("alt"))
        self.labels += [attributes[name] for name in ("alt", "aria-label") if name in attributes]
        if tag in ("h1", "h2", "h3", "h4", "caption", "title", "th", "figcaption", "summary"):
            self._open.append([tag, ""])

    def handle_data(self, data):
        for part in self._open:
            part[1] += data

    def handle_endtag(self, tag):
        if self._open and self._open[-1][0] == tag:
            kind, text = self._open.pop()
            self.labels.append(text)
            if kind.startswith("h") and kind[1:].isdigit():
                self.headings.append((int(kind[1]), text))


@pytest.fixture(scope="module")
def read(pages):
    return {path: Reading(text) for path, text in pages.items()}


def test_there_is_a_page_for_every_line_question_force_and_offence(report):
    pages = set(report.written.pages)
    assert {"index.html", "method.html", "data-quality.html", "cannot-be-answered.html", "on-the-wane.html"} <= pages
    assert len([p for p in pages if p.startswith("questions/q")]) == 50
    assert len([p for p in pages if p.startswith("lines/")]) == 5
    assert len([p for p in pages if p.startswith("forces/")]) == 8 + 1 + 1
    assert len([p for p in pages if p.startswith("offences/")]) == 6 + 1
    assert report.written.index == report.folder / "index.html"


def test_every_link_inside_the_report_leads_somewhere(report, read):
    broken = []
    for path, page in read.items():
        for link in page.links:
            if link.startswith("data:") or (path, link) in RECEIPTS:
                continue
            file, _, spot = unquote(link).partition("#")
            target = (report.folder / path).parent / file if file else report.folder / path
            known = read.get(target.resolve().relative_to(report.folder.resolve()).as_posix())
            if not target.exists() or (spot and known and spot not in known.ids):
                broken.append((path, link))
    assert not broken


def test_no_page_needs_a_script(read):
    """Two scripts stand on every page, and further ones on two pages. Without them tables are plain, terms are links,
    and the two pages are lists of links (test_report_tables_browser, test_report_ways_in_browser)."""
    assert {path for path, page in read.items() if page.scripts > 2} == {"search.html", "compare.html"}


def test_no_page_fetches_anything_from_elsewhere(pages):
    for path, text in pages.items():
        assert not re.search(r'(?:href|src|srcset)="(?:https?:)?//', text), path


def test_every_image_has_words_and_every_table_head_a_scope(read):
    assert all(alt for page in read.values() for alt in page.images)
    assert sum(page.heads_without_scope for page in read.values()) == 0


def test_headings_begin_with_one_h1_and_skip_no_level(read):
    for path, page in read.items():
        levels = [level for level, _ in page.headings]
        assert levels.count(1) == 1, path
        assert levels[0] == 1, path
        assert all(after - before <= 1 for before, after in itertools.pairwise(levels)), path


def test_no_anchor_is_used_twice_on_a_page(read):
    for path, page in read.items():
        assert len(page.ids) == len(set(page.ids)), path


def test_no_heading_caption_alternative_or_label_calls_published_counts_cse(read):
    for path, page in read.items():
        assert not [name for name in page.labels if re.search(r"\bCSE\b", name)], path


def test_no_chart_or_figure_file_calls_published_counts_cse(report):
    for path in [*(report.folder / "charts").iterdir(), *(report.folder / "figures").glob("*.json")]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\bCSE\b", text), path.name


def test_every_page_says_what_public_tables_hold_of_the_flag_and_how_sure_it_is(pages):
    for path, text in pages.items():
        assert reference.NO_FLAG in text, path
        assert reference.PUBLISHED_FLAG_COUNTS in text, path
        assert "How sure is this?" in text, path
        assert "Edition 2026-01 (synthetic)" in text, path
        assert "0" * 64 in text, path


def test_every_page_but_the_first_has_a_breadcrumb_and_all_have_a_skip_link(pages):
    for path, text in pages.items():
        assert 'class="skip" href="#main"' in text, path
        assert ('aria-label="Breadcrumb"' in text) == (path != "index.html"), path


def test_a_rank_is_never_printed_without_its_interval(pages):
    for path, text in pages.items():
        for found in re.finditer(r"\d+(?:st|nd|rd|th) of \d+(.{0,25})", text):
            assert re.match(r" \(\d+(?:st|nd|rd|th) to \d+(?:st|nd|rd|th)\)", found[1]), (path, found[0])


def test_a_force_that_is_not_comparable_says_so_before_anything_else(pages):
    text = pages["forces/humberside.html"]
    assert text.index("of outcomes of this force cannot be compared") < text.index("In brief")
    assert "charged or summonsed, of closed offences" in text[: text.index("In brief")]
    assert text.count("Not comparable: 47.0% pending") >= 4
    assert "not ranked" in text


def test_a_force_that_is_not_comparable_is_drawn_hollow(report):
    chart_text = (report.folder / "charts/sorted-charged-of-closed-2024-25.svg").read_text()
    assert chart_text.count('class="f0 n line thin"') == 2  # the Metropolitan Police and Humberside


def test_the_city_of_london_has_no_resident_rate(pages):
    assert "No rate" in pages["forces/city-of-london.html"]


def test_a_welsh_page_says_where_the_source_ends_and_names_the_one_to_load(pages):
    assert "Children Receiving Care and Support Census" in re.sub(r"\s+", " ", pages["forces/gwent.html"])
    assert "Children Receiving" not in pages["forces/kent.html"]


def test_a_part_year_is_named_as_one_and_has_no_rate(pages):
    row = pages["forces/kent.html"].split("2025/26 (3 of 4 quarters)", 1)[1].split("</tr>")[0]
    assert ">no rate</td>" in row


def test_a_suppressed_count_is_shown_by_its_letter_and_not_as_zero(pages):
    assert re.search(r'<td [^>]*class="n">c</td>', pages["forces/kent.html"])


def test_each_figure_can_be_quoted_at_an_address_that_bears_the_edition(pages):
    text = pages["forces/kent.html"]
    assert 'id="charged-of-closed-2024-25"' in text
    assert "forces/kent.html#charged-of-closed-2024-25.2026-01-synthetic" in text
    assert 'id="charged-of-closed-2024-25.2026-01-synthetic"' in text


def test_every_quotation_names_a_base_a_period_and_the_edition(pages):
    for path, text in pages.items():
        if path.startswith("forces/"):
            for quoted in re.findall(r"<blockquote><p>(.*?)</p>", text, re.S):
                assert re.search(r"20\d\d/\d\d", quoted), (path, quoted)
                assert "edition" in quoted, (path, quoted)


def test_the_page_of_findings_has_findings_in_the_order_of_the_lines(pages):
    text = pages["findings.html"]
    assert 3 <= text.count('class="found"') <= 10
    assert text.index(">Attitudes</a></h3>") < text.index(">Scale</a></h3>") < text.index(">Responses</a></h3>")


def test_the_wane_page_gives_chances_and_no_verdict(pages):
    text = pages["on-the-wane.html"]
    heads, rows = text.partition('<caption id="chances-table"')[2].split("<tbody", 2)[:2]
    place = re.findall(r'scope="col"[^>]*>([^<]+)', heads).index("Than 1 year before") - 1
    assert re.findall(r"<td[^>]*>(.*?)</td>", rows)[place : place + 3] == ["41%", "89%", "2%"]
    assert "no verdict" in text
    assert not re.search(r"exploitation (?:very )?(?:probably )?(?:fell|rose)|is on the wane", text)


def test_each_explanation_stands_once_with_the_spans_and_series_it_holds_for():
    row = {"explanation": "Practice.", "series": "t"}
    rows = [{**row, "offence_key": code, "years_apart": years} for code in ("71", "88A") for years in (1, 3)]
    rows += [{**row, "offence_key": "71", "years_apart": 5, "explanation": "The pandemic."}]
    assert group_explanations(ReleasedTables(released()), rows) == [
        ("Practice.", [("Over 1 year and 3 years", "Codes 71 and 88A")]),
        ("The pandemic.", [("Over 5 years", "Code 71")]),
    ]


def test_the_text_alternative_of_the_chances_covers_every_series(pages):
    alt = re.search(r'chances.svg"[^>]*alt="([^"]*)"', pages["on-the-wane.html"])[1]
    assert "1 year 41, 3 years 89, 5 years 2" in alt
    for phrase in ("Child sexual offences recorded by police:", "All sexual offences:", "exploitation factor,"):
        assert phrase in alt


def test_every_cell_can_say_its_own_label_on_a_phone(report, pages):
    style = (report.folder / "style.css").read_text()
    for path, text in pages.items():
        for attributes, table in re.findall(r'<table role="table" class="cards([^>]*)>(.*?)</table>', text, re.S):
            labels = re.findall(r"--c(\d+):&#39;[^;]+&#39;", attributes)
            columns = table.count('scope="col"')
            assert labels == [str(column) for column in range(2, columns + 1)], (path, attributes)
            assert columns <= style.count(".labelled td:nth-child") + 1, (path, "the style sheet labels fewer columns")


def test_on_paper_source_and_edition_stand_beside_each_figure(pages):
    cards = pages["forces/kent.html"].split('<article class="figure"')[1:]
    assert len(cards) > 4
    for card in cards:
        assert re.search(
            r'class="paper">.*Edition of this report: 2026-01 \(synthetic\)\.</p>', card.split("</article>")[0]
        )


def test_march_2022_and_each_break_are_marked_on_the_trend(report, pages):
    text = (report.folder / "charts/trend-ew-csa11.svg").read_text()
    assert "March 2022" in text
    for letter in "ABC":
        assert f">{letter}</text>" in text
    assert "A new law on sexual communication with a child (not to be compared across)" in pages["findings.html"]


def test_an_offence_is_marked_only_with_the_breaks_that_touch_it(report):
    text = (report.folder / "charts/trend-ew-19d.svg").read_text()
    assert ">B</text>" in text
    assert ">C</text>" not in text  # the law of 2017 touches 88A and 71 alone


@pytest.fixture(scope="module")
def second_report(tmp_path_factory):
    """The same report written again, and the progress that was told meanwhile."""
    folder, progress_calls = tmp_path_factory.mktemp("second"), []
    summary = write_report(released(), folder, progress=lambda *part: progress_calls.append(part))
    return SimpleNamespace(folder=folder, written=summary, progress_calls=progress_calls)


def test_the_same_figures_give_the_same_bytes(report, second_report):
    assert second_report.written.files == report.written.files
    for path in second_report.written.files:
        assert (second_report.folder / path).read_bytes() == (report.folder / path).read_bytes(), path


def test_all_files_that_were_written_are_named_and_no_others(report):
    found = {p.relative_to(report.folder).as_posix() for p in Path(report.folder).rglob("*") if p.is_file()}
    assert found == set(report.written.files)


def with_names(*names):
    """The released tables with other names of the first places."""
    changed_tables = dict(tables())
    rows = changed_tables["places"].to_pylist()
    for row, name in zip(rows, names, strict=False):
        row["name"] = name
    changed_tables["places"] = pa.Table.from_pylist(rows, schema=changed_tables["places"].schema)
    return release(changed_tables, policy=policy(), ledger_head="", edition="E")


def test_a_name_that_is_a_script_is_shown_as_text(tmp_path):
    write_report(with_names('<script>alert("x")</script>'), tmp_path)
    for path in tmp_path.rglob("*.html"):
        assert not re.search(
            r"<script(?! src=\"(?:\.\./)*[a-z-]+\.js\"></script>)", path.read_text(encoding="utf-8")
        ), path.name
    for path in tmp_path.glob("*.js"):
        assert "</script" not in path.read_text(encoding="utf-8"), path.name
    for path in tmp_path.rglob("*.svg"):
        assert "<script" not in path.read_text(encoding="utf-8"), path.name
    assert "&lt;script&gt;" in (tmp_path / "forces/kent.html").read_text(encoding="utf-8")


def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe(tmp_path):
    slugs = dict(zip("=+-@", ("kent", "essex", "metropolitan-police", "city-of-london"), strict=True))
    with with_pages_only(FRONT_PAGE):
        write_report(with_names(*(f"{sign}1+1" for sign in slugs)), tmp_path)
    places = (tmp_path / "figures/places.csv").read_text(encoding="utf-8")
    assert [sign for sign, slug in slugs.items() if f"{slug},'{sign}1+1," not in places] == []


def test_a_negative_count_stays_a_number_in_csv(tmp_path):
    rows_by_table = {
        "recorded_quarterly": pa.table(
            {
                "place_code": ["EW"],
                "offence_key": ["71"],
                "financial_year": ["2024/25"],
                "quarter": [1],
                "offences": [-3],
            }
        )
    }
    with with_pages_only(FRONT_PAGE):
        write_report(release(rows_by_table, policy=policy(), ledger_head="", edition="E"), tmp_path)
    assert "EW,England and Wales,71,2024/25,1,-3\n" in (tmp_path / "figures/recorded_quarterly.csv").read_text()


def test_json_carries_units_and_says_what_one_row_is(report):
    data = json.loads((report.folder / "figures/rates.json").read_text(encoding="utf-8"))
    units = {column["name"]: column["unit"] for column in data["columns"]}
    assert units["per_1000"] == "offences per 1,000 residents under 18"
    assert data["one_row_is"].startswith("one place")
    assert len(data["rows"]) == held_rows(report, "rates")


def held_rows(report, name):
    return len((report.folder / f"figures/{name}.csv").read_text(encoding="utf-8").splitlines()) - 1


def test_every_released_table_is_there_as_csv_and_json_with_a_dictionary(report):
    for name in released().tables:
        assert (report.folder / f"figures/{name}.csv").exists()
        assert (report.folder / f"figures/{name}.json").exists()
    assert 'shares,"one measure' in (report.folder / "figures/dictionary.csv").read_text(encoding="utf-8")


def test_only_what_was_released_can_be_reported(tmp_path):
    for forged in (tables(), object.__new__(Released), None):
        with pytest.raises(DisclosureError, match="takes only what disclosure"):
            write_report(forged, tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_report_on_few_tables_is_still_a_report(tmp_path):
    few_tables = {name: tables()[name] for name in ("places", "offences", "recorded")}
    report_written = write_report(release(few_tables, policy=policy(), ledger_head="", edition="E"), tmp_path)
    assert "forces/kent.html" in report_written.pages


def test_an_empty_release_gives_pages_that_say_so(tmp_path):
    report_written = write_report(release({}, policy=policy(), ledger_head="", edition="E"), tmp_path)
    assert report_written.index.exists()


def test_progress_names_each_part_of_the_report_and_counts_its_pages(second_report):
    pages = len(second_report.written.pages)
    counts = [(done, total) for part, done, total in second_report.progress_calls if part == "Writing the report"]
    assert counts[-1] == (pages, pages)
    assert [part for part, *_ in second_report.progress_calls if "report" in part][-1] != "Writing the report"


def test_what_was_inferred_is_said_wherever_its_figures_stand(pages):
    for path in ("index.html", "forces/kent.html", "offences/csa11.html", "comparison/charged-of-closed.html"):
        assert "Offence codes recovered by inference" in pages[path], path
    assert "codes recovered by inference" not in pages["comparison/per-1000-children.html"]


def test_an_address_bears_the_short_name_of_the_edition(tmp_path):
    edition = "Home Office, Police recorded crime open data, edition April 2026 (inferred: data to December 2025)"
    with with_pages_only("forces/kent.html"):
        write_report(release(tables(), policy=policy(), ledger_head="", edition=edition), tmp_path)
    assert 'id="recorded-2024-25.april-2026"' in (tmp_path / "forces/kent.html").read_text(encoding="utf-8")


def test_an_answer_for_some_forces_only_is_counted_apart_and_says_so_at_the_answer(pages):
    """Of the synthetic questions Q23 and Q26 are answered for the country, and Q39 for two forces only."""
    assert (
        "answer 2 of 50 questions for England and Wales, wholly or in part, and 1 more for a part of it"
        in pages["index.html"]
    )
    assert "Not for all of England and Wales: only for two forces." in pages["questions/q39.html"]
    assert "Not for all of England and Wales" not in pages["questions/q26.html"]
    assert "partly, only for two forces" in pages["questions/index.html"]


def test_the_page_of_a_measure_begins_with_the_highest_and_the_lowest_share(pages):
    lead = re.search(r'<p class="lead">(.*?)</p>', pages["comparison/pending.html"])[1]
    assert re.fullmatch(
        r"Highest: Metropolitan Police 49\.\d%, .+ \d+\.\d% and .+ \d+\.\d%\. Lowest: .+ \d+\.\d%\. "
        r"England and Wales: \d+\.\d%\.",
        re.sub("<[^>]+>", "", lead),
    ), lead

"""Is the PDF readable by a screen reader, with the same bytes every time?"""

import contextlib
import re
import zlib
from pathlib import Path
from types import SimpleNamespace

import pytest
import typst
from lxml import html

from assay.report import write_report
from assay.report.pdf import Pdfs, as_pdf, copy_with_pdfs, volumes
from assay.report.pdf.page_excerpts import excerpt
from assay.report.pdf.pdf_volumes import MAX_FORCE_SHEETS, MAX_SUMMARY_SHEETS
from assay.report.pdf.typst_source import page_source, typst_string
from assay.report.release_approvals import ReleaseApprovals
from report.record_fixture import record_released

WAITING_FORCES = frozenset({"INV02"})
CHART = '#chart(bytes("<svg xmlns=\\"http://www.w3.org/2000/svg\\" viewBox=\\"0 0 9 9\\"/>"), {alt})\n'


@pytest.fixture(scope="module")
def report_with_pdfs(tmp_path_factory):
    """A report with PDFs, in which the page of one force waits; and the calls of progress meanwhile."""
    plain, folder, progress_calls = tmp_path_factory.mktemp("plain"), tmp_path_factory.mktemp("with_pdf"), []
    report_written = write_report(record_released(), plain, approvals=ReleaseApprovals(withheld=WAITING_FORCES))
    copy_with_pdfs(plain, folder, Pdfs.ALL, lambda *arguments: progress_calls.append(arguments))
    files = tuple(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return folder, SimpleNamespace(pages=report_written.pages, files=files), progress_calls


def sheets(pdf):
    """The number of pages of a PDF; page objects lie in compressed streams."""
    streams = [part.partition(b"\n")[2] for part in re.split(rb"stream\r?(?=\n)", pdf)[1:]]
    objects = [pdf]
    for stream in streams:
        with contextlib.suppress(zlib.error):
            objects.append(zlib.decompressobj().decompress(stream))
    return sum(len(re.findall(rb"/Type\s*/Page\b", part)) for part in objects)


@pytest.fixture(scope="module")
def checked():
    """A checker of PDF/UA-1: what it finds, as (rule, message)."""
    checker = pytest.importorskip("page")

    def check(pdf_path):
        found = checker.validate_pdf_bytes(pdf_path, profile="ua1")
        assert found.rules.total > 90
        return [(failure.rule_id, failure.message) for failure in found.failures]

    return check


def test_there_is_a_national_report_and_one_a_force_whose_page_does_not_wait(report_with_pdfs):
    pdf_files = sorted(path for path in report_with_pdfs[1].files if path.endswith(".pdf"))
    forces = {
        p.removesuffix(".html")
        for p in report_with_pdfs[1].pages
        if p.startswith("forces/") and p.count("/") == 1 and p != "forces/index.html"
    }
    assert pdf_files == sorted(["report.pdf", *(f"{path}.pdf" for path in forces - {"forces/brackenshire"})])


def test_whoever_waits_is_told_before_the_first_and_after_each_that_pdfs_are_set(report_with_pdfs):
    number = sum(path.endswith(".pdf") for path in report_with_pdfs[1].files)
    pdf_calls = [item for item in report_with_pdfs[2] if item[0] == "Setting the PDFs"]
    assert pdf_calls == [("Setting the PDFs", done, number) for done in range(number + 1)]


def test_a_checker_of_the_standard_finds_no_error_in_any_of_them(report_with_pdfs, checked):
    for path in (path for path in report_with_pdfs[1].files if path.endswith(".pdf")):
        assert checked((report_with_pdfs[0] / path).read_bytes()) == [], path


def test_the_checker_finds_a_file_that_is_not_to_the_standard(checked):
    plain = typst.Compiler(input=b"= One\nTwo", ignore_system_fonts=True).compile(format="pdf", pdf_tags=False)
    assert len(checked(plain)) > 2


def test_the_summary_has_at_most_40_sheets_and_a_force_at_most_6(report_with_pdfs):
    folder, report_written, _ = report_with_pdfs
    numbers = {path: sheets((folder / path).read_bytes()) for path in report_written.files if path.endswith(".pdf")}
    assert 5 < numbers.pop("report.pdf") <= MAX_SUMMARY_SHEETS == 40
    assert 0 < min(numbers.values()) <= max(numbers.values()) <= MAX_FORCE_SHEETS == 6


def test_a_long_page_is_cut_with_a_sentence_that_says_where_the_rest_is():
    rows = "".join(f"<tr><th>Force {n}</th><td>{n}</td></tr>" for n in range(200))
    table = f"<table><thead><tr><th>Force</th><th>Cases</th></tr></thead><tbody>{rows}</tbody></table>"
    page = f"<html><body><main><h1>Cases</h1>{table}<h2>Method</h2><p>Words.</p></main></body></html>"
    document = html.fromstring(excerpt(page, 40, "More: cases.html"))
    assert len(document.findall(".//tbody/tr")) == 22  # 40 lines, less 4 + 4 for headings, at 1.35 a row with the head
    assert not document.findall(".//h2")
    assert document.find(".//main")[-1].text == "More: cases.html"


def test_what_was_folded_for_length_is_in_a_pdf_and_what_a_reader_must_open_is_not():
    folded = '<details class="folded"><summary>Show this part</summary><p>For length.</p></details>'
    main = f'<h1>T</h1>{folded}<details class="rows"><summary>More</summary><p>Evidence.</p></details>'
    source = page_source(excerpt(f"<html><body><main>{main}</main></body></html>", 40, "More."), lambda _: "")
    assert "For length." in source
    assert not [words for words in ("Show this part", "Evidence.", "More.") if words in source]


def test_a_chart_without_words_is_refused_when_it_is_set():
    assert as_pdf("T", "= One\n" + CHART.format(alt=typst_string("What it shows.")))[:5] == b"%PDF-"
    with pytest.raises(typst.TypstError, match="alt"):
        as_pdf("T", "= One\n" + CHART.format(alt="none"))


def test_the_same_pages_give_the_same_bytes(report_with_pdfs):
    def sources():
        return list(volumes(["index.html"], lambda path: (report_with_pdfs[0] / path).read_text("utf-8"), Pdfs.SUMMARY))

    first, second_run = sources()[0], sources()[0]
    assert as_pdf(first.title, first.source) == as_pdf(second_run.title, second_run.source)


def test_pages_lead_to_their_pdf_and_a_report_without_any_names_none(report_with_pdfs, record_pages):
    for path in report_with_pdfs[1].pages:
        document = html.fromstring((report_with_pdfs[0] / path).read_text(encoding="utf-8"))
        for link in document.xpath("//a[contains(@href, '.pdf')]/@href"):
            assert (report_with_pdfs[0] / path).parent.joinpath(link).is_file(), (path, link)
    assert 'href="report.pdf"' in (report_with_pdfs[0] / "index.html").read_text(encoding="utf-8")
    assert not [path for path, page in record_pages.items() if ".pdf" in page]


def test_every_sentence_table_and_chart_of_a_page_stands_in_its_source(record_report, record_pages):
    page = record_pages["scale.html"]
    charts = {p.stem: p.read_text(encoding="utf-8") for p in Path(record_report.folder, "charts").glob("*.svg")}
    source, document = page_source(page, charts.__getitem__), html.fromstring(page)
    for head in document.xpath("//main//h1 | //main//h2 | //main//caption"):
        assert typst_string(head.text_content()) in source, head.text_content()
    for alt in document.xpath("//main//img/@alt"):
        assert typst_string(alt) in source
    assert source.count("#chart(") == len(document.xpath("//main//img"))
    assert len(re.findall(r"#(?:wide-)?grid(?:-of)?\(", source)) == len(document.xpath("//main//table"))


@pytest.mark.parametrize("words", ['A "quoted" word', "back\\slash", "#set text(99pt)", "$x$ *y* _z_ @a <b>"])
def test_no_sign_in_a_text_is_read_as_a_command(words, checked):
    pdf = as_pdf("T", f"#heading(level: 1, {typst_string(words)})\n\n#par({typst_string(words)})\n")
    assert checked(pdf) == []

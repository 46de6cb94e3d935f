"""Add PDFs to a finished report, and link its pages to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from assay.engine.provenance.stage_folders import RECEIPT, list_files
from assay.report.pdf.pdf_volumes import FORCE_LINK, SUMMARY_LINK, SUMMARY_REPORT, Pdfs, ReadFile, volumes
from assay.report.pdf.typst_source import as_pdf

FOOTER_END = '<p class="ledger">'
PdfProgress = Callable[[str, int, int], None]


def pdf_files(
    paths: Sequence[str], read: ReadFile, pdfs: Pdfs, progress: PdfProgress | None = None
) -> Iterator[tuple[str, bytes]]:
    """Yield the PDFs of a report by path, and each page that links to a PDF, with the link added.

    `paths` are those of the pages in their order; `read` returns the text of a file of the report.
    """
    report_progress = progress or (lambda *_: None)
    pdf_volumes = list(volumes(paths, read, pdfs))
    report_progress("Setting the PDFs", 0, len(pdf_volumes))
    for done, volume in enumerate(pdf_volumes, start=1):
        yield volume.path, as_pdf(volume.title, volume.source, volume.foot, volume.banner)
        yield volume.page, with_link(read(volume.page), volume.path).encode("utf-8")
        report_progress("Setting the PDFs", done, len(pdf_volumes))


def with_link(page: str, path: str) -> str:
    """Return the page with a link in its footer to its PDF in the same folder; a page has one PDF at most."""
    if f'href="{path.rpartition("/")[2]}"' in page:
        return page
    words = SUMMARY_LINK if path == SUMMARY_REPORT else FORCE_LINK
    link = f'<p><a href="{path.rpartition("/")[2]}">{words}</a></p>\n'
    return page.replace(FOOTER_END, link + FOOTER_END, 1)


def copy_with_pdfs(report_folder: Path, target: Path, pdfs: Pdfs, progress: PdfProgress | None = None) -> None:
    """Copy a report into the folder `target`, with its PDFs."""
    names = [name for name in list_files(report_folder) if name != RECEIPT]
    for name in names:
        copied = target / name
        copied.parent.mkdir(parents=True, exist_ok=True)
        copied.write_bytes((report_folder / name).read_bytes())
    pages = [name for name in names if name.endswith(".html")]
    for name, content in pdf_files(pages, lambda path: _text(report_folder, path), pdfs, progress):
        (target / name).write_bytes(content)


def _text(folder: Path, path: str) -> str:
    file = folder / path
    return file.read_text(encoding="utf-8") if file.is_file() else ""

"""What every journey does without."""

from importlib import import_module

import pytest

LOOKS_AT_PDFS = "test_whole_stream"


@pytest.fixture(scope="module", autouse=True)
def without_pdfs(request):
    """PDFs are tried with the report: a journey that looks at none is spared the setting of them, page by page."""
    with pytest.MonkeyPatch.context() as patched:
        if request.module.__name__.rpartition(".")[2] != LOOKS_AT_PDFS:
            patched.setattr(import_module("assay.report.write"), "as_pdf", lambda *_: b"%PDF-1.7\n")
        yield

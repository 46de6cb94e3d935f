"""Accessible PDF of the report (PDF/UA-1): the national report, and one document for each force.

Typst compiles the rendered pages to tagged PDF of the standard PDF/UA-1, and fails if a tag is missing. Only the fonts
built into Typst are used, and the file holds no date: the same pages give the same bytes.
"""

from assay.report.pdf.pdf_volumes import Volume, pdf_path, volumes
from assay.report.pdf.typst_source import as_pdf

__all__ = ["Volume", "as_pdf", "pdf_path", "volumes"]

"""Accessible PDFs of the report (PDF/UA-1): a summary of all forces, and a short document for each force.

Typst compiles parts of the written pages to tagged PDF of the standard PDF/UA-1, and fails if a tag is missing. Only
the fonts built into Typst are used, and the file holds no date: the same pages give the same bytes.
"""

from assay.report.pdf.added_pdfs import copy_with_pdfs, pdf_files
from assay.report.pdf.pdf_volumes import Pdfs, Volume, volumes
from assay.report.pdf.typst_source import as_pdf

__all__ = ["Pdfs", "Volume", "as_pdf", "copy_with_pdfs", "pdf_files", "volumes"]

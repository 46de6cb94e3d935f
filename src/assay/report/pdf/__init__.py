"""Accessible PDF of the report (PDF/UA-1): the national report, and one document for each force.

The pages as they were written are set by typst as tagged PDF to the standard PDF/UA-1, which it refuses where a mark is
missing. The fonts are those that typst carries, and no date stands in the file: the same pages give the same bytes.
"""

from assay.report.pdf.pdf_volumes import Volume, pdf_path, volumes
from assay.report.pdf.typst_setting import as_pdf

__all__ = ["Volume", "as_pdf", "pdf_path", "volumes"]

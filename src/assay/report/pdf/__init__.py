"""How is the report handed over as PDF that a screen reader can read: the national report, and one a force?

The pages as they were written are set by typst as tagged PDF to the standard PDF/UA-1, which it refuses where a mark is
missing. The fonts are those that typst carries, and no date stands in the file: the same pages give the same bytes.
"""

from assay.report.pdf.pdf_volumes import Volume, path_of, volumes
from assay.report.pdf.typst_setting import as_pdf

__all__ = ["Volume", "as_pdf", "path_of", "volumes"]

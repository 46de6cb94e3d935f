"""Render the pages, charts and tables of the report from released figures only. Pages, charts and tables of what
`disclosure` has released, and nothing else."""

from assay.report.report_writer import Reissue, ReportWritten, write_report

__all__ = ["Reissue", "ReportWritten", "write_report"]

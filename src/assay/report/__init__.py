"""Render the pages, charts and tables of the report, from the output of `sdc` (`Released`) only."""

from assay.report.report_writer import Reissue, ReportWritten, write_report

__all__ = ["Reissue", "ReportWritten", "write_report"]

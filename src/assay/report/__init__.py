"""What is shown, and in which words? Pages, charts and tables of what `disclosure` has released, and nothing else."""

from assay.report.report_writer import Reissue, ReportWritten, write

__all__ = ["Reissue", "ReportWritten", "write"]

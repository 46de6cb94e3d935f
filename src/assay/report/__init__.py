"""What is shown, to whom, and in which words? Pages, charts and tables from what `disclosure` has released, and nothing else."""

from assay.report.write import ReportWritten, write

__all__ = ["ReportWritten", "write"]

"""Render the pages, charts and tables of the report, from the output of `sdc` (`Released`) only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assay.report.report_writer import Reissue, ReportWritten, write_report

__all__ = ["Reissue", "ReportWritten", "write_report"]


def __getattr__(name: str) -> Any:
    """Import the writer of reports when it is first used: pages beside the report need only style and templates."""
    if name in __all__:
        from assay.report import report_writer

        return getattr(report_writer, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

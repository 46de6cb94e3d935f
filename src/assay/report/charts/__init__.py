"""The charts of the report: trends, process charts, funnel plots, intervals, outcome mix and tile maps."""

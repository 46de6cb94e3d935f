"""Which drawings does the report have? Trend, process, funnel, sorted intervals, chances, outcome mix and tiles."""

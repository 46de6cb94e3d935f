"""The pages of the report, one module for each kind of page."""

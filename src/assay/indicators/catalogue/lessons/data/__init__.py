"""Data files that define the tests of each past recommendation."""

"""Use the browser windows of the report tests for the page of one text."""

from report.conftest import axe, browser, window  # noqa: F401

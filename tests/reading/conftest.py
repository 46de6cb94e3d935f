"""The windows that look at the report look at the page of one text as well."""

from report.conftest import axe, browser, window  # noqa: F401

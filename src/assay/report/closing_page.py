"""The last page of a report on synthetic forces, made from all pages before it; other reports have none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assay.report.page_elements import Page
from assay.report.pages.inspection.released_tables import Inspection


@dataclass(frozen=True)
class ClosingPage:
    """The last page of a report on synthetic forces.

    Parameters
    ----------
    path, title, label
        Its path, its title on the front page, and its short label in the navigation.
    make
        Returns the page, given the released tables and the front page as it was written.
    key
        Hash of all that the page shows beside the released tables.
    """

    path: str
    title: str
    label: str
    make: Callable[[Inspection, str], Page]
    key: str

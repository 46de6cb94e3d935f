"""Name a column heading once in a sentence, followed by its sheets or files if several have it."""

from __future__ import annotations

from collections.abc import Iterable

from assay.wording import join_words


def heading_places(places: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """Return each heading once with where it stands, such as ' (sheets Q1, Q2, Q3)'; '' if in one place alone.

    Parameters
    ----------
    places
        (file, sheet, heading); the sheet is '' in a file without sheets.
    """
    found: dict[str, dict[tuple[str, str], None]] = {}
    for file, sheet, heading in places:
        found.setdefault(heading, {})[file, sheet] = None
    return {heading: _places(list(keys)) for heading, keys in found.items()}


def named_headings(places: Iterable[tuple[str, str, str]]) -> list[str]:
    """Return each heading once, with its sheets or files where it stands in several."""
    return [f"{heading}{where}" for heading, where in heading_places(places).items()]


def _places(keys: list[tuple[str, str]]) -> str:
    if len(keys) < 2:
        return ""
    is_one_file = len({file for file, _ in keys}) == 1
    if is_one_file:
        return f" (sheets {', '.join(sheet for _, sheet in keys)})"
    names = [f"{file}, sheet {sheet}" if sheet else file for file, sheet in keys]
    return f" ({'in ' if any(sheet for _, sheet in keys) else 'files '}{join_words(names)})"

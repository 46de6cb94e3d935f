"""Chart of the course of cases: which steps do cases pass through, and where do they leave or stop?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay.report.charts.chart_canvas import Canvas, wrap_text
from assay.report.number_words import whole

ROW, TRACK, BAR = 62.0, 26.0, 16.0
PARTS = (
    ("expected", "fa", "the expected next step"),
    ("unsure", "fd", "a later step, perhaps the expected one"),
    ("ahead", "fc", "a later step"),
    ("back", "fb", "an earlier step"),
    ("nothing", "fn", "nothing more yet, or the end"),
)


@dataclass(frozen=True)
class Step:
    """One step: its name, and the number of cases by what followed, keyed by `PARTS` (None: not shown)."""

    name: str
    followed: dict[str, int | None]

    @property
    def cases(self) -> int:
        """The number of cases that went through the step, from the counts that are shown."""
        return sum(number or 0 for number in self.followed.values())


def case_course(steps: Sequence[Step], width: int, title: str) -> str:
    """Draw a track from the first step to the last, with a bar beside each step of what came next.

    The width of the track stands for the number of cases that went on as expected.
    """
    is_narrow = width < 500
    names = 60.0 if is_narrow else 300.0
    start, max_cases = names + 16, max([*(step.cases for step in steps), 1])
    full = width - start - (56 if is_narrow else 64)
    canvas = Canvas(width, 0, title)
    row_top = _legend(canvas, is_narrow)
    rail = 22.0
    for place, step in enumerate(steps):
        middle = row_top + ROW / 2
        if place + 1 < len(steps):
            thick = max(TRACK * (step.followed.get("expected") or 0) / max_cases, 1)
            canvas.rect(rail - thick / 2, middle, thick, ROW, "soft")
        canvas.circle(rail, middle, 6, "fa")
        lines = wrap_text(step.name, width - 60 if is_narrow else names - 50)
        top = middle - 14 if is_narrow else middle + 5 - 8.5 * (len(lines) - 1)
        for number, line in enumerate(lines):
            canvas.text(44, top + 17 * number, line, "strong")
        _bar(canvas, step, start if not is_narrow else 44.0, middle - (0 if is_narrow else BAR / 2), full, max_cases)
        row_top += ROW
    canvas.height = row_top + 6
    return canvas.svg()


def _legend(canvas: Canvas, is_narrow: bool) -> float:
    """Draw the colour legend; return the first free y position."""
    y, x = 4.0, 4.0
    for _, css, words in PARTS:
        canvas.rect(x, y, 14, 14, css, 1)
        canvas.text(x + 20, y + 12, words, "name")
        if is_narrow:
            y += 20
        else:
            x += 42 + 6.4 * len(words)
    return y + (6 if is_narrow else 26)


def _bar(canvas: Canvas, step: Step, x: float, y: float, full: float, max_cases: int) -> None:
    for key, css, _ in PARTS:
        wide = full * (step.followed.get(key) or 0) / max_cases
        if wide:
            canvas.rect(x, y, max(wide - 1, 1), BAR, css, 1)
            x += wide
    hidden = not step.cases and None in step.followed.values()
    canvas.text(x + 8, y + 13, "not shown" if hidden else whole(step.cases), "strong")

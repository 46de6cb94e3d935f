"""Place the names of points in a chart so that they overlap no dot, no other name and no line.

Greedy placement: each name is tried at positions around its dot, near ones first, and the position with the least
overlap is taken. A name away from its dot is tied to it by a thin line.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assay.report.charts.chart_canvas import Point

LINE_HEIGHT = 15.0  # height of a line of words, in pixels
TIE_DISTANCE = 20.0  # distance from its dot, in pixels, beyond which a name is tied to it
TOUCH_NAME, TOUCH_DOT, TOUCH_LINE = 2000.0, 300.0, 25.0


@dataclass(frozen=True)
class Box:
    """A rectangle on the canvas."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Box", gap: float = 2.0) -> bool:
        """Return True if two rectangles are closer than `gap`."""
        overlaps_horizontally = self.left < other.right + gap and other.left < self.right + gap
        return overlaps_horizontally and self.top < other.bottom + gap and other.top < self.bottom + gap

    def contains(self, point: Point, gap: float = 1.0) -> bool:
        """Return True if a point lies inside the rectangle, or closer to it than `gap`."""
        return self.left - gap < point[0] < self.right + gap and self.top - gap < point[1] < self.bottom + gap

    def count(self, points: Sequence[Point], gap: float = 1.0) -> int:
        """Return how many points lie inside the rectangle, or closer to it than `gap`."""
        left, right, top, bottom = self.left - gap, self.right + gap, self.top - gap, self.bottom + gap
        return sum(left < x < right and top < y < bottom for x, y in points)


@dataclass(frozen=True)
class Label:
    """A placed name: its rectangle, and the end of the line to its dot, if it has one."""

    name: str
    dot: Point
    box: Box
    tie: Point | None


def place_labels(
    names: Sequence[tuple[str, Point, float]], dots: Sequence[Point], lines: Sequence[Point], sheet: Box
) -> list[Label]:
    """Return a placed label for each (name, dot, width in pixels); labels avoid `dots` and `lines`."""
    labels: list[Label] = []
    for name, dot, width in sorted(names, key=lambda w: (w[1], w[0])):
        candidates = _candidate_boxes(dot, width)
        inside = [box for box in candidates if _is_inside(box, sheet)] or [candidates[0]]
        best = _cheapest(inside, dot, dots, lines, labels)
        labels.append(Label(name, dot, best, _tie(best, dot)))
    return labels


def _candidate_boxes(dot: Point, width: float) -> list[Box]:
    """Yield rectangles around a dot: to its right and left, above and below, and farther out."""
    x, y = dot
    starts = [x + 11, x - 11 - width, x - width / 2, x + 30, x - 30 - width, x + 60, x - 60 - width]
    return [
        Box(start, y + offset - LINE_HEIGHT / 2, start + width, y + offset + LINE_HEIGHT / 2)
        for offset in (0, *(side * step for step in (8, 17, 26, 36, 48, 62, 78, 96, 116, 138) for side in (1, -1)))
        for start in starts
        if abs(offset) > 16 or start > x or start + width < x
    ]


def _is_inside(box: Box, sheet: Box) -> bool:
    return box.left >= sheet.left and box.right <= sheet.right and box.top >= sheet.top and box.bottom <= sheet.bottom


def _cheapest(
    boxes: Sequence[Box], dot: Point, dots: Sequence[Point], lines: Sequence[Point], labels: Sequence[Label]
) -> Box:
    """Return the first rectangle with the least cost; one that is too far away is not compared with what it touches."""
    best, least_cost = boxes[0], math.inf
    for box in boxes:
        distance = math.dist(_edge(box, dot), dot)
        if distance < least_cost and (cost := _touched_cost(box, dot, dots, lines, labels) + distance) < least_cost:
            best, least_cost = box, cost
    return best


def _touched_cost(
    box: Box, dot: Point, dots: Sequence[Point], lines: Sequence[Point], labels: Sequence[Label]
) -> float:
    tie_points = _tie_points(box, dot)
    names = sum(box.overlaps(label.box) for label in labels)
    ties = sum(_cuts(box, label) or any(label.box.contains(p) for p in tie_points) for label in labels)
    touched = box.count(dots, 6)
    crossed = min(box.count(lines), 4)
    return TOUCH_NAME * (names + ties) + TOUCH_DOT * touched + TOUCH_LINE * crossed


def _cuts(box: Box, label: Label) -> bool:
    return label.tie is not None and any(box.contains(p) for p in _tie_points(label.box, label.dot))


def _tie_points(box: Box, dot: Point) -> list[Point]:
    """Return points along the line from a dot to the rectangle of its name."""
    end = _edge(box, dot)
    return [(dot[0] + (end[0] - dot[0]) * i / 6, dot[1] + (end[1] - dot[1]) * i / 6) for i in range(2, 6)]


def _edge(box: Box, dot: Point) -> Point:
    """Return the point of a rectangle nearest to a dot."""
    return min(max(dot[0], box.left), box.right), min(max(dot[1], box.top), box.bottom)


def _tie(box: Box, dot: Point) -> Point | None:
    end = _edge(box, dot)
    return end if math.dist(end, dot) > TIE_DISTANCE else None

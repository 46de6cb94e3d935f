"""Is every label of a chart or a map whole, on a screen and on a phone?"""

from collections import Counter
from itertools import combinations

import pytest

SCREEN = 900
CHARTS_OF_A_KIND = 3
BOXES = """[...document.querySelectorAll('text')].map(t => { const b = t.getBBox();
  return [t.textContent, b.x, b.y, b.width, b.height] })"""
TILE_BOXES = """[...document.querySelectorAll('#map ~ .map a.tile')].flatMap(tile => {
  const around = tile.querySelector('rect').getBoundingClientRect();
  return [...tile.querySelectorAll('text')].filter(t => getComputedStyle(t).display !== 'none').map(t => {
    const box = t.getBoundingClientRect();
    return [t.textContent, box.left - around.left, around.right - box.right] }) })"""


@pytest.mark.browser
@pytest.mark.parametrize("suffix", ["", "-narrow"])
@pytest.mark.parametrize("code", ["inv01", "inv06"])
def test_no_label_of_the_chart_of_a_force_overlaps_another_or_is_clipped(browser, record_report, code, suffix):
    page = browser.new_page()
    page.goto((record_report.folder / f"charts/beside-{code}{suffix}.svg").as_uri())
    width = page.evaluate("document.documentElement.viewBox.baseVal.width")
    boxes = page.evaluate(BOXES)
    page.close()
    assert len(boxes) > 5
    assert [text for text, x, _, wide, _ in boxes if x < -1 or x + wide > width + 1] == []
    assert [(a[0], b[0]) for a, b in combinations(boxes, 2) if _overlap(a, b)] == []


@pytest.mark.browser
def test_no_label_of_any_kind_of_chart_is_clipped_on_a_screen_or_a_phone(browser, record_report):
    page, clipped, kinds = browser.new_page(), [], Counter()
    for path in sorted((record_report.folder / "charts").glob("*.svg")):
        kind = path.stem.split("-")[0], path.stem.endswith("-narrow")
        kinds[kind] += 1
        if kinds[kind] <= CHARTS_OF_A_KIND:
            page.goto(path.as_uri())
            width = page.evaluate("document.documentElement.viewBox.baseVal.width")
            clipped += [
                (path.name, text) for text, x, _, wide, _ in page.evaluate(BOXES) if x < -1 or x + wide > width + 1
            ]
    page.close()
    assert len(kinds) > 20
    assert clipped == []


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_each_label_of_the_map_of_grades_lies_inside_its_tile(browser, record_report, width):
    page = browser.new_page(viewport={"width": width, "height": SCREEN})
    page.goto((record_report.folder / "grades.html").as_uri())
    boxes = page.evaluate(TILE_BOXES)
    page.close()
    assert len(boxes) >= 4
    assert [text for text, left, right in boxes if min(left, right) < 0] == []


def _overlap(first, second):
    """Whether two boxes share more than a hair of space in both directions."""
    (_, x, y, wide, high), (_, left, top, width, height) = first, second
    return min(x + wide, left + width) - max(x, left) > 1 and min(y + high, top + height) - max(y, top) > 3

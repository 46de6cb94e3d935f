"""Is every page of the report at most eight screens long, with nothing lost?"""

import re
from pathlib import Path

import pytest

from assay import report
from assay.report.page_blocks import main_block
from assay.report.page_length import MAX_HEIGHT, TARGET_HEIGHT, estimated_height, fold_long_page

PAGE_HEIGHT = "document.documentElement.scrollHeight"
STYLE = Path(report.__file__).parent / "templates" / "style.css"
FOLDED = re.compile(r"<details class=\"folded\">.*?</summary>", re.S)


def page_of(*sections):
    return f'<!doctype html><html><body><main id="main" class="frame">{"".join(sections)}</main></body></html>'


def paragraphs(number, title="A part"):
    return f"<section><h2>{title}</h2>{'<p>Some words.</p>' * number}</section>"


def table_of(number):
    rows = "".join(
        f'<tr role="row"><th scope="row" id="row-{n}">Force {n}</th><td>{n}</td></tr>' for n in range(number)
    )
    head = "<thead><tr><th>Force</th><th>Cases</th></tr></thead>"
    table = f'<table role="table"><caption id="cases">Cases</caption>{head}<tbody>{rows}</tbody></table>'
    return f'<section><h2>Cases</h2><div class="scroll" role="region" aria-labelledby="cases">{table}</div></section>'


def words(page):
    return re.sub(r"<[^>]*>", " ", FOLDED.sub("", page)).split()


def test_a_short_page_is_not_changed():
    page = page_of(paragraphs(10), paragraphs(10))
    assert fold_long_page(page) == page


def test_the_lower_part_of_a_long_page_is_folded_and_its_heading_stays():
    page = page_of(paragraphs(60, "First"), paragraphs(100, "Second"))
    folded = fold_long_page(page)
    assert estimated_height(main_block(page)) > TARGET_HEIGHT > estimated_height(main_block(folded))
    assert '<h2>Second</h2><details class="folded">' in folded
    assert "<h2>First</h2><p>" in folded
    assert words(folded) == words(page)


def test_what_is_only_printed_takes_no_height_on_a_screen():
    page, printed = page_of(paragraphs(10)), page_of(paragraphs(10) + '<p class="paper">Edition: April 2026.</p>')
    assert estimated_height(main_block(printed)) == estimated_height(main_block(page))


def test_the_first_rows_of_a_long_table_are_shown_and_each_row_occurs_once():
    folded = fold_long_page(page_of(table_of(300)))
    first, _, rest = folded.partition('<details class="folded">')
    assert [first.count("<tr role"), rest.count("<tr role")] == [15, 285]
    assert all(folded.count(f'id="row-{n}"') == 1 for n in range(300))
    assert 'aria-labelledby="cases-rest"' in rest
    assert '<caption id="cases-rest">Cases: the other rows</caption>' in rest


def test_a_drawing_that_stands_in_the_page_counts_with_its_height():
    def height(drawing):
        return estimated_height(main_block(page_of(f'<section><h2>Map</h2><div class="map">{drawing}</div></section>')))

    drawing = '<svg viewBox="0 0 {} 800" width="500"><g><text>Kent</text></g></svg>'
    assert height(drawing.format(500)) - height("") == 800
    assert height(drawing.format(2080)) - height("") == 400  # twice as wide as the page


def test_numbers_are_not_wrapped_so_that_the_words_beside_them_need_more_lines():
    """Four columns of 20 characters leave the text a quarter of what they leave it where they can be wrapped."""
    heads = "".join(f'<th scope="col" class="n">N{n}</th>' for n in range(4))
    row = f'<th scope="row">Kent</th>{{}}<td>{"word " * 60}</td>'
    rows = {css: row.format(f'<td class="{css}">1st of 44, 1st to 9th</td>' * 4) for css in ("n", "")}
    head = f"<thead><tr><th>Force</th>{heads}<th>What</th></tr></thead>"
    table = f"<section><h2>T</h2><table>{head}<tbody>{{}}</tbody></table></section>"
    heights = {
        css: estimated_height(main_block(page_of(table.format(f"<tr>{cells}</tr>" * 20))))
        for css, cells in rows.items()
    }
    assert heights["n"] > 1.5 * heights[""]


def test_how_sure_a_page_is_stays_open_on_a_long_page():
    sure = '<section class="sure"><h2>How sure is this?</h2>' + "<p>Some words.</p>" * 20 + "</section>"
    assert sure in fold_long_page(page_of(paragraphs(100), paragraphs(100), sure))


@pytest.mark.browser
@pytest.mark.parametrize("report_name", ["record_report", "report"])
def test_no_page_is_longer_than_eight_screens(request, browser, report_name):
    report = request.getfixturevalue(report_name)
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    heights = {}
    for path in report.written.pages:
        page.goto((report.folder / path).as_uri())
        heights[path] = page.evaluate(PAGE_HEIGHT)
    page.close()
    assert {path: height for path, height in heights.items() if height > MAX_HEIGHT} == {}


@pytest.mark.browser
def test_a_link_to_an_anchor_in_a_folded_part_opens_it(browser, tmp_path):
    (tmp_path / "page.html").write_text(fold_long_page(page_of(table_of(300))), encoding="utf-8")
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto((tmp_path / "page.html").as_uri())
    assert not page.locator("#row-299").is_visible()
    page.goto((tmp_path / "page.html").as_uri() + "#row-299")
    assert page.locator("#row-299").is_visible()
    page.close()


@pytest.mark.browser
def test_folded_parts_are_printed(paper, tmp_path):
    (tmp_path / "page.html").write_text(fold_long_page(page_of(table_of(300))), encoding="utf-8")
    paper.goto((tmp_path / "page.html").as_uri())
    paper.add_style_tag(content=STYLE.read_text(encoding="utf-8"))
    assert paper.locator("#row-299").is_visible()

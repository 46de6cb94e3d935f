"""Can a reader sort and filter a table, compare more than two forces, and read a word's meaning where it stands?"""

import re

import pytest

from report.browsing import OPEN, barriers

pytestmark = pytest.mark.browser
RANKED = "forces/index.html"
TWO_FORCES = re.compile(r"\?forces=[^,]+,[^,]+$")
THREE_FORCES = re.compile(r"\?forces=[^,]+,[^,]+,[^,]+$")


def first_cells(window, table):
    return [cell.strip() for cell in table.locator("tbody tr:visible > :first-child").all_inner_texts()]


def long_table(window):
    """The first table with a filter, with all parts of the page open."""
    window.evaluate(OPEN)
    return window.locator(".table-tools + .scroll > table").first


@pytest.fixture
def fresh(window):
    """The window without what an earlier test left in its storage."""
    window.evaluate("try { sessionStorage.clear() } catch (error) { }")
    window.messages.clear()
    return window


def test_a_table_is_filtered_by_words_and_remembers_them_in_its_address(fresh, axe, report):
    from playwright.sync_api import expect

    fresh.goto((report.folder / RANKED).as_uri())
    table = long_table(fresh)
    assert first_cells(fresh, table)[:3] == ["City of London", "Cleveland", "Essex"]
    fresh.get_by_label("Show rows with").first.fill("MET pol")
    expect(fresh.get_by_role("status").first).to_have_text("1 of 9 rows")
    assert first_cells(fresh, table) == ["Metropolitan Police"]
    expect(fresh).to_have_url(re.compile(r"rows=MET\+pol"))
    fresh.reload()
    expect(fresh.get_by_role("status").first).to_have_text("1 of 9 rows")
    assert first_cells(fresh, table) == ["Metropolitan Police"]
    assert (fresh.messages, barriers(fresh, axe)) == ([], [])


def test_a_column_is_sorted_from_the_keyboard_and_says_so(browser, report):
    from playwright.sync_api import expect

    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto((report.folder / RANKED).as_uri())
    table = long_table(page)
    names, head = first_cells(page, table), table.locator("thead th").nth(2)

    def counts():
        cells = table.locator("tbody tr > :nth-child(3)").all_inner_texts()
        return [int(cell.replace(",", "")) for cell in cells if cell.strip()[:1].isdigit()]

    head.get_by_role("button").focus()
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    assert counts() == sorted(counts(), reverse=True)
    page.keyboard.press("Space")
    assert head.get_attribute("aria-sort") == "ascending"
    assert counts() == sorted(counts())
    expect(page).to_have_url(re.compile(r"forces-table\.sort=2a$"))
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") is None
    assert first_cells(page, table) == names
    expect(page).to_have_url(re.compile(re.escape(RANKED) + "$"))
    page.close()


def test_a_sorted_table_is_sorted_again_after_a_visit_to_another_page(browser, report):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto((report.folder / RANKED).as_uri() + "?forces-table.sort=0d")
    names = first_cells(page, page.locator("table").first)
    assert names == sorted(names, reverse=True)
    page.goto((report.folder / "method.html").as_uri())
    page.goto((report.folder / RANKED).as_uri())
    assert first_cells(page, page.locator("table").first) == names
    page.close()


def test_rows_without_a_figure_come_last_whichever_way_a_table_is_sorted(browser, tmp_path, report):
    cells = ("1,200", "none", "under 0.1%", "0.1%", "12", "5% lower", "unchanged")
    rows = "".join(f"<tr><th>row {number}</th><td class='n'>{cell}</td></tr>" for number, cell in enumerate(cells))
    (tmp_path / "page.html").write_text(
        "<main><div class='scroll'><table><caption id='t'>T</caption><thead><tr><th>Row</th><th class='n'>Figure</th>"
        f"</tr></thead><tbody>{rows}</tbody></table></div></main><script src='{(report.folder / 'tables.js').as_uri()}'></script>",
        encoding="utf-8",
    )
    page = browser.new_page()
    page.goto((tmp_path / "page.html").as_uri())
    button = page.get_by_role("button", name="Figure")

    def seen():
        return page.locator("td").all_inner_texts()

    button.click()
    assert seen() == ["1,200", "12", "0.1%", "under 0.1%", "unchanged", "5% lower", "none"]
    button.click()
    assert seen() == ["5% lower", "unchanged", "under 0.1%", "0.1%", "12", "1,200", "none"]
    page.close()


def test_a_phone_sorts_its_cards_with_a_list_of_choices(browser, report):
    page = browser.new_page(viewport={"width": 375, "height": 900})
    page.goto((report.folder / RANKED).as_uri())
    table = long_table(page)
    page.get_by_label("Sort by").first.select_option("Force (Z to A)")
    names = first_cells(page, table)
    assert names == sorted(names, reverse=True)
    page.close()


@pytest.mark.parametrize("report_name", ["record_report", "report"])
def test_three_forces_stand_in_an_address_that_can_be_sent(request, fresh, axe, report_name):
    from playwright.sync_api import expect

    report = request.getfixturevalue(report_name)
    fresh.goto((report.folder / "compare.html").as_uri())
    fresh.get_by_role("button", name="Add a force").click()
    expect(fresh.get_by_label("Third force", exact=True)).to_be_focused()
    fresh.get_by_label("First force").select_option(index=3)
    caption = fresh.locator("#compare-shown caption").first.inner_text()
    expect(fresh.locator("#compare-shown tbody tr").first.locator("td")).to_have_count(3)
    expect(fresh).to_have_url(THREE_FORCES)
    address = fresh.url
    fresh.goto(report.written.index.as_uri())
    fresh.goto(address)
    expect(fresh.locator("#compare-shown caption").first).to_have_text(caption)
    assert (fresh.messages, barriers(fresh, axe)) == ([], [])
    fresh.get_by_role("button", name="Remove the third force").click()
    expect(fresh).to_have_url(TWO_FORCES)


def test_an_address_that_names_no_force_of_the_report_shows_its_first_two(fresh, record_report):
    from playwright.sync_api import expect

    fresh.goto((record_report.folder / "compare.html").as_uri() + "?forces=nowhere,<b>")
    expect(fresh.locator("#compare-shown tbody tr").first.locator("td")).to_have_count(2)
    assert fresh.messages == []


def test_a_search_shows_the_words_where_they_stand_and_can_be_sent(fresh, axe, record_report):
    from playwright.sync_api import expect

    fresh.goto((record_report.folder / "search.html").as_uri() + "?words=told+arrest")
    hit = fresh.locator("#search-found li").first
    assert {word.lower() for word in hit.locator("mark").all_inner_texts()} == {"told", "arrest"}
    assert (fresh.messages, barriers(fresh, axe)) == ([], [])
    fresh.get_by_label("Words to look for").fill("told")
    expect(fresh).to_have_url(re.compile(r"\?words=told$"))


def test_the_first_use_of_a_term_opens_its_meaning_and_escape_closes_it(fresh, axe, report):
    from playwright.sync_api import expect

    fresh.goto((report.folder / "comparison/charged-of-closed.html").as_uri())
    terms = fresh.locator("a.term")
    words = [term.get_attribute("data-term") for term in terms.all()]
    assert len(words) == len(set(words)) > 2
    term = terms.filter(has_text="pending").first
    term.focus()
    fresh.keyboard.press("Enter")
    meaning = fresh.get_by_role("dialog", name="Pending")
    expect(meaning).to_contain_text("An offence that has no outcome yet.")
    assert (fresh.messages, barriers(fresh, axe)) == ([], [])
    fresh.keyboard.press("Escape")
    expect(meaning).to_be_hidden()
    expect(term).to_be_focused()


def test_without_scripts_a_term_leads_to_its_place_in_the_glossary_and_a_table_is_plain(browser, report):
    from playwright.sync_api import expect

    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((report.folder / RANKED).as_uri())
    expect(page.locator(".table-tools, .sort")).to_have_count(0)
    expect(page.locator("tbody tr").first).to_be_visible()
    page.goto((report.folder / "comparison/charged-of-closed.html").as_uri())
    page.locator("a.term", has_text="pending").first.click()
    expect(page).to_have_url(re.compile("glossary.html#pending$"))
    expect(page.locator("#pending")).to_contain_text("An offence that has no outcome yet.")
    context.close()


def test_the_list_of_indicators_is_filtered_by_words_and_the_address_keeps_them(browser, record_report):
    from playwright.sync_api import expect

    page = browser.new_page(viewport={"width": 1280, "height": 900})
    address = (record_report.folder / "indicators/index.html").as_uri()
    page.goto(address)
    page.get_by_label("Show indicators with").fill("arrest")
    fitting = page.locator(".filtered li:visible")
    expect(page.locator(".filtered li:visible", has_not_text=re.compile("arrest", re.I))).to_have_count(0)
    expect(fitting).not_to_have_count(0)
    expect(page).to_have_url(re.compile(r"items=arrest$"))
    page.goto(address + "?items=arrest")
    expect(page.locator(".filtered li:visible", has_not_text=re.compile("arrest", re.I))).to_have_count(0)
    page.close()


def test_without_scripts_every_indicator_is_in_the_list(browser, record_report):
    from playwright.sync_api import expect

    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((record_report.folder / "indicators/index.html").as_uri())
    expect(page.locator(".filtered li:is([hidden])")).to_have_count(0)
    expect(page.locator(".filtered li")).not_to_have_count(0)
    expect(page.locator("[data-filter] input")).to_have_count(0)
    context.close()


@pytest.mark.parametrize(("path", "last"), [("index.html", "Cymraeg"), ("cy/index.html", "English")])
def test_the_menu_with_the_link_to_the_other_language_stands_in_one_row(browser, record_report, path, last):
    from playwright.sync_api import expect

    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto((record_report.folder / path).as_uri())
    expect(page.locator(".top nav li").last).to_have_text(last)
    bottoms = page.locator(".mark, .top nav li").evaluate_all(
        "items => items.map(i => i.getBoundingClientRect().bottom)"
    )
    assert max(bottoms) - min(bottoms) < 20
    page.close()

"""Is every answer kept when the page is left at once, although the line to the server is slow?"""

import itertools
import re
import sqlite3
from contextlib import closing
from types import SimpleNamespace

import pytest

from casefiles.workbench.conftest import signed_in
from casefiles.workbench.workbench_delay import delayed

pytestmark = pytest.mark.browser
DELAY = 0.5
TESTS = itertools.count(1)


@pytest.fixture(scope="module")
def inspector(browser, served):
    """M01, signed in behind a slow line."""
    with delayed(served.address, DELAY) as address:
        page = signed_in(browser, address, served.beside, "M01")
        yield SimpleNamespace(page=page, address=address, context=page.context)


@pytest.fixture
def reading(inspector, served):
    """The number of a file that M01 has open, every question of it answered and saved."""
    query = (
        "select r.id from workbench_reading r join workbench_account a on a.id = r.account_id "
        "where a.code = 'M01' and r.state = 'open' order by r.id"
    )
    number, page = rows(served, query)[0][0], inspector.page
    page.goto(f"{inspector.address}/reading/{number}")
    page.locator("#questions fieldset").first.wait_for()
    if not reasons_kept(served, number):
        answer_all(page)
    yield number
    inspector.context.set_offline(False)
    inspector.context.clear_cookies(name="django_language")
    page.unroute_all()


@pytest.fixture
def reasons():
    """Three reasons that no test gave before."""
    test = next(TESTS)
    return [f"Reason {place} of test {test}." for place in (1, 2, 3)]


def rows(served, query, *parameters):
    with closing(sqlite3.connect(served.beside / "workbench.sqlite3")) as connection:
        return connection.execute(query, parameters).fetchall()


def answer_all(page):
    """The first answer to each question, with a reason: one after the other, and in the end all of it is saved."""
    count = page.locator("#questions fieldset").count()
    for place in range(count):
        fieldset = page.locator("#questions fieldset").nth(place)
        fieldset.get_by_role("radio").first.check()
        fieldset.get_by_role("textbox").fill("As the record shows.")
        fieldset.get_by_role("textbox").blur()
    expect(page.locator(".kept")).to_have_count(count, timeout=60_000)
    expect(page.locator("#progress")).to_contain_text(f"{count} of {count}")


def expect(locator):
    from playwright.sync_api import expect as expecting

    return expecting(locator)


def change(page, reasons):
    for place, reason in enumerate(reasons):
        page.locator("#questions fieldset").nth(place).get_by_role("textbox").fill(reason)


def reasons_kept(served, number):
    """What stands as the reason of each question that was answered, in no order."""
    query = "select question, reason from workbench_answer where reading_id = ? order by turn"
    return set(dict(rows(served, query, number)).values())


def state(served, number):
    return rows(served, "select state from workbench_reading where id = ?", number)[0][0]


def test_a_file_is_finished_with_every_reason_that_was_changed_a_moment_before(inspector, reading, reasons, served):
    page = inspector.page
    change(page, reasons)
    page.get_by_role("button", name="Finish this file").click()
    expect(page.locator("#waiting")).to_contain_text("not saved yet")
    expect(page.get_by_role("heading", name="Finished")).to_be_visible(timeout=20_000)
    assert set(reasons) <= reasons_kept(served, reading)
    assert state(served, reading) == "done"


WAYS = {
    "a link": lambda page: page.get_by_role("link", name="Your files").click(),
    "another language": lambda page: page.get_by_role("button", name="Cymraeg").click(),
    "an undoing": lambda page: page.get_by_role("button", name="Undo the last change").click(),
    "a comment": lambda page: comment(page),
}


def comment(page):
    page.get_by_label("Comment (name").fill("Is this the right day?")
    page.get_by_role("button", name="Write the comment").click()


@pytest.mark.parametrize("way", WAYS)
def test_whatever_leaves_the_page_leaves_it_when_all_is_saved(inspector, reading, reasons, served, way):
    page = inspector.page
    change(page, reasons)
    with page.expect_navigation(timeout=20_000):
        WAYS[way](page)
    undone = {reasons[-1]} if way == "an undoing" else set()
    assert set(reasons) - reasons_kept(served, reading) == undone


def test_closing_the_page_warns_while_an_answer_is_not_saved_and_is_silent_when_all_are(inspector, reading, served):
    messages, closing = [], inspector.context.new_page()
    closing.on("dialog", lambda dialog: (messages.append(dialog.type), dialog.dismiss()))
    closing.goto(f"{inspector.address}/reading/{reading}")
    box = closing.locator("#questions fieldset").first.get_by_role("textbox")
    box.click()
    closing.keyboard.type("Typed just now. ")
    closing.close(run_before_unload=True)
    expect(closing.locator(".kept")).to_be_visible(timeout=20_000)
    assert messages == ["beforeunload"]
    assert "Typed just now" in " ".join(reasons_kept(served, reading))
    closing.close(run_before_unload=True)
    assert messages == ["beforeunload"]


def test_without_a_connection_a_finish_waits_and_comes_through_when_there_is_one_again(
    inspector, reading, reasons, served
):
    page = inspector.page
    inspector.context.set_offline(True)
    change(page, reasons)
    page.get_by_role("button", name="Finish this file").click()
    expect(page.locator("#connection")).to_contain_text("No connection")
    expect(page.locator("#waiting")).to_contain_text("not saved yet: 3")
    inspector.context.set_offline(False)
    expect(page.get_by_role("heading", name="Finished")).to_be_visible(timeout=30_000)
    assert set(reasons) <= reasons_kept(served, reading)


def test_an_answer_that_is_changed_while_a_finish_waits_keeps_the_page_open(inspector, reading, reasons, served):
    page = inspector.page
    change(page, reasons)
    page.get_by_role("button", name="Finish this file").click()
    page.locator("#questions fieldset").nth(3).get_by_role("radio").nth(1).check()
    expect(page.locator("#waiting")).to_contain_text("You changed an answer")
    expect(page.locator("#questions fieldset").nth(3).locator(".kept")).to_be_visible(timeout=20_000)
    assert state(served, reading) == "open"
    assert set(reasons) <= reasons_kept(served, reading)


def test_a_page_of_a_proxy_in_place_of_the_servers_answer_is_not_taken_for_a_saved_answer(
    inspector, reading, reasons, served
):
    page = inspector.page
    page.route(re.compile("/answer/"), lambda route: route.fulfill(status=200, body="<h1>Be patient</h1>"))
    change(page, reasons)
    page.get_by_role("button", name="Finish this file").click()
    expect(page.locator("#connection")).to_contain_text("No connection")
    assert state(served, reading) == "open"
    page.unroute(re.compile("/answer/"))
    expect(page.get_by_role("heading", name="Finished")).to_be_visible(timeout=30_000)
    assert set(reasons) <= reasons_kept(served, reading)


def test_what_waits_behind_a_refused_answer_does_not_replace_another_windows_answer_unseen(inspector, reading, served):
    page, other = inspector.page, inspector.context.new_page()
    other.goto(f"{inspector.address}/reading/{reading}")
    for window, reason in ((page, "The first window said so."), (other, "The second window said so.")):
        box = window.locator("#questions fieldset").first.get_by_role("textbox")
        box.fill(reason)
        box.blur()
        if window is page:
            expect(page.locator("#questions fieldset").first.locator(".kept")).to_be_visible(timeout=20_000)
        else:
            other.locator("#questions fieldset").first.get_by_role("radio").nth(1).check()
    expect(other.get_by_role("button", name="Use the answer on this page")).to_be_visible(timeout=20_000)
    other.get_by_role("button", name="Finish this file").click()
    expect(other.locator("#waiting")).to_contain_text("could not be saved")
    other.wait_for_timeout(2_500)
    assert "The second window said so." not in reasons_kept(served, reading)
    assert state(served, reading) == "open"
    other.get_by_role("button", name="Use the answer on this page").click()
    expect(other.locator("#questions fieldset").first.locator(".kept")).to_be_visible(timeout=20_000)
    other.get_by_role("button", name="Finish this file").click()
    expect(other.get_by_role("heading", name="Finished")).to_be_visible(timeout=20_000)
    assert "The second window said so." in reasons_kept(served, reading)
    other.close()


def test_what_is_answered_before_the_scripts_have_arrived_is_kept_too(inspector, reading, reasons, served):
    page, late = inspector.page, re.compile("workbench.js")
    sockets = []
    page.route(late, lambda route: sockets.append(route))  # it comes when the test lets it
    page.goto(f"{inspector.address}/reading/{reading}", wait_until="commit")
    page.locator("#waiting").wait_for(state="attached")
    change(page, reasons)
    page.get_by_role("button", name="Finish this file").click(no_wait_after=True)
    expect(page.locator("#waiting")).to_contain_text("not saved yet: 3")
    sockets[0].continue_()
    expect(page.get_by_role("heading", name="Finished")).to_be_visible(timeout=30_000)
    assert set(reasons) <= reasons_kept(served, reading)
    assert state(served, reading) == "done"


def test_without_the_library_that_sends_answers_each_question_has_its_button_and_leaving_asks_first(
    inspector, reading, served
):
    page, messages = inspector.page, []

    def accept(dialog):
        messages.append("asked for a save")
        dialog.accept()

    page.route(re.compile("htmx.js"), lambda route: route.abort())
    page.goto(f"{inspector.address}/reading/{reading}")
    fieldset = page.locator("#questions fieldset").first
    fieldset.get_by_role("textbox").fill("Saved by its button.")
    page.once("dialog", lambda dialog: (messages.append(dialog.type), dialog.dismiss()))
    page.get_by_role("button", name="Finish this file").click(no_wait_after=True)
    page.wait_for_timeout(500)
    assert messages == ["beforeunload"]
    page.on("dialog", accept)
    with page.expect_navigation():
        fieldset.get_by_role("button", name="Save").click()
    page.remove_listener("dialog", accept)
    assert messages == ["beforeunload"]
    assert "Saved by its button." in reasons_kept(served, reading)
    assert state(served, reading) == "open"

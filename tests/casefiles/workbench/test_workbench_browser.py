"""Does a whole journey work in a browser: sign in, mark by keyboard, lose the connection, decide, seal, see the result?"""

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from assay.workbench.demo_workbench import PASSWORD
from casefiles.workbench.conftest import digits
from casefiles.workbench.test_workbench_access import ADDRESSES, PUBLIC
from report.browsing import barriers

pytestmark = pytest.mark.browser
ASSET = "asset/<str:version>/<str:name>"
SIZES = [(1280, "light"), (375, "dark")]
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
FLUSH = """() => [...document.querySelectorAll("main h1, main p, main table, main form")].filter(one => {
    const box = one.getBoundingClientRect();
    return box.width > 1 && (box.left < 12 || box.right > innerWidth - 12) && !one.closest(".scroll, .sr");
}).map(one => one.tagName + " " + one.textContent.slice(0, 40))"""
"""What stands flush against the edge of the window: axe finds no fault with that."""


@pytest.fixture(scope="module")
def windows(browser, served, axe):
    """A window for each person, with what its console said; and a look at a page at both sizes."""
    from playwright.sync_api import expect

    class Windows:
        def __init__(self):
            self.console_messages: list[str] = []
            self.looked_at: set[str] = set()
            self.windows = {}

        def enter(self, code):
            """Their window, at their first page; six digits let in once."""
            page = self.windows[code] = self.windows.get(code) or self._signed_in(code)
            page.goto(served.address)
            return page

        def _signed_in(self, code):
            page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
            page.on("console", lambda message: self.console_messages.append(message.text))
            page.on("pageerror", lambda error: self.console_messages.append(str(error)))
            page.goto(f"{served.address}/sign-in")
            if "/sign-in" not in self.looked_at:
                self.look(page)
            page.get_by_label("Your code").fill(code)
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_label("Six digits").fill(digits(served.beside, code))
            page.get_by_role("button", name="Sign in").click()
            expect(page.get_by_role("button", name="Sign out")).to_be_visible()
            return page

        def look(self, page, long=False):
            """No barrier, and nothing wider than the screen. A `long` page is searched for barriers at one size."""
            self.looked_at.add(page.url.removeprefix(served.address).partition("?")[0].partition("#")[0])
            for width, scheme in SIZES:
                page.set_viewport_size({"width": width, "height": 900})
                page.emulate_media(color_scheme=scheme)
                assert (long and width > 375) or barriers(page, axe) == [], page.url
                assert page.evaluate(OVERFLOW) == 0, page.url
                assert page.evaluate(FLUSH) == [], page.url
            page.set_viewport_size({"width": 1280, "height": 900})
            page.emulate_media(color_scheme="light")

    return Windows()


def follow(page, link):
    """To the next page, until it stands: a click alone may leave the one before still being torn down."""
    with page.expect_navigation():
        link.click()


def fieldset(page, number):
    return page.locator("#questions fieldset").nth(number)


def mark_by_keyboard(page, answers):
    """One key an answer, and a reason where one is needed; waits until all is kept.

    The first reason is typed letter by letter, because a letter that is also a key must be text there. The others are
    inserted whole, which takes a fraction of the time.
    """
    from playwright.sync_api import expect

    for place, key in enumerate(answers):
        page.keyboard.press("j")
        page.keyboard.press(key)
        page.keyboard.press("r")
        write_reason = page.keyboard.insert_text if place else page.keyboard.type
        write_reason("As the record shows.")
        expect(fieldset(page, place).get_by_role("textbox")).to_have_value("As the record shows.")
        fieldset(page, place).focus()
    expect(page.locator("#progress")).to_have_text(re.compile(rf"^\s*{len(answers)} of {len(answers)} answered"))


def keys_on(page, served):
    page.goto(f"{served.address}/keys")
    page.get_by_label("Mark by keyboard").check()
    follow(page, page.get_by_role("button", name="Save"))


def shared_file(served):
    """A file with texts that two inspectors read: their readings, by code."""
    with closing(sqlite3.connect(served.beside / "workbench.sqlite3")) as connection:
        rows = connection.execute(
            "select r.file_id, a.code, r.id from workbench_reading r join workbench_account a on a.id = r.account_id "
            "where r.file_id in (select file_id from workbench_step where text <> '') order by r.id"
        ).fetchall()
    by_file = {}
    for file, code, reading in rows:
        by_file.setdefault(file, {})[code] = reading
    return next(readings for readings in by_file.values() if len(readings) == 2)


def test_the_journey_of_one_file_from_two_workspaces_to_the_figures(windows, served):
    from playwright.sync_api import expect

    readings = shared_file(served)
    (first_reader, first), (other, second) = readings.items()
    page = windows.enter(first_reader)
    windows.look(page)
    keys_on(page, served)
    windows.look(page)
    page.goto(f"{served.address}/reading/{first}")
    count = page.locator("#questions fieldset").count()

    # A text opens hidden; the tools' marks wait for an answer of one's own.
    show = page.get_by_role("button", name=re.compile("Show what was written")).last
    show.click()
    expect(page.locator(".written")).to_be_visible()
    page.get_by_role("button", name="Show what the tools marked").click()
    expect(page.get_by_text("Answer one question about this file first")).to_be_visible()

    # The connection is lost after the first answer, and comes back.
    page.keyboard.press("j")
    page.keyboard.press("1")
    expect(page.locator("#progress")).to_contain_text(f"1 of {count}")
    page.context.set_offline(True)
    page.keyboard.press("j")
    page.keyboard.press("1")
    expect(page.locator("#connection")).to_contain_text("No connection")
    windows.console_messages.clear()  # the browser itself reports the lost connection
    page.context.set_offline(False)
    expect(page.locator("#connection")).to_be_empty(timeout=10_000)
    expect(page.locator("#progress")).to_contain_text(f"2 of {count}")
    windows.console_messages.clear()

    page.get_by_role("button", name="Show what the tools marked").click()
    expect(page.get_by_text(re.compile("not a finding"))).to_be_visible()
    page.get_by_role("button", name="Undo the last change").click()
    expect(page.locator("#progress")).to_contain_text(f"1 of {count}")

    # Finishing says all that is missing at once.
    page.get_by_role("button", name="Finish this file").click()
    expect(page.get_by_role("alert").filter(has_text="There is a problem")).to_be_visible()
    expect(page.locator("#errors li")).to_have_count(count - 1)
    windows.console_messages = [
        console_message for console_message in windows.console_messages if "422" not in console_message
    ]
    windows.look(page)

    page.goto(f"{served.address}/reading/{first}")
    mark_by_keyboard(page, ["1"] * count)
    page.get_by_label("Comment on").select_option(index=1)
    page.get_by_label("Comment (name").fill("Is this the right day?")
    page.get_by_role("button", name="Write the comment").click()
    expect(page.get_by_text("Is this the right day?")).to_be_visible()
    windows.look(page, long=True)
    page.get_by_role("button", name="Finish this file").click()
    expect(page.get_by_role("heading", name="Finished")).to_be_visible()

    # The other reader sees nothing of it, and differs in one answer.
    blind = windows.enter(other)
    keys_on(blind, served)
    blind.goto(f"{served.address}/reading/{second}")
    expect(blind.locator("#progress")).to_contain_text(f"0 of {count}")
    expect(blind.get_by_text("Is this the right day?")).to_have_count(0)
    mark_by_keyboard(blind, ["2", *["1"] * (count - 1)])
    blind.get_by_role("button", name="Finish this file").click()
    expect(blind.get_by_role("heading", name="Finished")).to_be_visible()

    # An adjudicator decides where they differ, and nothing else is asked.
    judge = windows.enter("J01")
    judge.get_by_role("link", name=re.compile("INV")).first.click()
    expect(judge.locator("#questions fieldset")).to_have_count(1)
    expect(judge.get_by_text("Partly met").first).to_be_visible()
    fieldset(judge, 0).get_by_role("radio").nth(1).check()
    expect(judge.locator("#progress")).to_contain_text("1 of 1")
    judge.get_by_role("button", name="Finish this file").click()
    expect(judge.get_by_role("alert").filter(has_text="needs a reason")).to_be_visible()
    windows.console_messages = [
        console_message for console_message in windows.console_messages if "422" not in console_message
    ]
    fieldset(judge, 0).get_by_role("textbox").fill("The plan was set late.")
    fieldset(judge, 0).get_by_role("textbox").blur()
    expect(judge.locator(".kept")).to_be_visible()
    windows.look(judge)
    judge.get_by_role("button", name="Finish this file").click()
    expect(judge.get_by_text("To decide")).to_have_count(0)

    # What is sealed stands in the figures, and leads back to the file.
    analyst = windows.enter("A01")
    windows.look(analyst)
    analyst.get_by_role("link", name="Crimes of the period").click()
    expect(analyst.get_by_text("No rating is sealed yet.")).to_be_visible()
    analyst.get_by_role("button", name="Seal the files that are ready").click()
    expect(analyst.get_by_text("3 sealed")).to_be_visible()
    expect(analyst.locator("#results-1")).to_be_visible()
    windows.look(analyst, long=True)
    analyst.locator(".columns a").first.click()
    expect(analyst.get_by_role("cell", name="Partly met")).to_be_visible()
    windows.look(analyst)
    analyst.locator("tbody a").first.click()
    expect(analyst.get_by_role("heading", name="Where it comes from")).to_be_visible()
    windows.look(analyst)
    analyst.get_by_role("button", name=re.compile("Show what was written")).first.click()
    expect(analyst.locator(".written")).to_be_visible()
    analyst.get_by_label("Why").fill("A redaction is in doubt.")
    analyst.get_by_role("button", name="Show it as the force sent it").click()
    expect(analyst.locator("#unlock-head ~ .written")).to_be_visible()
    windows.look(analyst)
    assert windows.console_messages == []


def test_the_same_file_in_two_windows_says_so_and_no_answer_takes_anothers_place_unseen(windows, served):
    from playwright.sync_api import expect

    windows.console_messages.clear()
    (code, _), *_more = shared_file(served).items()
    reader = windows.enter(code)
    with closing(sqlite3.connect(served.beside / "workbench.sqlite3")) as connection:
        query = "select r.id from workbench_reading r join workbench_account a on a.id = r.account_id where a.code = ? and r.state = 'open'"
        path = f"{served.address}/reading/{connection.execute(query, [code]).fetchone()[0]}"
    reader.goto(path)
    other = reader.context.new_page()
    other.goto(path)
    for page in (reader, other):
        expect(page.locator("#twice")).to_contain_text("open in another window too")
    fieldset(reader, 0).get_by_role("radio").first.check()
    fieldset(reader, 0).get_by_role("textbox").fill("The first window said so.")
    fieldset(reader, 0).get_by_role("textbox").blur()
    expect(reader.locator(".kept")).to_be_visible()
    expect(fieldset(reader, 0).locator("xpath=..").locator("input[name=turn]")).not_to_have_value("0")
    fieldset(other, 0).get_by_role("radio").nth(1).check()
    expect(fieldset(other, 0)).to_contain_text("The first window said so.")
    windows.look(other, long=True)
    fieldset(other, 0).get_by_role("button", name="Use the answer on this page").click()
    expect(other.locator(".kept")).to_be_visible()
    reader.reload()
    expect(fieldset(reader, 0).get_by_role("radio").nth(1)).to_be_checked()
    other.close()
    assert [console_message for console_message in windows.console_messages if "409" not in console_message] == []


def test_analysts_label_texts_and_look_at_pairs_of_records(windows):
    from playwright.sync_api import expect

    windows.console_messages.clear()
    for code in ("A01", "A02"):
        analyst = windows.enter(code)
        follow(analyst, analyst.get_by_role("link", name="Texts to label"))
        windows.look(analyst)
        follow(analyst, analyst.get_by_role("link", name="Label the next text"))
        windows.look(analyst)
        analyst.get_by_role("button", name="No", exact=True).click()
        expect(analyst.get_by_text("Kept.").or_(analyst.get_by_role("heading", name="Texts to label"))).to_be_visible()
        follow(analyst, analyst.get_by_role("link", name="Pairs of records").first)
        windows.look(analyst)
        analyst.get_by_role("link", name="Look at the next pair").click()
        expect(analyst.get_by_role("columnheader", name="How they differ")).to_be_visible()
        windows.look(analyst)
        analyst.get_by_role("button", name="The same person").click()
        analyst.get_by_role("link", name="Go back to the previous pair").click()
        expect(analyst.get_by_text("The filled button is your answer.")).to_be_visible()
    analyst.get_by_role("link", name="Pairs of records").first.click()
    analyst.get_by_role("button", name="Hand in the settled pairs").click()
    expect(
        analyst.get_by_text("1 pair has a verdict, and keeps it.").or_(analyst.get_by_text("has a verdict"))
    ).to_be_visible()
    windows.look(analyst)
    analyst.get_by_role("link", name="Texts to label").click()
    analyst.get_by_role("button", name="Hand in the labels").click()
    expect(analyst.get_by_role("heading", name="Texts to label")).to_be_visible()
    assert windows.console_messages == []


def test_a_force_reads_its_letter_and_answers_and_the_auditor_sees_that_all_holds(windows, served):
    from playwright.sync_api import expect

    windows.console_messages.clear()
    liaison = windows.enter("L01")
    windows.look(liaison)
    liaison.get_by_role("link", name="Letter about edition 1").click()
    expect(liaison.get_by_role("heading", name=re.compile("^Your data return"))).to_be_visible()
    windows.look(liaison)
    liaison.goto(f"{served.address}/letters/1/reply")
    liaison.get_by_role("button", name="Send the reply").click()
    expect(liaison.get_by_role("alert")).to_be_visible()
    windows.look(liaison)
    liaison.get_by_label("No, something").check()
    liaison.get_by_label("What is not right").fill("crimes, R12: two of these were sent again in May.")
    liaison.get_by_role("button", name="Send the reply").click()
    expect(liaison.get_by_text("two of these were sent again")).to_be_visible()
    analyst = windows.enter("A01")
    follow(analyst, analyst.get_by_role("link", name="Forces' replies"))
    windows.look(analyst)
    auditor = windows.enter("T01")
    auditor.get_by_role("button", name="Check the whole audit log").click()
    expect(auditor.get_by_role("status")).to_contain_text("No error was found")
    expect(auditor.get_by_text("reply to a letter").last).to_be_visible()
    windows.look(auditor)
    panel = windows.enter("P01")
    panel.get_by_role("link", name="Crimes of the period").click()
    expect(panel.get_by_role("button", name="Seal the files that are ready")).to_have_count(0)
    panel.goto(f"{served.address}/audit-log")
    expect(panel.get_by_text("Your role does not allow you to open this page.")).to_be_visible()
    windows.look(panel)
    panel.get_by_role("link", name="Watch list").click()
    expect(panel.get_by_role("heading", name="Watch list: where to look first")).to_be_visible()
    windows.look(panel)
    assert [
        console_message
        for console_message in windows.console_messages
        if "422" not in console_message and "403" not in console_message
    ] == []


def test_a_force_answers_point_by_point(windows):
    from playwright.sync_api import expect

    windows.console_messages.clear()
    liaison = windows.enter("L01")
    follow(liaison, liaison.get_by_role("link", name="Points"))
    windows.look(liaison)
    liaison.get_by_role("group", name="Point 1").get_by_label("It is not right", exact=True).check()
    liaison.get_by_role("button", name="Send the answers").click()
    expect(liaison.get_by_role("alert")).to_contain_text("Point 1: write why it is disputed")
    windows.look(liaison)
    liaison.get_by_role("link", name="Point 1: write why it is disputed").click()
    liaison.keyboard.type("Two of these were sent again in May.")
    liaison.get_by_role("button", name="Send the answers").click()
    expect(liaison.get_by_text("Your answers are kept")).to_be_visible()
    windows.look(liaison)
    assert [console_message for console_message in windows.console_messages if "422" not in console_message] == []


def test_a_panel_moves_a_grade_with_a_reason_and_an_auditor_reads_what_was_said(windows):
    from playwright.sync_api import expect

    windows.console_messages.clear()
    panel = windows.enter("P01")
    follow(panel, panel.get_by_role("link", name="Panel", exact=True))
    windows.look(panel)
    follow(panel, panel.locator("tbody a").first)
    windows.look(panel)
    follow(panel, panel.get_by_role("link", name="Attitudes towards victims"))
    for summary in panel.locator("summary").all():
        summary.click()
    windows.look(panel)
    panel.get_by_label("good", exact=True).check()
    panel.get_by_role("button", name="Record the decision").click()
    expect(panel.get_by_role("alert")).to_contain_text("needs a reason")
    expect(panel.get_by_label("good", exact=True)).to_be_checked()
    windows.look(panel)
    panel.get_by_label("Why (needed").fill("Files read on the visit show it in every one.")
    panel.get_by_role("button", name="Record the decision").click()
    expect(panel.get_by_role("heading", name="Decided: good")).to_be_visible()
    expect(panel.get_by_role("heading", name="Proposed: adequate")).to_be_visible()
    follow(panel, panel.get_by_role("link", name="Write minutes on this"))
    windows.look(panel)
    panel.get_by_label("Who was present").fill("P01, P02, the chair")
    panel.get_by_label("What was said").fill("The visit was talked over.")
    panel.get_by_role("button", name="Add to the minutes").click()
    expect(panel.get_by_text("The visit was talked over.")).to_be_visible()
    windows.look(panel)
    auditor = windows.enter("T01")
    auditor.get_by_role("link", name="Minutes", exact=True).click()
    expect(auditor.get_by_text("Present: P01, P02, the chair.")).to_be_visible()
    expect(auditor.get_by_role("button", name="Add to the minutes")).to_have_count(0)
    windows.look(auditor)
    assert [console_message for console_message in windows.console_messages if "422" not in console_message] == []


def test_no_page_is_left_that_nobody_looked_at_for_barriers_at_both_sizes(windows):
    """The first page and the token of a form are no pages: one leads on, the other is a word."""
    pages = {pattern for pattern, method, *_ in ADDRESSES if method == "get"} - {"", "token"} | PUBLIC - {
        "language",
        ASSET,
    }
    patterns = {page: re.sub("<.*?>", "[^/]+", f"/{page}") for page in pages}
    seen = windows.looked_at
    assert [page for page, pattern in patterns.items() if not any(re.fullmatch(pattern, path) for path in seen)] == []


def verified(served):
    environment = {name: value for name, value in os.environ.items() if name != "ASSAY_WORKBENCH"}
    command = [sys.executable, "-m", "assay.cli", "inspect", "verify", str(served.inspection)]
    return subprocess.run(command, capture_output=True, text=True, env=environment)


def test_what_was_done_in_the_browser_is_verified_from_outside_and_a_changed_word_is_named(served):
    done = verified(served)
    assert done.returncode == 0, done.stdout
    with closing(sqlite3.connect(served.beside / "workbench.sqlite3")) as connection, connection:
        connection.execute("drop trigger workbench_answer_update")
        connection.execute("update workbench_answer set reason = 'Changed.' where id = 3")
    done = verified(served)
    assert done.returncode == 5
    assert ": it was changed since it was given" in done.stdout
    assert "As the record shows" not in served.log.read_text(encoding="utf-8")

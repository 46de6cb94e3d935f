"""Does the first day at a new workbench go through, behind a slow line: from `assay workbench play` to a figure that moved?"""

import json
import re
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from types import SimpleNamespace

import pytest

from casefiles.workbench import desk_rest
from casefiles.workbench.conftest import serving, signed_in
from casefiles.workbench.desk_crowd import outside
from casefiles.workbench.desk_delay import delayed
from journeys.desk_sealed import by_pencil, first_shown, on_the_page

pytestmark = pytest.mark.browser
DELAY = 0.5
MAKING = 1800
"""Seconds within which an inspection to play in is made, on a machine that does much else."""
SLOW = 60_000
"""Milliseconds within which a page behind the slow line shows what it is asked for."""
KINDS = {"reading": "file opened", "file": "file looked at by an analyst"}
READ_TWICE = """
select r.file_id, a.code, r.id from workbench_reading r join workbench_account a on a.id = r.account_id where r.state = 'open'
and (select count(*) from workbench_reading o where o.file_id = r.file_id and o.state = 'open') = 2 order by r.file_id, r.id
limit 2"""


@pytest.fixture
def play(tmp_path, browser):
    """A fresh inspection to play in, as `assay workbench` makes and serves it, reached by a slow line."""
    inspection = tmp_path / "play"
    with serving(inspection, tmp_path / "server.log", MAKING) as server, delayed(server.address, DELAY) as address:
        beside = tmp_path / "play-workbench"
        yield Play(browser, inspection, beside, address)


class Play(SimpleNamespace):
    """The inspection, its address, and each page of a file that a browser has opened there: who, and which."""

    def __init__(self, browser, inspection, beside, address):
        super().__init__(browser=browser, inspection=inspection, beside=beside, address=address, opened=Counter())

    def enter(self, code):
        page = signed_in(self.browser, self.address, self.beside, code)
        page.set_default_timeout(SLOW)
        page.on("response", lambda response: self.note(code, response))
        return page

    def note(self, code, response):
        found = re.fullmatch(rf"{self.address}/(reading|file)/(\d+)", response.url)
        if found and response.request.method == "GET" and response.status == 200:
            self.opened[code, KINDS[found[1]], int(found[2])] += 1

    def rows(self, asked, *told):
        with closing(sqlite3.connect(self.beside / "workbench.sqlite3")) as held:
            return held.execute(asked, told).fetchall()

    def logged(self, since):
        """The same openings as the audit log has them, after a line of it."""
        lines = self.rows("select who, kind, about from workbench_event where number > ?", since)
        names = {kind: name for name, kind in KINDS.items()}
        return Counter((who, kind, json.loads(about)[names[kind]]) for who, kind, about in lines if kind in names)

    def answers(self, reading):
        asked = "select question, answer, reason from workbench_answer where reading_id = ? order by turn"
        return [(answer, reason) for _, (answer, reason) in sorted({key: both for key, *both in self.rows(asked, reading)}.items())]


def expect(locator):
    from playwright.sync_api import expect as expecting

    expecting.set_options(timeout=SLOW)
    return expecting(locator)


def mark(page, choices, who):
    """One answer to each question with a reason of its own, and "Finish" at once: what was given, by question."""
    given = {}
    for place, choice in enumerate(choices):
        fieldset = page.locator("#questions fieldset").nth(place)
        radio = fieldset.get_by_role("radio").nth(choice)
        radio.check()
        fieldset.get_by_role("textbox").fill(f"Reason {place} of {who}.")
        given[fieldset.get_attribute("id")] = (radio.get_attribute("value"), f"Reason {place} of {who}.")
    page.get_by_role("button", name="Finish this file").click()
    return [given[key] for key in sorted(given)]


def command(*words):
    done = subprocess.run([sys.executable, "-m", "assay.cli", *map(str, words)], capture_output=True, text=True, env=outside())
    assert done.returncode == 0, done.stderr + done.stdout


def test_from_a_fresh_play_to_a_figure_that_moved_nothing_is_lost_and_every_opening_is_in_the_audit_log(play):
    since = play.rows("select max(number) from workbench_event")[0][0]
    (file, one, first), (_, other, second) = play.rows(READ_TWICE)
    asked = first_shown(play.browser, play.inspection)
    before = on_the_page(play.browser, play.inspection, asked.text)

    # The first thing that anybody does on a fresh server is to open a file.
    analyst = play.enter("A01")
    for number in range(1, 10):
        analyst.goto(f"{play.address}/file/{number}")
        expect(analyst.get_by_role("heading", name="Where it comes from")).to_be_visible()

    # Two inspectors mark a file, differ in one answer, and finish without waiting.
    for code, reading, first_choice in ((one, first, 0), (other, second, 1)):
        page = play.enter(code)
        page.locator(f'a[href="/reading/{reading}"]').click()
        expect(page.get_by_role("button", name="Finish this file")).to_be_visible()  # it stands below all questions
        count = page.locator("#questions fieldset").count()
        given = mark(page, [first_choice, *[0] * (count - 1)], code)
        expect(page.get_by_role("heading", name="Finished")).to_be_visible()
        assert play.answers(reading) == given

    # A third person decides where they differ.
    judge = play.enter("J01")
    judge.locator("section", has_text="To decide").get_by_role("link").first.click()
    expect(judge.locator("#questions fieldset")).to_have_count(1)
    given = mark(judge, [1], "J01")
    expect(judge.get_by_text("To decide")).to_have_count(0)
    (decided,) = play.rows("select id from workbench_reading where file_id = ? and round not in ('first', 'second')", file)
    assert play.answers(decided[0]) == given

    # Sealed, with the other files that were left, and run again: the figure is another.
    done = subprocess.run([sys.executable, desk_rest.__file__, play.inspection, str(file)], env=outside())
    assert done.returncode == 0
    analyst.get_by_role("link", name="Samples").click()
    analyst.get_by_role("link", name="Crimes of the period").click()
    analyst.get_by_role("button", name="Seal what is ready").click()
    expect(analyst.get_by_text(re.compile(r"(\d+) of \1 readings finished, \1 sealed"))).to_be_visible()
    command("run", play.inspection)
    after = on_the_page(play.browser, play.inspection, asked.text)
    assert after[:2] == by_pencil(play.inspection, asked.key)
    assert after[:2] != before[:2]

    assert len(play.opened) == 12
    assert play.logged(since) == play.opened
    command("verify", play.inspection)

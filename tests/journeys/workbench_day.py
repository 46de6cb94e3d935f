"""A first day at a new workbench with a slow connection: server, browsers, and what they opened and wrote.

Used by the journey of returns; `first_day` is what people do in the order in which they do it.
"""

import json
import re
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing, contextmanager
from types import SimpleNamespace

from casefiles.workbench import workbench_rest
from casefiles.workbench.conftest import free_port, served_by, signed_in
from casefiles.workbench.workbench_crowd import outside
from casefiles.workbench.workbench_delay import delayed
from journeys import workbench_first_pages, workbench_play
from made_once import SMALL

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


@contextmanager
def fresh_play(folder, prepared, browser):
    """A fresh inspection to play in, as `assay workbench practice` makes and serves it in `folder`, reached by a slow line; it
    begins as a copy of the demonstration `prepared`."""
    inspection, port = folder / "play", free_port()
    command = [sys.executable, workbench_play.__file__, str(prepared), str(inspection), str(port), json.dumps(SMALL)]
    with served_by(command, port, folder / "server.log", MAKING) as server, delayed(server.address, DELAY) as address:
        yield Play(browser, inspection, folder / "play-workbench", address)


class Play(SimpleNamespace):
    """The inspection, its address, and each page of a file that a browser has opened there: who, and which."""

    def __init__(self, browser, inspection, workbench_folder, address):
        super().__init__(
            browser=browser, inspection=inspection, beside=workbench_folder, address=address, opened=Counter()
        )

    def enter(self, code):
        page = signed_in(self.browser, self.address, self.beside, code)
        page.set_default_timeout(SLOW)
        page.on("response", lambda response: self.note(code, response))
        return page

    def note(self, code, response):
        found = re.fullmatch(rf"{self.address}/(reading|file)/(\d+)", response.url)
        if found and response.request.method == "GET" and response.status == 200:
            self.opened[code, KINDS[found[1]], int(found[2])] += 1

    def rows(self, query, *parameters):
        with closing(sqlite3.connect(self.beside / "workbench.sqlite3")) as connection:
            return connection.execute(query, parameters).fetchall()

    def logged(self, since):
        """The same openings as the audit log has them, after a line of it."""
        lines = self.rows("select who, kind, about from workbench_event where number > ?", since)
        names = {kind: name for name, kind in KINDS.items()}
        return Counter(
            (account, kind, json.loads(details)[names[kind]]) for account, kind, details in lines if kind in names
        )

    def answers(self, reading):
        query = "select question, answer, reason from workbench_answer where reading_id = ? order by turn"
        return [
            (answer, reason)
            for _, (answer, reason) in sorted(
                {key: answer_and_reason for key, *answer_and_reason in self.rows(query, reading)}.items()
            )
        ]


def expect(locator):
    from playwright.sync_api import expect as expecting

    expecting.set_options(timeout=SLOW)
    return expecting(locator)


def mark(page, choices, account):
    """One answer to each question with a reason of its own, and "Finish" at once: what was given, by question."""
    answers = {}
    for place, choice in enumerate(choices):
        fieldset = page.locator("#questions fieldset").nth(place)
        radio = fieldset.get_by_role("radio").nth(choice)
        radio.check()
        fieldset.get_by_role("textbox").fill(f"Reason {place} of {account}.")
        answers[fieldset.get_attribute("id")] = (radio.get_attribute("value"), f"Reason {place} of {account}.")
    page.get_by_role("button", name="Finish this file").click()
    return [answers[key] for key in sorted(answers)]


def in_process(script, *words):
    """What a script prints in a process of its own, in which Django has not been set up."""
    done = subprocess.run(
        [sys.executable, script.__file__, *map(str, words)], capture_output=True, text=True, env=outside()
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def pages_found(play):
    """What each account finds on its first pages."""
    return json.loads(in_process(workbench_first_pages, play.inspection))


def first_day(play):
    """Everything that people do, in order, from the first file that is opened to the last that is sealed."""
    since = play.rows("select max(number) from workbench_event")[0][0]
    (file, first_reading, first), (_, other, second) = play.rows(READ_TWICE)

    # The first thing that anybody does on a fresh server is to open a file.
    analyst = play.enter("A01")
    for number in range(1, 10):
        analyst.goto(f"{play.address}/file/{number}")
        expect(analyst.get_by_role("heading", name="Where it comes from")).to_be_visible()

    # Two inspectors mark a file, differ in one answer, and finish without waiting.
    for code, reading, first_choice in ((first_reading, first, 0), (other, second, 1)):
        page = play.enter(code)
        page.locator(f'a[href="/reading/{reading}"]').click()
        expect(page.get_by_role("button", name="Finish this file")).to_be_visible()  # it stands below all questions
        count = page.locator("#questions fieldset").count()
        answers_given = mark(page, [first_choice, *[0] * (count - 1)], code)
        expect(page.get_by_role("heading", name="Finished")).to_be_visible()
        assert play.answers(reading) == answers_given

    # A third person decides where they differ.
    judge = play.enter("J01")
    judge.locator("section", has_text="To decide").get_by_role("link").first.click()
    expect(judge.locator("#questions fieldset")).to_have_count(1)
    answers_given = mark(judge, [1], "J01")
    expect(judge.get_by_text("To decide")).to_have_count(0)
    (decided,) = play.rows(
        "select id from workbench_reading where file_id = ? and round not in ('first', 'second')", file
    )
    assert play.answers(decided[0]) == answers_given

    # Sealed, with the other files that were left.
    in_process(workbench_rest, play.inspection, file)
    analyst.get_by_role("link", name="Samples").click()
    analyst.get_by_role("link", name="Crimes of the period").click()
    analyst.get_by_role("button", name="Seal the files that are ready").click()
    expect(analyst.get_by_text(re.compile(r"(\d+) of \1 readings finished, \1 sealed"))).to_be_visible()

    assert len(play.opened) == 12
    assert play.logged(since) == play.opened

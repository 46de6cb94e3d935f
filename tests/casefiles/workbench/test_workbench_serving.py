"""Does a served workbench answer, whatever its process computed before it began to serve?"""

import http.cookiejar
import re
import sqlite3
import subprocess
import sys
import urllib.parse
import urllib.request
from contextlib import closing

import pytest

from assay.workbench.demo_workbench import PASSWORD
from casefiles.workbench import workbench_busy
from casefiles.workbench.conftest import copied, digits, free_port, served_by
from casefiles.workbench.workbench_crowd import outside

SECONDS = 60
"""A page that takes longer never comes."""


class Visitor:
    """Somebody with cookies and no script."""

    def __init__(self, address):
        self.address = address
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opened = urllib.request.build_opener(jar)

    def get(self, path):
        with self._opened.open(f"{self.address}{path}", timeout=SECONDS) as answer:
            return answer.status, answer.read().decode()

    def sign_in(self, workbench_folder, code):
        token = re.search(r'csrfmiddlewaretoken" value="([^"]+)', self.get("/sign-in")[1])[1]
        form_data = {
            "csrfmiddlewaretoken": token,
            "username": code,
            "password": PASSWORD,
            "otp_token": digits(workbench_folder, code),
        }
        request = urllib.request.Request(f"{self.address}/sign-in", urllib.parse.urlencode(form_data).encode())
        with self._opened.open(request, timeout=SECONDS) as answer:
            assert "Sign out" in answer.read().decode()


def test_an_analyst_opens_files_on_a_server_whose_process_read_tables_before_it_served(workspaces, tmp_path):
    inspection, workbench_folder = copied(workspaces, tmp_path)
    port = free_port()
    command = [sys.executable, workbench_busy.__file__, str(inspection), str(port)]
    with served_by(command, port, tmp_path / "server.log") as server:
        analyst = Visitor(server.address)
        analyst.sign_in(workbench_folder, "A01")
        with closing(sqlite3.connect(workbench_folder / "workbench.sqlite3")) as connection:
            files = [
                number for (number,) in connection.execute("select id from workbench_casefile order by id limit 9")
            ]
        for number in files:  # as many as a server has threads, and one more
            status, page = analyst.get(f"/file/{number}")
            assert (status, "Where it comes from" in page) == (200, True)


def test_the_process_that_makes_workers_knows_no_library_with_threads_of_its_own():
    program = """
import sys, threading
import assay.workbench.web_server, gunicorn.app.base, gunicorn.workers.gthread
print(sorted({"polars", "duckdb", "pyarrow", "numpy", "django"} & set(sys.modules)), threading.active_count())
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=outside(), timeout=SECONDS
    )
    assert done.stdout.strip() == "[] 1", done.stderr


A_THREAD = "import threading, time\nthreading.Thread(target=time.sleep, args=[60], daemon=True).start()"


@pytest.mark.parametrize("before", ["import polars", "import duckdb", "import pyarrow", A_THREAD])
def test_no_worker_is_made_by_a_process_that_holds_threads_or_a_library_that_begins_them(before):
    program = f"""
{before}
from gunicorn.errors import HaltServer
from assay.workbench.web_server import refuse_state
try:
    refuse_state()
except HaltServer as error:
    print(error.reason)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=outside(), timeout=SECONDS
    )
    assert "Start the workbench again" in done.stdout, done.stderr

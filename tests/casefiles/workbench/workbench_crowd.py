"""A crowd that marks at once: a workbench with so many readers, a server of its own, and what was acknowledged to whom.

Used by the tests, with a few seconds each, and by `benchmarks/workbench.py`. Whatever touches tables runs in a process
of its own, since one process serves one workbench.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

TOKEN = "a" * 32
QUESTIONS = ("specialist", "supervised", "lines_followed", "plan_set")
NO_POSTGRESQL = "PostgreSQL: no server's programs here (on Debian: sudo apt-get install -y postgresql)"


@dataclass
class ReaderLog:
    """What one reader was told is kept, in order, and how long each took (seconds)."""

    acknowledged: list[tuple[str, str, str]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)


def outside() -> dict[str, str]:
    """The environment of a process that serves a workbench of its own."""
    return {name: value for name, value in os.environ.items() if name != "ASSAY_WORKBENCH"}


def in_process(step: str, folder: Path, *more: str) -> dict:
    """A step with tables, in a process of its own."""
    command = [sys.executable, __file__, step, str(folder), *more]
    done = subprocess.run(command, env=outside(), capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def prepare(folder: Path, readers: int) -> dict:
    """Readers with a session and a file each: their sessions, and the numbers of their readings."""
    from assay.workbench.django_setup import start_django
    from assay.workbench.workbench_folder import make_workbench_folder

    start_django(make_workbench_folder(folder))
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django_otp import DEVICE_ID_SESSION_KEY
    from django_otp.plugins.otp_totp.models import TOTPDevice

    from assay.workbench.models import Account, CaseFile, Reading, Sample
    from assay.workbench.request_gate import BEGUN, SEEN

    sample = Sample.objects.create(key="crowd", questions="responses_case", title="Crowd", seed="s")
    acknowledgements = []
    for place in range(readers):
        account = Account.objects.create(code=f"R{place:02d}", role="inspector", password="!")
        device = TOTPDevice.objects.create(user=account, name="first")
        file = CaseFile.objects.create(sample=sample, force_code="INV01", subject_ref=f"C{place}", stratum="INV01")
        reading = Reading.objects.create(file=file, account=account, round="first", kind="inspector")
        session = SessionStore()
        session.update({
            SESSION_KEY: str(account.pk), BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend",
            HASH_SESSION_KEY: account.get_session_auth_hash(), DEVICE_ID_SESSION_KEY: device.persistent_id,
            BEGUN: int(time.time()), SEEN: int(time.time()),
        })  # fmt: skip
        session.create()
        acknowledgements.append((session.session_key, reading.pk))
    return {"readers": acknowledgements}


def stored_answers(folder: Path) -> dict:
    """Every answer that is kept, by reading, in order; and whatever does not hold."""
    from assay.workbench.django_setup import start_django
    from assay.workbench.workbench_folder import make_workbench_folder

    place = make_workbench_folder(folder)
    start_django(place, tables=False)
    from assay.workbench.models import Answer, Event
    from assay.workbench.workbench_verification import verify_workbench

    answers: dict[int, list] = {}
    for answer in Answer.objects.order_by("reading_id", "turn"):
        answers.setdefault(answer.reading_id, []).append((answer.question, answer.answer, answer.reason))
    lines = list(Event.objects.values_list("kind", flat=True))
    return {"answers": answers, "differences": verify_workbench(place), "lines": lines}


@contextmanager
def server(folder: Path, workers: int = 1):
    """The server as `assay workbench start` starts it, in a group of its own: (port, process)."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "assay.cli",
        "workbench",
        "start",
        str(folder),
        "--port",
        str(port),
        "--workers",
        str(workers),
    ]
    with (folder.parent / "server.log").open("ab") as log:
        running = subprocess.Popen(command, env=outside(), stdout=log, stderr=log, start_new_session=True)
        try:
            _wait(port, running)
            yield port, running
        finally:
            if running.poll() is None:
                running.terminate()
                running.wait(20)


def _wait(port: int, running: subprocess.Popen) -> None:
    for _ in range(600):
        assert running.poll() is None, "the server has ended"
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
                connection.request("GET", "/sign-in")
                connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server does not answer")


def mark(
    port: int, readers: list, seconds: float, pause: float, kill=None, after: int = 0, enough: int = sys.maxsize
) -> list[ReaderLog]:
    """Everybody answers for so many seconds, with a pause between; `kill` is called once so many are acknowledged.

    `enough`: a reader of whom so many are acknowledged stops before.
    """
    logs, until = [ReaderLog() for _ in readers], time.monotonic() + seconds
    crowd = [
        threading.Thread(target=_answer, args=(port, *reader, log, until, pause, place, enough))
        for place, (reader, log) in enumerate(zip(readers, logs, strict=True))
    ]
    for thread in crowd:
        thread.start()
    if kill:
        while time.monotonic() < until and sum(len(log.acknowledged) for log in logs) < after:
            time.sleep(random.uniform(0, 0.02))
        kill()
    for thread in crowd:
        thread.join()
    return logs


def _answer(
    port: int, session: str, reading: int, log: ReaderLog, until: float, pause: float, place: int, enough: int
) -> None:
    rng, turn, run = random.Random(place), 0, int(until * 1000)
    headers = {"Cookie": f"assay={session}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN, "HX-Request": "true",
               "Content-Type": "application/x-www-form-urlencoded"}  # fmt: skip
    time.sleep(rng.uniform(0, pause))
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        while time.monotonic() < until and len(log.acknowledged) < enough:
            turn += 1
            answer_pair = (rng.choice(QUESTIONS), rng.choice(("met", "not_met")), f"n{run}-{turn}")
            begun = time.perf_counter()
            try:
                connection.request(
                    "POST",
                    f"/reading/{reading}/answer/{answer_pair[0]}",
                    f"answer={answer_pair[1]}&reason={answer_pair[2]}",
                    headers,
                )
                answer = connection.getresponse()
                response_body = answer.read()
            except (OSError, http.client.HTTPException):
                return  # the server is gone
            if answer.status == 200 and b"Saved at" in response_body:
                log.acknowledged.append(answer_pair)
                log.seconds.append(time.perf_counter() - begun)
            else:
                log.refused.append(answer.status)
            time.sleep(rng.uniform(0.5, 1.5) * pause)


def flood(port: int, threads: int, seconds: float, is_over=lambda: False) -> list[int]:
    """So many threads try one code with wrong passwords at the sign-in page, for so many seconds or until `is_over`: what
    each try got."""
    codes: list[int] = []
    until = time.monotonic() + seconds
    crowd = [threading.Thread(target=_try, args=(port, until, codes, is_over)) for _ in range(threads)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    return codes


def _try(port: int, until: float, codes: list[int], is_over) -> None:
    headers = {
        "Cookie": f"csrftoken={TOKEN}",
        "X-CSRFToken": TOKEN,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    while time.monotonic() < until and not is_over():
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
            connection.request("POST", "/sign-in", "username=R00&password=wrong&otp_token=000000", headers)
            answer = connection.getresponse()
            answer.read()
        codes.append(answer.status)


def seconds_of_processor(running: subprocess.Popen) -> float:
    """What the processes of the server have used of the processor so far (seconds); 0 where that cannot be read."""
    used = 0.0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            stat_fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        if int(stat_fields[2]) == running.pid:  # the group
            used += (int(stat_fields[11]) + int(stat_fields[12])) / os.sysconf("SC_CLK_TCK")
    return used


def killed(running: subprocess.Popen) -> None:
    """Power off: every process of the server at once, with no word of warning."""
    os.killpg(running.pid, signal.SIGKILL)
    running.wait(20)


def programs() -> Path | None:
    """Where the programs of a PostgreSQL server are; None where they are not."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or [Path(shutil.which("initdb") or "/nowhere")]
    return found[-1].parent if found[-1].exists() and (found[-1].parent / "pg_ctl").exists() else None


@contextmanager
def postgresql():
    """A PostgreSQL of its own in a new folder, reached by a socket in it alone: its settings, as `workbench.toml` takes
    them."""
    bin_, folder = programs(), Path(tempfile.mkdtemp(prefix="pg"))
    assert bin_ is not None
    as_whom = {"user": "nobody"} if os.geteuid() == 0 else {}
    if as_whom:
        shutil.chown(folder, "nobody")

    def run(*command):
        subprocess.run(command, check=True, capture_output=True, cwd=folder, timeout=60, **as_whom)

    run(bin_ / "initdb", "-D", folder / "data", "-A", "trust", "-U", "assay", "-E", "UTF8", "--locale=C.UTF-8")
    options = f"-k {folder} -c listen_addresses="
    run(bin_ / "pg_ctl", "-D", folder / "data", "-l", folder / "log", "-w", "-o", options, "start")
    try:
        yield f"host={folder} dbname=postgres user=assay"
    finally:
        run(bin_ / "pg_ctl", "-D", folder / "data", "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def use_postgresql(inspection: Path, settings: str) -> None:
    """Write into the settings of a workbench that it uses this PostgreSQL."""
    from assay.workbench.workbench_folder import make_workbench_folder

    path = make_workbench_folder(inspection).folder / "workbench.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('postgresql = ""', f'postgresql = "{settings}"'))


if __name__ == "__main__":
    step, place, *rest = sys.argv[1:]
    print(json.dumps(prepare(Path(place), int(rest[0])) if step == "prepare" else stored_answers(Path(place))))

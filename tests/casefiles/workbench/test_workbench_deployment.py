"""Does the page about a server still say what works: its commands, its settings, its unit and its proxy, run as written?

Folders, ports, the user and the database are the test's own; what only a whole machine can do (packages, users, the
machine's services) is left out by name, and a line of another kind fails the test.
"""

import contextlib
import http.client
import random
import re
import shlex
import shutil
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assay import indicators
from assay.contract import question_sets
from assay.engine.stage_runner import StageOutput, StageRunner
from assay.ingest.inspection_folder import new_inspection
from casefiles.workbench import workbench_crowd as crowd

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "run-the-workbench-on-a-server.md"
NO_PROXY = "nginx: not here (on Debian: sudo apt-get install -y nginx-light)"
SYSTEM_COMMANDS = ("apt-get", "adduser", "git", "cd", "scripts/environment.sh", ".venv/bin/python", "systemctl", "chown",
                  "createuser", "install", "nginx")  # fmt: skip
PROGRAMS = ("openssl", "pg_dump", "pg_restore", "createdb", "dropdb", "tar", "curl", "chmod", "rm")


def blocks(section=""):
    """Every block of the page, or of a section of it."""
    text = PAGE.read_text(encoding="utf-8")
    part = text.partition(f"## {section}\n")[2].partition("\n## ")[0] if section else text
    return re.findall(r"^```text\n(.*?)^```$", part, re.M | re.S)


def commands(section=""):
    """The lines that are commands: neither settings, nor a unit, nor the proxy's."""
    commands = [block for block in blocks(section) if not re.match(r"(hosts|\[Unit|limit_req_zone)", block)]
    return [line for block in commands for line in block.splitlines()]


class Machine:
    """A machine in a folder: what stands at a place of the page stands in it."""

    def __init__(self, root, database):
        self.root, self.database, self.outputs = root, database, []
        self.name = database.removeprefix("host=").partition(" ")[0]
        self.port, self.tls = (free_port() for _ in range(2))
        for place in ("srv/assay", "etc/ssl/private"):
            (root / place).mkdir(parents=True)

    def here(self, text):
        command_text = text.replace("/srv/assay/code/.venv/bin/assay", f"{sys.executable} -m assay.cli")
        for place in ("/srv/assay", "/etc/ssl"):
            command_text = re.sub(rf"(?<![\w.]){place}", f"{self.root}{place}", command_text)
        command_text = command_text.replace("/var/run/postgresql", self.name).replace(":443:", f":{self.tls}:")
        return command_text.replace("https://workbench.example.org/", f"https://workbench.example.org:{self.tls}/")

    def run(self, line):
        words = shlex.split(re.sub(r"^runuser -u \w+ -- ", "", line))
        if words[0] in SYSTEM_COMMANDS:
            return
        assert words[0] in PROGRAMS or words[0].endswith("/assay"), (
            f"{line!r} is of a kind that this test does not know"
        )
        argument_list = shlex.split(self.here(re.sub(r"^runuser -u \w+ -- ", "", line)))
        environment = crowd.outside() | {"PGHOST": self.name, "PGUSER": "assay"}
        done = subprocess.run(argument_list, capture_output=True, text=True, env=environment, timeout=120)
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        self.outputs.append(done.stdout)


def free_port():
    """One below those that the system gives to whoever asks for any: nobody takes it before somebody listens there."""
    for port in random.sample(range(20_000, 32_000), 100):
        with socket.socket() as free, contextlib.suppress(OSError):
            free.bind(("127.0.0.1", port))
            return port
    raise OSError("None of a hundred ports is free.")


def ask(machine, path):
    """A page by TLS, as a browser would ask for it that knows the certificate."""
    trusted = ssl.create_default_context(cafile=machine.root / "etc/ssl/workbench.pem")
    for _ in range(150):
        try:
            plain = socket.create_connection(("127.0.0.1", machine.tls), timeout=60)
            break
        except OSError:
            time.sleep(0.1)
    connection = http.client.HTTPSConnection("workbench.example.org", machine.tls, context=trusted)
    connection.sock = trusted.wrap_socket(plain, server_hostname="workbench.example.org")
    with contextlib.closing(connection):
        connection.request("GET", path, headers={"Host": "workbench.example.org", "X-Forwarded-Proto": "http"})
        answer = connection.getresponse()
        answer.read()
    return answer


@pytest.fixture(scope="module")
def machine(country, tmp_path_factory):
    """A machine that was set up by the page, with an inspection."""
    if crowd.programs() is None:
        pytest.skip(crowd.NO_POSTGRESQL)
    pytest.importorskip("psycopg", reason="PostgreSQL: no driver here (the extra postgresql)")
    with crowd.postgresql() as database:
        machine = Machine(tmp_path_factory.mktemp("machine"), database)
        inspection = new_inspection(machine.root / "srv/assay/inspection", country / "request.toml").folder
        StageRunner(inspection).run_stage(
            "records", lambda: StageOutput({}, 0, 0), packages=(indicators, question_sets), inputs={}
        )
        settings = next(block for block in blocks() if block.startswith("hosts"))
        for line in commands("Set it up"):
            toml = machine.root / "srv/assay/inspection-workbench/workbench.toml"
            if "workbench account" in line or ("--set-up-only" in line and toml.exists()):
                settings_text = toml.read_text(encoding="utf-8")
                for setting in machine.here(settings).splitlines():
                    settings_text = re.sub(rf"^{setting.split(' = ')[0]} = .*$", setting, settings_text, flags=re.M)
                toml.write_text(settings_text, encoding="utf-8")
            machine.run(line)
        yield machine


def test_an_account_is_made_in_postgresql_and_no_other_tables_are_left(machine):
    assert "A01, analyst" in machine.outputs[-2]
    workbench_folder = machine.root / "srv/assay/inspection-workbench"
    assert sorted(path.name for path in workbench_folder.iterdir()) == ["key", "workbench.toml"]


def test_by_the_unit_and_the_proxy_of_the_page_it_is_reached_by_tls_alone(machine):
    if shutil.which("nginx") is None:
        pytest.skip(NO_PROXY)
    unit = next(block for block in blocks("Start it with the machine") if block.startswith("[Unit]"))
    begin = re.search(r"^ExecStart=(.+)$", unit, re.M)[1].replace("--port 8000", f"--port {machine.port}")
    proxy = next(block for block in blocks("TLS in front") if block.startswith("limit_req_zone"))
    for line in commands("TLS in front"):
        if line.startswith("openssl"):
            machine.run(line)
    proxy = (
        machine.here(proxy)
        .replace("listen 80;", f"listen {free_port()};")
        .replace("listen 443", f"listen {machine.tls}")
    )
    proxy = proxy.replace("127.0.0.1:8000", f"127.0.0.1:{machine.port}")
    own_commands = "".join(
        f"{kind}_temp_path {machine.root}/{kind};\n" for kind in ("proxy", "client_body", "fastcgi", "uwsgi", "scgi")
    )
    conf = machine.root / "nginx.conf"
    conf.write_text(
        f"pid {machine.root}/pid;\nerror_log stderr;\ndaemon off;\nevents {{}}\nhttp {{ {own_commands} {proxy} }}\n"
    )
    served = subprocess.Popen(shlex.split(machine.here(begin)), env=crowd.outside(), start_new_session=True)
    front = subprocess.Popen(["nginx", "-p", machine.root, "-c", conf, "-e", "stderr"], stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            if ask(machine, "/queue").status == 302:
                break
            time.sleep(0.1)  # the workbench itself is still beginning
        answer = ask(machine, "/sign-in")
        assert answer.status == 200
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
        assert all("Secure" in cookie for cookie in answer.headers.get_all("Set-Cookie"))
        assert ask(machine, "/queue").headers["Location"] == "/sign-in?next=%2Fqueue"
        machine.run(commands("TLS in front")[-1])
        assert "<title>Sign in" in machine.outputs[-1]
        codes = [ask(machine, "/sign-in").status for _ in range(40)]
        assert codes[0] == 200
        assert codes[-1] == 429  # one address asks for the sign-in page no more often than the page says
        assert ask(machine, "/queue").status == 302  # and may ask for others
    finally:
        front.terminate()
        served.terminate()
        front.wait(20)
        served.wait(30)


def test_a_copy_that_was_made_by_the_page_comes_back_by_it_and_holds(machine):
    (machine.root / "srv/assay/copies").mkdir()
    for line in commands("Back up and restore"):
        machine.run(line)
    assert "every provenance record is correct" in machine.outputs[-1]


def test_every_command_of_the_page_is_run_here_or_left_out_by_name():
    first = {shlex.split(re.sub(r"^runuser -u \w+ -- ", "", line))[0].rpartition("/")[2] for line in commands()}
    known = {name.rpartition("/")[2] for name in (*SYSTEM_COMMANDS, *PROGRAMS)} | {"assay"}
    assert first <= known
    assert len(commands()) > 30

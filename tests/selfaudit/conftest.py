"""One self-audit of the contract's worked example, run once for all tests that only read it."""

import socket
import tempfile
from types import SimpleNamespace

import pytest

from assay.temporary_folders import process_folder
from assay.workflows.selfaudit import audit_return
from ingest.worked_example import write_worked_example
from report.conftest import axe, browser, window  # noqa: F401  the same windows that look at the report


def pytest_itemcollected(item):
    """Tests of the self-audit share one: one process runs it, and starts early."""
    item.add_marker(pytest.mark.xdist_group("selfaudit"))
    item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def account(tmp_path_factory):
    """An account without a home folder, its environment, and the two empty folders that it may write into."""
    here, scratch = tmp_path_factory.mktemp("here"), tmp_path_factory.mktemp("scratch")
    environment = {"HOME": "/nonexistent", "USERPROFILE": "/nonexistent", "TMPDIR": str(scratch)}
    return SimpleNamespace(here=here, environment=environment, left=lambda: [*here.iterdir(), *scratch.iterdir()])


@pytest.fixture(scope="session")
def worked(tmp_path_factory, account):
    """The return, what the audit said of it, and its folder; nothing may call out meanwhile, nor write into the return."""

    def refused(*_):
        raise AssertionError("the self-audit called out")

    process_folder()  # of the tests, which stays until they end, so that only what the self-audit leaves is counted
    folder = tmp_path_factory.mktemp("force")
    sent_folder = write_worked_example(folder / "sent")
    content = {path.name: path.read_bytes() for path in sent_folder.iterdir()}
    for path in (*sent_folder.iterdir(), sent_folder):
        path.chmod(0o555)
    with pytest.MonkeyPatch.context() as patched:
        for name, value in account.environment.items():
            patched.setenv(name, value)
        patched.setattr(tempfile, "tempdir", None)
        patched.chdir(account.here)
        patched.setattr(socket.socket, "connect", refused)
        patched.setattr(socket, "getaddrinfo", refused)
        progress: list[str] = []
        done = audit_return(sent_folder, progress=lambda step, *_: progress.append(step))
    left = account.left()
    for path in (sent_folder, *sent_folder.iterdir()):
        path.chmod(0o755)
    return SimpleNamespace(sent=sent_folder, content=content, done=done, folder=done.folder, said=progress, left=left)

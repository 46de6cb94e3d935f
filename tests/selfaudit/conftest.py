"""One self-audit of the contract's worked example, run once for all tests that only look at it."""

import socket
from types import SimpleNamespace

import pytest

from assay.selfaudit import audit
from report.conftest import axe, browser, window  # noqa: F401  the same windows that look at the report
from returns.worked_example import write_worked_example


def pytest_itemcollected(item):
    """Tests of the self-audit share one: one process runs it, and starts early."""
    item.add_marker(pytest.mark.xdist_group("selfaudit"))
    item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def worked(tmp_path_factory):
    """The return, what the audit said of it, and its folder; nothing may call out meanwhile."""

    def refused(*_):
        raise AssertionError("the self-audit called out")

    folder = tmp_path_factory.mktemp("force")
    sent = write_worked_example(folder / "sent")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(socket.socket, "connect", refused)
        patched.setattr(socket, "getaddrinfo", refused)
        said: list[str] = []
        done = audit(sent, progress=lambda what, *_: said.append(what))
    return SimpleNamespace(sent=sent, done=done, folder=done.folder, said=said)

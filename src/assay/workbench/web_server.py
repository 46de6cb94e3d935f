"""Serve the workbench with gunicorn, from a new process that loads no data library (Polars, DuckDB, PyArrow) before it
forks.

On a laptop on 127.0.0.1; on a server behind TLS, as the page on deployment says.

Polars, DuckDB and PyArrow keep threads and locks. A process that forks while they are loaded leaves the new process the
locks but not the threads, so the first table that a worker reads may wait for ever. Three things keep that from
happening: `serve` replaces its process by a new program, so nothing that it computed is left; that program loads Django
and the pages in each worker, after the fork; and before each fork it refuses to go on if such a library, or a second
thread, is there all the same.
"""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from typing import Any, NoReturn

from assay.temporary_folders import delete_process_folder
from assay.workbench.django_setup import start_django
from assay.workbench.workbench_folder import WorkbenchFolder, read_workbench_folder

THREADED_LIBRARIES = ("duckdb", "ibis", "numpy", "polars", "pyarrow")
"""Libraries with threads or locks of their own: no process that forks workers may load one."""
CANNOT_START = 4
"""Exit code of a server that refuses to fork workers."""


def serve(workbench: WorkbenchFolder, *, host: str, port: int, workers: int = 1, threads: int = 8) -> NoReturn:
    """Migrate the tables, then serve until stopped: this process becomes the server, and never returns."""
    start_django(workbench)
    from django.db import connections

    connections.close_all()
    sys.stdout.flush()
    sys.stderr.flush()
    has_working_folder = sys.path[0] in ("", os.getcwd())
    program = [sys.executable, *([] if has_working_folder else ["-P"]), "-m", "assay.workbench.web_server"]
    delete_process_folder()
    os.execv(sys.executable, [*program, str(workbench.folder), host, str(port), str(workers), str(threads)])


def options(host: str, port: int, workers: int, threads: int) -> dict[str, Any]:
    """Return the settings of gunicorn, whatever the environment holds."""
    return {
        "bind": f"{host}:{port}", "workers": workers, "threads": threads, "worker_class": "gthread",
        "proc_name": "assay-workbench", "timeout": 120, "graceful_timeout": 10, "preload_app": False,
        "forwarded_allow_ips": "127.0.0.1", "loglevel": "warning", "accesslog": None, "keepalive": 5,
        "control_socket_disable": True, "pre_fork": lambda _server, _worker: refuse_state(),
    }  # fmt: skip


def refuse_state() -> None:
    """Raise HaltServer if this process has threads, or a library that starts some, which workers would inherit."""
    loaded = [name for name in THREADED_LIBRARIES if name in sys.modules]
    if loaded or running_threads() > 1:
        from gunicorn.errors import HaltServer

        cause = ", ".join(loaded) or "threads"
        raise HaltServer(
            f"The process that starts the workers holds {cause}, which can make a worker wait for ever. "
            "Start the workbench again with `assay workbench start`; if it happens again, report it.",
            CANNOT_START,
        )


def running_threads() -> int:
    """Return the threads of this process, including those of libraries if the system lists them."""
    listed = Path("/proc/self/task")
    return len(list(listed.iterdir())) if listed.is_dir() else threading.active_count()


def run_server(workbench: WorkbenchFolder, host: str, port: int, workers: int, threads: int) -> None:
    """Run gunicorn in this process, which must have computed nothing."""
    from gunicorn.app.base import BaseApplication

    class Server(BaseApplication):
        """gunicorn with our settings; each worker loads Django for itself."""

        def load_config(self) -> None:
            """Set what this version of gunicorn knows of our settings."""
            for name, value in options(host, port, workers, threads).items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Any:
            """Return the application, with every page loaded."""
            return application(workbench)

    os.environ.pop("GUNICORN_CMD_ARGS", None)
    Server().run()


def application(workbench: WorkbenchFolder) -> Any:
    """Return the WSGI application of this workbench, with every page loaded, so that no first visitor waits."""
    start_django(workbench, tables=False)
    from django.core.wsgi import get_wsgi_application
    from django.urls import get_resolver

    wsgi_application = get_wsgi_application()
    get_resolver().check()
    return wsgi_application


if __name__ == "__main__":
    folder, host, *numbers = sys.argv[1:]
    run_server(read_workbench_folder(Path(folder)), host, *map(int, numbers))

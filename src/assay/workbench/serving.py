"""How is a workbench served? By gunicorn, with threads.

On a laptop on 127.0.0.1; on a server behind TLS, as the page on deployment says.
"""

from __future__ import annotations

import os
from typing import Any

from assay.workbench.place import Place
from assay.workbench.starting import start


def serve(place: Place, *, host: str, port: int, workers: int = 1, threads: int = 8) -> None:
    """Serve until it is stopped."""
    start(place)
    from django.core.wsgi import get_wsgi_application
    from django.db import connections
    from gunicorn.app.base import BaseApplication

    application = get_wsgi_application()
    connections.close_all()  # a connection is never shared with a worker

    class Server(BaseApplication):
        """gunicorn with our settings, whatever stands in the environment."""

        def load_config(self) -> None:
            """Our settings."""
            options: dict[str, Any] = {
                "bind": f"{host}:{port}", "workers": workers, "threads": threads, "worker_class": "gthread",
                "proc_name": "assay-workbench", "timeout": 60, "graceful_timeout": 10, "preload_app": True,
                "forwarded_allow_ips": "127.0.0.1", "loglevel": "warning", "accesslog": None, "keepalive": 5,
                "control_socket_disable": True,
            }  # fmt: skip
            for name, value in options.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Any:
            """What answers."""
            return application

    os.environ.pop("GUNICORN_CMD_ARGS", None)
    Server().run()

"""A proxy in front of a workbench that passes everything on, after a delay: a slow line between a person and a server."""

import contextlib
import socket
import socketserver
import threading
import time
from contextlib import contextmanager
from urllib.parse import urlsplit


@contextmanager
def delayed(address, seconds):
    """The address at which a server is reached, each of whose requests arrives so many seconds late."""
    goal = (urlsplit(address).hostname, urlsplit(address).port)

    class Passing(socketserver.BaseRequestHandler):
        def handle(self):
            with contextlib.suppress(OSError), socket.create_connection(goal) as beyond:
                back = threading.Thread(target=pass_on, args=[beyond, self.request, 0], daemon=True)
                back.start()
                pass_on(self.request, beyond, seconds)
                back.join()

    with Proxy(("127.0.0.1", 0), Passing) as proxy:
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{proxy.server_address[1]}"
        proxy.shutdown()


class Proxy(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False


def pass_on(first_socket, other, seconds):
    """All that comes from one end to the other, until either closes."""
    with contextlib.suppress(OSError):
        while part := first_socket.recv(65_536):
            time.sleep(seconds)
            other.sendall(part)
        other.shutdown(socket.SHUT_WR)

"""Run a command in a child process, so that an abort for lack of memory is still reported.

A library in C or Rust that gets no memory may call `abort`, which no handler in that process can catch.
"""

from __future__ import annotations

import os
import signal
import sys

from assay.errors import MEMORY, MachineError, space_is_limited

ABORT_SIGNALS = {signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS}
"""Signals that end a process for lack of memory."""
NO_MEMORY_CODE = 127
"""Exit code of a process that gets no memory for a thread."""
FORWARDED_SIGNALS = (signal.SIGTERM, signal.SIGHUP)


def is_limited() -> bool:
    """Return True if memory is limited and the system can fork a process."""
    return hasattr(os, "fork") and space_is_limited()


def fork_watched_process() -> None:
    """Fork: return in the child process, while the parent waits for it and ends with the same exit code."""
    child = os.fork()
    if not child:
        # OpenBLAS takes memory for each thread when it is loaded, and without it ends the process with code 1.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        return
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever presses Ctrl-C stops both; the new one says so
    for forwarded in FORWARDED_SIGNALS:
        signal.signal(forwarded, lambda number, _: os.kill(child, number))
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code == NO_MEMORY_CODE or -code in ABORT_SIGNALS:
        raise MachineError(MEMORY)
    if code < 0:
        signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    sys.exit(code)

"""The work in a process of its own, watched by one that loads nothing: what a library ends outright is still told.

A library in C or Rust that gets no memory may call `abort`, which no handler in that process sees.
"""

from __future__ import annotations

import os
import signal
import sys

from assay.errors import MEMORY, MachineError, space_is_limited

ABORTED = {signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS}
"""By which signals a process ends that got no memory."""
NO_ROOM = 127
"""With which code the system's library ends a process that it cannot give memory for a thread."""
PASSED_ON = (signal.SIGTERM, signal.SIGHUP)


def is_limited() -> bool:
    """Whether the work needs to be watched: its memory is limited, and the system can make a process of this one."""
    return hasattr(os, "fork") and space_is_limited()


def in_a_watched_process() -> None:
    """Return in a new process; this one waits, and ends as that one does (MachineError if it was ended outright)."""
    child = os.fork()
    if not child:
        # OpenBLAS takes memory for each thread when it is loaded, and without it ends the process with code 1.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        return
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever presses Ctrl-C stops both; the new one says so
    for one in PASSED_ON:
        signal.signal(one, lambda number, _: os.kill(child, number))
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code == NO_ROOM or -code in ABORTED:
        raise MachineError(MEMORY)
    if code < 0:
        signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    sys.exit(code)

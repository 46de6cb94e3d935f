"""Remove the content of requests from server logs."""

from __future__ import annotations

import logging


class RedactRequests(logging.Filter):
    """Logging filter that removes all content of a request."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Pass every log line, without its request."""
        record.__dict__.pop("request", None)
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            record.msg, record.args = f"{type(error).__name__} in {_error_location(error)}", ()
            record.exc_info, record.exc_text = None, None
        return True


def _error_location(error: BaseException) -> str:
    """Return the last place in our own code that an error passed: module, function and line."""
    traceback, found = error.__traceback__, "?"
    while traceback is not None:
        module = str(traceback.tb_frame.f_globals.get("__name__", ""))
        if module.startswith("assay."):
            found = f"{module}, {traceback.tb_frame.f_code.co_name}, line {traceback.tb_lineno}"
        traceback = traceback.tb_next
    return found

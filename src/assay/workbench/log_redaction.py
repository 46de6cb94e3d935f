"""What of a request may stand in a log? Where it failed, and nothing of what was sent or read."""

from __future__ import annotations

import logging


class Bare(logging.Filter):
    """Takes out of a log whatever a request held: what is left is where it failed, never a record's content."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every line is kept, without its request."""
        record.__dict__.pop("request", None)
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            record.msg, record.args = f"{type(error).__name__} in {_where(error)}", ()
            record.exc_info, record.exc_text = None, None
        return True


def _where(error: BaseException) -> str:
    """The last place in our own code that an error came through: module, function and line."""
    place, found = error.__traceback__, "?"
    while place is not None:
        module = str(place.tb_frame.f_globals.get("__name__", ""))
        if module.startswith("assay."):
            found = f"{module}, {place.tb_frame.f_code.co_name}, line {place.tb_lineno}"
        place = place.tb_next
    return found

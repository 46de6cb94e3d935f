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
            place = error.__traceback__
            while place is not None and place.tb_next is not None:
                place = place.tb_next
            where = f"{place.tb_frame.f_code.co_name}:{place.tb_lineno}" if place else "?"
            record.msg, record.args = f"{type(error).__name__} in {where}", ()
            record.exc_info, record.exc_text = None, None
        return True

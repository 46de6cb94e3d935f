"""Redaction: remove what identifies people from a text.

known        the people of one case, and where anything of theirs stands in a text
checks       numbers that bear out by their own check what they are
redacting    both together, and what still leaks
"""

from assay.text.redaction.known_identifiers import KnownPeople, Person
from assay.text.redaction.text_redaction import Redacted, leaks, redact

__all__ = ["KnownPeople", "Person", "Redacted", "leaks", "redact"]

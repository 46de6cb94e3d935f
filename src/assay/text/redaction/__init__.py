"""Redaction: remove what identifies people from a text.

known_identifiers       identifiers of the people of one case, and their occurrences in a text
text_redaction          redaction by known identifiers and by patterns with check digits, and a count of what leaks
"""

from assay.text.redaction.known_identifiers import KnownPeople, Person
from assay.text.redaction.text_redaction import Redacted, leaks, redact

__all__ = ["KnownPeople", "Person", "Redacted", "leaks", "redact"]

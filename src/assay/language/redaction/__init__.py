"""How is a text read without knowing who its people are?

    known        the people of one case, and where anything of theirs stands in a text
    checks       numbers that bear out by their own check what they are
    redacting    both together, and what still leaks
"""

from assay.language.redaction.known import Known, Person
from assay.language.redaction.redacting import Redacted, leaks, redact

__all__ = ["Known", "Person", "Redacted", "leaks", "redact"]

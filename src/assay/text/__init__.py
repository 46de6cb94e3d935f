"""Text analysis: find phrases, attribute each to a speaker, classify and redact; independent of the police domain.

`normalisation`: Unicode normalisation with positions in the original text.
`phrase_patterns`, `phrase_finder`, `phrase_scanner`, `hyperscan_engine`: search a column of texts for many phrases.
`text_cleaning`, `language_identification`: remove markup; texts in another language are not assessed.
`context`: whose words a phrase is in, whether it is negated, and whom it is about.
`attitude_reader`, `text_triage`: rules and a classifier combined, sentence by sentence; which texts are read closely.
`near_duplicates`: copies of one text by different owners.
`redaction`: names and identifiers of people, replaced by their role in the case.
`contact_details`, `personal_details`: personal details in a text that a person typed.

    from assay.text import Phrase, Scanner
    scanner = Scanner([Phrase("lift", ("given a lift", "gave her a lift"))])
    scanner.hits(["A man gave her\\n a lift."])           record 0, key "lift", from 6 up to 22
"""

from assay.text.attitude_reader import Answer, Passage, Reader, Scores
from assay.text.contact_details import holds_details
from assay.text.context.form_templates import find_printed_lines
from assay.text.context.text_voices import VOICES, Entry
from assay.text.context.voice_cues import lists as named_lists
from assay.text.data import read_data
from assay.text.normalisation import Folded, fold, plain
from assay.text.phrase_patterns import Pattern, Patterns, compile_pattern
from assay.text.phrase_scanner import SCANNER_VERSION, Engine, Phrase, Scanner
from assay.text.search_terms import Term

__all__ = [
    "SCANNER_VERSION",
    "VOICES",
    "Answer",
    "Engine",
    "Entry",
    "Folded",
    "Passage",
    "Pattern",
    "Patterns",
    "Phrase",
    "Reader",
    "Scanner",
    "Scores",
    "Term",
    "compile_pattern",
    "find_printed_lines",
    "fold",
    "holds_details",
    "named_lists",
    "plain",
    "read_data",
]  # fmt: skip

"""Analysis of text: phrases, their voice, classification and redaction; nothing here knows what a finding is.

`folding`: one way of writing for what may be typed in many, with a way back to the text as it stood.
`patterns`, `finding`, `scanner`, `fast`: phrases and patterns by the hundred, looked for in a column of texts.
`cleaning`, `tongues`: passages of web pages taken out; a text in another language is not judged.
`context`: whose words a phrase is in, whether it is said at all, and of whom.
`reading`: rules and a classifier put together, sentence by sentence.
`redaction`: people and their numbers, replaced by what they are in the case.
`details`: whether a text holds what looks like a telephone number, a postcode or an address.

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

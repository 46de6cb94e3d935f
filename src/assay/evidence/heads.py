"""Who signed the ledger, up to which line, and does the ledger still hold what was signed?

The chain of a ledger shows that no line was changed, moved or taken from the middle. It cannot show that the last lines
were cut off, nor that the whole was written anew: both leave a chain that holds. So the head of the ledger (its number
of lines and the hash of the last) is signed with Ed25519 after each command that writes stages and after each text that
is unlocked, if whoever runs the commands has a key for signing.

The private key never lies in the folder of an inspection. It is the file that ASSAY_SIGNING_KEY names, else
`signing.toml` in the folder of the user's settings for assay; without one nothing is signed, and `verify` says so.
Beside the key stands a register of every head that was signed with it, so that a ledger and an older signature that are
put back together are found by whoever holds the register.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from assay.errors import EvidenceError, UsageError
from assay.evidence.ledger import Entry, EventKind, Ledger
from assay.evidence.turns import taking_turns
from assay.sealing.keys import key_name
from assay.sealing.signature import KEEP, PUBLISH, is_signed_by, public_bytes, public_of, signature_of
from assay.wording import listed

SIGNED_HEAD = "ledger-head.json"
"""The signature of the ledger's head; it lies beside the ledger."""
REGISTER = "signed-heads.jsonl"
"""Every head that was signed with a key; it lies beside the private key."""
KEY_SETTING = "ASSAY_SIGNING_KEY"
WHAT = b"assay ledger head 1\n"
MOST_NAMED = 5
_OFF = threading.local()


@dataclass(frozen=True)
class SignedHead:
    """The head of a ledger as it was signed.

    `ledger` is the hash of its first line, by which one ledger is told from another; `number` and `hash` are those of
    the last line, `key` is the short name of the key, `signature` is base64. `folder` stands in the register alone.
    """

    ledger: str
    number: int
    hash: str
    key: str
    signature: str
    folder: str = ""

    @property
    def signed(self) -> bytes:
        """The bytes that are signed."""
        return WHAT + f"{self.ledger}\n{self.number}\n{self.hash}\n".encode()

    def text(self) -> str:
        """The head as it is written: one line of JSON."""
        words = {name: value for name, value in asdict(self).items() if value != ""}
        return json.dumps(words, sort_keys=True, ensure_ascii=False) + "\n"

    def is_of(self, entries: tuple[Entry, ...]) -> bool:
        """Return True if the ledger holds this line, and begins as it did."""
        held = 0 < self.number <= len(entries)
        return held and entries[self.number - 1].hash == self.hash and entries[0].hash == self.ledger


def settings_folder() -> Path:
    """The folder of the user's settings for assay, where the key for signing lies unless another is named."""
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming") / "assay"
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "assay"


def signing_key(folder: Path) -> Path | None:
    """The private key with which the ledger of `folder` is signed; None if there is none, or signing is turned off.

    Raises
    ------
    UsageError
        If the key that is named is not there, or lies in the folder of the inspection.
    """
    named = os.environ.get(KEY_SETTING)
    if named == "" or getattr(_OFF, "off", False):
        return None
    path = Path(named) if named else settings_folder() / KEEP
    if not path.is_file():
        if not named:
            return None
        raise UsageError(f"{KEY_SETTING} names {path}, which is not there. Nothing was changed.")
    if _within(path, folder):
        raise UsageError(
            f"The key for signing lies in {folder}, the folder that it signs: whoever changes the folder has the key "
            f"too. Move {path.name} elsewhere, and name it by {KEY_SETTING}. Nothing was changed."
        )
    return path


@contextmanager
def without_signing() -> Iterator[None]:
    """Sign no ledger meanwhile: for work on a copy that is thrown away."""
    before = getattr(_OFF, "off", False)
    _OFF.off = True
    try:
        yield
    finally:
        _OFF.off = before


def refuse_altered(ledger: Ledger) -> None:
    """EvidenceError if there is a key for signing, and the ledger no longer holds what was signed before.

    To go on would sign a ledger that somebody changed.
    """
    folder = ledger.path.parent
    key = signing_key(folder)
    if key is None or not ledger.path.is_file():
        return
    entries = ledger.entries()
    head = _read(folder / SIGNED_HEAD)
    public = public_of(key)
    # A key that was replaced is no reason to stop: the lines that it signed are compared all the same.
    trusted = public if head is not None and head.key == key_name(public) else None
    registered = _registered(folder, key.parent / REGISTER, public)
    signed = [one for one in registered if entries and one.ledger == entries[0].hash]
    found = [
        *_breaks(ledger),
        *head_differences(ledger, trusted),
        *_register_differences(entries, head, signed, REGISTER),
    ]
    if found:
        raise EvidenceError(f"{found[0]} Nothing was signed, and nothing more is written. Look: assay verify {folder}")


def sign_head(ledger: Ledger) -> SignedHead | None:
    """Sign the ledger as it stands, if there is a key; the signature lies beside it and in the register of the key."""
    folder = ledger.path.parent
    key = signing_key(folder)
    if key is None or not ledger.path.is_file():
        return None
    with taking_turns(ledger.path):
        refuse_altered(ledger)
        entries = ledger.entries()
        if not entries:
            return None
        head = SignedHead(entries[0].hash, len(entries), entries[-1].hash, key_name(public_of(key)), "")
        head = SignedHead(**{**asdict(head), "signature": signature_of(head.signed, key)})
        if head == _read(folder / SIGNED_HEAD):
            return head
        # The register first: a head that stands in the folder alone could be put back to an older one unseen.
        _add(key.parent / REGISTER, SignedHead(**{**asdict(head), "folder": str(folder.resolve())}))
        _replace(folder / SIGNED_HEAD, head.text())
        return head


def head_differences(ledger: Ledger, public: bytes | None = None, beside: Path | None = None) -> Iterator[str]:
    """One sentence for each way in which the ledger is not the one that was signed; none for an unsigned ledger.

    `public`: the key that is trusted (32 bytes); without it the lines are compared and the signature is not checked.
    `beside`: the folder of that key, whose register is compared too, if one is there.
    """
    try:
        entries = ledger.entries()
        head = _read(ledger.path.with_name(SIGNED_HEAD))
    except EvidenceError as error:
        yield str(error)
        return
    if head is not None:
        if public is not None and not is_signed_by(head.signed, head.signature, public):
            yield f"{SIGNED_HEAD} was not signed with the key {key_name(public)}: trust nothing that rests on it."
        yield from _not_held(head, entries, SIGNED_HEAD)
    if public is not None and beside is not None:
        signed = list(_registered(ledger.path.parent, beside / REGISTER, public))
        yield from _register_differences(entries, head, signed, REGISTER)


def head_in_words(ledger: Ledger, public: bytes | None = None) -> str:
    """One sentence on the signature of the ledger: whose it is and how far it goes, or that there is none."""
    try:
        entries, head = ledger.entries(), _read(ledger.path.with_name(SIGNED_HEAD))
    except EvidenceError:
        return "Whether the ledger is signed cannot be read."
    if head is None:
        return (
            "The head of the ledger is unsigned: nothing here shows whether its last lines were cut off, or the whole "
            "was written anew. A key for signing changes that (assay signing-keys)."
        )
    if public is None:
        return (
            f"Lines 1 to {head.number} of {len(entries)} of the ledger bear a signature of the key {head.key}, which "
            "was not checked: name the key that you trust with --public-key."
        )
    signed = f"Lines 1 to {head.number} of {len(entries)} of the ledger are signed with the key {key_name(public)}."
    return signed + _unsigned_in_words(entries[head.number :])


def _unsigned_in_words(entries: tuple[Entry, ...]) -> str:
    """What was written after the last signature: a stage that stands there alone rests on nobody's signature."""
    if not entries:
        return ""
    stages = list(dict.fromkeys(str(one.about["stage"]) for one in entries if one.kind == EventKind.STAGE_WRITTEN.key))
    more = [f"{len(stages) - MOST_NAMED} more"] if len(stages) > MOST_NAMED else []
    written = f": by them was written {listed([*stages[:MOST_NAMED], *more])}" if stages else ""
    return f" The lines after it ({len(entries)}) are unsigned{written}."


def trusted_key(folder: Path, named: Path | None) -> tuple[bytes, Path] | None:
    """The public key to check with, and its folder: the one named, else the user's own where it signed this ledger.

    UsageError if the key that is named lies in the folder of the inspection: it would come from whoever changed it.
    """
    if named is not None:
        if _within(named, folder):
            raise UsageError(f"{named} lies in {folder}, which it vouches for. Name the key as its owner gave it.")
        return public_bytes(named), named.parent
    own = settings_folder() / PUBLISH
    if not own.is_file():
        return None
    public = public_bytes(own)
    try:
        head = _read(folder / SIGNED_HEAD)
    except EvidenceError:
        head = None
    ours = head is not None and head.key == key_name(public)
    return (public, own.parent) if ours or any(_registered(folder, own.parent / REGISTER, public)) else None


def _register_differences(
    entries: tuple[Entry, ...], head: SignedHead | None, signed: list[SignedHead], register: str
) -> Iterator[str]:
    """`signed`: what the register holds of this folder. An inspection that was made anew in the same place has another
    ledger, with a signature of its own."""
    if signed and head is None:
        yield f"{SIGNED_HEAD} is missing; {register} says that the ledger of this folder was signed."
    same = [one for one in signed if entries and one.ledger == entries[0].hash]
    if same and (head is None or same[-1].number != head.number):
        yield from _not_held(same[-1], entries, register)


def _registered(folder: Path, register: Path, public: bytes) -> Iterator[SignedHead]:
    """The heads of this folder's ledger that the register holds and the key signed, in order."""
    if not register.is_file():
        return
    place = str(folder.resolve())
    for line in register.read_bytes().splitlines():
        try:
            head = _parsed(line)
        except EvidenceError:
            continue  # half a line, cut off in writing
        if head.folder == place and is_signed_by(head.signed, head.signature, public):
            yield head


def _not_held(head: SignedHead, entries: tuple[Entry, ...], where: str) -> Iterator[str]:
    if head.number > len(entries):
        gone = head.number - len(entries)
        yield (
            f"The ledger ends at line {len(entries)}, and {where} was signed at line {head.number}: the last "
            f"{'line is' if gone == 1 else f'{gone} lines are'} gone."
        )
    elif not head.is_of(entries):
        yield f"Line {head.number} of the ledger is not the line that {where} was signed at: it was written anew."


def _breaks(ledger: Ledger) -> list[str]:
    # A last line that was cut off in writing is put right by the next line: nothing that was signed is lost by it.
    return [sentence for sentence in ledger.broken_at() if not sentence.endswith("cut off in writing.")]


def _read(path: Path) -> SignedHead | None:
    return _parsed(path.read_bytes()) if path.is_file() else None


def _parsed(text: bytes) -> SignedHead:
    try:
        head = SignedHead(**json.loads(text))
    except (ValueError, TypeError):
        raise EvidenceError(f"{SIGNED_HEAD} cannot be read as the signature of a ledger.") from None
    words = (head.ledger, head.hash, head.key, head.signature, head.folder)
    if type(head.number) is not int or not all(isinstance(word, str) for word in words):
        raise EvidenceError(f"{SIGNED_HEAD} cannot be read as the signature of a ledger.")
    return head


def _add(register: Path, head: SignedHead) -> None:
    with os.fdopen(os.open(register, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w", encoding="utf-8") as file:
        file.write(head.text())
        file.flush()
        os.fsync(file.fileno())


def _replace(path: Path, text: str) -> None:
    unfinished = path.with_name(f".unfinished-{path.name}")
    unfinished.write_text(text, encoding="utf-8", newline="\n")
    with unfinished.open("rb") as file:
        os.fsync(file.fileno())
    unfinished.replace(path)


def _within(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())

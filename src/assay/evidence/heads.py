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
import re
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
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
ACCEPTED = "Accepted the ledger, which is not the one that was signed before."
CODE = re.compile(r"[A-Za-z0-9._-]{2,40}")
LEAST_REASON = 10
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


def settings_file(name: str) -> Path | None:
    """A file in the folder of the user's settings; None if it is not there, or cannot be reached.

    A service may run without a home, or with the home of another user: it has no settings then.
    """
    try:
        path = settings_folder() / name
        return path if path.is_file() else None
    except (RuntimeError, OSError):
        return None


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
    path = Path(named) if named else settings_file(KEEP)
    if path is None:
        return None
    if named and not _can_be_read(path):
        raise UsageError(f"{KEY_SETTING} names {path}, which is not there, or may not be read. Nothing was changed.")
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
    """Refuse a ledger that no longer holds what was signed before, if there is a key for signing.

    To go on would sign a ledger that somebody changed.

    Raises
    ------
    EvidenceError
        If the ledger is not the one that was signed.
    UsageError
        If the register beside the key cannot be written, so that nothing could be signed afterwards.
    """
    folder = ledger.path.parent
    key = signing_key(folder)
    if key is None or not ledger.path.is_file():
        return
    _refuse_closed_register(key.parent / REGISTER)
    public = public_of(key)
    # A key that was replaced is no reason to stop: the lines that it signed are compared all the same.
    found = [*_breaks(ledger), *head_differences(ledger, Trusted(public, key.parent, named=False), made_now=True)]
    if found:
        raise EvidenceError(
            f"{found[0]} Nothing was signed, and nothing more is written. Look: assay verify {folder}. If the folder "
            "is as it should be (restored from a copy, for instance), say who says so and why: assay accept-ledger "
            f"{folder} --who CODE --reason WHY"
        )


def sign_head(ledger: Ledger) -> SignedHead | None:
    """Sign the ledger as it stands, if there is a key; the signature lies beside it and in the register of the key."""
    return _signed(ledger, refuse_altered)


def accept_ledger(folder: Path, *, who: str, why: str) -> SignedHead:
    """Sign a ledger that is not the one that was signed before, on the word of whoever holds the key.

    For a folder that was restored from a copy, or made anew without the key. The ledger says who accepted it and why;
    the register keeps every earlier head.

    Raises
    ------
    UsageError
        If there is no key for signing, or `who` is no code, or `why` no sentence.
    EvidenceError
        If the chain of the ledger is broken: such a ledger is nobody's.
    """
    if not CODE.fullmatch(who) or len(" ".join(why.split())) < LEAST_REASON:
        raise UsageError(
            "Say who accepts the ledger by a code of letters and digits, never by a name, and why in a sentence of at "
            f"least {LEAST_REASON} characters: both stand in the ledger."
        )
    ledger = Ledger(folder / "ledger.jsonl")
    key = signing_key(folder)
    if key is None:
        raise UsageError(f"There is no key for signing, so no signature stops a command in {folder}.")
    if not ledger.path.is_file():
        raise UsageError(f"{folder} is not the folder of an inspection: it has no ledger.jsonl.")
    _refuse_closed_register(key.parent / REGISTER)
    _refuse_broken(ledger)
    ledger.append(EventKind.MANUAL, who=who, what=ACCEPTED, why=" ".join(why.split()))
    head = _signed(ledger, _refuse_broken)
    assert head is not None
    return head


def _signed(ledger: Ledger, refuse: Callable[[Ledger], None]) -> SignedHead | None:
    folder = ledger.path.parent
    key = signing_key(folder)
    if key is None or not ledger.path.is_file():
        return None
    with taking_turns(ledger.path):
        refuse(ledger)
        entries = ledger.entries()
        if not entries:
            return None
        head = SignedHead(entries[0].hash, len(entries), entries[-1].hash, key_name(public_of(key)), "")
        head = replace(head, signature=signature_of(head.signed, key))
        if head == _read_or_none(folder / SIGNED_HEAD):
            return head
        # The register first: a head that stands in the folder alone could be put back to an older one unseen.
        _add(key.parent / REGISTER, replace(head, folder=str(folder.resolve())))
        _replace(folder / SIGNED_HEAD, head.text())
        return head


@dataclass(frozen=True)
class Trusted:
    """A public key (32 bytes) to check with, and the folder in which its register may lie.

    `named`: whoever checks named the key, so that its signature must be there. The user's own key is not named: another
    member of a team may have signed last, and the lines that the user signed are compared with the register.
    """

    public: bytes
    beside: Path
    named: bool


def head_differences(ledger: Ledger, trusted: Trusted | None = None, *, made_now: bool = False) -> Iterator[str]:
    """One sentence for each way in which the ledger is not the one that was signed.

    `trusted`: without it the lines are compared and no signature is checked. `made_now`: a ledger of one line may take
    the place of another that was signed in the same folder.
    """
    try:
        # The ledger last: it only grows, so what was signed meanwhile by another process is in it.
        last = _last_registered(ledger.path.parent, trusted) if trusted else None
        head = _read(ledger.path.with_name(SIGNED_HEAD))
        entries = ledger.entries()
    except EvidenceError as error:
        yield str(error)
        return
    if head is not None:
        if trusted and _must_have_signed(trusted, head) and not _is_signed(head, trusted):
            name = key_name(trusted.public)
            yield f"{SIGNED_HEAD} was not signed with the key {name}: trust nothing that rests on it."
        yield from _not_held(head, entries, SIGNED_HEAD)
    elif trusted and trusted.named and last is None:
        yield (
            f"The ledger is unsigned, and the key {key_name(trusted.public)} was named to check it: nothing shows "
            "whether its last lines were cut off, or the whole was written anew."
        )
    if last is not None and not (made_now and len(entries) == 1):
        yield from _register_differences(last, head, entries)


def _must_have_signed(trusted: Trusted, head: SignedHead) -> bool:
    return trusted.named or head.key == key_name(trusted.public)


def _is_signed(head: SignedHead, trusted: Trusted) -> bool:
    return is_signed_by(head.signed, head.signature, trusted.public)


def head_in_words(ledger: Ledger, trusted: Trusted | None = None) -> str:
    """One sentence on the signature of the ledger: whose it is and how far it goes, or that there is none."""
    try:
        head, entries = _read(ledger.path.with_name(SIGNED_HEAD)), ledger.entries()
    except EvidenceError:
        return "Whether the ledger is signed cannot be read."
    if head is None:
        return (
            "The head of the ledger is unsigned: nothing here shows whether its last lines were cut off, or the whole "
            "was written anew. A key for signing changes that (assay signing-keys)."
        )
    if trusted is None or not _must_have_signed(trusted, head):
        return (
            f"Lines 1 to {head.number} of {len(entries)} of the ledger bear a signature of the key {head.key}, which "
            "was not checked: name the key that you trust with --public-key."
        )
    name = key_name(trusted.public)
    if not _is_signed(head, trusted) or not head.is_of(entries):
        return f"The ledger is not as the key {name} signed it."
    signed = f"Lines 1 to {head.number} of {len(entries)} of the ledger are signed with the key {name}."
    return signed + _unsigned_in_words(entries[head.number :])


def _unsigned_in_words(entries: tuple[Entry, ...]) -> str:
    """What was written after the last signature: a stage that stands there alone rests on nobody's signature."""
    if not entries:
        return ""
    stages = list(dict.fromkeys(str(one.about["stage"]) for one in entries if one.kind == EventKind.STAGE_WRITTEN.key))
    more = [f"{len(stages) - MOST_NAMED} more"] if len(stages) > MOST_NAMED else []
    written = f": by them was written {listed([*stages[:MOST_NAMED], *more])}" if stages else ""
    return f" The lines after it ({len(entries)}) are unsigned{written}."


def trusted_key(folder: Path, named: Path | None) -> Trusted | None:
    """The public key to check with: the one named, else the user's own where it signed in this folder.

    UsageError if the key that is named lies in the folder of the inspection: it would come from whoever changed it.
    """
    if named is not None:
        if _within(named, folder):
            raise UsageError(f"{named} lies in {folder}, which it vouches for. Name the key as its owner gave it.")
        return Trusted(public_bytes(named), named.parent, named=True)
    named_for_signing = os.environ.get(KEY_SETTING)
    own = Path(named_for_signing).with_name(PUBLISH) if named_for_signing else settings_file(PUBLISH)
    if own is None or not _can_be_read(own) or _within(own, folder):
        return None
    trusted = Trusted(public_bytes(own), own.parent, named=False)
    head = _read_or_none(folder / SIGNED_HEAD)
    ours = head is not None and head.key == key_name(trusted.public)
    return trusted if ours or _last_registered(folder, trusted) is not None else None


def _register_differences(last: SignedHead, head: SignedHead | None, entries: tuple[Entry, ...]) -> Iterator[str]:
    """`last`: the head that was signed last in this folder, as the register of the key holds it."""
    if head is None:
        yield f"{SIGNED_HEAD} is missing; {REGISTER} says that the ledger of this folder was signed."
    if not entries or last.ledger != entries[0].hash:
        yield (
            f"{REGISTER} says that another ledger was signed in this folder: this one was put in its place, or its "
            "first line was written anew."
        )
    elif head is None or last.number != head.number:
        yield from _not_held(last, entries, REGISTER)


def _last_registered(folder: Path, trusted: Trusted) -> SignedHead | None:
    """The head that was signed last in this folder, as the register holds it and the key signed it."""
    register, place = trusted.beside / REGISTER, str(folder.resolve())
    lines = register.read_bytes().splitlines() if register.is_file() else []
    for line in reversed(lines):
        head = _parsed_or_none(line)  # half a line was cut off in writing
        if head and head.folder == place and _is_signed(head, trusted):
            return head
    return None


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


def _refuse_broken(ledger: Ledger) -> None:
    if found := _breaks(ledger):
        raise EvidenceError(f"{found[0]} Nothing was signed. Put back a ledger.jsonl from a copy whose chain is whole.")


def _refuse_closed_register(register: Path) -> None:
    """UsageError before anything is written, rather than after it: a head that is in no register is not signed."""
    if not os.access(register if register.exists() else register.parent, os.W_OK):
        raise UsageError(
            f"{register.parent} cannot be written, and every signature is noted there, in {REGISTER}. Keep the key in "
            f"a folder that you may write, or sign nothing: {KEY_SETTING}= (empty). Nothing was changed."
        )


def _can_be_read(path: Path) -> bool:
    try:
        return path.is_file() and os.access(path, os.R_OK)
    except OSError:
        return False


def _read(path: Path) -> SignedHead | None:
    try:
        return _parsed(path.read_bytes())
    except FileNotFoundError:
        return None


def _read_or_none(path: Path) -> SignedHead | None:
    try:
        return _read(path)
    except EvidenceError:
        return None


def _parsed_or_none(line: bytes) -> SignedHead | None:
    try:
        return _parsed(line)
    except EvidenceError:
        return None


def _parsed(text: bytes) -> SignedHead:
    try:
        head = SignedHead(**json.loads(text))
    except (ValueError, TypeError, RecursionError):
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

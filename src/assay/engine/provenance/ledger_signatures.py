"""Sign the head of a ledger, and check the ledger against what was signed.

The hash chain of a ledger shows that no line was changed, moved or removed from the middle. It cannot detect truncation
(the last lines are removed) or a complete rewrite, because both leave a valid chain. Therefore the head of the ledger
(number of lines, hash of the first and of the last line) is signed with Ed25519 after each command that writes into the
inspection, if the user has a private key.

The private key must lie outside the folder of the inspection: in the file that ASSAY_SIGNING_KEY names, else in
`signing.toml` in the user's settings. Without a key nothing is signed, and `assay inspect verify` says so.

A rollback (an old ledger put back together with its old signature) also verifies. Only the signature log detects it: a
list, kept beside the private key, of every head that the key signed.
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

from assay.engine.provenance.file_signatures import (
    PRIVATE_KEY_FILE,
    PUBLIC_KEY_FILE,
    derive_public_key,
    is_signed_by,
    key_name,
    read_public_key,
    sign_bytes,
)
from assay.engine.provenance.ledger import EventKind, Ledger, LedgerEntry
from assay.engine.provenance.write_lock import lock_file
from assay.errors import EvidenceError, UsageError
from assay.wording import join_words

SIGNED_HEAD = "ledger-head.json"
"""File with the latest signed head; it lies beside the ledger."""
SIGNATURE_LOG = "signed-heads.jsonl"
"""File with every ledger head that a key signed, one per line; it lies beside the private key."""
KEY_SETTING = "ASSAY_SIGNING_KEY"
"""Environment variable that names the file of the private key; empty: sign nothing."""
SIGNATURE_PREFIX = b"assay ledger head 1\n"
"""First bytes of what is signed, so that a signature of another kind of content cannot pass for one of a ledger."""
MAX_STAGES_LISTED = 5
ACCEPTED = "Accepted a ledger that differs from the one that was signed last."
PERSON_CODE = re.compile(r"[A-Za-z0-9._-]{2,40}")
MIN_REASON_LENGTH = 10
_signing_state = threading.local()


@dataclass(frozen=True)
class SignedHead:
    """The signed head of a ledger: the hashes of its first and its last signed line, with the signature.

    Parameters
    ----------
    ledger
        Hash of the first line, which identifies the ledger.
    number, hash
        Number and hash of the last line that is signed.
    key
        Short name of the key; a label, which is not signed.
    signature
        Ed25519 signature of `signed_payload`, in base64.
    folder
        Absolute path of the inspection; only in the signature log.
    """

    ledger: str
    number: int
    hash: str
    key: str
    signature: str
    folder: str = ""

    @property
    def signed_payload(self) -> bytes:
        """The bytes that the signature covers."""
        return SIGNATURE_PREFIX + f"{self.ledger}\n{self.number}\n{self.hash}\n".encode()

    def json_line(self) -> str:
        """Return the head as one line of JSON."""
        fields = {name: value for name, value in asdict(self).items() if value != ""}
        return json.dumps(fields, sort_keys=True, ensure_ascii=False) + "\n"

    def matches(self, entries: tuple[LedgerEntry, ...]) -> bool:
        """Return True if the ledger contains the signed line and begins with the same first line."""
        exists = 0 < self.number <= len(entries)
        return exists and entries[self.number - 1].hash == self.hash and entries[0].hash == self.ledger


@dataclass(frozen=True)
class VerificationKey:
    """A public key with which the signatures of a ledger are verified.

    Parameters
    ----------
    public
        The Ed25519 public key, 32 bytes.
    folder
        Folder of the key file, in which the signature log may lie.
    is_explicit
        True if the user named the key: the latest signature must then be by this key. False for the user's own key from
        the settings: a colleague may have signed last, so only the lines are compared with the signature log.
    """

    public: bytes
    folder: Path
    is_explicit: bool

    @property
    def name(self) -> str:
        """Short name of the key."""
        return key_name(self.public)

    def must_have_signed(self, head: SignedHead) -> bool:
        """Return True if only this key may have signed the head: it was given explicitly or is named in the head."""
        return self.is_explicit or head.key == self.name

    def verifies(self, head: SignedHead) -> bool:
        """Return True if the signature of this head is valid under this key."""
        return is_signed_by(head.signed_payload, head.signature, self.public)


def settings_folder() -> Path:
    """Return the folder of the user's settings for assay, in which the private key lies by default."""
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming") / "assay"
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "assay"


def settings_file(name: str) -> Path | None:
    """Return a file of the user's settings, or None if it does not exist or cannot be reached.

    A service may run without a home folder, or with one that it may not read: it then has no settings.
    """
    try:
        path = settings_folder() / name
        return path if path.is_file() else None
    except (RuntimeError, OSError):
        return None


def find_signing_key(folder: Path) -> Path | None:
    """Return the private key file that signs the ledger of `folder`; None if there is none or signing is off.

    Raises
    ------
    UsageError
        If ASSAY_SIGNING_KEY names a file that cannot be read, or the key lies in the folder of the inspection.
    """
    setting = os.environ.get(KEY_SETTING)
    if setting == "" or getattr(_signing_state, "is_off", False):
        return None
    path = Path(setting) if setting else settings_file(PRIVATE_KEY_FILE)
    if path is None:
        return None
    if setting and not _is_readable_file(path):
        raise UsageError(f"{KEY_SETTING} names {path}, which does not exist or cannot be read. Nothing was changed.")
    if _is_inside(path, folder):
        raise UsageError(
            f"The private key lies in {folder}, the folder that it signs: whoever can change the folder also has the "
            f"key. Move {path.name} to another folder and set {KEY_SETTING} to its new path. Nothing was changed."
        )
    return path


@contextmanager
def without_signing() -> Iterator[None]:
    """Turn signing off in this thread, for work on a temporary copy."""
    was_off = getattr(_signing_state, "is_off", False)
    _signing_state.is_off = True
    try:
        yield
    finally:
        _signing_state.is_off = was_off


def require_unaltered(ledger: Ledger) -> None:
    """Raise an error if the ledger no longer contains what was signed; do nothing if there is no private key.

    Called before a command writes: a new signature over an altered ledger would hide the alteration.

    Raises
    ------
    EvidenceError
        If the hash chain is broken, or the ledger differs from what was signed.
    UsageError
        If the signature log cannot be written, so that nothing could be signed at the end.
    """
    folder = ledger.path.parent
    private_key = find_signing_key(folder)
    if private_key is None or not ledger.path.is_file():
        return
    _require_writable_signature_log(private_key.parent / SIGNATURE_LOG)
    # Not explicit: a user may replace the key, and the lines signed with the old one are compared all the same.
    key = VerificationKey(derive_public_key(private_key), private_key.parent, is_explicit=False)
    errors = [*_chain_errors(ledger), *signature_errors(ledger, key, allow_new_ledger=True)]
    if errors:
        raise EvidenceError(
            f"{errors[0]} Nothing was signed, and nothing more was written. See what differs: "
            f"assay inspect verify {folder}. "
            "If the folder is correct (restored from a backup, for example), accept its ledger: "
            "assay signature accept-ledger "
            f"{folder} --who CODE --reason WHY"
        )


def sign_head(ledger: Ledger) -> SignedHead | None:
    """Sign the current head of the ledger, and write it beside the ledger and into the signature log.

    Returns None if there is no private key or the ledger is empty. Raises the errors of `require_unaltered`.
    """
    return _sign(ledger, require_unaltered)


def accept_ledger(folder: Path, *, person_code: str, reason_text: str) -> SignedHead:
    """Sign a ledger that differs from the one that was signed last, because the holder of the key vouches for it.

    For a folder that was restored from a backup, or recreated without the key. The ledger records who accepted it and
    why. The signature log keeps all earlier heads.

    Parameters
    ----------
    person_code
        Code of the person, never a name.
    reason_text
        The reason, at least ten characters.

    Raises
    ------
    UsageError
        If there is no private key or no ledger, `person_code` is not a code, or `reason_text` is too short.
    EvidenceError
        If the hash chain of the ledger is broken. Such a ledger cannot be accepted.
    """
    reason = " ".join(reason_text.split())
    if not PERSON_CODE.fullmatch(person_code) or len(reason) < MIN_REASON_LENGTH:
        raise UsageError(
            "Give a code of letters and digits for the person who accepts the ledger, never a name, and a reason of at "
            f"least {MIN_REASON_LENGTH} characters. The ledger records both."
        )
    ledger = Ledger(folder / "ledger.jsonl")
    private_key = find_signing_key(folder)
    if private_key is None:
        raise UsageError(
            "You have no private key, so no command checks or signs the ledger, and there is nothing to accept. To "
            "make a key: assay signature make-keys"
        )
    if not ledger.path.is_file():
        raise UsageError(f"{folder} is not the folder of an inspection: it has no ledger.jsonl.")
    _require_writable_signature_log(private_key.parent / SIGNATURE_LOG)
    _require_valid_chain(ledger)
    ledger.append(EventKind.MANUAL, who=person_code, what=ACCEPTED, why=reason)
    head = _sign(ledger, _require_valid_chain)
    assert head is not None
    return head


def _sign(ledger: Ledger, check: Callable[[Ledger], None]) -> SignedHead | None:
    folder = ledger.path.parent
    private_key = find_signing_key(folder)
    if private_key is None or not ledger.path.is_file():
        return None
    with lock_file(ledger.path):
        check(ledger)
        entries = ledger.entries()
        if not entries:
            return None
        head = SignedHead(entries[0].hash, len(entries), entries[-1].hash, key_name(derive_public_key(private_key)), "")
        head = replace(head, signature=sign_bytes(head.signed_payload, private_key))
        if head == _read_head_or_none(folder / SIGNED_HEAD):
            return head
        # The log first: a rollback of a head that is in the folder alone could not be detected.
        _append(private_key.parent / SIGNATURE_LOG, replace(head, folder=str(folder.resolve())))
        _write_atomically(folder / SIGNED_HEAD, head.json_line())
        return head


def signature_errors(
    ledger: Ledger, key: VerificationKey | None = None, *, allow_new_ledger: bool = False
) -> Iterator[str]:
    """Yield one sentence for each difference between the ledger and what was signed.

    Parameters
    ----------
    key
        Without it the lines are compared with the signed head, and no signature is verified.
    allow_new_ledger
        Accept a ledger of one line in a folder in which another ledger was signed: a new inspection in the same place.
    """
    try:
        # The ledger is read last: it only grows, so it contains whatever another process signed in the meantime.
        latest = _latest_in_log(ledger.path.parent, key) if key else None
        head = _read_head(ledger.path.with_name(SIGNED_HEAD))
        entries = ledger.entries()
    except EvidenceError as error:
        yield str(error)
        return
    if head is not None:
        if key and key.must_have_signed(head) and not key.verifies(head):
            yield f"{SIGNED_HEAD} was not signed with the key {key.name}. Do not rely on this ledger."
        yield from _mismatches(head, entries, SIGNED_HEAD)
    elif key and key.is_explicit and latest is None:
        yield (
            f"The ledger is not signed, and you asked to verify it with the key {key.name}. Without a signature nobody "
            "can detect that its last lines were removed or the whole was rewritten."
        )
    if latest is not None and not (allow_new_ledger and len(entries) == 1):
        yield from _log_mismatches(latest, head, entries)


def describe_ledger_signature(ledger: Ledger, key: VerificationKey | None = None) -> str:
    """Return one sentence on who signed the ledger and up to which line, or that it is not signed."""
    try:
        head, entries = _read_head(ledger.path.with_name(SIGNED_HEAD)), ledger.entries()
    except EvidenceError:
        return "The ledger or its signature cannot be read, so the signature was not checked."
    if head is None:
        return (
            "The ledger is unsigned: nobody can detect that its last lines were removed or the whole was rewritten. "
            "With a private key the commands sign it: assay signature make-keys."
        )
    if key is None or not key.must_have_signed(head):
        return (
            f"Lines 1 to {head.number} of {len(entries)} of the ledger carry a signature with the key {head.key}, "
            "which was not checked. To check it, name the public key that you trust: --public-key."
        )
    if not key.verifies(head) or not head.matches(entries):
        return f"The ledger differs from what the key {key.name} signed."
    signed = f"Lines 1 to {head.number} of {len(entries)} of the ledger are signed with the key {key.name}."
    return signed + _describe_unsigned_lines(entries[head.number :])


def _describe_unsigned_lines(entries: tuple[LedgerEntry, ...]) -> str:
    """Name the stages that were written after the last signature: no signature covers them."""
    if not entries:
        return ""
    stages = list(
        dict.fromkeys(str(entry.about["stage"]) for entry in entries if entry.kind == EventKind.STAGE_WRITTEN.key)
    )
    rest = [f"{len(stages) - MAX_STAGES_LISTED} more"] if len(stages) > MAX_STAGES_LISTED else []
    stage_clause = f" and record these stages: {join_words([*stages[:MAX_STAGES_LISTED], *rest])}" if stages else ""
    return f" The lines after it ({len(entries)}) are unsigned{stage_clause}."


def find_verification_key(folder: Path, public_key: Path | None) -> VerificationKey | None:
    """Return the public key with which to verify the ledger of `folder`; None if there is none.

    Parameters
    ----------
    public_key
        The file that the user named. Without it the user's own key is taken, if it ever signed in this folder.

    Raises
    ------
    UsageError
        If the named file lies in the folder of the inspection: whoever altered the folder could have put it there.
    """
    if public_key is not None:
        if _is_inside(public_key, folder):
            raise UsageError(
                f"{public_key} lies in {folder}, the folder that it should verify. Use the public key file that its "
                "owner gave to you."
            )
        return VerificationKey(read_public_key(public_key), public_key.parent, is_explicit=True)
    setting = os.environ.get(KEY_SETTING)
    own_file = Path(setting).with_name(PUBLIC_KEY_FILE) if setting else settings_file(PUBLIC_KEY_FILE)
    if own_file is None or not _is_readable_file(own_file) or _is_inside(own_file, folder):
        return None
    key = VerificationKey(read_public_key(own_file), own_file.parent, is_explicit=False)
    head = _read_head_or_none(folder / SIGNED_HEAD)
    signed_last = head is not None and head.key == key.name
    return key if signed_last or _latest_in_log(folder, key) is not None else None


def _log_mismatches(latest: SignedHead, head: SignedHead | None, entries: tuple[LedgerEntry, ...]) -> Iterator[str]:
    """Compare the ledger with the latest head of this folder in the signature log."""
    if head is None:
        yield f"{SIGNED_HEAD} is missing, but {SIGNATURE_LOG} records that the ledger of this folder was signed."
    if not entries or latest.ledger != entries[0].hash:
        yield (
            f"{SIGNATURE_LOG} records that another ledger was signed in this folder: this ledger replaced it, or its "
            "first line was rewritten."
        )
    elif head is None or latest.number != head.number:
        yield from _mismatches(latest, entries, SIGNATURE_LOG)


def _latest_in_log(folder: Path, key: VerificationKey) -> SignedHead | None:
    """Return the latest head in the signature log that is of this folder and has a valid signature."""
    log, folder_path = key.folder / SIGNATURE_LOG, str(folder.resolve())
    lines = log.read_bytes().splitlines() if log.is_file() else []
    for line in reversed(lines):
        head = _parse_head_or_none(line)  # None: an interrupted write left half a line
        if head and head.folder == folder_path and key.verifies(head):
            return head
    return None


def _mismatches(head: SignedHead, entries: tuple[LedgerEntry, ...], where: str) -> Iterator[str]:
    """Compare the ledger with a signed head; `where` is the file that records the head."""
    if head.number > len(entries):
        missing = head.number - len(entries)
        yield (
            f"The ledger ends at line {len(entries)}, but {where} records a signature at line {head.number}: the last "
            f"{'line is' if missing == 1 else f'{missing} lines are'} missing."
        )
    elif not head.matches(entries):
        yield (
            f"Line {head.number} of the ledger differs from the line that was signed, according to {where}: the ledger "
            "was rewritten."
        )


def _chain_errors(ledger: Ledger) -> list[str]:
    # An interrupted write leaves half a last line. The next line repairs it, and nothing that was signed is lost.
    return [sentence for sentence in ledger.chain_errors() if not sentence.endswith("cut off in writing.")]


def _require_valid_chain(ledger: Ledger) -> None:
    if errors := _chain_errors(ledger):
        raise EvidenceError(
            f"{errors[0]} Nothing was signed. Restore a ledger.jsonl with a valid hash chain from a backup."
        )


def _require_writable_signature_log(log: Path) -> None:
    """Raise UsageError before a command starts if its signature could not be logged at the end."""
    if not os.access(log if log.exists() else log.parent, os.W_OK):
        raise UsageError(
            f"{log.parent} cannot be written, and each signature must be recorded there, in {SIGNATURE_LOG}. Move the "
            f"key to a folder that you can write, or turn signing off: {KEY_SETTING}= (empty). Nothing was changed."
        )


def _is_readable_file(path: Path) -> bool:
    try:
        return path.is_file() and os.access(path, os.R_OK)
    except OSError:
        return False


def _read_head(path: Path) -> SignedHead | None:
    try:
        return _parse_head(path.read_bytes())
    except FileNotFoundError:
        return None


def _read_head_or_none(path: Path) -> SignedHead | None:
    try:
        return _read_head(path)
    except EvidenceError:
        return None


def _parse_head_or_none(line: bytes) -> SignedHead | None:
    try:
        return _parse_head(line)
    except EvidenceError:
        return None


def _parse_head(text: bytes) -> SignedHead:
    try:
        head = SignedHead(**json.loads(text))
    except (ValueError, TypeError, RecursionError):
        raise EvidenceError(f"{SIGNED_HEAD} does not contain a valid ledger signature.") from None
    texts = (head.ledger, head.hash, head.key, head.signature, head.folder)
    if type(head.number) is not int or not all(isinstance(value, str) for value in texts):
        raise EvidenceError(f"{SIGNED_HEAD} does not contain a valid ledger signature.")
    return head


def _append(log: Path, head: SignedHead) -> None:
    with os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w", encoding="utf-8") as file:
        file.write(head.json_line())
        file.flush()
        os.fsync(file.fileno())


def _write_atomically(path: Path, text: str) -> None:
    partial = path.with_name(f".unfinished-{path.name}")
    partial.write_text(text, encoding="utf-8", newline="\n")
    with partial.open("rb") as file:
        os.fsync(file.fileno())
    partial.replace(path)


def _is_inside(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())

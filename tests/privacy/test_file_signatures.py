"""Who made this file, and is it as they made it?"""

import builtins
import stat

import pytest

from assay.engine.provenance.file_signatures import check_signature, make_signing_keys, sign_file
from assay.errors import EvidenceError, UsageError

pytestmark = pytest.mark.quick


@pytest.fixture
def keys(tmp_path):
    return make_signing_keys(tmp_path / "keys")


@pytest.fixture
def signed(tmp_path, keys):
    file = tmp_path / "pack.zip"
    file.write_bytes(b"figures")
    sign_file(file, keys[0])
    return file


def test_a_file_as_it_was_signed_names_the_key_that_signed_it(signed, keys):
    name = check_signature(signed, keys[1])
    assert name in keys[1].read_text()
    assert len(name) == 12


def test_a_file_of_another_name_is_the_same_file(signed, keys, tmp_path):
    (tmp_path / "other.zip").write_bytes(signed.read_bytes())
    (tmp_path / "other.zip.sig").write_bytes(signed.with_name("pack.zip.sig").read_bytes())
    assert check_signature(tmp_path / "other.zip", keys[1])


def test_one_changed_byte_is_noticed(signed, keys):
    signed.write_bytes(b"Figures")
    with pytest.raises(EvidenceError, match="not what was signed"):
        check_signature(signed, keys[1])


@pytest.mark.parametrize("text", ["", "not a signature", "AAAA", "\u00e9"])
def test_a_signature_that_is_none_is_told_from_one(signed, keys, text):
    signed.with_name("pack.zip.sig").write_text(text, encoding="utf-8")
    with pytest.raises(EvidenceError, match="trust none of it"):
        check_signature(signed, keys[1])


def test_what_another_signed_is_told_from_what_they_signed(signed, tmp_path):
    _, other = make_signing_keys(tmp_path / "others")
    with pytest.raises(EvidenceError, match="by another"):
        check_signature(signed, other)


def test_a_file_without_a_signature_is_not_found_good(tmp_path, keys):
    (tmp_path / "a").write_bytes(b"a")
    with pytest.raises(EvidenceError, match="no signature"):
        check_signature(tmp_path / "a", keys[1])


def test_only_its_owner_may_read_the_key_that_signs_and_it_is_not_made_twice(keys):
    assert stat.S_IMODE(keys[0].stat().st_mode) == 0o600
    with pytest.raises(UsageError, match="already"):
        make_signing_keys(keys[0].parent)


def test_the_public_key_signs_nothing(signed, keys):
    with pytest.raises(UsageError, match="no secret key"):
        sign_file(signed, keys[1])


def test_without_the_library_nothing_is_signed(signed, keys, monkeypatch):
    real = builtins.__import__

    def import_without(name, *arguments, **keywords):
        if name.startswith("nacl"):
            raise ImportError(name)
        return real(name, *arguments, **keywords)

    signed.with_name("pack.zip.sig").unlink()
    monkeypatch.setattr(builtins, "__import__", import_without)
    with pytest.raises(UsageError, match="Nothing was signed"):
        sign_file(signed, keys[0])
    assert not signed.with_name("pack.zip.sig").exists()

"""Who holds which key, and what does a person read who has the wrong one, or none?"""

import builtins
import stat
from base64 import b64encode

import pyarrow as pa
import pytest

from assay.errors import SourceError, UsageError
from assay.privacy import (
    decrypt,
    encrypt,
    make_keys,
    pack_tables,
    read_keys,
    read_own_share,
    read_sender_keys,
    unpack_tables,
)

pytestmark = pytest.mark.quick


@pytest.fixture
def key_pair(tmp_path):
    return make_keys(tmp_path / "keys", "TRIAL-2026")


def test_what_a_sender_seals_the_keeper_opens(key_pair):
    keep, give = key_pair
    sealed = encrypt(b"a list of names", read_sender_keys(give).public)
    assert decrypt(sealed, read_keys(keep).private, name="identities.sealed") == b"a list of names"


def test_what_is_sealed_cannot_be_read_and_is_never_twice_the_same(key_pair):
    public = read_sender_keys(key_pair[1]).public
    first_sealed, other = encrypt(b"a list of names", public), encrypt(b"a list of names", public)
    assert b"names" not in first_sealed
    assert first_sealed != other


def test_a_sender_cannot_open_what_it_sealed(key_pair):
    with pytest.raises(UsageError, match="no key private"):
        read_keys(key_pair[1])


def test_the_file_that_the_inspecting_body_keeps_is_refused_at_a_force(key_pair):
    with pytest.raises(
        UsageError, match=r"private key.* Delete it here.* ask for the new senders-keys\.toml"
    ) as refused:
        read_sender_keys(key_pair[0])
    keys = read_keys(key_pair[0])
    assert b64encode(keys.private).decode() not in str(refused.value)


@pytest.mark.parametrize("name", ["private", "Private", "private_key", "share", "comment"])
def test_a_senders_file_with_anything_more_in_it_is_refused(key_pair, name):
    key_pair[1].write_text(key_pair[1].read_text() + f'{name} = "AAAA"\n')
    with pytest.raises(UsageError, match="private key" if "rivate" in name else "more than"):
        read_sender_keys(key_pair[1])


def test_the_private_key_is_refused_as_a_senders_own_share_of_the_key(key_pair):
    key_pair[0].write_text(key_pair[0].read_text() + f'share = "{b64encode(bytes(32)).decode()}"\n')
    with pytest.raises(UsageError, match="holds the private key"):
        read_own_share(key_pair[0])


def test_the_wrong_key_opens_nothing_and_says_so(key_pair, tmp_path):
    other = read_keys(make_keys(tmp_path / "other", "TRIAL-2026")[0])
    sealed = encrypt(b"a list of names", read_sender_keys(key_pair[1]).public)
    with pytest.raises(SourceError, match=r"identities\.sealed does not open: it was sealed for another key"):
        decrypt(sealed, other.private, name="identities.sealed")


@pytest.mark.parametrize("place", [0, 40, -1])
def test_a_box_changed_in_one_byte_does_not_open(key_pair, place):
    sealed = bytearray(encrypt(b"a list of names", read_sender_keys(key_pair[1]).public))
    sealed[place] ^= 1
    with pytest.raises(SourceError, match="or was changed on its way"):
        decrypt(bytes(sealed), read_keys(key_pair[0]).private, name="identities.sealed")


def test_a_key_that_is_lost_is_lost_and_the_sentence_says_what_then(tmp_path):
    with pytest.raises(UsageError, match=r"keys\.toml is not there. If it is lost, nobody can open"):
        read_keys(tmp_path / "keys.toml")


@pytest.mark.parametrize("text", ["not [toml", 'request = "T"', 'request = "T"\ncoding = "short"\nprivate = "x"'])
def test_a_file_that_holds_no_keys_is_told(tmp_path, text):
    (tmp_path / "keys.toml").write_text(text)
    with pytest.raises(UsageError, match=r"keys\.toml"):
        read_keys(tmp_path / "keys.toml")


def test_keys_are_never_made_over_keys(key_pair):
    with pytest.raises(UsageError, match="holds keys already"):
        make_keys(key_pair[0].parent, "TRIAL-2026")


def test_only_its_owner_may_read_a_file_of_keys(key_pair):
    assert [stat.S_IMODE(path.stat().st_mode) for path in key_pair] == [0o600, 0o600]


def test_a_senders_own_share_is_made_once_and_kept(tmp_path):
    first = read_own_share(tmp_path / "own.toml")
    assert len(first) == 32
    assert read_own_share(tmp_path / "own.toml") == first


def test_without_the_library_nothing_is_sealed_and_nothing_pretends_to_be(monkeypatch):
    real = builtins.__import__

    def import_without(name, *rest):
        if name.startswith("nacl"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", import_without)
    with pytest.raises(UsageError, match="PyNaCl is not installed here, and without it nothing can be sealed"):
        encrypt(b"a list of names", b"p" * 32)


def test_tables_come_out_of_a_pack_as_they_went_in():
    tables = {"a": pa.table({"x": [1, None]}), "b": pa.table({"y": ["one"]})}
    assert unpack_tables(pack_tables(tables)) == tables

import stat
from concurrent.futures import ThreadPoolExecutor

from core.keys import make_keys


def test_keys_are_made_once_and_read_by_their_owner_only(tmp_path):
    first = make_keys(tmp_path / "keys")

    assert set(first) == {"SECRET_KEY", "NUMBER_KEYS", "PERSON_KEY_SECRET"}
    assert make_keys(tmp_path / "keys") == first
    modes = {
        stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "keys").iterdir()
    }
    assert modes == {0o600}


def test_two_installations_have_different_keys(tmp_path):
    assert make_keys(tmp_path / "a") != make_keys(tmp_path / "b")


def test_starts_at_the_same_time_agree_on_the_keys(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: make_keys(tmp_path / "keys"), range(8)))

    assert all(keys == found[0] for keys in found)

import json
import stat
from concurrent.futures import ThreadPoolExecutor

from core.keys import add_number_key, add_person_key, make_keys, read_person_keys


def test_keys_are_made_once_and_read_by_their_owner_only(tmp_path):
    first = make_keys(tmp_path / "keys")

    assert set(first) == {
        "SECRET_KEY",
        "NUMBER_KEYS",
        "PERSON_KEY_SECRET",
        "PERSON_KEY_SECRET_NEXT",
    }
    assert first["PERSON_KEY_SECRET_NEXT"] == ""
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


def test_number_keys_are_in_order_and_the_last_one_made_encrypts(tmp_path):
    first = json.loads(make_keys(tmp_path)["NUMBER_KEYS"])["1"]
    for _ in range(10):
        add_number_key(tmp_path)

    keys = json.loads(make_keys(tmp_path)["NUMBER_KEYS"])

    assert list(keys) == [str(number) for number in range(1, 12)]
    assert keys["1"] == first
    assert len(set(keys.values())) == 11


def test_a_number_key_that_was_taken_away_is_not_made_again(tmp_path):
    make_keys(tmp_path)
    add_number_key(tmp_path)
    (tmp_path / "number-key").unlink()

    assert list(json.loads(make_keys(tmp_path)["NUMBER_KEYS"])) == ["2"]
    assert add_number_key(tmp_path) == "3"


def test_of_the_secrets_of_people_the_last_two_count(tmp_path):
    make_keys(tmp_path)
    add_person_key(tmp_path)
    add_person_key(tmp_path)

    _first, second, third = read_person_keys(tmp_path)
    keys = make_keys(tmp_path)

    assert (keys["PERSON_KEY_SECRET"], keys["PERSON_KEY_SECRET_NEXT"]) == (
        second,
        third,
    )

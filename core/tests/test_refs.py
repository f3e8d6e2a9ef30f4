import re

from core.refs import random_ref


def test_a_ref_can_be_read_aloud():
    assert re.fullmatch(r"p-[0-9A-HJKMNP-TV-Z]{8}", random_ref("p"))


def test_refs_do_not_repeat():
    assert len({random_ref("p") for _ in range(2000)}) == 2000

"""The copy of all that is held on Anna, made and read."""

import io
import json
import zipfile

import pytest

from companies.tests.factories import ProgrammeFactory
from kompetenslyft.privacy.access_copy import write_access_copy
from tests.people import make_anna

NOTE = "Jag vill sitta nära dörren"


@pytest.fixture
def anna(tmp_path):
    ProgrammeFactory()
    return make_anna(tmp_path)


def copy_of(participant, *, for_participant):
    target = io.BytesIO()
    write_access_copy(participant, target, for_participant=for_participant)
    return read_copy(target.getvalue())


def read_copy(content):
    with zipfile.ZipFile(io.BytesIO(content)) as copy:
        assert copy.namelist() == ["README.txt", "data.json", "utdrag.html"]
        page = copy.read("utdrag.html").decode()
        return json.loads(copy.read("data.json")), page

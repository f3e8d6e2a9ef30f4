"""Browsers that HR of one company and a project leader are signed in to, in English."""

import pytest

from accounts.tests.factories import make_leader
from companies.tests.factories import MembershipFactory


@pytest.fixture
def hr():
    return MembershipFactory()


@pytest.fixture
def browser(client, hr):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(hr.user)
    return client


@pytest.fixture
def leader_browser(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(make_leader())
    return client

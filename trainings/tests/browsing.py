"""Browsers that HR and a project leader are signed in to, in English."""

import pytest
from django.urls import reverse

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
def leader():
    return make_leader()


@pytest.fixture
def leader_browser(client, leader):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(leader)
    return client


def page(name, occasion, *more):
    return reverse(f"trainings:{name}", args=[occasion.ref, *more])

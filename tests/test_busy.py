"""Who waits too long for the database is asked to try again, and nothing is saved."""

import threading

import pytest
from django.db import OperationalError, connection, transaction
from django.urls import include, path, reverse

from accounts.tests.factories import make_leader
from companies.tests.factories import CompanyFactory
from core.middleware import KeepOutOfCaches
from kompetenslyft import urls
from trainings.models import Quota
from trainings.services.occasions import lock
from trainings.tests.browsing import page
from trainings.tests.factories import OccasionFactory

pytestmark = pytest.mark.django_db(transaction=True)

IMPATIENT = {
    "sqlite": ("PRAGMA busy_timeout = 200", "PRAGMA busy_timeout = 20000"),
    "postgresql": ("SET lock_timeout = '200ms'", "RESET lock_timeout"),
}


def run(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def impatient():
    """Wait for a fifth of a second only."""
    soon, as_before = IMPATIENT[connection.vendor]
    run(soon)
    yield
    run(as_before)


class Holder(threading.Thread):
    """Somebody whose transaction holds an occasion until told to let go."""

    def __init__(self, occasion):
        super().__init__()
        self.occasion = occasion
        self.holds, self.let_go = threading.Event(), threading.Event()

    def run(self):
        try:
            with transaction.atomic():
                lock(self.occasion)
                self.holds.set()
                self.let_go.wait(20)
        finally:
            connection.close()

    def __enter__(self):
        self.start()
        assert self.holds.wait(20)

    def __exit__(self, *_error):
        self.let_go.set()
        self.join()


def test_a_page_that_waits_too_long_says_try_again(client, impatient):
    occasion, company = OccasionFactory(), CompanyFactory()
    client.force_login(make_leader())
    client.raise_request_exception = False
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    quota = {f"seats-{company.pk}": "2", f"day-{company.pk}": "2999-02-15"}
    client.get(page("quotas", occasion))

    with Holder(occasion):
        answer = client.post(page("quotas", occasion), quota)
    kept = Quota.objects.count()
    again = client.post(page("quotas", occasion), quota)

    assert (answer.status_code, answer["Retry-After"], kept) == (503, "10", 0)
    assert "The portal is busy" in answer.text
    assert (again.status_code, Quota.objects.get().seats) == (302, 2)


def fail(_request):
    raise OperationalError("no such table: anka")


urlpatterns = [path("fail/", fail), path("", include(urls.urlpatterns))]
handler500 = urls.handler500


@pytest.mark.urls("tests.test_busy")
def test_what_would_fail_again_is_a_fault_of_ours(client):
    client.force_login(make_leader())
    client.raise_request_exception = False

    answer = client.get("/fail/")

    assert answer.status_code == 500
    assert "Retry-After" not in answer


def test_what_waits_around_a_page_is_told_the_same(client, impatient, monkeypatch):
    """Sessions and sign-ins are saved by what stands around every page."""
    occasion = OccasionFactory()
    client.force_login(make_leader())
    client.raise_request_exception = False
    around = KeepOutOfCaches.__call__

    def late(self, request):
        response = around(self, request)
        with transaction.atomic():
            lock(occasion)
        return response

    monkeypatch.setattr(KeepOutOfCaches, "__call__", late)
    with Holder(occasion):
        answer = client.get(reverse("trainings:occasions"))

    assert answer.status_code == 503

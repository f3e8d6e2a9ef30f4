"""Figures are of one moment: a test with two connections, on both engines."""

import threading

import pytest
from django.db import connection

from companies.models import Company
from companies.tests.factories import CompanyFactory
from core.snapshots import one_moment


def _elsewhere(work) -> None:
    def run():
        work()
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


@pytest.mark.django_db(transaction=True)
def test_what_is_written_meanwhile_is_not_seen():
    CompanyFactory()

    with one_moment():
        before = Company.objects.count()
        _elsewhere(CompanyFactory)
        after = Company.objects.count()

    assert (before, after, Company.objects.count()) == (1, 1, 2)


@pytest.mark.django_db(transaction=True)
def test_a_failure_inside_leaves_the_connection_usable():
    with pytest.raises(ZeroDivisionError), one_moment():
        Company.objects.count() // 0

    CompanyFactory()
    assert Company.objects.count() == 1

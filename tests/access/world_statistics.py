"""The month before this one for Statistics Sweden, with a package of the person's."""

import datetime as dt

from django.utils import timezone

from companies.models import Programme
from companies.tests.factories import ProgrammeFactory
from reporting.tests.statistics import make_package
from trainings.calendar import Month


class Statistics:
    def __init__(self, person, leader):
        if not Programme.objects.exists():
            ProgrammeFactory(ends_on=dt.date(2099, 12, 31))
        self.month = Month(timezone.localdate().replace(day=1)).previous.first
        self.package = make_package(self.month, [person.ref], leader)

    @property
    def arguments(self):
        package = [self.package.pk]
        return {
            "reporting:statistics-month": [self.month],
            "reporting:statistics-new": [self.month],
            "reporting:statistics-package": package,
            "reporting:statistics-status": package,
            "reporting:statistics-sent": package,
            "reporting:statistics-download": package,
            "reporting:statistics-file": [*package, 1],
        }

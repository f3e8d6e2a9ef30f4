from trainings.models.attendance import Accommodation, AccommodationNote, Attendance
from trainings.models.course import Course, Need, Provider, ProviderStaff
from trainings.models.occasion import (
    Enrolment,
    EnrolmentQuerySet,
    Occasion,
    OccasionQuerySet,
    Quota,
    Session,
)

__all__ = [
    "Accommodation",
    "AccommodationNote",
    "Attendance",
    "Course",
    "Enrolment",
    "EnrolmentQuerySet",
    "Need",
    "Occasion",
    "OccasionQuerySet",
    "Provider",
    "ProviderStaff",
    "Quota",
    "Session",
]

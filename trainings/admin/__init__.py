from trainings.admin.courses import CourseAdmin, NeedAdmin, ProviderAdmin
from trainings.admin.evaluations import EvaluationQuestionAdmin
from trainings.admin.notices import NoticeAdmin
from trainings.admin.occasions import OccasionAdmin
from trainings.admin.seats import (
    AccommodationAdmin,
    AttendanceAdmin,
    AttendanceCorrectionAdmin,
    DisputeAdmin,
    EnrolmentAdmin,
)

__all__ = [
    "AccommodationAdmin",
    "AttendanceAdmin",
    "AttendanceCorrectionAdmin",
    "CourseAdmin",
    "DisputeAdmin",
    "EnrolmentAdmin",
    "EvaluationQuestionAdmin",
    "NeedAdmin",
    "NoticeAdmin",
    "OccasionAdmin",
    "ProviderAdmin",
]

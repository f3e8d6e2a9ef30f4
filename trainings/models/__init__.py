from trainings.models.attendance import (
    Accommodation,
    AccommodationNote,
    AccommodationQuerySet,
    Attendance,
)
from trainings.models.certificate import Certificate
from trainings.models.certification import (
    AttendanceCorrection,
    Certification,
    CertificationContent,
    CertificationSeal,
    Dispute,
    DisputeQuerySet,
)
from trainings.models.course import (
    Course,
    Need,
    NeedQuerySet,
    Provider,
    ProviderStaff,
)
from trainings.models.evaluation import (
    Evaluation,
    EvaluationAnswer,
    EvaluationCount,
    EvaluationGroupBox,
    EvaluationQuestion,
    EvaluationTicket,
)
from trainings.models.notices import Notice, NoticeChoice, NoticeQuerySet
from trainings.models.occasion import (
    Enrolment,
    EnrolmentQuerySet,
    Occasion,
    OccasionQuerySet,
    Quota,
    Session,
)
from trainings.models.papers import CertificateParcel, SheetScan
from trainings.models.planning import (
    AccessibilityCard,
    PlanAgreement,
    PlanComment,
    PlannedNeed,
)

__all__ = [
    "AccessibilityCard",
    "Accommodation",
    "AccommodationNote",
    "AccommodationQuerySet",
    "Attendance",
    "AttendanceCorrection",
    "Certificate",
    "CertificateParcel",
    "Certification",
    "CertificationContent",
    "CertificationSeal",
    "Course",
    "Dispute",
    "DisputeQuerySet",
    "Enrolment",
    "EnrolmentQuerySet",
    "Evaluation",
    "EvaluationAnswer",
    "EvaluationCount",
    "EvaluationGroupBox",
    "EvaluationQuestion",
    "EvaluationTicket",
    "Need",
    "NeedQuerySet",
    "Notice",
    "NoticeChoice",
    "NoticeQuerySet",
    "Occasion",
    "OccasionQuerySet",
    "PlanAgreement",
    "PlanComment",
    "PlannedNeed",
    "Provider",
    "ProviderStaff",
    "Quota",
    "Session",
    "SheetScan",
]

"""What must exist before somebody looks at scans, months and parcels."""

from django.utils import timezone

from accounts.models import User
from core.tests.data.scans import drawn, picture
from tests.browser.stages import company_of
from tests.browser.training_stages import a_session_to_sign
from trainings.models import CertificateParcel, Session
from trainings.services import issue_for_month
from trainings.tests.factories import EnrolmentFactory
from trainings.tests.months import MARCH, certified, sat
from trainings.tests.papers import make_parcel, make_scan


def scans_of_a_session(user: User) -> tuple[str, str]:
    ref, session = a_session_to_sign(user)
    make_scan(Session.objects.get(ref=session), user)
    return ref, session


def a_scan(user: User) -> tuple[str, str, str]:
    ref, session = a_session_to_sign(user)
    return ref, session, make_scan(Session.objects.get(ref=session), user).ref


def a_picture_of_a_sheet(user: User) -> tuple[str, str, str]:
    ref, session = a_session_to_sign(user)
    scan = make_scan(
        Session.objects.get(ref=session),
        user,
        content=picture("PNG", drawn((1240, 1754))),
        media_type="image/png",
    )
    return ref, session, scan.ref


def a_month(user: User) -> None:
    """Of each kind one: missing, issued, disputed, waiting; and a parcel."""
    company = company_of(user)
    seats = [EnrolmentFactory(participant__company=company) for _person in range(4)]
    missing, issued, disputed, waits = seats
    certified(missing, minutes=90)
    certified(issued)
    issue_for_month(participant=issued.participant, month=MARCH, actor=None)
    certified(disputed, disputed_at=timezone.now())
    sat(waits)
    make_parcel(MARCH, company, user)


def a_parcel(user: User) -> tuple[object]:
    return (make_parcel(MARCH, company_of(user), user).pk,)


def a_parcel_on_its_way(user: User) -> tuple[object]:
    return (_parcel(user, progress=40).pk,)


def a_failed_parcel(user: User) -> tuple[object]:
    failure = "Tre försök misslyckades."
    return (_parcel(user, failed_at=timezone.now(), failure=failure).pk,)


def a_parcel_that_is_gone(user: User) -> tuple[object]:
    return (_parcel(user, finished_at=timezone.now()).pk,)


def _parcel(user, **state):
    return CertificateParcel.objects.create(
        month=MARCH, company=company_of(user), requested_by=user, **state
    )

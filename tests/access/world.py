"""One row of each kind, all of one company and one occasion, and who asks for them."""

import datetime as dt

from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from accounts.enums import InvitedRole
from accounts.tests.factories import UserFactory, make_funder, make_leader
from companies.enums import CorrectionField, RowOutcome
from companies.models import ImportRow, Kiosk, ParticipantImport, PersonalLink
from companies.services.corrections import ask_for_correction
from companies.services.feeds import make_feed
from companies.services.kiosks import open_kiosk
from companies.services.links import make_personal_link
from companies.services.merging import merge_participants
from companies.tests.factories import MembershipFactory, ParticipantFactory
from kompetenslyft.invitations import invite_to
from reporting.models import ReportExport, ReportingPeriod
from reporting.tests.evidence import make_evidence
from reporting.tests.listing import make_choice, make_list
from reporting.tests.reading_room import Room
from tests.access.world_aid import Aid
from tests.access.world_statistics import Statistics
from trainings.calendar import Month
from trainings.enums import OccasionStatus
from trainings.services import issue_for_month
from trainings.tests.factories import (
    AccommodationFactory,
    AttendanceFactory,
    CertificateFactory,
    DisputeFactory,
    EnrolmentFactory,
    OccasionFactory,
    PlannedNeedFactory,
    ProviderStaffFactory,
    SessionFactory,
)
from trainings.tests.months import certified
from trainings.tests.papers import make_parcel, make_scan

PAST = dt.date(2026, 1, 31)


class World:
    def __init__(self):
        hr = MembershipFactory()
        self.company = hr.company
        self.colleague = MembershipFactory(company=hr.company)
        self.person = ParticipantFactory(
            company=hr.company,
            mobile="+46701740635",
            mobile_confirmed_at=timezone.now(),
        )
        self.twin = ParticipantFactory(company=hr.company)
        self.seat = EnrolmentFactory(
            participant=self.person,
            occasion__least_participants=1,
            occasion__decide_on=PAST,
        )
        self.occasion = self.seat.occasion
        self.session = SessionFactory(occasion=self.occasion)
        self.dispute = DisputeFactory(
            attendance__enrolment=self.seat, attendance__session=self.session
        )
        self.request = AccommodationFactory(enrolment=self.seat, asked_by="participant")
        self.written = AccommodationFactory(enrolment=self.seat, asked_by="hr")
        self.need = PlannedNeedFactory(
            need__company=hr.company, occasion=self.occasion
        ).need
        self.planned_session = SessionFactory(
            occasion__provider=self.occasion.provider,
            occasion__status=OccasionStatus.PLANNED,
        )
        SessionFactory(occasion=self.occasion, starts_at=timezone.now())
        self.users = self._users(hr, self.occasion.provider)
        self.tokens = self._tokens()
        self._act(hr)
        self._report(hr)

    def _act(self, hr):
        """What people have asked for, been given and done."""
        self.correction = ask_for_correction(
            participant=self.person, field=CorrectionField.NAME, text="Fel namn"
        )
        self.invitation, self.invitation_token = self._invitation()
        self.batch = self._batch()
        self.feed_token = make_feed(owner=hr.user, language="sv")
        self.export = self._export()
        self.merge = self._merge()
        open_kiosk(place="Matsalen", actor=hr.user)
        self.kiosk = Kiosk.objects.get(opened_by=hr.user)
        self.done = self._completed()
        self.certificate = CertificateFactory(enrolment=self.done)
        self.scan = make_scan(self.session, self.users["supplier"])
        self.parcel = self._parcel()

    def _report(self, hr):
        """What is told of it all, in figures and files."""
        self.aid = Aid(self.company, self.users["leader"])
        self.statistics = Statistics(self.person, self.users["leader"])
        self.choice = make_choice(hr.user)
        self.list = make_list(hr.user)
        self.evidence = self._evidence()
        self.room = Room(self.export.period, self.users)

    def enter(self, client, role):
        """Let the client be who the role says."""
        if role in self.users:
            client.force_login(self.users[role])
        elif role in self.tokens:
            client.post(reverse("own:open", args=[self.tokens[role]]))
        if role == "former_participant":
            PersonalLink.objects.filter(participant=self.former).update(
                revoked_at=timezone.now()
            )

    def url(self, name):
        return reverse(name, args=self._arguments().get(name))

    def _arguments(self):
        people = self._of_people() | self._of_rights() | self.aid.arguments
        people |= self.statistics.arguments | self.room.arguments
        people |= self._of_plans()
        return people | self._of_occasions() | self._of_lists() | self._of_reports()

    def _of_people(self):
        person, pair = [self.person.ref], [self.person.ref, self.twin.ref]
        return {
            "companies:participant": person,
            "companies:participant-change": person,
            "companies:merge": pair,
            "companies:not-a-duplicate": pair,
            "companies:merge-undo": [self.merge.pk],
            "companies:correction": [self.correction.ref],
            "companies:link-send": person,
            "companies:kiosk-code": person,
            "companies:contact-release": [*person, "sms"],
            "own:contact-new": ["email"],
            "own:contact-remove": ["email"],
            "own:contact-confirm": ["sms"],
            "companies:link-revoke": person,
            "privacy:person": person,
            "privacy:erase": person,
            "privacy:restrict": person,
            "privacy:lift": person,
            "privacy:access-copy": person,
            "own:correction": [self.correction.ref],
            "own:certificate": [self.certificate.ref],
            "certificates:pdf": [self.certificate.ref],
            "certificates:verified": [self.certificate.code],
            "own:open": [self.tokens["participant"]],
        }

    def _of_rights(self):
        return {
            "invite": ["hr"],
            "right-end": ["hr", self.colleague.pk],
            "invitation-again": [self.invitation.ref],
            "invitation-revoke": [self.invitation.ref],
            "invitation": [self.invitation_token],
            "pages:edit": ["privacy", "sv"],
            "account_reset_password_from_key": ["1", "set-password"],
            "openid_connect_login": ["unknown"],
            "openid_connect_callback": ["unknown"],
            "mfa_edit_webauthn": [1],
            "mfa_remove_webauthn": [1],
        }

    def _of_occasions(self):
        occasion, seat = [self.occasion.ref], [self.occasion.ref, self.seat.ref]
        scan = [*occasion, self.session.ref, self.scan.ref]
        return {
            "trainings:occasion": occasion,
            "trainings:certificates": [self.done.occasion.ref],
            "own:evaluate": [self.done.ref],
            "trainings:evaluation": [self.done.occasion.ref],
            "trainings:evaluation-course": [self.done.occasion.course.code],
            "trainings:nominate": occasion,
            "trainings:confirm": occasion,
            "trainings:attendance": occasion,
            "trainings:attendance-file": occasion,
            "trainings:sheet": [*occasion, self.session.ref],
            "trainings:scans": [*occasion, self.session.ref],
            "trainings:scan": scan,
            "trainings:scan-file": scan,
            "trainings:scan-remove": scan,
            "trainings:calendar-feed": [self.feed_token],
            "trainings:occasion-step": [*occasion, "start"],
            "trainings:occasion-copy": occasion,
            "trainings:occasion-go": occasion,
            "trainings:accommodation": [self.request.ref],
            "trainings:accommodation-withdraw": [self.written.ref],
            "trainings:dispute": [self.dispute.ref],
            "trainings:correct-time": [*seat, self.session.ref],
            "own:hours-month": ["2026-03"],
            "own:hours-dispute": [self.seat.ref, self.session.ref],
            "trainings:accommodation-new": seat,
            "own:request": [self.request.ref],
            "own:request-withdraw": [self.request.ref],
            "trainings:seat": seat,
            "trainings:kiosk-code": seat,
            "trainings:kiosk-end": [self.kiosk.ref],
            "trainings:withdraw": seat,
            "trainings:offer": seat,
            "trainings:substitute": seat,
            "trainings:quotas": occasion,
            "own:offer": [self.seat.ref],
        }

    def _of_plans(self):
        need, plan = [self.need.ref], [self.planned_session.occasion.ref]
        return {
            "trainings:need": need,
            "trainings:need-change": need,
            "trainings:need-withdraw": need,
            "trainings:need-unplan": [*need, self.occasion.ref],
            "trainings:plan": plan,
            "trainings:plan-change": plan,
            "trainings:plan-card": plan,
            "trainings:plan-comment": plan,
            "trainings:plan-agree": plan,
            "trainings:plan-sessions": plan,
            "trainings:plan-session": [*plan, self.planned_session.ref],
        }

    def _of_lists(self):
        batch = [self.batch.pk]
        return {
            "trainings:upload": batch,
            "trainings:upload-status": batch,
            "trainings:upload-row": [*batch, 2],
            "trainings:upload-errors": batch,
            "trainings:upload-confirm": batch,
            "trainings:upload-discard": batch,
            "trainings:upload-take-back": batch,
        }

    def _of_reports(self):
        period = [self.export.period.starts_on, self.export.period.ends_on]
        export, parcel = [self.export.pk], [self.parcel.pk]
        return {
            "reporting:figure-file": [*period, "companies", "xlsx"],
            "lists:list": ["people"],
            "lists:choice-new": ["people"],
            "lists:choice": [self.choice.pk],
            "lists:choice-use": [self.choice.pk],
            "lists:choice-forget": [self.choice.pk],
            "lists:export": [self.list.pk],
            "lists:export-status": [self.list.pk],
            "lists:export-download": [self.list.pk],
            "trainings:parcel": parcel,
            "trainings:parcel-status": parcel,
            "trainings:parcel-download": parcel,
            "reporting:period": period,
            "reporting:why-index": period,
            "reporting:why-table": [*period, "totals"],
            "reporting:why": [*period, "totals", "persons.total"],
            "reporting:completeness": period,
            "reporting:export-new": period,
            "reporting:parity": period,
            "reporting:parity-chart": period,
            "reporting:company-parity": [self.company.org_number],
            "reporting:equal-treatment": period,
            "reporting:company-equal-treatment": [self.company.org_number],
            "reporting:four-r": period,
            "reporting:four-r-write": [*period, "realia"],
            "reporting:evidence": period,
            "reporting:evidence-new": period,
            "reporting:evidence-file": [*period, self.evidence.ref],
            "reporting:evidence-remove": [*period, self.evidence.ref],
            "reporting:export": export,
            "reporting:export-status": export,
            "reporting:export-download": export,
        }

    def _evidence(self):
        return make_evidence(
            self.export.period, self.users["leader"], content=self.scan.ref.encode()
        )

    def _parcel(self):
        """Certificates of the month that is over, with four hours of the person's."""
        month = Month(timezone.localdate().replace(day=1)).previous.first
        certified(self.done, str(month), certified_at=timezone.now())
        issue_for_month(participant=self.person, month=month, actor=None)
        return make_parcel(month, self.company, self.users["hr"])

    def _completed(self):
        """A course that the person has completed, with the same supplier."""
        seat = EnrolmentFactory(
            participant=self.person,
            occasion__provider=self.occasion.provider,
            occasion__status=OccasionStatus.COMPLETED,
        )
        AttendanceFactory(enrolment=seat)
        return seat

    def _users(self, hr, provider):
        """One of each role, of this company and supplier, of others, and of before."""
        former_hr = MembershipFactory(company=hr.company, ended_on=PAST)
        former_staff = ProviderStaffFactory(provider=provider, ended_on=PAST)
        elsewhere = OccasionFactory()
        return {
            "nobody": UserFactory(),
            "former_hr": former_hr.user,
            "other_hr": MembershipFactory().user,
            "hr": hr.user,
            "leader": make_leader(),
            "funder": make_funder(),
            "supplier": ProviderStaffFactory(provider=provider).user,
            "other_supplier": ProviderStaffFactory(provider=elsewhere.provider).user,
            "former_supplier": former_staff.user,
        }

    def _tokens(self):
        """Personal links of the person, of a colleague, and one that has ended."""
        self.other = ParticipantFactory(company=self.company)
        self.former = ParticipantFactory(company=self.company)
        return {
            "participant": make_personal_link(participant=self.person, actor=None),
            "other_participant": make_personal_link(participant=self.other, actor=None),
            "former_participant": make_personal_link(
                participant=self.former, actor=None
            ),
        }

    def _invitation(self):
        links = []

        def make_link(token):
            links.append(token)
            return "https://portal.example.org/"

        invitation = invite_to(
            email="kollega@example.org",
            role=InvitedRole.HR,
            place=self.company,
            language="sv",
            actor=self.users["hr"],
            make_link=make_link,
        )
        return invitation, links[-1]

    def _batch(self):
        now = timezone.now()
        batch = ParticipantImport.objects.create(
            company=self.company,
            requested_by=self.users["hr"],
            file_name="lista.csv",
            sha256="0" * 64,
            read_at=now,
            finished_at=now,
        )
        row = ImportRow(
            batch=batch,
            line=2,
            outcome=RowOutcome.FAULTY,
            participant=self.person,
            errors=[["Personnummer", "number-form", {}]],
        )
        row.content = {"typed": {"personal_number": "anka"}, "values": {}}
        row.save()
        return batch

    def _export(self):
        # One for all, of however many worlds there are.
        period, _is_new = ReportingPeriod.objects.get_or_create(
            starts_on=dt.date(2026, 1, 1), ends_on=dt.date(2026, 3, 31)
        )
        now = timezone.now()
        return ReportExport.objects.create(
            period=period,
            requested_by=self.users["leader"],
            finished_at=now,
            released_at=now,
            file=ContentFile(b"leader", "leader.xlsx"),
            funder_file=ContentFile(b"funder", "funder.xlsx"),
        )

    def _merge(self):
        kept, absorbed = ParticipantFactory.create_batch(2, company=self.company)
        return merge_participants(
            kept=kept, absorbed=absorbed, taken=frozenset(), actor=self.users["hr"]
        )

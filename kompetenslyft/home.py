"""The start page: what waits for the user, and one chart of the main figure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from django.db.models import Exists, F, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView

from accounts.models import User
from companies.models import (
    Company,
    CorrectionRequest,
    Participant,
    ParticipantImport,
    Programme,
    WorkforceSnapshot,
)
from kompetenslyft.home_chart import women_chart
from reporting.models import IssuedReport, Target
from reporting.selectors.targets import aims, last_progress
from trainings.enums import OccasionStatus
from trainings.models import Need, Occasion, Provider
from trainings.selectors import (
    accommodations_for,
    demand,
    late_requests,
    next_sessions,
    nominations_to_seat,
    offers_to_answer,
    open_answers_of,
    unrecorded_sessions,
    with_duties,
)
from trainings.selectors.certification import answerable_disputes
from trainings.selectors.planning import undecided_occasions

_MOST_TAUGHT = 10


@dataclass(frozen=True, slots=True)
class NextStep:
    """Something that waits for the user, and where it is done."""

    title: str
    text: str
    url: str


class HomeView(TemplateView):
    """The first page after signing in, for every role."""

    template_name = "home.html"

    def get_context_data(self, **kwargs):
        user = cast("User", self.request.user)  # No stranger comes past the middleware.
        programme = Programme.objects.first()
        companies = list(Company.objects.owned_by(user))
        is_supplier = Provider.objects.run_by(user).exists()
        return super().get_context_data(
            programme=programme,
            own_companies=companies,
            steps=list(_steps(user, companies, programme, is_supplier=is_supplier)),
            has_targets=bool(companies) and not user.is_project_leader,
            taught=_taught(user) if is_supplier else None,
            chart=women_chart(user, companies, programme) if programme else None,
            has_role=user.is_project_leader
            or user.is_funder
            or is_supplier
            or bool(companies),
            **kwargs,
        )


def _steps(
    user: User,
    companies: list[Company],
    programme: Programme | None,
    *,
    is_supplier: bool,
) -> Iterator[NextStep]:
    if user.is_project_leader:
        yield from _leader_steps(user)
        yield from _target_steps(user, programme)
    elif companies:
        yield from _hr_steps(user)
        yield from _target_steps(user, None)
    if is_supplier:
        yield from _supplier_steps(user)
    if user.is_funder:
        yield from _funder_steps(user)


def _leader_steps(user: User) -> Iterator[NextStep]:
    yield from _unrecorded_steps(user)
    yield from _late_answer_steps(user)
    if nominated := nominations_to_seat(user).count():
        yield NextStep(
            ngettext(
                "%(count)d nomination waits for your approval",
                "%(count)d nominations wait for your approval",
                nominated,
            )
            % {"count": nominated},
            _("Confirm the seats, or decline, so that the companies can plan."),
            f"{reverse('trainings:occasions')}?todo=seats",
        )
    yield from _decision_steps(user)
    if companies := _companies_without_workforce():
        yield NextStep(
            ngettext(
                "%(count)d company has no workforce snapshot",
                "%(count)d companies have no workforce snapshot",
                companies,
            )
            % {"count": companies},
            _("Without it nobody can tell whether training mirrors the workforce."),
            reverse("admin:companies_workforcesnapshot_add"),
        )
    yield from _demand_steps()
    yield from _dispute_steps(user)
    yield from _correction_steps(user)
    yield from _import_steps(user)


def _target_steps(user: User, programme: Programme | None) -> Iterator[NextStep]:
    """Warn of targets that will be missed, by what the scheduler counted last.

    A leader is told of all, with the `programme`'s own; HR of its own company's.
    """
    rows = Target.objects.visible_to(user).in_force(timezone.localdate())
    listed = aims(rows.select_related("company"), programme)
    behind = [row for row in last_progress(listed) if row.is_behind]
    if behind:
        counted = timezone.localtime(min(filter(None, (r.read_at for r in behind))))
        yield NextStep(
            ngettext(
                "%(count)d target will not be reached at the pace so far",
                "%(count)d targets will not be reached at the pace so far",
                len(behind),
            )
            % {"count": len(behind)},
            _("Counted %(time)s. See what each forecast rests on.")
            % {"time": f"{counted:%Y-%m-%d %H:%M}"},
            reverse("reporting:targets"),
        )


def _demand_steps() -> Iterator[NextStep]:
    """Tell of the theme with most people whom no occasion is planned for."""
    themes = demand().themes
    if themes and (unmet := themes[0].total.unmet):
        theme = themes[0].theme
        yield NextStep(
            ngettext(
                "%(theme)s: nothing is planned for %(count)d person in need",
                "%(theme)s: nothing is planned for %(count)d people in need",
                unmet,
            )
            % {"theme": capfirst(theme), "count": unmet},
            _("It is what most people still wait for. Plan an occasion."),
            f"{reverse('trainings:need-plan')}?{urlencode({'theme': theme})}",
        )


def _decision_steps(user: User) -> Iterator[NextStep]:
    if undecided := undecided_occasions(user).count():
        yield NextStep(
            ngettext(
                "%(count)d occasion waits for go or no-go",
                "%(count)d occasions wait for go or no-go",
                undecided,
            )
            % {"count": undecided},
            _("Look whether enough people come, and decide in time."),
            f"{reverse('trainings:occasions')}?todo=decision",
        )


def _unrecorded_steps(user: User) -> Iterator[NextStep]:
    if unrecorded := unrecorded_sessions(user).count():
        yield NextStep(
            ngettext(
                "%(count)d session has no attendance",
                "%(count)d sessions have no attendance",
                unrecorded,
            )
            % {"count": unrecorded},
            _("They have begun, and nobody's time is entered yet."),
            f"{reverse('trainings:occasions')}?todo=attendance",
        )


def _late_answer_steps(user: User) -> Iterator[NextStep]:
    if late := late_requests(accommodations_for(user)).count():
        yield NextStep(
            ngettext(
                "%(count)d adaptation was not answered in time",
                "%(count)d adaptations were not answered in time",
                late,
            )
            % {"count": late},
            _("Somebody needs it to take part. Call the supplier."),
            reverse("trainings:accommodations"),
        )


def _answer_steps(user: User) -> Iterator[NextStep]:
    if waiting := open_answers_of(user).count():
        yield NextStep(
            ngettext(
                "%(count)d adaptation waits for your answer",
                "%(count)d adaptations wait for your answer",
                waiting,
            )
            % {"count": waiting},
            _("Say whether you arrange it, or why it cannot be done."),
            reverse("trainings:accommodations"),
        )


def _hr_steps(user: User) -> Iterator[NextStep]:
    if not Participant.objects.owned_by(user).exists():
        yield NextStep(
            _("Upload your first list of employees"),
            _(
                "A spreadsheet from the payroll system will do. You see every change "
                "before anything is saved."
            ),
            reverse("trainings:upload-new"),
        )
    if offers := offers_to_answer(user).count():
        yield NextStep(
            ngettext(
                "%(count)d seat is offered to one of your people",
                "%(count)d seats are offered to your people",
                offers,
            )
            % {"count": offers},
            _("An offer that nobody answers goes to the next in line."),
            f"{reverse('trainings:occasions')}?todo=offers",
        )
    yield from _correction_steps(user)
    yield from _import_steps(user)
    if not Need.objects.owned_by(user).current().exists():
        yield NextStep(
            _("State what your people need to learn"),
            _("The project office plans occasions for what several companies need."),
            reverse("trainings:need-new"),
        )
    if occasions := Occasion.objects.open().count():
        yield NextStep(
            ngettext(
                "%(count)d occasion is open for nominations",
                "%(count)d occasions are open for nominations",
                occasions,
            )
            % {"count": occasions},
            _("Look at dates and seats, and nominate colleagues."),
            reverse("trainings:occasions"),
        )


def _supplier_steps(user: User) -> Iterator[NextStep]:
    if not user.is_project_leader:
        yield from _unrecorded_steps(user)
        yield from _dispute_steps(user)
    yield from _answer_steps(user)
    if session := next_sessions(user).first():
        starts_at = timezone.localtime(session.starts_at)
        yield NextStep(
            _("Next session: %(time)s") % {"time": f"{starts_at:%Y-%m-%d %H:%M}"},
            _("%(course)s. See who comes and what to arrange.")
            % {"course": session.occasion.course.title},
            session.occasion.get_absolute_url(),
        )


def _taught(user: User) -> list[Occasion]:
    """Own occasions that run or come: first what waits to be entered, then by time."""
    rows = Occasion.objects.run_by(user).filter(
        status__in=[
            OccasionStatus.PLANNED,
            OccasionStatus.OPEN,
            OccasionStatus.ONGOING,
        ]
    )
    by_need = with_duties(rows, user).order_by(
        F("unrecorded").desc(), F("next_starts_at").asc(nulls_last=True), "pk"
    )
    return list(by_need.select_related("course")[:_MOST_TAUGHT])


def _funder_steps(user: User) -> Iterator[NextStep]:
    if reports := IssuedReport.objects.visible_to(user).in_force().count():
        yield NextStep(
            ngettext(
                "%(count)d report is issued",
                "%(count)d reports are issued",
                reports,
            )
            % {"count": reports},
            _("Figures for a period, ready to read and to download."),
            reverse("reporting:reports"),
        )


def _import_steps(user: User) -> Iterator[NextStep]:
    read = ParticipantImport.objects.visible_to(user).exclude(read_at=None)
    if lists := read.filter(
        confirmed_at=None, discarded_at=None, failed_at=None
    ).count():
        yield NextStep(
            ngettext(
                "%(count)d uploaded list waits for confirmation",
                "%(count)d uploaded lists wait for confirmation",
                lists,
            )
            % {"count": lists},
            _("Nothing of it is saved before somebody confirms it."),
            reverse("trainings:uploads"),
        )


def _correction_steps(user: User) -> Iterator[NextStep]:
    if waiting := CorrectionRequest.objects.visible_to(user).open().count():
        yield NextStep(
            ngettext(
                "%(count)d correction is asked for",
                "%(count)d corrections are asked for",
                waiting,
            )
            % {"count": waiting},
            _("A participant says that something is wrong, and waits for an answer."),
            reverse("companies:corrections"),
        )


def _dispute_steps(user: User) -> Iterator[NextStep]:
    if waiting := answerable_disputes(user).open().count():
        yield NextStep(
            ngettext(
                "%(count)d time is disputed",
                "%(count)d times are disputed",
                waiting,
            )
            % {"count": waiting},
            _("A participant says that a time is wrong. Correct it, or say why not."),
            reverse("trainings:disputes"),
        )


def _companies_without_workforce() -> int:
    today = timezone.localdate()
    snapshots = WorkforceSnapshot.objects.filter(
        company=OuterRef("pk"), staff_group="all"
    )
    partners = Company.objects.in_programme(today, today)
    return partners.filter(~Exists(snapshots)).count()

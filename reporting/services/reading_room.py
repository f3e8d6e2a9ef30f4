"""Questions on issued reports and samples for spot checks."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.enums import Role
from accounts.models import User
from accounts.services.heads import post_to_leaders
from accounts.services.outbox import post_letter
from core.errors import DomainError
from reporting.enums import ReportFileKind
from reporting.issuing.rows import draw, read_rows
from reporting.models import (
    IssuedReport,
    QuestionPost,
    ReportQuestion,
    ReportSample,
)
from reporting.selectors.issued import certified_of
from reporting.suppression import HIDDEN, SuppressedReport
from trainings.services.texts import refuse_numbers

Place = tuple[str, str, str]


@transaction.atomic
def ask_question(
    *, report: IssuedReport, place: Place, text: str, actor: User
) -> ReportQuestion:
    """Ask about a figure that the report prints; leaders are told that there is one.

    Raises DomainError.
    """
    if not report.issued_at:
        raise DomainError(_("Only issued reports are asked about."))
    shown = SuppressedReport.from_record(report.content.data["shown"])
    try:
        is_printed = shown.value(*place) != HIDDEN
    except KeyError:
        is_printed = False
    if not is_printed:
        raise DomainError(_("The report does not print this figure."))
    table, row, figure = place
    question = ReportQuestion.objects.create(
        report=report, table=table, row=row, figure=figure
    )
    _post(question, text, actor)
    record(actor, "reporting.question_asked", question)
    return question


@transaction.atomic
def answer_question(
    *, question: ReportQuestion, text: str, actor: User
) -> QuestionPost:
    """Go on with the thread; the other side is told by letter. Raises DomainError."""
    post = _post(question, text, actor)
    record(actor, "reporting.question_answered", question)
    return post


def draw_sample(
    *, report: IssuedReport, size: int, actor: User, seed: str = ""
) -> ReportSample:
    """Draw certified rows of an issued report; a seed that is empty is thrown.

    The same seed and size are the same sample. Raises DomainError.
    """
    if not report.issued_at:
        raise DomainError(_("A sample is drawn from an issued report."))
    population = certified_of(report)
    if not 0 < size <= min(population, ReportSample.MOST):
        sentence = _(
            "The report has %(rows)d certified rows; at most %(most)d are drawn."
        )
        raise DomainError(sentence % {"rows": population, "most": ReportSample.MOST})
    seed = seed.strip() or str(secrets.randbelow(10**9))
    refuse_numbers(seed)
    with report.files.get(kind=ReportFileKind.ROWS).file.open() as file:
        rows = draw(read_rows(file), population=population, size=size, seed=seed)
    with transaction.atomic():
        sample, is_new = ReportSample.objects.get_or_create(
            report=report,
            seed=seed,
            size=size,
            defaults={
                "population": population,
                "rows": [[row.enrolment, row.session, row.minutes] for row in rows],
                "made_by": actor,
            },
        )
        if is_new:
            record(actor, "reporting.sample_drawn", sample, rows=size)
    return sample


@transaction.atomic
def release_sample(*, sample: ReportSample, actor: User) -> ReportSample:
    """Let the funder read the sample; a second time changes nothing."""
    sample = ReportSample.objects.select_for_update().get(pk=sample.pk)
    if sample.released_at is None:
        sample.released_at, sample.released_by = timezone.now(), actor
        sample.save(update_fields=["released_at", "released_by"])
        record(actor, "reporting.sample_released", sample)
    return sample


def _post(question: ReportQuestion, text: str, actor: User) -> QuestionPost:
    if not text.strip():
        raise DomainError(_("Write something."))
    if len(text) > QuestionPost.LONGEST:
        raise DomainError(_("The text is too long."))
    refuse_numbers(text)
    is_of_funder = not actor.is_project_leader
    post = QuestionPost.objects.create(
        question=question,
        text=text.strip(),
        is_of_funder=is_of_funder,
        written_by=actor,
    )
    context: dict[str, object] = {"url": _address(question)}
    if is_of_funder:
        post_to_leaders("report_question", context)
    else:
        for funder in _funders():
            post_letter(
                kind="report_answer",
                recipient=funder.email,
                language=settings.LANGUAGE_CODE,
                context=context,
            )
    return post


def _funders() -> QuerySet[User]:
    users = User.objects.with_roles().filter(is_active=True)
    return users.filter(**{f"holds_{Role.FUNDER}": True})


def _address(question: ReportQuestion) -> str:
    base = settings.PORTAL_URL.rstrip("/")
    return f"{base}{question.get_absolute_url()}" if base else ""

"""What participants thought: by occasion, by course, by gender and age group."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.generic import TemplateView

from accounts.portal import LeaderRequiredMixin
from trainings.evaluation_groups import LEAST, LEAST_SHAPE
from trainings.models import Course, Evaluation
from trainings.portal import OccasionMixin
from trainings.selectors.evaluation_results import (
    counted_by_group,
    evaluated_courses,
    evaluated_occasions,
    results_by_group,
    results_of_course,
    results_of_occasion,
)
from trainings.selectors.evaluations import life_of_form

LIMITS = {"least": LEAST, "least_shape": LEAST_SHAPE}


class OccasionEvaluationView(OccasionMixin, TemplateView):
    """Results of one occasion, for project leaders and its supplier."""

    template_name = "trainings/evaluation.html"

    def occasions(self):
        return super().occasions().recordable_by(self.request.user)

    def get_context_data(self, **context):
        life, now = life_of_form(self.occasion), timezone.now()
        today = timezone.localdate(now)
        evaluation = Evaluation.objects.filter(occasion=self.occasion).first()
        return super().get_context_data(
            results=results_of_occasion(self.occasion),
            life=life,
            has_ended=life is not None and life.ends_at <= now,
            is_closed=life is not None and life.is_closed(today),
            is_over=life is not None and life.is_over(today),
            is_waiting=evaluation is not None and evaluation.sealed is not None,
            was_opened=evaluation is not None and evaluation.opened_on is not None,
            **LIMITS,
            **context,
        )


class EvaluationListView(LeaderRequiredMixin, TemplateView):
    """Where there are results: courses, and themes with their quarters."""

    template_name = "trainings/evaluation_list.html"

    def get_context_data(self, **context):
        return super().get_context_data(
            courses=evaluated_courses(), counted=counted_by_group(), **LIMITS, **context
        )


class CourseEvaluationView(LeaderRequiredMixin, TemplateView):
    """Results of a course over its occasions."""

    template_name = "trainings/evaluation_course.html"

    def get_context_data(self, **context):
        course = get_object_or_404(Course, code=self.kwargs["code"])
        return super().get_context_data(
            course=course,
            occasions=evaluated_occasions(course),
            results=results_of_course(course),
            **LIMITS,
            **context,
        )


class GroupEvaluationView(LeaderRequiredMixin, TemplateView):
    """Answers by gender and age group: `?theme=&quarter=`, or the latest that are."""

    template_name = "trainings/evaluation_groups.html"

    def get_context_data(self, **context):
        counted = counted_by_group()
        asked = self.request.GET
        if "theme" in asked or "quarter" in asked:
            wanted = asked.get("theme"), asked.get("quarter")
            found = next((one for one in counted if one.key == wanted), None)
            if found is None:
                raise Http404
        else:
            found = counted[0] if counted else None
        return super().get_context_data(
            counted=counted,
            found=found,
            results=results_by_group(found) if found else [],
            **LIMITS,
            **context,
        )

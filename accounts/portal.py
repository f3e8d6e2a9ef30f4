"""What pages share that ask for a role. Who lacks it gets a 404, never a 403."""

from django.http import Http404


class LeaderRequiredMixin:
    """A page for project leaders; for everybody else it is not there."""

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_project_leader:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

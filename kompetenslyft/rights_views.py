"""The page of rights, and ending one."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from accounts.audit import record
from accounts.letters import mail_folder
from accounts.services import end_role
from companies.services import end_membership
from core.errors import DomainError
from kompetenslyft.invitations import invitations_for, named, roles_to_invite
from kompetenslyft.rights import (
    Kind,
    companies_for,
    rights_for,
    role_of,
    row_to_end,
)
from trainings.services import end_staff


class RightsView(TemplateView):
    """Who may see what, and why; for who is neither leader nor HR the own rights."""

    template_name = "rights/rights.html"

    def get_context_data(self, **context):
        user = self.request.user
        rights = rights_for(user)
        roles = roles_to_invite(user)
        if roles:
            record(user, "accounts.listed_rights", count=len(rights))
        waiting = invitations_for(user).filter(accepted_at=None, revoked_at=None)
        return super().get_context_data(
            rights=rights,
            companies=companies_for(user),
            invitations=named(waiting.select_related("invited_by")) if roles else [],
            roles=roles,
            mail_folder=mail_folder() if user.is_project_leader else "",
            **context,
        )


class EndView(TemplateView):
    """Ask once more, then end a right at once."""

    template_name = "rights/end.html"

    def dispatch(self, request, *args, **kwargs):
        if kwargs["kind"] not in Kind.__members__.values():
            raise Http404
        self.kind = Kind(kwargs["kind"])
        self.row = row_to_end(self.kind, kwargs["pk"], request.user)
        if self.row is None:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **context):
        role, place = role_of(self.row)
        return super().get_context_data(
            person=self.row.user, role=role, place=place, **context
        )

    def post(self, request, *args, **kwargs):
        actor = request.user
        try:
            match self.kind:
                case Kind.HR:
                    end_membership(membership=self.row, actor=actor)
                case Kind.SUPPLIER:
                    end_staff(staff=self.row, actor=actor)
                case _:
                    end_role(grant=self.row, actor=actor)
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The right has ended."))
        return redirect("rights")

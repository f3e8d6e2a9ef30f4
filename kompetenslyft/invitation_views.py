"""Pages of an invitation: asking somebody, and accepting."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.generic import FormView, View

from accounts.enums import InvitedRole
from accounts.letters import portal_url
from accounts.models import User
from accounts.services import find_invitation, revoke_invitation
from companies.models import Company
from core.errors import DomainError
from kompetenslyft.invitation_forms import InviteForm, OpenAccountForm
from kompetenslyft.invitations import (
    accept,
    accept_as_new,
    invitations_for,
    invite_again,
    invite_to,
    named,
    roles_to_invite,
)
from trainings.models import Provider


class InviteView(FormView):
    """Ask an address to take one role; the roles that one may give have a page."""

    form_class = InviteForm
    template_name = "invitations/invite.html"

    def dispatch(self, request, *args, **kwargs):
        wanted = kwargs["role"]
        roles = {role.value: role for role in roles_to_invite(request.user)}
        if wanted not in roles:
            raise Http404
        self.role = roles[wanted]
        self.places = self._places()
        return super().dispatch(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        self._refuse_foreign_place(request.POST.get("place"))
        return super().post(request, *args, **kwargs)

    def get_form_kwargs(self):
        kwargs = {"role": self.role, "places": self.places}
        return super().get_form_kwargs() | kwargs

    def get_context_data(self, **context):
        return super().get_context_data(
            role=self.role,
            only_place=self.places[0]
            if self.places and len(self.places) == 1
            else None,
            back_url=reverse("rights"),
            back=_("Cancel"),
            **context,
        )

    def form_valid(self, form):
        try:
            invite_to(
                email=form.cleaned_data["email"],
                role=self.role,
                place=form.chosen_place,
                language=form.cleaned_data["language"],
                actor=self.request.user,
                make_link=_link_maker(self.request),
            )
        except DomainError as refusal:
            form.add_error("email", str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _("The invitation is on its way."))
        return redirect("rights")

    def _places(self):
        match self.role:
            case InvitedRole.HR:
                return list(Company.objects.visible_to(self.request.user))
            case InvitedRole.SUPPLIER:
                return list(Provider.objects.all())
            case _:
                return None

    def _refuse_foreign_place(self, ref):
        """Another company is not found, whether or not the page asked for one."""
        if ref and ref not in {place.ref for place in self.places or []}:
            raise Http404


class _InvitationActView(View):
    """Does one thing to an invitation that the user may see."""

    http_method_names = ["post"]

    def post(self, request, ref):
        invitation = get_object_or_404(invitations_for(request.user), ref=ref)
        try:
            messages.success(request, self.act(invitation))
        except DomainError as refusal:
            messages.error(request, str(refusal))
        return redirect("rights")


class SendAgainView(_InvitationActView):
    def act(self, invitation):
        make_link = _link_maker(self.request)
        invite_again(
            invitation=invitation, actor=self.request.user, make_link=make_link
        )
        return _("A new link is on its way. The old one opens nothing any more.")


class RevokeView(_InvitationActView):
    def act(self, invitation):
        revoke_invitation(invitation=invitation, actor=self.request.user)
        return _("The invitation is revoked. Its link opens nothing any more.")


@method_decorator(login_not_required, name="dispatch")
class AcceptView(FormView):
    """Where the link of an invitation leads. Looking at it changes nothing.

    Who has no account opens one here; who has one signs in first.
    """

    form_class = OpenAccountForm
    template_name = "invitations/accept.html"

    def dispatch(self, request, *args, **kwargs):
        self.invitation = find_invitation(kwargs["token"])
        if self.invitation is None:
            return _gone(request)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"email": self.invitation.email}

    def get_context_data(self, **context):
        (row,) = named([self.invitation])
        return super().get_context_data(
            invitation=self.invitation,
            place=row.place,
            has_account=self._has_account(),
            is_somebody_else=self._is_somebody_else(),
            is_invited=self._is_invited(),
            **context,
        )

    def post(self, request, *args, **kwargs):
        if self._is_somebody_else() or (self._has_account() and not self._is_invited()):
            return redirect(request.path)
        if not self._is_invited():
            return super().post(request, *args, **kwargs)
        try:
            accept(invitation=self.invitation, user=request.user)
        except DomainError:
            return _gone(request)
        messages.success(request, _("You have accepted the invitation."))
        return redirect("home")

    def form_valid(self, form):
        try:
            accept_as_new(
                invitation=self.invitation,
                name=form.cleaned_data["name"],
                password=form.cleaned_data["password1"],
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(
            self.request,
            _("Your account is open. Sign in with your address and your password."),
        )
        return redirect("account_login")

    def _has_account(self):
        return User.objects.filter(email__iexact=self.invitation.email).exists()

    def _is_invited(self):
        user = self.request.user
        return user.is_authenticated and user.email.lower() == self.invitation.email

    def _is_somebody_else(self):
        return self.request.user.is_authenticated and not self._is_invited()


def _link_maker(request):
    return lambda token: portal_url(reverse("invitation", args=[token]), request)


def _gone(request):
    return render(request, "invitations/gone.html", status=404)

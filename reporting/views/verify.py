"""Whether a file is one of an issued report, told to anybody who has it."""

from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.generic import FormView

from core.hashed_uploads import HashingUploadHandler
from reporting.forms.verify import VerifyForm
from reporting.selectors.issued import standing_of


@method_decorator(csrf_protect, name="dispatch")
class _VerifyView(FormView):
    form_class = VerifyForm
    template_name = "reporting/verify.html"

    def form_valid(self, form):
        if not ratelimit.consume(self.request, action="report_verified"):
            form.add_error(None, _("Too many files at once. Try again in a minute."))
            return self.render_to_response(self.get_context_data(form=form), status=429)
        checksum = form.checksum
        response = self.render_to_response(
            self.get_context_data(
                form=VerifyForm(),
                checksum=checksum,
                standing=standing_of(checksum),
            )
        )
        response["Cache-Control"] = "private, no-store"
        return response


_inner = _VerifyView.as_view()


# The token is looked for in the body, which must not be read before the handler is
# chosen: exempt outside, protected inside.
@csrf_exempt
@login_not_required
def verify(request):
    """Digest a file, or take a checksum, and tell how it stands. Open to all.

    Nothing of the file is kept, and nothing else is told of the report. What is too
    large is not even read.
    """
    if int(request.META.get("CONTENT_LENGTH") or 0) > settings.VERIFY_MAX_MB * 2**20:
        refusal = _("A file is at most %(limit)d MB.") % {
            "limit": settings.VERIFY_MAX_MB
        }
        context = {"form": VerifyForm(), "refusal": refusal}
        return render(request, _VerifyView.template_name, context, status=413)
    request.upload_handlers = [HashingUploadHandler()]
    return _inner(request)

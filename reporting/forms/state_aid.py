"""What the pages of state aid post."""

from decimal import Decimal

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Layout, Row, Submit
from django import forms
from django.conf import settings
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.models import Company
from core.forms import DayField
from reporting.enums import AidOrigin
from reporting.forms.periods import PeriodForm
from reporting.models import AidGroup, DeMinimisRule

_BEFORE_BUTTONS = -2
_CANCEL = '<a class="btn btn-link" href="{{ back_url }}">{{ back }}</a>'


class CostPeriodForm(PeriodForm):
    """The days that co-financing is counted for, in the address."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper.form_method = "get"
        self.helper.disable_csrf = True


class GroupForm(forms.ModelForm):
    companies = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Companies of the group"),
        queryset=Company.objects.all(),
        to_field_name="org_number",
        widget=forms.CheckboxSelectMultiple,
    )
    fiscal_month = forms.TypedChoiceField(
        label=gettext_lazy("The fiscal year begins in"),
        choices=list(MONTHS.items()),
        coerce=int,
        initial=1,
        help_text=gettext_lazy(
            "Asked for by (EU) 1407/2013, which counts fiscal years."
        ),
    )

    class Meta:
        model = AidGroup
        fields = ["name", "fiscal_month"]
        help_texts = {
            "name": gettext_lazy(
                "Companies that one of them controls are a single undertaking and "
                "share one ceiling. The parent company answers for all of them."
            )
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            members = self.instance.members.values_list("company__org_number")
            self.initial["companies"] = [number for (number,) in members]
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "name",
            "fiscal_month",
            "companies",
            Submit("save", _("Save")),
            HTML(_CANCEL),
        )


class AwardForm(forms.Form):
    """One award of de minimis aid to a group, which the ledger judges."""

    company = forms.ModelChoiceField(
        label=gettext_lazy("Company"),
        queryset=Company.objects.none(),
        to_field_name="org_number",
        required=False,
        empty_label=gettext_lazy("Another part of the group"),
    )
    granted_on = DayField(label=gettext_lazy("Granted on"))
    euros = forms.DecimalField(
        label=gettext_lazy("Euros"),
        localize=True,
        min_value=Decimal("0.01"),
        max_digits=12,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        help_text=gettext_lazy(
            "Gross, before tax; of aid in parts, what it is worth on the day."
        ),
    )
    rule = forms.ModelChoiceField(
        label=gettext_lazy("Regulation"),
        queryset=DeMinimisRule.objects.all(),
        to_field_name="valid_from",
    )
    authority = forms.CharField(label=gettext_lazy("Granted by"), max_length=200)
    origin = forms.ChoiceField(label=gettext_lazy("Whose aid"), choices=AidOrigin)
    is_another = forms.BooleanField(
        label=gettext_lazy("It is another award: enter it too"), required=False
    )

    def __init__(self, *args, group, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["company"].queryset = _companies_of(group)
        self.fields["granted_on"].help_text = _(
            "The day on which the right to the aid was granted, not the day of payment."
        )
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Row(Column("origin"), Column("company")),
            Row(Column("granted_on"), Column("euros")),
            Row(Column("rule"), Column("authority")),
            Submit("save", _("Enter the aid")),
            HTML(_CANCEL),
        )

    def ask_if_another(self):
        """Show the box to tick, which an award alone in its kind does without."""
        self.helper.layout.insert(_BEFORE_BUTTONS, "is_another")


class _FileForm(forms.Form):
    """One file; what it really is, the service judges by what it holds."""

    company = forms.ModelChoiceField(
        label=gettext_lazy("Company"),
        queryset=Company.objects.none(),
        to_field_name="org_number",
    )
    signed_on = DayField(label=gettext_lazy("Signed on"))
    file = forms.FileField(
        label=gettext_lazy("The declaration"),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
        error_messages={
            "required": gettext_lazy("Choose the file with the declaration."),
            "missing": gettext_lazy("Choose the file with the declaration."),
            "empty": gettext_lazy("The file is empty. Scan the declaration once more."),
            "max_length": gettext_lazy("The file's name is too long. Shorten it."),
        },
    )

    def __init__(self, *args, companies, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["company"].queryset = companies
        self.fields["file"].help_text = _(
            "PDF, JPEG or PNG, at most %(limit)d MB. One file may have several pages."
        ) % {"limit": settings.SCAN_MAX_MB}
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Row(Column("company"), Column("signed_on")),
            "file",
            Submit("save", _("Attach the declaration")),
            *self.after,
        )

    after = ()


class DeclarationForm(_FileForm):
    """A declaration of one of a group's companies, or of another part of the group."""

    after = (HTML(_CANCEL),)

    def __init__(self, *args, group, **kwargs):
        super().__init__(*args, companies=_companies_of(group), **kwargs)
        self.fields["company"].required = False
        self.fields["company"].empty_label = _("Another part of the group")


class OwnDeclarationForm(_FileForm):
    """A declaration of an own company that belongs to a group."""

    def __init__(self, *args, companies, **kwargs):
        grouped = companies.exclude(aid_membership=None)
        super().__init__(*args, companies=grouped, **kwargs)


def _companies_of(group: AidGroup):
    return Company.objects.filter(aid_membership__group=group)

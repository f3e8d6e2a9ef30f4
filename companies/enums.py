from django.db import models
from django.utils.translation import gettext_lazy as _


class FundPeriod(models.TextChoices):
    """The fund period decides indicators and wording."""

    ESF_2014_2020 = "esf_2014_2020", _("ESF 2014–2020")
    ESF_PLUS = "esf_plus", _("ESF+ 2021–2027")


class SizeClass(models.TextChoices):
    """Size of an enterprise, Commission Recommendation 2003/361/EC."""

    MICRO = "micro", _("micro")
    SMALL = "small", _("small")
    MEDIUM = "medium", _("medium")
    LARGE = "large", _("large")


class StaffGroup(models.TextChoices):
    BLUE_COLLAR = "blue_collar", _("blue collar")
    WHITE_COLLAR = "white_collar", _("white collar")
    MANAGER = "manager", _("manager")


class BaselineGroup(models.TextChoices):
    """Whom a workforce snapshot counts: everybody, or one staff group."""

    ALL = "all", _("all staff")
    BLUE_COLLAR = "blue_collar", _("blue collar")
    WHITE_COLLAR = "white_collar", _("white collar")
    MANAGER = "manager", _("manager")


class Gender(models.TextChoices):
    WOMAN = "woman", _("woman")
    MAN = "man", _("man")
    NON_BINARY = "non_binary", _("non-binary")
    UNKNOWN = "unknown", _("unknown")


class RowOutcome(models.TextChoices):
    """What confirming an uploaded list would do with one of its rows."""

    NEW = "new", _("new")
    CHANGED = "changed", _("changed")
    UNCHANGED = "unchanged", _("unchanged")
    FAULTY = "faulty", _("faulty")


class RestrictionBasis(models.TextChoices):
    """The four cases of article 18 of the GDPR."""

    CONTESTED = "contested", _("The person says that the data are wrong")
    UNLAWFUL = "unlawful", _("The data should not be here, but the person wants them")
    CLAIMS = "claims", _("The person needs the data for a legal claim")
    OBJECTED = "objected", _("The person objects to how the data are used")


class ContactKind(models.TextChoices):
    """How a code reaches a participant."""

    EMAIL = "email", _("e-mail")
    SMS = "sms", _("SMS")


class ReleaseReason(models.TextChoices):
    """Why a project leader releases a contact that the person has confirmed."""

    LOST = "lost", _("The person has lost it")
    TAKEN = "taken", _("Somebody else has it by now")
    NOT_OWN = "not_own", _("It was never the person's own")


class OwnChannel(models.TextChoices):
    """By what a participant came to the own page, and certified there."""

    LINK = "link", _("personal link")
    SMS = "sms", _("SMS code")
    EMAIL = "email", _("e-mail code")
    KIOSK = "kiosk", _("kiosk")


class IdentityProof(models.TextChoices):
    """By what a participant showed who it is; its number is never noted."""

    ID_CARD = "id_card", _("identity card")
    DRIVING_LICENCE = "driving_licence", _("driving licence")
    PASSPORT = "passport", _("passport")
    COMPANY_CARD = "company_card", _("company card with photo")


class CorrectionField(models.TextChoices):
    """What a participant can say is wrong in the own row."""

    NAME = "name", _("name")
    NUMBER = "number", _("personal number")
    GENDER = "gender", _("gender")
    CONTACT = "contact", _("e-mail address or mobile")
    WORK = "work", _("job title, role or staff group")
    HOURS = "hours", _("hours of training")
    OTHER = "other", _("something else")

"""Below a period's address."""

from django.urls import path

from reporting.views import equal_treatment, evidence

urlpatterns = [
    path(
        "equal-treatment/",
        equal_treatment.EqualTreatmentView.as_view(),
        name="equal-treatment",
    ),
    path("4r/", equal_treatment.FourRView.as_view(), name="four-r"),
    path(
        "4r/<str:part>/",
        equal_treatment.FourRWriteView.as_view(),
        name="four-r-write",
    ),
    path("evidence/", evidence.EvidenceView.as_view(), name="evidence"),
    path("evidence/new/", evidence.EvidenceNewView.as_view(), name="evidence-new"),
    path(
        "evidence/<str:ref>/file/",
        evidence.EvidenceFileView.as_view(),
        name="evidence-file",
    ),
    path(
        "evidence/<str:ref>/remove/",
        evidence.EvidenceRemoveView.as_view(),
        name="evidence-remove",
    ),
]

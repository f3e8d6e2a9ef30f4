from django.db import migrations

SCALE, TEXT = "scale", "text"
QUESTIONS = (
    (
        "q-standard-use",
        SCALE,
        "Jag har nytta av utbildningen i mitt arbete.",
        "The training is useful in my work.",
    ),
    (
        "q-standard-pace",
        SCALE,
        "Takten och nivån passade mig.",
        "The pace and the level suited me.",
    ),
    (
        "q-standard-teaching",
        SCALE,
        "Undervisningen var bra.",
        "The teaching was good.",
    ),
    (
        "q-standard-access",
        SCALE,
        "Platsen och materialet var tillgängliga för mig.",
        "The place and the material were accessible to me.",
    ),
    (
        "q-standard-equal",
        SCALE,
        "Alla behandlades lika och fick utrymme.",
        "Everybody was treated equally and given room.",
    ),
    (
        "q-standard-words",
        TEXT,
        "Vad var bäst, och vad borde bli bättre?",
        "What was best, and what should be better?",
    ),
)


def add_questions(apps, schema_editor):
    """Put the standard form there; one that a leader has changed stays as it is."""
    question = apps.get_model("trainings", "EvaluationQuestion")
    for position, (ref, kind, text_sv, text_en) in enumerate(QUESTIONS, start=1):
        texts = {"text_sv": text_sv, "text_en": text_en}
        question.objects.get_or_create(
            ref=ref, defaults={"kind": kind, "position": position * 10, **texts}
        )


def remove_questions(apps, schema_editor):
    """Take away those that nobody has answered."""
    question = apps.get_model("trainings", "EvaluationQuestion")
    refs = [ref for ref, *_rest in QUESTIONS]
    unanswered = question.objects.filter(ref__in=refs, answers=None, counts=None)
    unanswered.delete()


class Migration(migrations.Migration):
    dependencies = [("trainings", "0011_evaluations_and_papers")]
    operations = [migrations.RunPython(add_questions, remove_questions)]

"""Demo words of a call's mails: own ones in English and Spanish, the others are standard."""

from django.db import transaction

from core.duties.catalogue import key_of
from core.post.models import MailText
from iuc_portal.demo.calls import ASIA
from iuc_portal.demo.people import person
from programme.calls.models import Call
from programme.calls.services import write_mail_text

# The mail, the language, its subject and its words.
WORDS = [
    (
        "application_received",
        "en-gb",
        "{reference}: your application is with us",
        (
            "Dear colleagues in {city},\n\nthank you for the work that went into it. {sender} sent "
            "it, and every contact gets this mail.\n\n{changes}\n\nIn the week after the close two "
            "people look at who can apply. You hear from us either way."
        ),
    ),
    (
        "application_received",
        "es",
        "{reference}: hemos recibido su candidatura",
        (
            "Estimados colegas de {city}:\n\nGracias por el trabajo que han hecho. La ha enviado "
            "{sender}, y todas las personas de contacto reciben este correo.\n\n{changes}\n\nEn la "
            "semana siguiente al cierre dos personas comprueban quién puede participar. Les "
            "escribiremos en todo caso."
        ),
    ),
    (
        "application_decided.rejected",
        "en-gb",
        "{reference}: our decision on {call}",
        (
            "Dear colleagues in {city},\n\nmore good cases reached us than there are places. "
            "This is why yours is not among them:\n\n{reason}\n\nPlease ask us for a talk if "
            "you want to know more. The next call opens next year."
        ),
    ),
]


@transaction.atomic
def make_mail_texts() -> None:
    """Let a coordinator word some mails of an open call, unless somebody has done so."""
    call = Call.objects.get(code=ASIA)
    if MailText.objects.filter(scope=key_of(call)).exists():
        return
    for kind, language, subject, text in WORDS:
        write_mail_text(
            call=call,
            kind=kind,
            language=language,
            subject=subject,
            text=text,
            read_version=0,
            by=person("coordinator"),
        )

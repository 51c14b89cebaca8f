"""What the audit trail holds about a person."""

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.kit.holdings import Holding
from core.kit.people import Person
from core.trail.models import EventWords


def _about_account(person: Person) -> Q:
    kind = ContentType.objects.get_for_model(get_user_model())
    return Q(event__target_type=kind, event__target_id=person.pk)


HOLDS = [
    Holding(
        EventWords,
        ("actor",),
        _("What you did in the portal"),
        _(
            "A public programme must be able to show who did what. These lines stay; your name in "
            "them can be erased where you have the right to it."
        ),
        ("event__at", "event__verb", "label", "reason"),
    ),
    Holding(
        EventWords,
        (),
        _("What was done with your account"),
        _("It stays on record who gave and took rights, and why."),
        ("event__at", "event__verb", "actor_name", "reason"),
        also=_about_account,
    ),
]

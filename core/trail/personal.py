"""What the audit trail holds about a person."""

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.kit.holdings import Holding
from core.kit.people import Person
from core.trail.models import AuditEvent


def _about_account(person: Person) -> Q:
    kind = ContentType.objects.get_for_model(get_user_model())
    return Q(target_type=kind, target_id=person.pk)


HOLDS = [
    Holding(
        AuditEvent,
        ("actor",),
        _("What you did in the portal"),
        _("A public programme must be able to show who did what. These lines are never removed."),
        ("at", "verb", "target_label", "reason"),
    ),
    Holding(
        AuditEvent,
        (),
        _("What was done with your account"),
        _("It stays on record who gave and took rights, and why."),
        ("at", "verb", "actor_name", "reason"),
        also=_about_account,
    ),
]

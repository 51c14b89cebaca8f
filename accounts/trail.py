"""What the audit trail says of the events of this app."""

from django.utils.translation import gettext_lazy as _

from accounts.models import User

VERBS = {
    "person.details_changed": _("Own details changed"),
    "person.role_set": _("Staff role changed"),
    "person.countries_set": _("Countries of a regional desk changed"),
    "person.deactivated": _("Account closed to sign-in"),
    "person.reactivated": _("Account opened again"),
    "person.deleted": _("Account deleted by its owner"),
}
ICONS = {"person": "key"}
FACTS = {
    "fields": _("Fields"),
}
PLAIN = ("fields",)
STATES = {"accounts.User": "staff_role"}
WORDS = {
    "fields": {
        "full_name": _("Name"),
        "job_title": _("Position"),
        "phone": _("Telephone"),
        "language": _("Language of mails"),
    }
}
FINDERS = {"accounts.User": lambda word: User.objects.filter(search_name__contains=word)}

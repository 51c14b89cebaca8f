"""What the audit trail says of the events of this app."""

from django.utils.translation import gettext_lazy as _

from accounts.models import User

VERBS = {
    "person.details_changed": _("Own details changed"),
    "person.role_set": _("Staff role changed"),
    "person.countries_set": _("Countries of a regional desk changed"),
    "person.deactivated": _("Account closed to sign-in"),
    "person.reactivated": _("Account opened again"),
    "person.second_factor_reset": _("Second factor taken away, to be set anew"),
    "person.looked_as": _("Began to look as another role"),
    "person.looked_back": _("Looks as another role no more"),
    "person.deleted": _("Account deleted by its owner"),
}
ICONS = {"person": "key"}
FACTS = {
    "fields": _("Fields"),
    "looked_as": _("Role and countries"),
    "looks_until": _("At the latest until"),
    "ended": _("Ended"),
}
PLAIN = ("fields", "looked_as", "looks_until", "ended")
STATES = {"accounts.User": "staff_role"}
WORDS = {
    "fields": {
        "full_name": _("Name"),
        "job_title": _("Position"),
        "phone": _("Telephone"),
        "language": _("Language of mails"),
    },
    "ended": {
        "stopped": _("By its button"),
        "over": _("Its time was up"),
        "signed_out": _("By signing out"),
        "role_changed": _("By a change of their role"),
    },
}
FINDERS = {"accounts.User": lambda word: User.objects.filter(search_name__contains=word)}

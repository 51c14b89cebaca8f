"""What the audit trail says of the events of this app."""

from django.utils.translation import gettext_lazy as _

VERBS = {
    "call.created": _("Call drafted"),
    "call.changed": _("Call changed"),
    "call.rules_changed": _("Rules of a published call changed"),
    "call.deadline_moved": _("Deadline of a call moved"),
    "call.first_stage_moved": _("Deadline of a first stage moved"),
    "call.published": _("Call published"),
    "call.copied": _("Call drafted as a copy"),
    "call.mail_written": _("Words of a mail written"),
    "call.mail_standard": _("Standard text of a mail taken again"),
    "call.mail_tried": _("Mail sent to oneself to try it"),
    "question.asked": _("Question asked"),
    "question.published": _("Answer published"),
    "question.changed": _("Published answer changed"),
    "question.closed": _("Question closed"),
    "extension.asked": _("More time asked for"),
    "extension.granted": _("More time granted"),
    "extension.refused": _("More time refused"),
    "late_code.made": _("Code for a late entry made"),
    "late_code.used": _("Code for a late entry used"),
    "late_code.refused": _("Code for a late entry did not fit"),
    "late_code.revoked": _("Code for a late entry taken back"),
}
ICONS = {
    "call": "calendar",
    "question": "help",
    "extension": "clock",
    "late_code": "key",
}
FACTS = {
    "moved": _("Moved"),
    "removed": _("Removed"),
    "until": _("Until"),
    "copy_of": _("Copy of"),
    "mail": _("Mail"),
    "language": _("Language"),
    "number": _("Writing"),
    "uses": _("Uses"),
    "use": _("Use"),
}
PLAIN = ("key", "language", "number", "until")

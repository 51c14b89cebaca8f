"""What the audit trail says of the events of this app."""

from django.utils.translation import gettext_lazy as _

from applications.models import Application
from applications.selectors import search
from applications.states import ApplicantKind, ClarificationAnswer, Criterion

VERBS = {
    "application.started": _("Draft started"),
    "application.applicant_saved": _("Kind of applicant or reason changed"),
    "application.municipality_added": _("Municipality added"),
    "application.municipality_changed": _("Municipality changed"),
    "application.municipality_removed": _("Municipality removed"),
    "application.lead_changed": _("Lead municipality changed"),
    "application.commitment_added": _("Signed commitment uploaded"),
    "application.commitment_asked": _("Asked to commit online"),
    "application.commitment_asked_again": _("Asked again to commit online"),
    "application.commitment_unasked": _("Invitation to commit taken back"),
    "application.commitment_given": _("Committed online"),
    "application.commitment_accepted": _("Commitment accepted by staff"),
    "application.commitment_refused": _("Commitment refused by staff"),
    "application.stakeholder_added": _("Stakeholder added"),
    "application.stakeholder_changed": _("Stakeholder changed"),
    "application.stakeholder_removed": _("Stakeholder removed"),
    "application.letter_added": _("Letter of a stakeholder uploaded"),
    "application.letter_asked": _("Stakeholder asked for its letter"),
    "application.letter_asked_again": _("Stakeholder asked again for its letter"),
    "application.letter_unasked": _("Invitation to write a letter taken back"),
    "application.letter_given": _("Letter written online"),
    "application.document_added": _("Document put on file"),
    "application.document_removed": _("Document removed"),
    "application.contacts_saved": _("Contacts changed"),
    "application.preferences_saved": _("Themes or partner countries changed"),
    "application.section_written": _("Part of the application written"),
    "application.submitted": _("Application sent"),
    "application.reopened": _("Reopened to be changed"),
    "application.sent_again": _("Changed application sent"),
    "application.changes_dropped": _("Changes dropped, what was sent stands"),
    "application.handed_over": _("Draft handed over to a colleague"),
    "application.lead_offered": _("Another member asked to lead"),
    "application.lead_offer_taken_back": _("Offer to lead taken back"),
    "application.lead_declined": _("Offer to lead declined"),
    "application.lead_passed": _("Another member leads"),
    "application.doubled": _("A municipality of it was named in another application"),
    "application.withdrawn": _("Application withdrawn"),
    "application.place_given_up": _("Place given up after the acceptance"),
    "application.criterion_pass": _("Criterion passed by staff"),
    "application.criterion_fail": _("Criterion failed by staff"),
    "application.criterion_waive": _("Criterion waived"),
    "application.criterion_taken_back": _("Ruling on a criterion taken back"),
    "application.commitment_waiting": _("Judgement on a commitment taken back"),
    "application.check_eligible": _("Found eligible by the first of two people"),
    "application.check_ineligible": _("Found not eligible by the first of two people"),
    "application.check_taken_back": _("First check taken back"),
    "application.check_reopened": _("Eligibility check opened again"),
    "application.eligible": _("Found eligible"),
    "application.ineligible": _("Found not eligible"),
    "application.accepted": _("Accepted"),
    "application.reserve": _("Put on the reserve list"),
    "application.rejected": _("Rejected"),
    "application.clarification_asked": _("Question to the applicant asked"),
    "application.clarification_answered": _("Question answered by the city"),
    "application.clarification_extended": _("Later date for an answer set"),
    "application.clarification_withdrawn": _("Question to the applicant taken back"),
    "application.clarification_passed_on": _("Question to the applicant handed over"),
    "application.clarification_message": _("Message on a question written"),
    "application.message_sent": _("Mail written to the applicant"),
    "application.message_taken_back": _("Mail to the applicant taken back before it left"),
    "interest.started": _("Expression of interest begun"),
    "interest.section_written": _("Part of an expression of interest written"),
    "interest.sent": _("Expression of interest sent"),
    "interest.withdrawn": _("Expression of interest withdrawn"),
    "interest.invited": _("Invited to apply"),
    "interest.declined": _("Not invited to apply"),
    "interest.taken_back": _("Decision on an expression of interest taken back"),
    "application.link_declared": _("Link with the applicant declared"),
    "application.link_lifted": _("Link with the applicant lifted"),
    "application.assigned": _("Assessor assigned"),
    "application.unassigned": _("Assessor taken off"),
}
ICONS = {"application": "file", "interest": "mail"}
FACTS = {
    "subject": _("Subject"),
    "criterion": _("Criterion"),
    "municipality": _("Municipality"),
    "stakeholder": _("Stakeholder"),
    "population": _("Inhabitants"),
    "document": _("Document"),
    "file": _("File"),
    "email": _("E-mail address"),
    "signatory": _("Signed by"),
    "dropped": _("Stands no more, signed by"),
    "kind": _("Kind of applicant"),
    "section": _("Part"),
    "assessor": _("Assessor"),
    "version": _("Version"),
    "clarified": _("Answer asked about"),
    "answer": _("Answered by"),
    "keeper": _("Looked after by"),
    "due": _("Due on"),
    "taken_over": _("Taken over from"),
}
PLAIN = (
    "answer",
    "criterion",
    "due",
    "kind",
    "population",
    "reference",
    "released",
    "section",
    "sha256",
    "version",
)
DAYS = ("due",)
WORDS = {
    "answer": dict(ClarificationAnswer.choices),
    "criterion": dict(Criterion.choices),
    "kind": dict(ApplicantKind.choices),
    # Sections have keys of their own questionnaire: "local-challenge" is read as words.
    "section": {},
}
FINDERS = {"applications.Application": lambda word: search(Application.objects.all(), word)}
HIDDEN = {
    "applications.Application": lambda person: Application.objects.filter(
        conflicts__in=person.conflicts.filter(lifted_at=None)
    )
}

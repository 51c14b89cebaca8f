"""What staff do with many applications at once: name an assessor, ask all, write to all."""

import bisect
import datetime as dt
from collections import Counter
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from applications.acting import Action, Change, Values
from applications.eligibility import instant_words
from applications.forms.clarifications import AskManyForm
from applications.forms.messages import WriteToManyForm
from applications.forms.staff import AssignManyForm
from applications.models import Application, Assignment, Clarification
from applications.parts import rows_of
from applications.selectors import (
    all_assessors,
    linked_with,
    newest_submissions,
    recipients_among,
)
from applications.selectors.beside import why_nobody_is_named
from applications.services import (
    ask_clarification,
    assign_assessor,
    take_back_assignment,
    take_back_message,
    write_to_applicant,
)
from applications.services.letters import Preview, preview_mail
from applications.services.messages import MESSAGE, clean_message, message_for
from applications.states import CLARIFIED_IN, ApplicationStatus
from core.duties.catalogue import key_of
from core.kit.errors import InvalidError
from core.post.models import Mail
from core.post.states import MailStatus
from core.post.texts import OwnWords


def _preview_assessor(
    applications: Sequence[Application], values: Values, _by: User
) -> dict[int, Change]:
    person = _person(values)
    ids = [one.pk for one in applications]
    linked = linked_with(person, ids)
    held = Assignment.objects.filter(application__in=ids).order_by("at", "pk")
    seen: dict[int, list[int]] = {pk: [] for pk in ids}
    named: dict[int, list[str]] = {pk: [] for pk in ids}
    for row in held.select_related("assessor").only(
        "application", "assessor__full_name", "assessor__email"
    ):
        bisect.insort(seen[row.application_id], row.assessor_id)
        named[row.application_id].append(str(row.assessor))
    is_over = why_nobody_is_named({one.call_id for one in applications})
    found = {}
    for one in applications:
        names = named[one.pk]
        before = ", ".join(names) or _("nobody")
        why_not = note = ""
        if one.status == ApplicationStatus.WITHDRAWN:
            why_not = _("It was withdrawn.")
        elif one.call_id in is_over:
            why_not = is_over[one.call_id]
        elif one.pk in linked:
            why_not = _("%(name)s has a link with this applicant.") % {"name": str(person)}
        elif person.pk in seen[one.pk]:
            note = _("%(name)s reads it already.") % {"name": str(person)}
        stays = bool(why_not or note)
        after = before if stays else ", ".join([*names, str(person)])
        stood = " ".join(map(str, seen[one.pk]))
        found[one.pk] = Change(before, after, stood, why_not=why_not, note=note)
    return found


def _person(values: Values) -> User:
    person = all_assessors().filter(pk=values["assessor"]).first()
    if person is None:
        raise InvalidError(_("Choose an assessor."), field="assessor")
    return person


def _assign(application: Application, values: Values, by: User, _change: Change) -> Values:
    row = assign_assessor(application=application, assessor=_person(values), by=by)
    return {"assignment": row.pk}


def _unassign(application: Application, kept: Values, by: User, reason: str) -> None:
    take_back_assignment(
        application=application, assignment=kept["assignment"], by=by, reason=reason
    )


def _title_of_assigning(_values: Values, number: int) -> str:
    return ngettext(
        "Naming an assessor for %(number)d application",
        "Naming an assessor for %(number)d applications",
        number,
    ) % {"number": number}


def _preview(applications: Sequence[Application], values: Values, _by: User) -> dict[int, Change]:
    ids = [one.pk for one in applications]
    asked = list(Clarification.objects.filter(application__in=ids).order_by("asked_at", "pk"))
    waiting = {
        row.application_id: row for row in asked if row.row == values["row"] and row.is_waiting
    }
    number = Counter(row.application_id for row in asked)
    sent = {
        one.application_id: values["row"] in rows_of(one.snapshot)
        for one in newest_submissions(ids)
    }
    return {
        one.pk: _change(one, values, waiting.get(one.pk), str(number[one.pk]), sent.get(one.pk))
        for one in applications
    }


def _change(
    application: Application,
    values: Values,
    waiting: Clarification | None,
    seen: str,
    has_answer: bool | None,
) -> Change:
    before = _("asked") if waiting else _("not asked")
    if application.status not in CLARIFIED_IN:
        status = {"status": application.get_status_display()}
        why = _("It is “%(status)s”: nothing is asked any more.") % status
        return Change(before, before, seen, why_not=why)
    if not has_answer:
        return Change(before, before, seen, why_not=_("It has no such answer."))
    if waiting and waiting.question == values["question"]:
        when = {"when": instant_words(waiting.asked_at)}
        return Change(before, before, seen, note=_("Asked on %(when)s, and not answered.") % when)
    return Change(before, _("asked once more") if waiting else _("asked"), seen)


def _do(application: Application, values: Values, by: User, _change: Change) -> None:
    ask_clarification(
        application=application,
        row=values["row"],
        question=values["question"],
        due_on=dt.date.fromisoformat(values["due_on"]),
        by=by,
    )


def _title(_values: Values, number: int) -> str:
    return ngettext(
        "Asking %(number)d applicant a question",
        "Asking %(number)d applicants a question",
        number,
    ) % {"number": number}


# Writing ----------------------------------------------------------------------------
def _preview_message(
    applications: Sequence[Application], values: Values, _by: User
) -> dict[int, Change]:
    words = clean_message(subject=values["subject"], text=values["text"])
    recipients = recipients_among(applications)
    written = _written_to(applications)
    found = {}
    for one in applications:
        mails = written.get(key_of(one), [])
        last = mails[-1] if mails else None
        before = _("nothing yet")
        if last:
            before = _("“%(subject)s”, %(when)s") % {
                "subject": last.subject,
                "when": instant_words(last.created_at),
            }
        addresses = [address for address, _language in recipients[one.pk]]
        number = len(addresses)
        after = ngettext("%(number)d mail", "%(number)d mails", number) % {"number": number}
        why_not = note = ""
        if one.status == ApplicationStatus.WITHDRAWN:
            why_not = _("It was withdrawn.")
        elif not addresses:
            why_not = _("Nobody can be written to: it has no lead and no contact.")
        elif last and _says(last, message_for(one, words)):
            note = _("It has had this mail.")
        stays = bool(why_not or note)
        found[one.pk] = Change(
            before,
            before if stays else after,
            f"{len(mails)} {addresses}",
            why_not,
            note or ", ".join(addresses),
        )
    return found


def _written_to(applications: Sequence[Application]) -> dict[str, list[Mail]]:
    """Return what staff have written to each, the oldest first, by the key of the application."""
    found: dict[str, list[Mail]] = {}
    rows = Mail.objects.filter(about__in=map(key_of, applications), kind=MESSAGE)
    rows = rows.exclude(status=MailStatus.WITHDRAWN).defer("html", "headers")
    for mail in rows.order_by("pk"):
        found.setdefault(mail.about, []).append(mail)
    return found


def _says(mail: Mail, words: OwnWords) -> bool:
    return mail.subject == words.subject and words.text in mail.text


def _write(application: Application, values: Values, by: User, _change: Change) -> Values:
    mails = write_to_applicant(
        application=application, subject=values["subject"], text=values["text"], by=by
    )
    return {"mails": mails}


def _unwrite(application: Application, kept: Values, by: User, reason: str) -> None:
    take_back_message(application=application, mails=kept["mails"], reason=reason, by=by)


def _sample(application: Application, values: Values) -> Preview:
    words = clean_message(subject=values["subject"], text=values["text"])
    return preview_mail(application, MESSAGE, {"own": message_for(application, words)})


def _title_of_writing(values: Values, number: int) -> str:
    return ngettext(
        "Writing to %(number)d applicant: %(subject)s",
        "Writing to %(number)d applicants: %(subject)s",
        number,
    ) % {"number": number, "subject": values["subject"]}


ACTIONS = [
    Action(
        key="applications.assign",
        order=20,
        label=gettext_lazy("Assign"),
        hint=gettext_lazy("an assessor"),
        icon="users",
        permission="applications.assign_assessors",
        form=AssignManyForm,
        heading=gettext_lazy("Assessors"),
        title=_title_of_assigning,
        preview=_preview_assessor,
        do=_assign,
        undo=_unassign,
        told=gettext_lazy("The applicants are not told. The assessor finds them in their list."),
        undone_until=gettext_lazy("It can be taken back until the assessor has begun to write."),
    ),
    Action(
        key="applications.ask",
        order=30,
        label=gettext_lazy("Ask"),
        hint=gettext_lazy("one question about one answer"),
        icon="message",
        permission="bulk.act_on_many",
        form=AskManyForm,
        heading=gettext_lazy("Question"),
        title=_title,
        preview=_preview,
        do=_do,
        told=gettext_lazy(
            "Each applicant gets a mail at once, in its language, and answers in place."
        ),
    ),
    Action(
        key="applications.write",
        order=35,
        label=gettext_lazy("Mail"),
        hint=gettext_lazy("one text to all of them"),
        icon="mail",
        permission="bulk.act_on_many",
        form=WriteToManyForm,
        heading=gettext_lazy("Mails of this kind"),
        title=_title_of_writing,
        preview=_preview_message,
        do=_write,
        undo=_unwrite,
        sample=_sample,
        told=gettext_lazy("Each address named above gets one mail, as soon as you press."),
        undone_until=gettext_lazy(
            "What has not left the outbox yet can be taken back. What has left stays sent."
        ),
    ),
]

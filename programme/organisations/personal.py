"""What organisations and their teams hold about a person."""

from django.utils.translation import gettext_lazy as _

from core.kit.holdings import Holding
from programme.organisations.models import (
    Claim,
    DeskCountry,
    FormerOrganisation,
    Invitation,
    MailDomain,
    Membership,
    MovedRow,
    Neighbours,
    OrganisationName,
    Split,
)

HOLDS = [
    Holding(
        Membership,
        ("user",),
        _("Organisations that you belong to"),
        _("Your rights there follow from it. It goes when you leave the team."),
        ("organisation__name", "role", "since"),
    ),
    Holding(
        Invitation,
        ("email", "accepted_by"),
        _("Invitations to you"),
        _("It shows who let you into a team."),
        (
            "email",
            "organisation__name",
            "role",
            "created_at",
            "expires_at",
            "accepted_at",
            "revoked_at",
        ),
    ),
    # Whom they invited is about somebody else.
    Holding(
        Invitation,
        ("invited_by",),
        _("Invitations that you sent"),
        _("It shows who let others into a team."),
        ("organisation__name", "role", "created_at", "accepted_at", "revoked_at"),
    ),
    Holding(
        Claim,
        ("person",),
        _("Organisations that you asked to join"),
        _("It shows on what grounds you were let in, or not."),
        (
            "organisation__name",
            "office",
            "address",
            "words",
            "letter__name",
            "state",
            "asked_at",
            "answered_at",
            "reason",
            "domain",
        ),
    ),
    # What others have said of themselves is about them.
    Holding(
        Claim,
        ("answered_by",),
        _("Requests to join that you answered"),
        _("It shows who let others into a team."),
        ("organisation__name", "state", "answered_at"),
    ),
    Holding(
        FormerOrganisation,
        ("merged_by",),
        _("Records of organisations that you merged"),
        _("It shows who made two records one."),
        ("name", "organisation__name", "merged_at"),
    ),
    Holding(
        FormerOrganisation,
        ("apart_by",),
        _("Merges of organisations that you took apart"),
        _("It shows who made two of one."),
        ("name", "organisation__name", "apart_at"),
    ),
    Holding(
        MovedRow,
        ("person",),
        _("Teams that you were in twice, before two organisations were merged"),
        _("Should the two be taken apart, you are in both teams again."),
        ("merge__name", "merge__organisation__name", "merge__merged_at"),
    ),
    Holding(
        Split,
        ("split_by",),
        _("Organisations that you split in two"),
        _("It shows who made two of one."),
        ("out_of__name", "organisation__name", "split_at"),
    ),
    Holding(
        OrganisationName,
        ("written_by",),
        _("Names of organisations that you changed"),
        _("It shows who renamed an organisation, and why."),
        ("organisation__name", "name", "from_day", "reason", "written_at"),
    ),
    Holding(
        Neighbours,
        ("found_by",),
        _("Organisations that you found to be two"),
        _("It shows who decided on a likely double."),
        ("one__name", "other__name", "found_at", "reason"),
    ),
    Holding(
        MailDomain,
        ("entered_by",),
        _("Mail domains of organisations that you entered"),
        _("It shows who let others into a team."),
        ("organisation__name", "host", "entered_at"),
    ),
    Holding(
        DeskCountry,
        ("user",),
        _("Countries that you look after"),
        _("Your rights as a regional desk follow from it."),
        ("country__name",),
    ),
]

"""One world with every role in it, for the access table."""

from dataclasses import dataclass, field
from typing import Any

from allauth.mfa.models import Authenticator

from programme.organisations.models import hash_of
from programme.organisations.states import MembershipRole
from tests.access.expect import NEW_ROLE, STAFF
from tests.factories.accounts import (
    AssessorFactory,
    CoordinatorFactory,
    DeskFactory,
    ObserverFactory,
    UserFactory,
)
from tests.factories.programme import (
    CallFactory,
    InvitationFactory,
    MembershipFactory,
    OrganisationFactory,
    PartnerCountryFactory,
    PartnerOrganisationFactory,
)
from tests.factories.reminders import MailFactory


@dataclass
class World:
    """The people by role, and the objects that addresses name.

    The lead, editor and viewer belong to `home`; the partner's lead to `partner` in India;
    the stranger leads `elsewhere`. `desk` acts for India, `desk_other` for Japan, `desk_none`
    for no country yet.
    """

    people: dict[str, Any]
    home: Any
    partner: Any
    elsewhere: Any
    call: Any
    mail: Any
    more: dict[str, Any] = field(default_factory=dict)


def build_world() -> World:
    """Make the world once; each case is rolled back."""
    india = PartnerCountryFactory()
    japan = PartnerCountryFactory(code="JP", name="Japan")
    people = {
        "coordinator": CoordinatorFactory(),
        "desk": DeskFactory(countries=[india]),
        "desk_other": DeskFactory(countries=[japan]),
        "desk_none": DeskFactory(),
        "assessor": AssessorFactory(),
        "assessor_other": AssessorFactory(),
        "observer": ObserverFactory(),
        NEW_ROLE: UserFactory(staff_role=NEW_ROLE),
    }
    for role in (*STAFF, NEW_ROLE):
        Authenticator.objects.create(
            user=people[role], type=Authenticator.Type.TOTP, data={"secret": ""}
        )
    home, partner, elsewhere = (
        OrganisationFactory(),
        PartnerOrganisationFactory(),
        OrganisationFactory(),
    )
    for role, organisation in (
        ("lead", home),
        ("editor", home),
        ("viewer", home),
        ("partner_lead", partner),
        ("stranger", elsewhere),
    ):
        people[role] = UserFactory()
        word = role if role in MembershipRole.values else MembershipRole.LEAD
        MembershipFactory(user=people[role], organisation=organisation, role=word)
    InvitationFactory(
        organisation=home, email=people["stranger"].email, token_hash=hash_of("token")
    )
    return World(
        people=people,
        home=home,
        partner=partner,
        elsewhere=elsewhere,
        call=CallFactory(),
        mail=MailFactory(recipient=people["partner_lead"].email),
        more={"token": "token"},
    )

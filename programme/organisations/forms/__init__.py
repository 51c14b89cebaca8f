"""Forms on organisations, getting into them, their teams and the people of the console."""

from programme.organisations.forms.claims import (
    ClaimForm,
    DoubleForm,
    FindForm,
    MailDomainForm,
    ToldReasonForm,
)
from programme.organisations.forms.organisations import (
    NO_ROLE,
    CapacityForm,
    CitySearchForm,
    CloseAccountForm,
    DeleteAccountForm,
    DescribeForm,
    FirstLeadForm,
    InviteForm,
    NewOrganisationForm,
    OrganisationFilterForm,
    OrganisationForm,
    PeopleFilterForm,
    ReasonForm,
    RightsForm,
    RoleForm,
)

__all__ = [
    "NO_ROLE",
    "CapacityForm",
    "CitySearchForm",
    "ClaimForm",
    "CloseAccountForm",
    "DeleteAccountForm",
    "DescribeForm",
    "DoubleForm",
    "FindForm",
    "FirstLeadForm",
    "InviteForm",
    "MailDomainForm",
    "NewOrganisationForm",
    "OrganisationFilterForm",
    "OrganisationForm",
    "PeopleFilterForm",
    "ReasonForm",
    "RightsForm",
    "RoleForm",
    "ToldReasonForm",
]

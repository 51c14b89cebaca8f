"""What somebody typed into "Can my city apply?", brought along into the application."""

from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlencode

from accounts.models import User
from applications.models import Application
from applications.services.locking import touch
from applications.services.municipalities import add_municipality
from applications.states import ApplicantKind
from core.kit.errors import InvalidError
from programme.names import core_skeleton
from programme.organisations.states import OrganisationKind
from programme.selectors import is_called


@dataclass(frozen=True)
class Checked:
    """The answers of the check; a figure of a group is that of all together."""

    kind: str = ""
    name: str = ""
    members: tuple[str, ...] = ()
    population: int | None = None

    @property
    def query(self) -> str:
        """Return the answers as they stand in an address; "" when nothing was checked."""
        if not self.kind:
            return ""
        answers = {
            "kind": self.kind,
            "name": self.name,
            "members": "\n".join(self.members),
            "population": self.population or "",
        }
        return urlencode({name: answer for name, answer in answers.items() if answer})

    @property
    def is_group(self) -> bool:
        """Whether several municipalities were named."""
        return self.kind == OrganisationKind.GROUP


def bring_checked(application: Application, checked: Checked, by: User) -> None:
    """Fill a new draft in with what was checked; all of it can be changed there.

    A figure is only that of the city it was typed for, and of a group nobody knows whose it is.
    """
    lead = application.municipalities.get(is_lead=True)
    is_same = core_skeleton(lead.name) == core_skeleton(checked.name) or bool(
        lead.city and is_called(lead.city, checked.name)
    )
    if checked.is_group:
        application.kind = ApplicantKind.GROUP
        touch(application, "kind")
        for name in checked.members:
            # Whom the portal takes for another of the group is left out: it asks there.
            with suppress(InvalidError):
                add_municipality(application=application, name=name, by=by)
        application.refresh_from_db()
    elif checked.population and is_same:
        lead.population = checked.population
        lead.save(update_fields=["population"])
        touch(application)

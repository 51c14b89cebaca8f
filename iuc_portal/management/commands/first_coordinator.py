"""`manage.py first_coordinator`: lets the first coordinator of an installation in."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.urls import reverse

from core.kit.errors import PortalError
from iuc_portal.colleagues.services import invite_first_coordinator

# What whoever runs the portal types to invite one although there is one.
WORDS = "nobody can invite"


class Command(BaseCommand):
    """Invite the first coordinator; they set name, password and second factor themselves."""

    help = (
        "Invite the first coordinator of this installation: prints a link that works once, for "
        "14 days, and sends it by mail too. Refused when there is a coordinator who can sign "
        f'in, unless --force "{WORDS}".'
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the address and the words."""
        parser.add_argument("email", help="The coordinator's e-mail address.")
        parser.add_argument(
            "--force", metavar="WORDS", default="", help=f'"{WORDS}": although there is one.'
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Invite, and print the link."""
        email, force = options["email"], options["force"]
        if force not in {"", WORDS}:
            message = f'To invite one although there is one, write --force "{WORDS}".'
            raise CommandError(message)
        try:
            validate_email(email)
            invitation, token = invite_first_coordinator(email=email, anyway=bool(force))
        except ValidationError as error:
            message = f"{email} is no e-mail address."
            raise CommandError(message) from error
        except PortalError as error:
            raise CommandError(str(error)) from error
        link = settings.BASE_URL + reverse("colleagues:join", args=[token])
        self.stdout.write(f"{invitation.email} becomes a coordinator with this link:\n{link}")

"""What the account and its sign-in hold about a person."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.utils.translation import gettext_lazy as _

from accounts.models import Session, User
from core.kit.holdings import Holding

HOLDS = [
    Holding(
        User,
        ("email",),
        _("Your account"),
        _("You sign in with it. It goes when you delete the account."),
        (
            "email",
            "full_name",
            "job_title",
            "phone",
            "language",
            "staff_role",
            "is_active",
            "joined_at",
            "last_login",
        ),
    ),
    Holding(
        EmailAddress,
        ("user", "email"),
        _("Your e-mail addresses"),
        _("We write to them and check that they are yours."),
        ("email", "verified", "primary"),
    ),
    Holding(
        Authenticator,
        ("user",),
        _("Your second factors"),
        _("They protect your account. Their secrets are not shown."),
        ("type", "created_at", "last_used_at"),
    ),
    Holding(
        UserSession,
        ("user",),
        _("Where you are signed in"),
        _("So that you can end a session that is not yours."),
        ("ip", "user_agent", "created_at", "last_seen_at"),
    ),
    Holding(
        Session,
        ("user",),
        _("Your visits that are not over"),
        _("They keep you signed in until you sign out, or until they run out."),
        ("expire_date",),
    ),
    Holding(
        LogEntry,
        ("user",),
        _("What you changed in the administration of the portal"),
        _("It is on record who changed what."),
        ("action_time", "object_repr", "action_flag"),
    ),
]

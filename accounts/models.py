"""People and the record of what they did."""

import uuid
from importlib import import_module
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.looking import Looking
from accounts.states import StaffRole
from core.kit.text import fold


def initials_of(name: str) -> str:
    """Return up to two letters that stand for a person: of the first and the last name."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


class UserManager(BaseUserManager["User"]):
    """Creates people; addresses are kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a person who signs in by e-mail. Without password only a reset lets them in."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a coordinator who may also use the Django admin."""
        fields.setdefault("staff_role", StaffRole.COORDINATOR)
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find a person by address, whatever its case."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person: a city user, or staff when `staff_role` is set."""

    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    full_name = models.CharField(_("name"), max_length=150)
    # The name folded: lists of people are searched and sorted by it, in any database.
    search_name = models.CharField(max_length=200, editable=False, default="", db_index=True)
    job_title = models.CharField(_("position"), max_length=150, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    language = models.CharField(
        _("language of mails"),
        max_length=10,
        choices=settings.LANGUAGES,
        default="en-gb",
    )
    staff_role = models.CharField(
        _("staff role"),
        max_length=20,
        choices=StaffRole,
        blank=True,
        default=StaffRole.NONE,
    )
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_staff = models.BooleanField(_("may use the Django admin"), default=False)
    is_demo = models.BooleanField(default=False)
    joined_at = models.DateTimeField(default=timezone.now)
    # Stands for the person in the audit trail, where it stays when the account goes.
    pseudonym = models.UUIDField(default=uuid.uuid4, editable=False)

    # What this object looks as while a coordinator sees the portal as another role does.
    looks_as: Looking | None = None

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    objects = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("email"), name="user_email_unique"),
        ]
        indexes: ClassVar = [
            # Few of very many: who asks for the closed accounts reads those alone.
            models.Index(fields=["id"], condition=models.Q(is_active=False), name="user_closed"),
        ]

    def __str__(self) -> str:
        return self.full_name or self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep what is searched beside the name."""
        if self.looks_as:
            message = "Who looks as another role is not saved with it."
            raise TypeError(message)
        self.search_name = fold(self.full_name)[:200]
        if "full_name" in (fields := kwargs.get("update_fields") or ()):
            kwargs["update_fields"] = {*fields, "search_name"}
        super().save(*args, **kwargs)

    @property
    def initials(self) -> str:
        """Up to two letters for the avatar."""
        return initials_of(str(self))

    @property
    def is_staff_member(self) -> bool:
        """Whether the person has a role in the coordination unit, also one without rights yet.

        Staff are held to more: a second factor, no leaving without a word. What they may do
        is asked by permission.
        """
        return bool(self.staff_role)

    def get_short_name(self) -> str:
        return self.full_name.split(" ")[0] if self.full_name else self.email


class SessionManager(BaseSessionManager["Session"]):
    """Reads each session with its person."""

    def get_queryset(self) -> models.QuerySet["Session"]:
        """Return sessions as every request asks for its own."""
        return super().get_queryset().select_related("user")


class Session(AbstractBaseSession):
    """What a browser's visits have in common, and who is signed in there, if anybody."""

    # Without a constraint: a session that is just being written must not fail for a person who
    # is just being deleted. It is nobody's then.
    user = models.ForeignKey(
        User, models.CASCADE, null=True, related_name="sessions", db_constraint=False
    )

    objects: ClassVar[SessionManager] = SessionManager()

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        """Return the store that decodes it."""
        store: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
        return store

"""Who looks after what, who could, and where tags stand."""

from django.db.models import (
    Exists,
    Max,
    OuterRef,
    QuerySet,
    Subquery,
)

from accounts.models import User
from applications.casework.models import CaseOwner, Seen, StaffTag, Tagging
from applications.models import Application
from applications.selectors.reach import ACTING, office_reaches, readers_of
from core.kit.rows import number_of


def owned_by(user: User) -> "QuerySet[CaseOwner]":
    """Return what a person looks after and sees."""
    return CaseOwner.objects.filter(
        owner=user, application__in=Application.objects.reached_by(user).values("pk")
    )


def given_to(user: User) -> "QuerySet[CaseOwner]":
    """Return what a colleague has given a person who has not opened it since."""
    opened = Seen.objects.filter(
        application=OuterRef("application"), person=user, at__gt=OuterRef("since")
    )
    return owned_by(user).exclude(given_by=user).filter(~Exists(opened))


def without_owner(rows: "QuerySet[Application]") -> "QuerySet[Application]":
    """Keep what nobody looks after: also where the owner has left, or no longer sees it."""
    kept = CaseOwner.objects.filter(
        office_reaches("application", "owner", ACTING),
        application=OuterRef("pk"),
    )
    return rows.filter(~Exists(kept))


def possible_owners(application: Application) -> "QuerySet[User]":
    """Return who may look after an application."""
    return readers_of(application, ACTING)


def tags_in_use(reader: User) -> "QuerySet[StaffTag]":
    """Return all tags with how many applications bear each, `number`, and when one did last.

    Of the applications that the reader sees: the others do not count.
    """
    seen = Application.objects.reached_by(reader).values("pk")
    taggings = Tagging.objects.filter(tag=OuterRef("pk"), application__in=seen)
    newest = taggings.order_by().values("tag").annotate(last=Max("at"))
    return StaffTag.objects.annotate(
        number=number_of(taggings),
        last=Subquery(newest.values("last")),
    )

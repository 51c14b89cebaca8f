"""Views of the staff list that somebody keeps under a name."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications.models import SavedView
from core.kit import days
from core.kit.errors import InvalidError, WrongStateError
from core.kit.writes import clean_text, lock, require

LONGEST_NAME = 60
LONGEST_QUERY = 1000
# So many of one person stand above the list.
MOST_VIEWS = 20


@transaction.atomic
def save_view(*, name: str, query: str, is_shared: bool, by: User) -> SavedView:
    """Keep the list as it is shown under a name; the same name is changed.

    `query` is that of the list's address. Raises WrongStateError for one view too many.
    """
    require(
        by,
        "applications.list_applications",
        otherwise=_("Only staff keep views of this list."),
    )
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    name = clean_text(name, field="name", limit=LONGEST_NAME, missing=_("Give the view a name."))
    if len(query) > LONGEST_QUERY:
        raise InvalidError(_("These filters are too long to be kept. Take some out."))
    own = SavedView.objects.filter(person=by)
    if own.exclude(name=name).count() >= MOST_VIEWS:
        raise WrongStateError(
            _("You keep %(number)d views already. Remove one first.") % {"number": MOST_VIEWS},
            code="too_many_views",
        )
    values = {"query": query, "is_shared": is_shared, "saved_at": days.now()}
    view, _made = SavedView.objects.update_or_create(person=by, name=name, defaults=values)
    return view


@transaction.atomic
def remove_view(*, view: SavedView, by: User) -> None:
    """Remove a view of one's own, or as a coordinator a shared one; twice changes nothing."""
    require(
        by,
        "applications.remove_view",
        view,
        otherwise=_("This view is a colleague's. Ask them, or a coordinator, to remove it."),
    )
    SavedView.objects.filter(pk=view.pk).delete()


@transaction.atomic
def pass_on_view(*, row: SavedView, to: User, by: User, reason: str = "") -> SavedView:  # noqa: ARG001 - a handover has one for all
    """Let a colleague keep a shared view in the place of who shared it, or take it over.

    Where they keep one of that name, it gets a number behind it. Raises NotAllowedError unless a
    coordinator does it, InvalidError for who sees no such list.
    """
    row = lock(row)
    require(
        by,
        "applications.pass_on_view",
        row,
        otherwise=_("Only coordinators take over what colleagues share. Ask one of them."),
    )
    if not to.has_perm("applications.list_applications"):
        raise InvalidError(_("%(name)s does not see this list.") % {"name": str(to)})
    if row.person_id == to.pk:
        return row
    taken = set(SavedView.objects.filter(person=to).values_list("name", flat=True))
    row.person, row.name = to, _free_name(row.name, taken)
    row.save(update_fields=["person", "name"])
    return row


def _free_name(name: str, taken: set[str]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        mark = f" ({number})"
        free = f"{name[: LONGEST_NAME - len(mark)]}{mark}"
    return free

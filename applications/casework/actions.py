"""What casework does with many applications at once: giving an owner, putting a tag on or off."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from applications.acting import Action, Change, Values
from applications.casework.forms import ManyOwnersForm, ManyTagsForm
from applications.casework.models import CaseOwner, StaffTag, Tagging
from applications.casework.services import set_owner, set_tags
from applications.models import Application
from core.kit.errors import WrongStateError
from core.kit.text import fold

PERMISSION = "casework.act_on_cases"


# Owners -----------------------------------------------------------------------------
def _person(key: Any) -> User | None:
    return User.objects.filter(pk=key).first() if key else None


def _own_title(values: Values, number: int) -> str:
    person = _person(values["owner"])
    if person is None:
        words = ngettext(
            "Letting go of %(n)d application", "Letting go of %(n)d applications", number
        )
        return words % {"n": number}
    words = ngettext(
        "Giving %(n)d application to %(name)s", "Giving %(n)d applications to %(name)s", number
    )
    return words % {"n": number, "name": str(person)}


def _preview_owner(
    applications: Sequence[Application], values: Values, _by: User
) -> dict[int, Change]:
    person, ids = _person(values["owner"]), [one.pk for one in applications]
    rows = CaseOwner.objects.filter(application__in=ids).select_related("owner")
    owned = {row.application_id: row for row in rows}
    reached: set[int] = set()
    if person and person.has_perm(PERMISSION):
        seen = Application.objects.reached_by(person).filter(pk__in=ids)
        reached = set(seen.values_list("pk", flat=True))
    nobody = gettext("Nobody")
    found = {}
    for key in ids:
        row = owned.get(key)
        why = gettext("%(name)s does not see it.") % {"name": str(person)}
        found[key] = Change(
            before=str(row.owner) if row and row.owner else nobody,
            after=str(person) if person else nobody,
            seen=str(row.version if row else 0),
            why_not=why if person and key not in reached else "",
        )
    return found


def _own(application: Application, values: Values, by: User, change: Change) -> Values:
    former = CaseOwner.objects.filter(application=application).values_list("owner", flat=True)
    before = former.first()
    row = set_owner(
        application=application,
        owner=_person(values["owner"]),
        read_version=int(change.seen),
        by=by,
    )
    return {"owner": before, "version": row.version}


def _give_back(application: Application, kept: Values, by: User, _reason: str) -> None:
    set_owner(
        application=application,
        owner=_person(kept["owner"]),
        read_version=kept["version"],
        by=by,
    )


# Tags -------------------------------------------------------------------------------
def _tag_title(values: Values, number: int) -> str:
    tag = StaffTag.objects.filter(pk=values["tag"]).first()
    words = (
        ngettext(
            "Putting “%(tag)s” on %(n)d application",
            "Putting “%(tag)s” on %(n)d applications",
            number,
        )
        if values["is_on"]
        else ngettext(
            "Taking “%(tag)s” off %(n)d application",
            "Taking “%(tag)s” off %(n)d applications",
            number,
        )
    )
    return words % {"n": number, "tag": str(tag or "–")}


def _tags_of(applications: Sequence[Application]) -> dict[int, dict[int, str]]:
    found: dict[int, dict[int, str]] = {one.pk: {} for one in applications}
    rows = Tagging.objects.filter(application__in=list(found))
    for key, tag, name in rows.values_list("application", "tag", "tag__name"):
        found[key][tag] = name
    return found


def _preview_tag(
    applications: Sequence[Application], values: Values, _by: User
) -> dict[int, Change]:
    tag = StaffTag.objects.filter(pk=values["tag"]).first()
    gone = "" if tag else _gone()
    found = {}
    for key, borne in _tags_of(applications).items():
        wanted = dict(borne)
        if tag and values["is_on"]:
            wanted[tag.pk] = tag.name
        elif tag:
            wanted.pop(tag.pk, None)
        found[key] = Change(_names(borne), _names(wanted), seen=str(sorted(borne)), why_not=gone)
    return found


def _names(tags: dict[int, str]) -> str:
    return ", ".join(sorted(tags.values(), key=fold)) or gettext("no tag")


def _set(application: Application, tag: int, by: User, *, is_on: bool) -> None:
    """Put one tag on or off; the others stay. The application is locked by who calls."""
    borne = set(_tags_of([application])[application.pk])
    found = {one.pk: one for one in StaffTag.objects.filter(pk__in=borne | {tag})}
    if tag not in found:
        raise WrongStateError(_gone())
    if not is_on:
        del found[tag]
    set_tags(application=application, tags=list(found.values()), by=by)


def _gone() -> str:
    return gettext("The tag is gone: it was removed, or merged into another one.")


def _tag(application: Application, values: Values, by: User, _change: Change) -> Values:
    _set(application, values["tag"], by, is_on=values["is_on"])
    return {"tag": values["tag"], "is_on": values["is_on"]}


def _untag(application: Application, kept: Values, by: User, _reason: str) -> None:
    _set(application, kept["tag"], by, is_on=not kept["is_on"])


ACTIONS = [
    Action(
        key="casework.own",
        order=50,
        label=_("Give an owner"),
        hint=_("who looks after them"),
        icon="user",
        permission=PERMISSION,
        form=ManyOwnersForm,
        heading=_("Owner"),
        title=_own_title,
        preview=_preview_owner,
        do=_own,
        undo=_give_back,
        told=_("No mail is sent: the colleague finds them in the console."),
        undone_until=_("It can be taken back until somebody changes the owner again."),
    ),
    Action(
        key="casework.tag",
        order=60,
        label=_("Tag"),
        hint=_("put a tag on, or take it off"),
        icon="flag",
        permission=PERMISSION,
        form=ManyTagsForm,
        heading=_("Tags"),
        title=_tag_title,
        preview=_preview_tag,
        do=_tag,
        undo=_untag,
        told=_("Nobody is told. No applicant reads tags."),
        undone_until=_("It can be taken back at any time while the tag is there."),
    ),
]

"""Tags of staff: one list of words, and which application bears which."""

from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications.casework.models import CaseOwner, StaffTag, Tagging
from applications.casework.states import TAG_LIMIT, Tone
from applications.models import Application
from applications.services.locking import lock_application
from core.kit import days
from core.kit.errors import InvalidError, WrongStateError
from core.kit.text import clean_line, fold
from core.kit.writes import clean_text, lock, require, require_version
from core.trail.services import record_event


@transaction.atomic
def save_tag(
    *, name: str, tone: str, by: User, tag: StaffTag | None = None, read_version: int = 0
) -> StaffTag:
    """Add a tag, or change one; a name that differs in accents or capitals alone is the same.

    Raises InvalidError for a name that another tag has, StaleError when somebody saved first.
    """
    if tag is not None:
        tag = lock(tag)
    _require("casework.manage_tags" if tag else "casework.add_tag", by)
    if tag is not None:
        require_version(tag.version, read_version, current=tag)
    name = clean_text(
        clean_line(name), field="name", limit=TAG_LIMIT, missing=_("Write the word of the tag.")
    )
    if tone not in Tone.values:
        raise InvalidError(_("Choose one of the colours."), field="tone")
    row = tag or StaffTag(version=0)
    if (row.name, row.tone) == (name, tone):
        return row
    row.name, row.tone, row.folded = name, tone, fold(name)[: 2 * TAG_LIMIT]
    _require_free(row)
    row.version += 1
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        # A colleague has saved the word since it was looked for.
        _require_free(row)
        raise
    record_event(verb="tag.saved", target=row, by=by)
    return row


def _require_free(row: StaffTag) -> None:
    same = StaffTag.objects.filter(folded=row.folded).exclude(pk=row.pk).first()
    if same is not None:
        raise InvalidError(
            _("There is the tag “%(name)s” already. Use it, or merge the two.")
            % {"name": same.name},
            field="name",
        )


@transaction.atomic
def merge_tags(*, tag: StaffTag, into: StaffTag, by: User) -> StaffTag:
    """Let all that bears one tag bear another, and remove the first. Returns the one that stays."""
    # In the order of their keys, as whoever merges the other way round.
    both = StaffTag.objects.filter(pk__in=[tag.pk, into.pk]).select_for_update().order_by("pk")
    found = {row.pk: row for row in both}
    _require("casework.manage_tags", by)
    if tag.pk == into.pk:
        raise InvalidError(_("Choose another tag than this one."), field="into")
    if len(found) < 2:  # noqa: PLR2004 - the two
        raise WrongStateError(_("One of the two tags is gone. Open the list of tags again."))
    tag, into = found[tag.pk], found[into.pk]
    bearing = into.taggings.values("application")
    tag.taggings.filter(application__in=bearing).delete()
    moved = tag.taggings.update(tag=into)
    record_event(
        verb="tag.merged", target=into, by=by, details={"merged": tag.name, "moved": moved}
    )
    tag.delete()
    return into


@transaction.atomic
def remove_tag(*, tag: StaffTag, by: User) -> None:
    """Remove a tag that nothing bears. Raises WrongStateError for one in use."""
    tag = lock(tag)
    _require("casework.manage_tags", by)
    if tag.taggings.exists():
        raise WrongStateError(_("Applications bear this tag. Merge it into another one."))
    record_event(verb="tag.removed", target=tag, by=by)
    tag.delete()


@transaction.atomic
def set_tags(
    *,
    application: Application,
    tags: Collection[StaffTag],
    by: User,
    shown: Collection[StaffTag] | None = None,
) -> None:
    """Let an application bear these tags.

    `shown` are those that its page showed: only what was chosen or taken off against them is done,
    and what colleagues did meanwhile stays. Without it the tags are all that it bears.
    """
    application = lock_application(application, "casework.tag_case", by)
    borne = {row.tag_id: row for row in application.taggings.select_related("tag")}
    chosen = {tag.pk for tag in tags}
    before = borne.keys() if shown is None else {tag.pk for tag in shown}
    added = chosen - before
    # Nobody merges or removes them meanwhile.
    found = StaffTag.objects.filter(pk__in=added).select_for_update(no_key=True).order_by("pk")
    new = {tag.pk: tag for tag in found}
    if len(new) < len(added):
        raise WrongStateError(_("One of the tags is gone meanwhile. Load the page again."))
    for pk in (before - chosen) & borne.keys():
        borne[pk].delete()
        _record(application, "case.untagged", borne[pk].tag, by)
    for pk in new.keys() - borne.keys():
        Tagging.objects.create(application=application, tag=new[pk], by=by, at=days.now())
        _record(application, "case.tagged", new[pk], by)


def _record(application: Application, verb: str, tag: StaffTag, by: User) -> None:
    """Record at the case, whose row stays: what is gone is kept from nobody."""
    case, _made = CaseOwner.objects.get_or_create(application=application, defaults={"version": 0})
    record_event(verb=verb, target=case, by=by, details={"tag": tag.name})


def _require(permission: str, by: User) -> None:
    require(
        by,
        permission,
        otherwise=_("Only coordinators put the tags in order. Ask one of them."),
    )

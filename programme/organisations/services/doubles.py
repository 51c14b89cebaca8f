"""Which organisations of the register look alike, noted so that a page can list them."""

from django.db import transaction
from django.db.models import F, Q

from programme.organisations.models import LikelyDouble, Organisation
from programme.organisations.selectors.doubles import looks_like
from programme.organisations.selectors.merging import pair_of

# So many at a time; the next turn goes on.
MOST = 200


def compare_again(organisation: Organisation) -> None:
    """Let what an organisation looks like be looked at anew: its places or records changed."""
    organisation.compared_as = ""
    organisation.save(update_fields=["compared_as"])


def compare_names() -> int:
    """Note what looks alike of those whose name is new since they were compared; return how many.

    By the likeness that who registers one is warned by. At most MOST of them.
    """
    due = Organisation.objects.lasting().exclude(compared_as=F("skeleton")).order_by("pk")
    rows = list(due.select_related("country")[:MOST])
    for organisation in rows:
        _compare(organisation)
    return len(rows)


@transaction.atomic
def _compare(organisation: Organisation) -> None:
    known = LikelyDouble.objects.filter(Q(one=organisation) | Q(other=organisation))
    before = {pk for pair in known.values_list("one", "other") for pk in pair} - {organisation.pk}
    known.delete()
    found = looks_like(organisation)
    # What looked like it may do so still, by a name that this one had.
    for other in Organisation.objects.filter(pk__in=before).select_related("country"):
        if other not in found and organisation in (back := looks_like(other)):
            found[other] = back[organisation]
    LikelyDouble.objects.bulk_create(
        [LikelyDouble(**pair_of(organisation, other), why=why) for other, why in found.items()],
        ignore_conflicts=True,
    )
    Organisation.objects.filter(pk=organisation.pk).update(compared_as=organisation.skeleton)

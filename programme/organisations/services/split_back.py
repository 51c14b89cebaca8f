"""A split taken back: what became two by mistake is one again."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.duties.catalogue import key_of
from core.kit import days
from core.kit.errors import WrongStateError
from core.kit.people import forget
from core.kit.writes import clean_reason, require
from core.post.mail import send_mail
from programme.organisations.models import FormerOrganisation, Membership, Organisation, Split
from programme.organisations.selectors.splitting import refuse_split_back
from programme.organisations.services.merging import lock_both, make_one, record_merge
from programme.organisations.services.organisations import fit_places
from programme.organisations.services.splitting import mark_on_map
from programme.organisations.states import MergeKind


@transaction.atomic
def take_split_back(*, split: Split, reason: str, by: User) -> Organisation:
    """Make the two of a split one again, and return that one: it was a mistake.

    All that is with the new one comes back, what was made there since too. It has the places it
    had, in their order, and its capacity; the new one's address leads here. It is kept as a merge
    is, so that this too can be undone (`take_apart`). The people of both are told. Raises
    WrongStateError for what is one already, and while a later merge of the new one stands;
    InvalidError where something of both is in the way.
    """
    permission = "organisations.split_organisation"
    otherwise = _("Only a coordinator takes a split back. Ask one to do it.")
    require(by, permission, split.out_of, otherwise=otherwise)
    # Before the two are locked: who comes second finds the new one gone.
    _refuse(split)
    split.refresh_from_db()
    stays, goes = lock_both(
        split.out_of, split.organisation, by, permission=permission, otherwise=otherwise
    )
    _refuse(split)
    reason = clean_reason(reason, missing=_("Write what was wrong: it stays on record."))
    capacity = stays.capacity
    orders = _orders(stays) | _orders(goes)
    is_in_order = len(set(orders.values())) == len(orders)

    def arrange(stays: Organisation) -> None:
        if is_in_order:
            for row in stays.organisationcity_set.all():
                row.order = orders[row.city_id]
                row.save(update_fields=["order"])
        mark_on_map(stays)
        stays.capacity = capacity
        fit_places(stays)

    merge, moved = make_one(
        stays,
        goes,
        picks={},
        reason=reason,
        by=by,
        kind=MergeKind.SPLIT_BACK,
        day=days.today(),
        arrange=arrange,
    )
    for person in User.objects.filter(memberships__organisation=stays):
        forget(person)
    record_merge(merge, "organisation.split_taken_back", moved=moved, reason=reason, by=by)
    _tell(merge)
    return merge.organisation


def _refuse(split: Split) -> None:
    if words := refuse_split_back(split):
        raise WrongStateError(words, code="not_two")


def _orders(organisation: Organisation) -> dict[int, int]:
    """Return the places of its cities, as a split leaves them: they tell which was the seat."""
    return dict(organisation.organisationcity_set.values_list("city", "order"))


def _tell(merge: FormerOrganisation) -> None:
    """Write to the people of the one that is left whom they work for."""
    organisation = merge.organisation
    team = Membership.objects.filter(organisation=organisation, user__is_active=True)
    for row in team.select_related("user").order_by("pk"):
        send_mail(
            template="organisation_split_back",
            to=row.user.email,
            language=row.user.language,
            context={"organisation": organisation, "other": merge.name, "reader": row.user},
            about=key_of(organisation),
            owner=key_of(organisation),
        )

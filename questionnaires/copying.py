"""What a copied call takes along: the same versions of its questionnaires."""

from accounts.models import User
from programme.calls.models import Call
from questionnaires.services import attach_questionnaire


def copy_to(old: Call, new: Call, by: User) -> None:
    """Let the new call ask what the old one asks."""
    for row in old.questionnaires.select_related("version__template").order_by("purpose"):
        attach_questionnaire(call=new, purpose=row.purpose, version=row.version, by=by)

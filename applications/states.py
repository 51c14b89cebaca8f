"""States of an application and outcomes of its criteria."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ApplicationStatus(models.TextChoices):
    """Labels for staff; `PUBLIC_LABELS` has the words the city reads."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("To check")
    ELIGIBLE = "eligible", _("Eligible")
    INELIGIBLE = "ineligible", _("Not eligible")
    ACCEPTED = "accepted", _("Accepted")
    RESERVE = "reserve", _("Reserve list")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


PUBLIC_LABELS = {
    ApplicationStatus.DRAFT: _("Draft, not sent"),
    ApplicationStatus.SUBMITTED: _("Sent, being checked"),
    ApplicationStatus.ELIGIBLE: _("Sent, being assessed"),
    ApplicationStatus.INELIGIBLE: _("Not eligible"),
    ApplicationStatus.ACCEPTED: _("Accepted"),
    ApplicationStatus.RESERVE: _("On the reserve list"),
    ApplicationStatus.REJECTED: _("Not chosen"),
    ApplicationStatus.WITHDRAWN: _("Withdrawn"),
}


# Colour and mark of each state on pages, as components/status.html takes them.
TONES = {
    ApplicationStatus.DRAFT: "progress",
    ApplicationStatus.SUBMITTED: "info",
    ApplicationStatus.ELIGIBLE: "info",
    ApplicationStatus.ACCEPTED: "success",
    ApplicationStatus.RESERVE: "warning",
    ApplicationStatus.REJECTED: "danger",
    ApplicationStatus.INELIGIBLE: "danger",
    ApplicationStatus.WITHDRAWN: "plain",
}


class InterestStatus(models.TextChoices):
    """Labels for staff; `INTEREST_LABELS` has the words the city reads."""

    DRAFT = "draft", _("Draft")
    SENT = "sent", _("To decide")
    INVITED = "invited", _("Invited")
    DECLINED = "declined", _("Not invited")
    WITHDRAWN = "withdrawn", _("Withdrawn")


INTEREST_LABELS = {
    InterestStatus.DRAFT: _("Draft, not sent"),
    InterestStatus.SENT: _("Sent, being read"),
    InterestStatus.INVITED: _("Invited to apply"),
    InterestStatus.DECLINED: _("Not invited"),
    InterestStatus.WITHDRAWN: _("Withdrawn"),
}


# Colour and mark of each state on pages, as components/status.html takes them.
INTEREST_TONES = {
    InterestStatus.DRAFT: "progress",
    InterestStatus.SENT: "info",
    InterestStatus.INVITED: "success",
    InterestStatus.DECLINED: "danger",
    InterestStatus.WITHDRAWN: "plain",
}


class InterestOutcome(models.TextChoices):
    """What staff decide on an expression of interest."""

    INVITE = "invited", _("Invite to apply")
    DECLINE = "declined", _("Do not invite")


class ApplicantKind(models.TextChoices):
    """Who applies."""

    SINGLE = "single", _("One city")
    GROUP = "group", _("A group of municipalities")


class StakeholderKind(models.TextChoices):
    """What an organisation of the partnership is."""

    ACADEMIA = "academia", _("University or research")
    BUSINESS = "business", _("Business or chamber")
    REGION = "region", _("County, province or region")
    GOVERNMENT = "government", _("Other public body")
    COMMUNITY = "community", _("Residents or associations")
    OTHER = "other", _("Another kind")


class Direction(models.TextChoices):
    """Which way knowledge goes with a main topic."""

    LEARN = "learn", _("We want to learn")
    SHARE = "share", _("We can share")


class Weight(models.IntegerChoices):
    """How much a main topic matters to the applicant; the recommender counts with the number."""

    SOME = 1, _("some")
    MUCH = 2, _("much")
    MOST = 3, _("most")


class WishKind(models.TextChoices):
    """What a wish names; also the field that holds it."""

    COUNTRY = "country", _("Country")
    CITY = "city", _("City")
    ORGANISATION = "organisation", _("Organisation")


class Outcome(models.TextChoices):
    """What a criterion gives."""

    PASS = "pass", _("Pass")
    FAIL = "fail", _("Fail")
    HUMAN = "human", _("To judge")


class Criterion(models.TextChoices):
    """The criteria of eligibility, in the order they are shown."""

    KIND = "kind", _("Kind of applicant")
    POPULATION = "population", _("Number of inhabitants")
    COUNTRY = "country", _("Country in this call")
    CONTACT = "contact", _("Lead authority and contact named")
    COMMITMENTS = "commitments", _("Commitment of every other member")
    IN_TIME = "in_time", _("Sent in time")
    ROOM = "room", _("Room for a pairing")


class CommitmentVerdict(models.TextChoices):
    """What staff found when they opened a commitment."""

    WAITING = "waiting", _("Not opened by staff yet")
    ACCEPTED = "accepted", _("Accepted by staff")
    REFUSED = "refused", _("Refused by staff")


# Colour and mark of each verdict, as components/status.html takes them.
VERDICT_TONES = {
    CommitmentVerdict.WAITING: "info",
    CommitmentVerdict.ACCEPTED: "success",
    CommitmentVerdict.REFUSED: "danger",
}


class Ruling(models.TextChoices):
    """What staff decide on a criterion."""

    PASS = "pass", _("Pass")
    FAIL = "fail", _("Fail")
    WAIVE = "waive", _("Waived")
    # It undoes the newest ruling that stands: the criterion is where it was before that.
    TAKEN_BACK = "taken_back", _("Taken back")


# What staff choose from; what is taken back has a step of its own.
RULINGS = [choice for choice in Ruling.choices if choice[0] != Ruling.TAKEN_BACK]


class DecisionOutcome(models.TextChoices):
    """The decision on an eligible application."""

    ACCEPT = "accepted", _("Accept")
    RESERVE = "reserve", _("Reserve list")
    REJECT = "rejected", _("Reject")


class DecisionStage(models.TextChoices):
    """What a decision is about."""

    ELIGIBILITY = "eligibility", _("Eligibility")
    OUTCOME = "outcome", _("Outcome")


# What each stage can lead to.
OUTCOMES = {
    DecisionStage.ELIGIBILITY: (ApplicationStatus.ELIGIBLE, ApplicationStatus.INELIGIBLE),
    DecisionStage.OUTCOME: (
        ApplicationStatus.ACCEPTED,
        ApplicationStatus.RESERVE,
        ApplicationStatus.REJECTED,
    ),
}


class Declaration(models.TextChoices):
    """What is declared on sending, one by one, in the words beside the boxes."""

    CORRECT = "correct", _("The figures and documents are correct.")
    COMMITMENTS = (
        "commitments",
        _("If we are chosen, we do what those who are chosen commit to, as listed above."),
    )
    PEOPLE = (
        "people",
        _("We have read the privacy notice, and the people named here know that they are named."),
    )


def declarations_for(*, has_commitments: bool) -> list[Declaration]:
    """Return what is declared on sending to a call, in order; some calls ask for no commitments."""
    return [one for one in Declaration if has_commitments or one != Declaration.COMMITMENTS]


class ClarificationAnswer(models.TextChoices):
    """What the city does with an answer that staff ask about."""

    EXPLAIN = "explain", _("Explain")
    CORRECT = "correct", _("Correct the answer")


# While it is in one of these, staff may ask about an application, and its city may answer.
CLARIFIED_IN = (
    ApplicationStatus.SUBMITTED,
    ApplicationStatus.ELIGIBLE,
    ApplicationStatus.INELIGIBLE,
    ApplicationStatus.RESERVE,
)


class OfferState(models.TextChoices):
    """What became of the offer to lead a group."""

    OPEN = "open", _("Waiting for an answer")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    TAKEN_BACK = "taken_back", _("Taken back")


class LinkEnd(models.TextChoices):
    """Why the link of an invitation to sign works no more before it was used or has run out."""

    TAKEN_BACK = "taken_back", _("Taken back")
    RENAMED = "renamed", _("Another one is named in its place")
    REMOVED = "removed", _("Taken out of the application")
    FILED = "filed", _("A signed letter was put on file")
    LEADS = "leads", _("It leads the group")
    SENT = "sent", _("The application was sent")
    DROPPED = "dropped", _("The changes were dropped")
    WITHDRAWN = "withdrawn", _("The application was withdrawn")

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin

from accounts.models import User
from applications.models import Decision, Submission
from core.trail.models import AuditEvent
from pairings.models import MilestoneMove, PairingClosing
from programme.calls.models import Call
from programme.organisations.models import Invitation, Membership, Organisation
from tests.factories.accounts import CoordinatorFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "model",
    [
        User,
        AuditEvent,
        Call,
        Organisation,
        Membership,
        Invitation,
        Submission,
        Decision,
        PairingClosing,
        MilestoneMove,
    ],
)
def test_admin_of_audited_things_only_reads(model, rf):
    request = rf.get("/")
    request.user = CoordinatorFactory(is_staff=True, is_superuser=True)
    shown = admin.site.get_model_admin(model)
    assert shown.has_view_permission(request)
    assert not shown.has_add_permission(request)
    assert not shown.has_change_permission(request)
    assert not shown.has_delete_permission(request)


def test_admin_shows_a_person_without_the_password(sign_in, settings):
    settings.DEMO = True
    person = UserFactory()
    client = sign_in(CoordinatorFactory(is_staff=True, is_superuser=True))
    html = client.get(f"/admin/accounts/user/{person.pk}/change/").content.decode()
    assert person.email in html
    assert person.password not in html


def test_coordinator_without_admin_right_stays_outside(sign_in, settings):
    settings.DEMO = True
    assert sign_in(CoordinatorFactory()).get("/admin/").status_code == 302


def test_admin_shows_no_secret_of_a_second_factor_and_takes_none_away(sign_in, settings):
    settings.DEMO = True
    factor = Authenticator.objects.create(
        user=UserFactory(), type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DPEHPK3PXP"}
    )
    client = sign_in(CoordinatorFactory(is_staff=True, is_superuser=True))
    page = client.get(f"/admin/mfa/authenticator/{factor.pk}/change/").content.decode()
    assert "JBSWY3DPEHPK3PXP" not in page
    # A colleague does, with a reason and a mail to the person.
    client.post(f"/admin/mfa/authenticator/{factor.pk}/delete/", {"post": "yes"})
    assert Authenticator.objects.exists()

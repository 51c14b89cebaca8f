import pytest
from django.contrib import admin

from accounts.models import AuditEvent, User
from programme.models import Call, Invitation, Membership, Organisation
from tests.factories.accounts import CoordinatorFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", [User, AuditEvent, Call, Organisation, Membership, Invitation])
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

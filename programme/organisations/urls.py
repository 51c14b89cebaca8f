from django.urls import path

from programme.organisations.views import (
    city,
    claims,
    describing,
    merging,
    naming,
    organisations,
    people,
    splitting,
    standing,
)

app_name = "organisations"
team = "my/organisations/<slug:slug>/team/"
urlpatterns = [
    path("cities/search/", city.city_search, name="city_search"),
    path("my/organisations/new/", city.organisation_new, name="new_organisation"),
    path("my/organisations/<slug:slug>/description/", describing.describe, name="describe"),
    path("my/organisations/find/", claims.find, name="find"),
    path("my/organisations/<slug:slug>/ask/", claims.ask, name="ask"),
    path("my/claims/<int:pk>/", claims.claim, name="claim"),
    path("my/claims/<int:pk>/letter/", claims.letter, name="claim_letter"),
    path("my/claims/<int:pk>/grant/", claims.grant, name="grant_claim"),
    path("my/claims/<int:pk>/refuse/", claims.refuse, name="refuse_claim"),
    path("my/claims/<int:pk>/withdraw/", claims.withdraw, name="withdraw_claim"),
    path("staff/claims/", standing.claims, name="staff_claims"),
    path("staff/claims/<int:pk>/object/", claims.object_to, name="object_to_claim"),
    path(team, city.team, name="team"),
    path(f"{team}invite/", city.invite, name="invite"),
    path(f"{team}leave/", city.leave, name="leave"),
    path(f"{team}members/<int:pk>/role/", city.role, name="change_role"),
    path(f"{team}members/<int:pk>/remove/", city.remove, name="remove_member"),
    path(f"{team}invitations/<int:pk>/resend/", city.resend, name="resend_invitation"),
    path(f"{team}invitations/<int:pk>/revoke/", city.revoke, name="revoke_invitation"),
    path("invitations/<str:token>/", city.invitation, name="invitation"),
    path("accounts/me/delete/", city.delete_account, name="delete_account"),
    path("staff/people/", people.people_list, name="staff_people"),
    path("staff/people/<int:pk>/", people.person, name="staff_person"),
    path(
        "staff/people/<int:pk>/close/",
        people.person_deactivate,
        name="staff_person_deactivate",
    ),
    path(
        "staff/people/<int:pk>/open/",
        people.person_reactivate,
        name="staff_person_reactivate",
    ),
    path(
        "staff/organisations/",
        organisations.organisation_list,
        name="staff_organisations",
    ),
    path(
        "staff/organisations/new/",
        organisations.organisation_new,
        name="staff_organisation_new",
    ),
    path(
        "staff/organisations/<slug:slug>/",
        organisations.organisation,
        name="staff_organisation",
    ),
    path(
        "staff/organisations/<slug:slug>/capacity/",
        organisations.organisation_capacity,
        name="staff_organisation_capacity",
    ),
    path(
        "staff/organisations/<slug:slug>/lead/",
        organisations.organisation_lead,
        name="staff_organisation_lead",
    ),
    path(
        "staff/organisations/<slug:slug>/confirm/",
        standing.confirm,
        name="staff_organisation_confirm",
    ),
    path(
        "staff/organisations/<slug:slug>/double/",
        standing.double,
        name="staff_organisation_double",
    ),
    path(
        "staff/organisations/<slug:slug>/refuse/",
        standing.refuse,
        name="staff_organisation_refuse",
    ),
    path(
        "staff/organisations/<slug:slug>/merge/",
        merging.merge,
        name="staff_organisation_merge",
    ),
    path(
        "staff/organisations/<slug:slug>/merges/<int:pk>/apart/",
        splitting.apart,
        name="staff_organisation_apart",
    ),
    path(
        "staff/organisations/<slug:slug>/split/",
        splitting.split,
        name="staff_organisation_split",
    ),
    path(
        "staff/organisations/<slug:slug>/splits/<int:pk>/back/",
        splitting.take_back,
        name="staff_organisation_split_back",
    ),
    path(
        "staff/organisations/<slug:slug>/names/",
        naming.names,
        name="staff_organisation_names",
    ),
    path(
        "staff/organisations/<slug:slug>/names/<int:pk>/",
        naming.correct,
        name="staff_organisation_name",
    ),
    path(
        "staff/organisations/<slug:slug>/names/<int:pk>/back/",
        naming.take_back,
        name="staff_organisation_name_back",
    ),
    path("staff/doubles/", merging.doubles, name="staff_doubles"),
    path(
        "staff/organisations/<slug:slug>/neighbours/",
        merging.neighbours,
        name="staff_organisation_neighbours",
    ),
    path(
        "staff/organisations/<slug:slug>/neighbours/forget/",
        merging.no_neighbours,
        name="staff_organisation_no_neighbours",
    ),
    path(
        "staff/organisations/<slug:slug>/domains/",
        organisations.domain_add,
        name="add_mail_domain",
    ),
    path(
        "staff/organisations/<slug:slug>/domains/<int:pk>/remove/",
        organisations.domain_remove,
        name="remove_mail_domain",
    ),
]

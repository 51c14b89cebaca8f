from django.urls import path

from applications.views import (
    city,
    clarifications,
    drafting,
    online,
    papers,
    profile,
    sections,
    staff,
    versions,
)

app_name = "applications"
urlpatterns = [
    path("applications/", city.mine, name="mine"),
    path("applications/new/<slug:call_slug>/", city.start, name="start"),
    path("applications/<str:key>/", city.detail, name="detail"),
    path("applications/<str:key>/applicant/", drafting.applicant, name="applicant"),
    path(
        "applications/<str:key>/municipalities/add/",
        drafting.municipality_add,
        name="municipality_add",
    ),
    path(
        "applications/<str:key>/municipalities/<int:pk>/",
        drafting.municipality_edit,
        name="municipality_edit",
    ),
    path(
        "applications/<str:key>/municipalities/<int:pk>/remove/",
        drafting.municipality_remove,
        name="municipality_remove",
    ),
    path(
        "applications/<str:key>/municipalities/<int:pk>/lead/",
        drafting.make_lead,
        name="make_lead",
    ),
    path(
        "applications/<str:key>/municipalities/<int:pk>/commitment/",
        drafting.commitment_add,
        name="commitment_add",
    ),
    path(
        "applications/<str:key>/municipalities/<int:pk>/commitment/file/",
        drafting.commitment_file,
        name="commitment_file",
    ),
    path(
        "applications/<str:key>/municipalities/<int:pk>/invite/",
        online.invite,
        name="commitment_invite",
    ),
    path(
        "applications/<str:key>/municipalities/<int:pk>/invite/again/",
        online.resend,
        name="commitment_resend",
    ),
    path(
        "applications/<str:key>/municipalities/<int:pk>/invite/back/",
        online.revoke,
        name="commitment_revoke",
    ),
    path("commitments/<str:token>/", online.commit, name="commit"),
    path(
        "staff/applications/<str:reference>/commitments/<int:pk>/",
        online.staff_commitment,
        name="staff_commitment",
    ),
    path("applications/<str:key>/contacts/", drafting.contacts, name="contacts"),
    path("applications/<str:key>/preferences/", drafting.preferences, name="preferences"),
    path("applications/<str:key>/profile/", profile.profile, name="profile"),
    path("applications/<str:key>/profile/save/", profile.profile_save, name="profile_save"),
    path("applications/<str:key>/profile/city/", profile.city, name="profile_city"),
    path(
        "applications/<str:key>/sections/<slug:section_key>/",
        sections.section,
        name="section",
    ),
    path(
        "applications/<str:key>/sections/<slug:section_key>/save/",
        sections.section_save,
        name="section_save",
    ),
    path(
        "applications/<str:key>/sections/<slug:section_key>/history/<slug:question>/",
        sections.answer_history,
        name="answer_history",
    ),
    path("applications/<str:key>/check/", city.check, name="check"),
    path("applications/<str:key>/submit/", city.submit, name="submit"),
    path("applications/<str:key>/sent/", city.sent, name="sent"),
    path("applications/<str:key>/receipt.pdf", papers.receipt, name="receipt"),
    path("applications/<str:key>/application.pdf", papers.application, name="paper"),
    path("applications/<str:key>/reopen/", versions.reopen, name="reopen"),
    path("applications/<str:key>/drop/", versions.drop, name="drop"),
    path("applications/<str:key>/versions/", versions.versions, name="versions"),
    path("applications/<str:key>/versions/<int:number>/", versions.version, name="version"),
    path(
        "applications/<str:key>/versions/<int:number>/application.pdf",
        papers.application,
        name="version_paper",
    ),
    path(
        "applications/<str:key>/clarifications/<int:pk>/",
        clarifications.clarification,
        name="clarification",
    ),
    path(
        "applications/<str:key>/clarifications/<int:pk>/message/",
        clarifications.ask_back,
        name="ask_back",
    ),
    path("applications/<str:key>/withdraw/", city.withdraw, name="withdraw"),
    path("staff/applications/", staff.staff_list, name="staff_list"),
    path("staff/applications/export/", staff.export, name="export"),
    path("staff/applications/<str:reference>/", staff.staff_detail, name="staff_detail"),
    path(
        "staff/applications/<str:reference>/clarifications/ask/",
        clarifications.staff_ask,
        name="staff_ask",
    ),
    path(
        "staff/applications/<str:reference>/clarifications/<int:pk>/",
        clarifications.staff_clarification,
        name="staff_clarification",
    ),
    path(
        "staff/applications/<str:reference>/clarifications/<int:pk>/message/",
        clarifications.staff_message,
        name="staff_message",
    ),
    path(
        "staff/applications/<str:reference>/clarifications/<int:pk>/later/",
        clarifications.staff_later,
        name="staff_later",
    ),
    path(
        "staff/applications/<str:reference>/clarifications/<int:pk>/take-back/",
        clarifications.staff_take_back,
        name="staff_take_back",
    ),
    path("staff/applications/<str:reference>/rule/", staff.staff_rule, name="staff_rule"),
    path(
        "staff/applications/<str:reference>/eligibility/",
        staff.staff_decide_eligibility,
        name="staff_decide_eligibility",
    ),
    path("staff/applications/<str:reference>/decide/", staff.staff_decide, name="staff_decide"),
    path("staff/applications/<str:reference>/assign/", staff.staff_assign, name="staff_assign"),
]

from django.urls import path

from action_plans.views import measures, plans, sections, staff

app_name = "action_plans"
urlpatterns = [
    path("plans/", plans.mine, name="mine"),
    path("plans/start/<int:member>/", plans.start, name="start"),
    path("plans/<str:reference>/", plans.plan, name="plan"),
    path("plans/<str:reference>/history/", plans.history, name="history"),
    path("plans/<str:reference>/sections/<slug:key>/", sections.section, name="section"),
    path(
        "plans/<str:reference>/sections/<slug:key>/save/",
        sections.section_save,
        name="section_save",
    ),
    path(
        "plans/<str:reference>/sections/<slug:key>/conflict/",
        sections.section_conflict,
        name="section_conflict",
    ),
    path(
        "plans/<str:reference>/sections/<slug:key>/reopen/",
        sections.section_reopen,
        name="section_reopen",
    ),
    path(
        "plans/<str:reference>/sections/<slug:key>/history/<slug:question>/",
        sections.answer_history,
        name="answer_history",
    ),
    path("plans/<str:reference>/timeline/", measures.timeline, name="timeline"),
    path("plans/<str:reference>/objectives/", measures.objectives, name="objectives"),
    path(
        "plans/<str:reference>/objectives/<int:number>/",
        measures.objective,
        name="objective",
    ),
    path(
        "plans/<str:reference>/objectives/<int:number>/remove/",
        measures.objective_remove,
        name="objective_remove",
    ),
    path("plans/<str:reference>/measures/", measures.measures, name="measures"),
    path("plans/<str:reference>/measures/new/", measures.measure_new, name="measure_new"),
    path("plans/<str:reference>/measures/<str:code>/", measures.measure, name="measure"),
    path(
        "plans/<str:reference>/measures/<str:code>/remove/",
        measures.measure_remove,
        name="measure_remove",
    ),
    path("staff/plans/", staff.staff_list, name="staff_list"),
]

from django.urls import path

from showcase.views import calls, pages, pairings

app_name = "showcase"
urlpatterns = [
    path("", pages.home, name="home"),
    path("calls/", calls.call_list, name="calls"),
    path("calls/<slug:slug>/", calls.call_page, name="call"),
    path("calls/<slug:slug>/check/", calls.check, name="check"),
    path("pairings/", pairings.pairing_list, name="pairings"),
    path("pairings.csv", pairings.pairings_csv, name="pairings_csv"),
    path("pairings.json", pairings.pairings_json, name="pairings_json"),
    path("pairings.geojson", pairings.pairings_geojson, name="pairings_geojson"),
    path("pairings/<slug:slug>/", pairings.pairing_page, name="pairing"),
    path("about/", pages.about, name="about"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("privacy/", pages.privacy, name="privacy"),
    path("cookies/", pages.cookies, name="cookies"),
    path("contact/", pages.contact, name="contact"),
]

"""What the demo cities write."""

from typing import Any

APPLICATION_ANSWERS: dict[str, Any] = {
    "challenge": "Our city struggles with %(topic)s. Residents feel it every day, and complaints "
    "to the town hall have doubled in five years.",
    "learn": "How do other cities decide on %(topic)s, and whom do they ask first?",
    "share": "A citizens' panel that has met every month since 2022 and whose advice is answered.",
    "urgency": "months-12",
    "stakeholder-history": "yes",
    "stakeholder-example": "In 2023 we tested three measures in one quarter and kept two.",
    "strategies-list": "City strategy 2030; mobility plan 2024; climate plan under revision.",
    "strategies-gap": "None of them says who acts on %(topic)s before it is too late.",
    "goals-frameworks": ["sdg", "urban-agenda"],
    "goals-how": "Sustainable Development Goal 11, and the partnerships of the Urban Agenda on "
    "mobility and public space.",
    "resources-coordinator": "Head of international affairs",
    "resources-days": 60,
    "resources-budget": 40_000,
    # What a partner city is asked besides.
    "partner-profile": "A port of about our size, with ferries run by the city.",
    "partner-interpreting": "no",
    "powers-topic": "The city decides on stops and lanes; the state runs the buses.",
    "powers-sign": "Mayor, by resolution of the council",
    "powers-consent": "yes",
    "powers-consent-who": "The state government; about eight weeks.",
    "powers-travel": "no",
    "commitment-who": "council",
    # What a region is asked.
    "region-powers": "The region decides on innovation and training, the state on taxes.",
    "region-profile": "Yards, logistics and tourism; nine firms in ten have fewer than ten people.",
    "strategy-state": "in-force",
    "strategy-title": "Smart specialisation strategy 2021-2027, adopted by the regional council",
    "strategy-priorities": "The sea: cleaner ships, ports that talk to each other.",
    "strategy-fields": ["blue-economy", "industrial-modernisation"],
    "discovery-how": "Working groups meet twice a year; in 2024 they asked for a shared test bed.",
    "cooperation-learn": "How others measure what a strategy has changed.",
    "cooperation-offer": "Our cluster, and its rules for sharing costs.",
    "cooperation-chains": "Refitting of ferries, and fish from farm to market.",
    "cooperation-form": "pair",
    "results-projects": "A joint test of shore power in two small ports.",
    "results-smes": "Ten firms would find a customer they cannot reach today.",
    "resources-backing": "The regional minister for economic development",
    "resources-plan": "yes",
}

PLAN_ANSWERS: dict[str, dict[str, Any]] = {
    "summary": {
        "summary-topic": "Living well with visitors: services under pressure from tourism.",
        "summary-vision": "In 2030 residents like the summer again.",
        "summary-headlines": "Count people, move waste by night, learn from Panaji.",
        "summary-results": "Sixty hours a season above the limit instead of 210.",
    },
    "cities-in-figures": {
        "figures-own": "About 41,500 people live here; over a million overnight stays a year "
        "(demo figures).",
        "figures-partner": "Panaji: a small capital on a river with many day visitors.",
    },
    "policy-context": {
        "policy-strategies": "The city strategy asks for fewer cars in the centre by 2028.",
        "policy-powers": "The city decides on gates, waste and buses; the county on the roads.",
    },
    "challenge": {
        "challenge-problem": "Between May and October the old town holds more people than its "
        "lanes, bins and buses can carry. On 40 days the gates are blocked for hours.",
        "challenge-causes": "Ships arrive at the same hour, and every bus wants the same gate.",
    },
    "local-group": {
        "group-members": "Residents of three quarters, the port authority, two bus companies, "
        "the university, the municipal waste company.",
    },
    "vision": {"vision-text": "A town that is lived in, not only looked at."},
}
# The sections whose authors are content.
DONE_SECTIONS = ["summary", "cities-in-figures", "policy-context"]
OBJECTIVES = ["Know and steer the number of visitors", "Keep services running in summer"]


def letter(municipality: str) -> bytes:
    """Return a small PDF that stands for a signed commitment."""
    name = municipality.encode("ascii", "replace").decode()
    words = f"BT /F1 14 Tf 60 780 Td (Commitment of {name} - demo file) Tj ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 6 0 R >>",
        f"<< /Length {len(words)} >>\nstream\n{words}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        "<< /Font << /F1 5 0 R >> >>",
    ]
    body, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    start = len(body)
    body += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    body += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return body.encode("ascii")

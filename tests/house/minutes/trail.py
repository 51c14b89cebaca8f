VERBS = {"minutes.written": "Minutes of a meeting written"}
ICONS = {"minutes": "edit"}
FACTS = {"meeting": "Meeting"}

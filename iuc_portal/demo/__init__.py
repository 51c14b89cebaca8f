"""The demo: invented people and cases beside the programme's real data, marked as demo.

Cases are made through the services that people use, so they carry an audit trail, mails and
reminders like real ones. Each step looks first whether it was done: seeding again changes
nothing, and undoes nothing that somebody did in the meantime. The one exception: a demo call
that has closed gets a new closing day, so that there is always something to try.
"""

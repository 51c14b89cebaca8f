"""Writes on reminders."""

from reminders.services.sweep import open_missing_plans, queue_reminders, sweep_reminders

__all__ = ["open_missing_plans", "queue_reminders", "sweep_reminders"]

#!/usr/bin/env python
"""Run administrative tasks."""

import os
import sys


def main() -> None:
    """Run the command that the arguments name; a wrong setting is one clear line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iuc_portal.settings.base")
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415 - settings first
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - settings first

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"The settings are not right: {error}")


if __name__ == "__main__":
    main()

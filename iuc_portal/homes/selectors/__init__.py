"""Reads for the two home pages, from every floor below."""

from iuc_portal.homes.selectors.console import Console, console_of
from iuc_portal.homes.selectors.search import found_in_console
from iuc_portal.homes.selectors.workspace import Workspace, workspace_of

__all__ = ["Console", "Workspace", "console_of", "found_in_console", "workspace_of"]

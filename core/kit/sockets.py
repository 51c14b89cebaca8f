"""Sockets: a module of a known name in any app is found by itself, so no list names them."""

from importlib import import_module
from types import ModuleType

from django.apps import apps
from django.utils.module_loading import module_has_submodule


def plugged(name: str) -> list[ModuleType]:
    """Return the modules of this name of all installed apps, from the ground floor up.

    `plugged("trail")` imports `trail.py` of each app that has one. Call it once the apps are
    loaded.
    """
    return [
        import_module(f"{config.name}.{name}")
        for config in reversed(list(apps.get_app_configs()))
        if config.module and module_has_submodule(config.module, name)
    ]

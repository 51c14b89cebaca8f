"""How static files are named."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Hashed names everywhere, also in the imports of our own ES modules.

    So a page never mixes modules of two releases. Django can do it for all scripts or none, and
    libraries bring modules with imports that no file answers; hence the pattern of ours alone.
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("js/*.js", CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]),  # noqa: SLF001
    )

"""How static files are named, joined and packed."""

from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

from iuc_portal.stylesheets import bundles, joined


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Hashed names everywhere, also in the imports of our own ES modules.

    So a page never mixes modules of two releases. Django can do it for all scripts or none, and
    libraries bring modules with imports that no file answers; hence the pattern of ours alone.
    The style sheets of an audience become one file.
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("js/*.js", CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]),  # noqa: SLF001
    )

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str, Any]]:
        """Join the style sheets, then name and pack all files."""
        if not dry_run:
            for audience, name in bundles().items():
                self.delete(name)
                text = joined(audience, lambda sheet: self._text(paths, sheet))
                self.save(name, ContentFile(text.encode()))
                paths[name] = (self, name)
        yield from super().post_process(paths, dry_run, **options)

    @staticmethod
    def _text(paths: dict[str, Any], name: str) -> str:
        storage, path = paths[name]
        with storage.open(path) as file:
            return str(file.read().decode())

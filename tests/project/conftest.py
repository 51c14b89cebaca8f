"""What several tests of a whole portal share."""

from pathlib import Path

import pytest

from tests.infra.portal import empty_portal


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the data of an empty portal, once: that takes longer than to start one."""
    return empty_portal(tmp_path_factory.mktemp("empty"))

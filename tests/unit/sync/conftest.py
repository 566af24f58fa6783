"""A laboratory at its platform."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.platform.world import commission, region
from tests.unit.sync.world import Bench, bench


@pytest.fixture(scope="session")
def new_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A platform's folder as made on first use."""
    folder = tmp_path_factory.mktemp("platform") / "new"
    region(folder).context.store.close()
    return folder


@pytest.fixture
def desk(tmp_path: Path, new_folder: Path) -> Iterator[Bench]:
    """A laboratory with one commission at a platform in the same process."""
    found = region(Path(shutil.copytree(new_folder, tmp_path / "platform")))
    lab = found.add_lab()
    found.send_out(commission())
    yield bench(found, lab)
    found.context.store.close()

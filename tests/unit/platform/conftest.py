"""Regions for the tests of the platform, on both databases where the database matters."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.platform.world import Region, region


@pytest.fixture(scope="session")
def new_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A platform's folder as made on first use, copied for each test: making keys takes longer than most tests."""
    folder = tmp_path_factory.mktemp("platform") / "new"
    region(folder).context.store.close()
    return folder


@pytest.fixture
def here(tmp_path: Path, new_folder: Path) -> Iterator[Region]:
    """A region on SQLite."""
    found = region(Path(shutil.copytree(new_folder, tmp_path / "platform")))
    yield found
    found.context.store.close()


@pytest.fixture
def both(tmp_path: Path, new_folder: Path, database_url: str) -> Iterator[Region]:
    """A region, once on each database."""
    folder = shutil.copytree(new_folder, tmp_path / "platform", ignore=shutil.ignore_patterns("platform.db*"))
    found = region(Path(folder), database_url)
    yield found
    found.context.store.close()

"""Maps the folders ``drivers/`` and ``resources/`` to importable packages; everything else is in pyproject.toml."""

from setuptools import find_packages, setup


def mapped(folder: str, name: str) -> list[str]:
    """All packages below ``folder`` under the import name ``name``."""
    return [name, *(f"{name}.{package}" for package in find_packages(folder))]


setup(
    packages=[
        *find_packages(include=["labdesk", "labdesk.*"]),
        *mapped("drivers", "labdesk_drivers"),
        *mapped("resources", "labdesk_resources"),
    ],
    package_dir={"labdesk_drivers": "drivers", "labdesk_resources": "resources"},
    include_package_data=True,
)

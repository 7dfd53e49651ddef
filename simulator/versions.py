"""Which versions are installed of the simulator, and of the libraries that figures depend on."""

import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version

NOT_INSTALLED = "unknown"
"""The version of a package that runs from its source."""

LIBRARIES = ("numba", "numpy", "simpy")
"""Those that figures depend on."""


def versions() -> dict[str, str]:
    """The versions of the simulator, of Python, and of the libraries; read once, for every run tells them."""
    return dict(_versions())


@cache
def _versions() -> dict[str, str]:
    python = ".".join(platform.python_version_tuple()[:2])
    return {"simulator": package_version(), "python": python} | {name: version(name) for name in LIBRARIES}


def package_version() -> str:
    """The installed version of this package, or `NOT_INSTALLED`."""
    try:
        return version("multiregion-simulator")
    except PackageNotFoundError:
        return NOT_INSTALLED

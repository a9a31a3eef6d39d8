"""An index of packages on a folder: those of a lock without a line of code, and for each a release that is newer.

Names, extras, dependencies and versions of Python are those of the installed packages. What a lock names for other
machines and is not installed here needs nothing.
"""

import hashlib
import os
import re
import sys
import sysconfig
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.message import Message
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

_PIN = re.compile(r"^(?P<requirement>[^\s#].*?) \\\n(?: +--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+", re.MULTILINE)
_KEPT = ("Requires-Dist", "Provides-Extra", "Requires-Python")
_A_DAY = (2026, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Pin:
    """One line of a lock, as it stands there but for the hashes."""

    text: str

    @property
    def requirement(self) -> Requirement:
        """The line, read."""
        return Requirement(self.text)

    @property
    def name(self) -> str:
        """The name in its canonical spelling."""
        return canonicalize_name(self.requirement.name)

    @property
    def version(self) -> Version:
        """The one version that fits."""
        [only] = self.requirement.specifier
        return Version(only.version)

    def fits(self, environment: dict[str, str]) -> bool:
        """Whether it is meant for a Python, told by its variables for markers."""
        marker = self.requirement.marker
        return marker is None or marker.evaluate(environment)


def read_lock(lock: Path) -> list[Pin]:
    """Read a lock's pins. Raises AssertionError where a line is nothing that `make lock` writes."""
    text = lock.read_text(encoding="utf-8")
    assert _PIN.sub("", text) == "", f"{lock} has more in it than pins with hashes"
    return [Pin(found["requirement"]) for found in _PIN.finditer(text)]


class PackageIndex:
    """A folder of wheels that pip may take for an index."""

    def __init__(self, folder: Path, installed: Iterable[Distribution] = ()) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._installed: dict[str, Distribution] = {canonicalize_name(each.name): each for each in installed}

    def env(self) -> dict[str, str]:
        """What makes pip ask this index and no other."""
        home = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
        return {**home, "PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": self.folder.as_uri()}

    def offer(self, pins: Iterable[Pin]) -> None:
        """Offer what they name and a newer release of each."""
        for pin in pins:
            self.release(pin.name, str(pin.version), self._metadata_of(pin))
            self.release(pin.name, _newer(pin.version), self._metadata_of(pin))

    def release(self, name: str, version: str, metadata: Iterable[tuple[str, str]] = ()) -> Path:
        """Make one wheel; its bytes follow from what it is called and what it says of itself."""
        module = name.replace("-", "_")
        folder = f"{module}-{version}.dist-info"
        head = [("Metadata-Version", "2.1"), ("Name", name), ("Version", version), *metadata]
        files = {
            f"{module}_made_up/__init__.py": f'VERSION = "{version}"\n',
            f"{folder}/METADATA": "".join(f"{key}: {value}\n" for key, value in head),
            f"{folder}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        }
        wheel = self._path(name, version)
        wheel.parent.mkdir(exist_ok=True)
        with zipfile.ZipFile(wheel, "w") as archive:
            for file, text in {**files, f"{folder}/RECORD": _record(folder, files)}.items():
                archive.writestr(zipfile.ZipInfo(file, _A_DAY), text)
        links = (f'<a href="{each.name}">{each.name}</a>' for each in sorted(wheel.parent.glob("*.whl")))
        (wheel.parent / "index.html").write_text("<!DOCTYPE html>" + "\n".join(links))
        return wheel

    def lock(self, pins: Iterable[Pin], to: Path) -> Path:
        """Write a lock of the same pins, with the hashes of this index."""
        to.write_text("".join(f"{pin.text} \\\n    --hash=sha256:{self._hash(pin)}\n" for pin in pins))
        return to

    def _metadata_of(self, pin: Pin) -> Iterator[tuple[str, str]]:
        known = self._installed.get(pin.name)
        if known is None:
            return
        message = known.metadata
        assert isinstance(message, Message)
        same = Version(known.version) == pin.version
        yield from ((key, value) for key, value in message.items() if key in (_KEPT if same else _KEPT[:2]))

    def _path(self, name: str, version: str) -> Path:
        return self.folder / name / f"{name.replace('-', '_')}-{version}-py3-none-any.whl"

    def _hash(self, pin: Pin) -> str:
        return hashlib.sha256(self._path(pin.name, str(pin.version)).read_bytes()).hexdigest()


def installed_in(environment: Path = Path(sys.prefix)) -> list[Distribution]:
    """What a virtual environment of this Python holds."""
    site = sysconfig.get_path("purelib", vars={"base": str(environment)})
    return list(distributions(path=[site]))


def _newer(version: Version) -> str:
    """The next release that whoever takes this one would take as well."""
    if version.pre:
        return f"{version.base_version}{version.pre[0]}{version.pre[1] + 1}"
    *ahead, last = version.release
    return ".".join(map(str, (*ahead, last + 1)))


def _record(folder: str, files: Iterable[str]) -> str:
    return "".join(f"{file},,\n" for file in (*files, f"{folder}/RECORD"))

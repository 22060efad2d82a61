"""The bill of materials (CycloneDX) of what requirements.lock installs: `make sbom`."""

import re
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import LicenseAcknowledgement
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from core import __version__
from tests.audit import licence_of

LOCK = Path(__file__).parents[1] / "requirements.lock"
PIN = re.compile(r"^([\w.-]+)==(\S+)(?: ; (.*?))?(?: \\)?$")
NEEDED_BY = re.compile(r"^    # (?:via |  )([\w.-]+)")
OURS = "segferry"


@dataclass(frozen=True, slots=True)
class Pin:
    """A line of the lock: where it is needed (empty is everywhere), its files, who needs it."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]
    needed_by: frozenset[str]


def pins(text: str) -> list[Pin]:
    """What a lock of uv names, in its order."""
    blocks = re.split(r"\n(?=[\w])", text)
    return [_pin(found, block) for block in blocks if (found := PIN.match(block.split("\n")[0]))]


def document(found: list[Pin]) -> str:
    """The bill of materials as JSON: each dependency, its licence and who needs it.

    The hashes stay in the lock: a component here is a release, not one of its files.
    """
    bom = Bom()
    bom.metadata.component = ours = Component(
        name=OURS, version=__version__, type=ComponentType.APPLICATION, bom_ref=OURS
    )
    parts = {one.name: _component(one) for one in found}
    bom.components.update(parts.values())
    for name, part in {OURS: ours, **parts}.items():
        bom.register_dependency(part, [parts[one.name] for one in found if name in one.needed_by])
    return JsonV1Dot6(bom).output_as_string(indent=2)


def _pin(found: re.Match[str], block: str) -> Pin:
    lines = block.splitlines()
    users = {by.group(1) for line in lines if (by := NEEDED_BY.match(line))} - {"-c"}
    hashes = re.findall(r"--hash=(sha256:[0-9a-f]{64})", block)
    return Pin(found[1], found[2], found[3] or "", tuple(hashes), frozenset(users))


def _component(pin: Pin) -> Component:
    url = PackageURL("pypi", name=pin.name, version=pin.version)
    try:
        said = licence_of(pin.name)
    except PackageNotFoundError:  # of another system than this one
        said = ""
    declared = LicenseAcknowledgement.DECLARED
    licence = [LicenseFactory().make_from_string(said, license_acknowledgement=declared)]
    return Component(
        name=pin.name,
        version=pin.version,
        purl=url,
        bom_ref=str(url),
        licenses=licence if said else (),
    )


if __name__ == "__main__":
    sys.stdout.write(document(pins(LOCK.read_text())) + "\n")

#!/usr/bin/env python3
"""make_sbom.py (--build DIR | --source) [-o FILE]: what Longwatch is made of, as SPDX 2.3 in JSON.

--build DIR   of a built tree: every shared library that the program and the objects beside it load, from their dynamic sections;
              every package whose headers were compiled into them, from what the compiler told Ninja; the compiler, CMake
              and Ninja; each with the version installed. Asks readelf, ldd, ninja and dpkg-query.
--source      of a source release: what scripts/setup asks Debian for, without versions, which are those of the day.

Both list the Python reader and what it asks for, at the versions that the tests run with.

The moment of the document is SOURCE_DATE_EPOCH where the environment has it; the same build then makes the same bytes.
Exit status: 0 written; 2 bad usage; 3 could not tell, with what and why.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import re
import subprocess
import sys
import tomllib
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
READER = ROOT / "scripts/longwatch_reader"
NONE = "NOASSERTION"
# Objects of these folders of the build are in the program; those of tests/ are not.
PROGRAM_FOLDERS = ("host/", "results/", "kernels/")
# What Debian's copyright files call a licence, and SPDX.
LICENCES = {
    "apache-2.0": "Apache-2.0", "expat": "MIT", "mit": "MIT", "bsd-3-clause": "BSD-3-Clause", "bsd-2-clause": "BSD-2-Clause",
    "bsl-1.0": "BSL-1.0", "mpl-2.0": "MPL-2.0", "epl-1.0": "EPL-1.0", "zlib": "Zlib", "gpl-2+": "GPL-2.0-or-later",
    "gpl-3+": "GPL-3.0-or-later", "lgpl-2+": "LGPL-2.0-or-later", "lgpl-2.1+": "LGPL-2.1-or-later", "curl": "curl",
}


class CannotTell(Exception):
    """Something of the build whose origin is not known."""


def output_of(*command: str | Path) -> str:
    try:
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise CannotTell(f"cannot run {command[0]} (it is not installed)") from None
    if done.returncode != 0:
        raise CannotTell(f"{' '.join(map(str, command[:4]))} failed ({done.stderr.strip()[:500]})")
    return done.stdout


@dataclass
class Bill:
    """Packages by their SPDX identifier, and how they belong together."""

    packages: dict[str, dict[str, Any]] = field(default_factory=dict)
    relations: set[tuple[str, str, str]] = field(default_factory=set)

    def add(self, name: str, **more: Any) -> str:
        identifier = "SPDXRef-Package-" + re.sub(r"[^A-Za-z0-9.-]", "-", name.replace("+", "-plus"))
        self.packages.setdefault(identifier, {
            "SPDXID": identifier, "name": name, "downloadLocation": NONE, "filesAnalyzed": False,
            "licenseConcluded": NONE, "licenseDeclared": NONE, "copyrightText": NONE, **more})
        return identifier

    def relate(self, one: str, how: str, other: str) -> None:
        if one != other:
            self.relations.add((one, how, other))


def package_url(text: str) -> list[dict[str, str]]:
    return [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": text}]


def debian_url(name: str, version: str = "", architecture: str = "") -> list[dict[str, str]]:
    text = f"pkg:deb/debian/{name}@{version}?arch={architecture}" if version else f"pkg:deb/debian/{name}"
    return package_url(text.replace("+", "%2B"))


class Debian:
    """Which package a file is of, and what that package is."""

    def __init__(self, bill: Bill) -> None:
        self.bill = bill
        self.owner: dict[str, str] = {}
        self.known: dict[str, str] = {}

    def look_up(self, files: set[str]) -> None:
        """Finds the owners of all files at once. A file may be listed with or without /usr, or by the name that it links to."""
        spellings: dict[str, str] = {}
        for file in files:
            for one in (file, str(Path(file).resolve()), os.path.normpath(file)):
                spellings[one] = file
                spellings[one.removeprefix("/usr") if one.startswith("/usr/lib") else "/usr" + one] = file
        done = subprocess.run(["dpkg-query", "-S", *sorted(spellings)], capture_output=True, text=True, check=False)
        for line in done.stdout.splitlines():
            names, _, path = line.partition(": ")
            if path in spellings and not names.startswith("diversion "):
                self.owner.setdefault(spellings[path], names.split(",")[0])

    def package(self, file: str) -> str:
        if file not in self.owner:
            raise CannotTell(f"cannot tell which package {file} is of (dpkg knows none) install what it comes from as a package")
        name = self.owner[file]
        if name not in self.known:
            self.known[name] = self.described(name)
        return self.known[name]

    def described(self, name: str) -> str:
        form = "${Package}\t${Version}\t${Architecture}\t${Homepage}\n"
        package, version, architecture, homepage = output_of("dpkg-query", "-W", "-f", form, name).splitlines()[0].split("\t")
        more = {"homepage": homepage} if re.match(r"https?://", homepage) else {}
        return self.bill.add(
            package, versionInfo=version, supplier="Organization: Debian", licenseDeclared=licence_of(package),
            primaryPackagePurpose="LIBRARY" if package.startswith("lib") else "APPLICATION",
            externalRefs=debian_url(package, version, architecture),
            comment=f"Licences in full: /usr/share/doc/{package}/copyright", **more)


def licence_of(package: str) -> str:
    """Of the package as a whole, where its copyright file says it in a word that SPDX knows."""
    try:
        text = Path("/usr/share/doc", package, "copyright").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return NONE
    whole = re.search(r"^Files:\s*\*\s*\n(?:[^\n]+\n)*?License:[ \t]*([^\n]+)", text, re.MULTILINE)
    return LICENCES.get(whole[1].strip().lower(), NONE) if whole else NONE


def needed(file: str | Path) -> list[str]:
    return re.findall(r"\(NEEDED\).*\[(.+)\]", output_of("readelf", "-d", "-W", file))


def add_loaded(bill: Bill, debian: Debian, part: str, binary: Path) -> None:
    """Every shared library that the binary loads, direct or not, each related to what asks for it."""
    paths = dict(re.findall(r"^\s*(\S+)(?: => (\S+))? \(0x", output_of("ldd", binary), re.MULTILINE))
    paths = {Path(name).name: path or name for name, path in paths.items() if path or name.startswith("/")}
    debian.look_up(set(paths.values()))
    todo, seen = [(part, str(binary))], set()
    while todo:
        owner, file = todo.pop()
        if file in seen:
            continue
        seen.add(file)
        for name in needed(file):
            if name not in paths:
                raise CannotTell(f"cannot find {name}, which {file} needs (ldd does not say where it is)")
            library = debian.package(paths[name])
            bill.relate(owner, "DYNAMIC_LINK", library)
            todo.append((library, paths[name]))


def compiled_headers(build: Path) -> set[str]:
    """Headers from outside the tree that went into objects of the program."""
    headers: set[str] = set()
    counts = False
    for line in output_of("ninja", "-C", build, "-t", "deps").splitlines():
        if line and not line[0].isspace():
            counts = line.startswith(PROGRAM_FOLDERS) and ".o:" in line
        elif counts and line.strip():
            headers.add(line.strip())
    outside = {header for header in headers if header.startswith("/")
               and not any(Path(header).is_relative_to(tree) for tree in (ROOT, build))}
    if not outside:
        raise CannotTell(f"{build} is not built (Ninja knows of no headers) build it first")
    return outside


def cached(build: Path, name: str) -> str | None:
    found = re.search(rf"^{name}:\w+=(.*)$", (build / "CMakeCache.txt").read_text(encoding="utf-8"), re.MULTILINE)
    return found[1] if found and found[1] and not found[1].endswith("-NOTFOUND") else None


def add_compiled(bill: Bill, debian: Debian, program: str, build: Path) -> None:
    headers = compiled_headers(build)
    nvcc = cached(build, "CMAKE_CUDA_COMPILER") or cached(build, "LW_NVCC")
    if nvcc and cached(build, "LW_CUDA") != "OFF":
        toolkit = Path(nvcc).resolve().parents[1]
        release = re.search(r"release \S+ V([\d.]+)", output_of(nvcc, "--version"))
        cuda = bill.add("cuda-toolkit", versionInfo=release[1] if release else NONE, supplier="Organization: NVIDIA",
                        comment="its runtime library is linked in; the driver is the user's")
        bill.relate(program, "STATIC_LINK", cuda)
        headers = {header for header in headers if not Path(header).resolve().is_relative_to(toolkit)}
    debian.look_up(headers)
    for header in sorted(headers):
        # Headers alone, or of a library that is loaded: its code is in the program either way.
        bill.relate(program, "STATIC_LINK", debian.package(header))
    tools = {cached(build, "CMAKE_CXX_COMPILER"), cached(build, "CMAKE_COMMAND"), cached(build, "CMAKE_MAKE_PROGRAM")}
    tools = {str(Path(tool).resolve()) for tool in tools if tool}
    debian.look_up(tools)
    for tool in sorted(tools):
        bill.relate(debian.package(tool), "BUILD_TOOL_OF", program)


def add_reader(bill: Bill, root: str) -> None:
    project = tomllib.loads((READER / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    reader = bill.add(project["name"], versionInfo=project["version"], licenseDeclared=project["license"],
                      licenseConcluded=project["license"], supplier="Organization: The Longwatch developers")
    bill.relate(root, "CONTAINS", reader)
    for line in (READER / "requirements.txt").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        name, _, version = line.partition("==")
        dependency = bill.add(name, versionInfo=version, supplier=NONE, primaryPackagePurpose="LIBRARY",
                              externalRefs=package_url(f"pkg:pypi/{name.lower().replace('_', '-')}@{version}"))
        bill.relate(dependency, "RUNTIME_DEPENDENCY_OF", reader)


def asked_of_debian() -> list[str]:
    """The packages that scripts/setup installs to build and run."""
    array = re.search(r"^packages=\(([^)]*)\)", (ROOT / "scripts/setup").read_text(encoding="utf-8"), re.MULTILINE)
    if array is None:
        raise CannotTell("scripts/setup has no list of packages")
    return array[1].split()


def built_version(build: Path) -> tuple[str, str]:
    text = (build / "generated/code_version.cpp").read_text(encoding="utf-8")
    version, commit = (re.search(rf'code_{what} = "([^"]*)"', text) for what in ("version", "commit"))
    if version is None or commit is None:
        raise CannotTell(f"{build} does not say its version (generated/code_version.cpp)")
    return version[1], commit[1]


def source_version() -> tuple[str, str]:
    version = re.search(r"project\(longwatch\s+VERSION ([\d.]+)", (ROOT / "CMakeLists.txt").read_text(encoding="utf-8"))
    archived = re.match(r"([0-9a-f]{12})", (ROOT / "cmake/archived_commit.txt").read_text(encoding="utf-8"))
    commit = archived[1] if archived else output_of("git", "-C", ROOT, "rev-parse", "--short=12", "HEAD").strip()
    if version is None:
        raise CannotTell("CMakeLists.txt has no version")
    return version[1], commit


def bill_of_build(build: Path) -> tuple[Bill, str, str]:
    version, commit = built_version(build)
    bill = Bill()
    debian = Debian(bill)
    root = own_package(bill, version, commit)
    add_compiled(bill, debian, root, build)
    add_loaded(bill, debian, root, build / "longwatch")
    for name in ("mpi", "dds", "page"):
        loaded = build / f"longwatch_{name}.so"
        if not loaded.exists():
            continue
        package = {"mpi": "longwatch-mpi"}.get(name, "longwatch-exercise")
        part = bill.add(package, versionInfo=version, licenseDeclared="Apache-2.0", licenseConcluded="Apache-2.0",
                        supplier="Organization: The Longwatch developers")
        bill.relate(root, "CONTAINS", part)
        add_loaded(bill, debian, part, loaded)
    add_reader(bill, root)
    return bill, root, f"longwatch {version} (commit {commit})"


def bill_of_source() -> tuple[Bill, str, str]:
    version, commit = source_version()
    bill = Bill()
    root = own_package(bill, version, commit)
    for name in asked_of_debian():
        dependency = bill.add(name, supplier="Organization: Debian",
                              externalRefs=debian_url(name))
        is_library = name.startswith("lib") or name.endswith("-dev")
        bill.relate(dependency, "BUILD_DEPENDENCY_OF" if is_library else "BUILD_TOOL_OF", root)
    add_reader(bill, root)
    return bill, root, f"longwatch {version} (commit {commit}), source"


def own_package(bill: Bill, version: str, commit: str) -> str:
    return bill.add("longwatch", versionInfo=version, sourceInfo=f"commit {commit}", licenseDeclared="Apache-2.0",
                    licenseConcluded="Apache-2.0", copyrightText="Copyright 2026 The Longwatch developers",
                    supplier="Organization: The Longwatch developers", primaryPackagePurpose="APPLICATION")


def document(bill: Bill, root: str, title: str) -> dict[str, Any]:
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    moment = (datetime.datetime.fromtimestamp(int(epoch), datetime.UTC) if epoch
              else datetime.datetime.now(datetime.UTC))
    packages = [bill.packages[identifier] for identifier in sorted(bill.packages)]
    relations = [{"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": root}]
    relations += [{"spdxElementId": one, "relationshipType": how, "relatedSpdxElement": other}
                  for one, how, other in sorted(bill.relations)]
    # The same content has the same name, other content another.
    name = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps([title, packages, relations], sort_keys=True))
    return {
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": title,
        "documentNamespace": f"urn:uuid:{name}",
        "comment": "Versions are those of the machine that built it; shared libraries may be newer where it runs.",
        "creationInfo": {"created": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
                         "creators": ["Tool: longwatch scripts/packaging/make_sbom.py"]},
        "packages": packages, "relationships": relations}


def main() -> int:
    parser = argparse.ArgumentParser(description="Writes what Longwatch is made of, as SPDX 2.3 in JSON.")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--build", type=Path, metavar="DIR", help="of a built tree")
    what.add_argument("--source", action="store_true", help="of a source release")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="standard output unless given")
    given = parser.parse_args()
    try:
        bill, root, title = bill_of_source() if given.source else bill_of_build(given.build.resolve())
        text = json.dumps(document(bill, root, title), indent=1, ensure_ascii=False) + "\n"
        if given.output:
            given.output.write_text(text, encoding="utf-8")
        else:
            sys.stdout.write(text)
    except (CannotTell, OSError) as problem:
        print(f"make_sbom: {problem}", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())

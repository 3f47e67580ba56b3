"""Adds up the JUnit reports of a test run; names what was skipped; the last line counts.

Checks that are no test case (builds, lints) are counted with the cases.
"""

import argparse
import sys
import xml.etree.ElementTree as xml
from pathlib import Path


def outcomes(report: Path) -> list[tuple[str, str]]:
    """(outcome, name) of every case of one report."""
    found = []
    for case in xml.parse(report).iter("testcase"):
        tags = {child.tag for child in case}
        status = case.get("status", "run")
        if tags & {"failure", "error"} or status == "fail":
            outcome = "failed"
        elif "skipped" in tags or status in ("notrun", "disabled"):
            outcome = "skipped"
        else:
            outcome = "passed"
        found.append((outcome, f"{report.stem}: {case.get('name')}"))
    return found


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path)
    for outcome in ("passed", "failed", "skipped"):
        arguments.add_argument(f"--checks-{outcome}", type=int, default=0)
    given = arguments.parse_args()

    counts = {"passed": given.checks_passed, "failed": given.checks_failed,
              "skipped": given.checks_skipped}
    skipped = []
    for report in sorted(given.folder.glob("*.xml")):
        for outcome, name in outcomes(report):
            counts[outcome] += 1
            if outcome == "skipped":
                skipped.append(name)
    for name in skipped:
        print(f"skipped: {name}")
    print(", ".join(f"{counts[outcome]} {outcome}" for outcome in ("passed", "failed", "skipped")))
    sys.exit(0 if counts["failed"] == 0 else 1)


if __name__ == "__main__":
    main()

"""Pages of docs/ of which a script renews sections: what lies between the marks "<!-- NAME -->" and "<!-- end of NAME -->"."""

from pathlib import Path


def with_section(page: str, name: str, text: str) -> str:
    """The page with a section replaced. Raises ValueError where its marks are not there once each."""
    begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
    if page.count(begin) != 1 or page.count(end) != 1:
        raise ValueError(f"the page has no section '{name}' (between '{begin.strip()}' and '{end}')")
    before, rest = page.split(begin)
    return f"{before}{begin}{text}\n{end}{rest.split(end)[1]}"


def renew(path: Path, sections: dict[str, str]) -> None:
    page = path.read_text(encoding="utf-8")
    for name, text in sections.items():
        page = with_section(page, name, text)
    path.write_text(page, encoding="utf-8")

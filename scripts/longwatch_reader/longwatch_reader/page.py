"""One self-contained HTML page of sections, figures and tables. Every text that comes in is escaped."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import plotly.graph_objects as go
from plotly.offline import get_plotlyjs

from .figures import SYMBOLS, THEME, THEME_DARK, arm_style
from .fit import fit
from .report_text import PAGE_MARK
from .tables import Column, Table

_PAGE_COLOURS = {"light": THEME | {"page": "#ffffff", "link": "#0a5a9c"},
                 "dark": THEME_DARK | {"page": "#0d1117", "link": "#6cb6ff"}}
# Nothing may be loaded: what is not in the file is not there.
_POLICY = ("default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
           "img-src data: blob:; font-src data:")


@dataclass(frozen=True)
class Panel:
    """A figure, its title, and what it shows for those who cannot see it."""

    id: str
    title: str
    figure: go.Figure
    label: str
    caption: str = ""


@dataclass(frozen=True)
class Section:
    """A part of the page: how to read it, its figures, and tables with their numbers."""

    id: str
    title: str
    read: str = ""
    panels: Sequence[Panel] = ()
    tables: Sequence[Table] = ()
    #: `one` figure to a row, `small` ones, or as wide as fits.
    layout: str = ""
    #: Tables shown at once, not on demand.
    is_open: bool = False
    #: More HTML, escaped by who made it.
    more: str = ""


def escape(text: object) -> str:
    return html.escape(fit(text), quote=True)


def render_page(title: str, question: str, sentences: Sequence[str], arms: Sequence[str],
                sections: Sequence[Section]) -> str:
    """The page as HTML text.

    Parameters
    ----------
    title, question : str
        Plain text.
    sentences : sequence of str
        The answer, plain text.
    arms : sequence of str
        Names to show and hide; none where there is one arm only.
    sections : sequence of Section
    """
    here = Path(__file__).parent
    panels = [panel for section in sections for panel in section.panels]
    data = {"themes": _PAGE_COLOURS,
            "figures": [{"id": panel.id} | json.loads(panel.figure.to_json()) for panel in panels]}
    contents = "".join(f'<li><a href="#{escape(s.id)}">{escape(s.title)}</a></li>' for s in sections)
    answer = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
    return "\n".join([
        PAGE_MARK,
        "<head>", '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="generator" content="Longwatch">', f"<title>{escape(title)}</title>",
        f"<style>{_colour_variables()}\n{(here / 'page.css').read_text()}</style>", "</head>", "<body>",
        '<header class="top wrap">', f"<h1>{escape(title)}</h1>", f'<p class="question">{escape(question)}</p>',
        f'<div class="answer" role="region" aria-label="The answer">{answer}</div>',
        f'<nav class="toc" aria-label="Contents"><ol>{contents}</ol></nav>', "</header>",
        _arm_bar(arms), '<main class="wrap">',
        "<noscript><p>The figures need JavaScript, which is off. The tables have their numbers.</p></noscript>",
        *(_section_html(section) for section in sections), "</main>",
        '<footer class="wrap"><p>Made by Longwatch. Everything on this page is in this one file. '
        "Coastlines: Natural Earth, public domain. Figures: plotly.js, MIT licence.</p></footer>",
        # In a script nothing but a less-than sign can end the data.
        f'<script type="application/json" id="page-data">{json.dumps(data).replace("<", chr(92) + "u003c")}</script>',
        f"<script>{get_plotlyjs()}</script>", f"<script>{(here / 'page.js').read_text()}</script>",
        "</body>", "</html>", ""])


def _colour_variables() -> str:
    def block(name: str) -> str:
        return ":root{" + "".join(f"--{key}:{value};" for key, value in _PAGE_COLOURS[name].items()) + "}"

    return f"{block('light')}\n@media screen and (prefers-color-scheme: dark){{{block('dark')}}}"


def _arm_bar(arms: Sequence[str]) -> str:
    if len(arms) < 2:
        return ""
    boxes = "".join(f'<label><input type="checkbox" checked data-arm="{escape(arm)}">{_swatch(number)}'
                    f"{escape(arm)}</label>" for number, arm in enumerate(arms))
    return f'<div class="arms"><div class="wrap"><fieldset><legend>Arms shown</legend>{boxes}</fieldset></div></div>'


def _swatch(number: int) -> str:
    style = arm_style(number)
    dash = "" if style["dash"] == "solid" else f' stroke-dasharray="{style["dash"].replace("px", "")}"'
    return (f'<svg viewBox="0 0 44 14" aria-hidden="true"><line x1="0" y1="7" x2="44" y2="7" '
            f'stroke="{style["colour"]}" stroke-width="3"{dash}/>{_symbol(style["symbol"], style["colour"])}</svg>')


def _symbol(name: str, colour: str) -> str:
    points = {"square": "17,2 27,2 27,12 17,12", "triangle-up": "22,1 28,12 16,12", "diamond": "22,0 29,7 22,14 15,7",
              "triangle-down": "22,13 28,2 16,2", "x": "16,3 18,1 22,5 26,1 28,3 24,7 28,11 26,13 22,9 18,13 16,11 20,7",
              "star": "22,0 24,5 29,5 25,8 27,13 22,10 17,13 19,8 15,5 20,5", "pentagon": "22,1 28,6 26,13 18,13 16,6"}
    if name not in points or name not in SYMBOLS:
        return f'<circle cx="22" cy="7" r="5.5" fill="{colour}"/>'
    return f'<polygon points="{points[name]}" fill="{colour}"/>'


def _section_html(section: Section) -> str:
    parts = [f'<section id="{escape(section.id)}" aria-labelledby="{escape(section.id)}-title">',
             f'<h2 id="{escape(section.id)}-title">{escape(section.title)}</h2>']
    if section.read:
        parts.append(f'<p class="read">{escape(section.read)}</p>')
    if section.panels:
        parts.append(f'<div class="grid {section.layout}">{"".join(map(_panel_html, section.panels))}</div>')
    tables = "".join(table_html(table) for table in section.tables)
    if tables and section.is_open:
        parts.append(tables)
    elif tables:
        parts.append(f"<details><summary>The numbers</summary>{tables}</details>")
    return "\n".join([*parts, section.more, "</section>"])


def _panel_html(panel: Panel) -> str:
    caption = f"<figcaption>{escape(panel.caption)}</figcaption>" if panel.caption else ""
    return (f"<figure><h3>{escape(panel.title)}</h3>"
            f'<div class="plot" id="{escape(panel.id)}" role="img" aria-label="{escape(panel.label)}"></div>'
            f"{caption}</figure>")


def table_html(table: Table) -> str:
    """A table as HTML; rows that belong to arms say so, for showing and hiding."""
    heads = "".join(f'<th scope="col"{_class(column)}>{escape(column.label)}</th>' for column in table.columns)
    of_arms = [i for i, column in enumerate(table.columns) if column.key in ("arm", "versus")]
    rows = []
    for row in table.rows:
        arms = json.dumps([row[i] for i in of_arms])
        marked = f' data-arms="{escape(arms)}"' if of_arms else ""
        cells = "".join(f"<td{_class(column)}>{escape(column.shown(cell))}</td>"
                        for column, cell in zip(table.columns, row, strict=True))
        rows.append(f"<tr{marked}>{cells}</tr>")
    return (f'<div class="scroll"><table><caption><span>{escape(table.title)}</span></caption><thead><tr>{heads}</tr></thead>'
            f"<tbody>{''.join(rows)}</tbody></table></div>")


def _class(column: Column) -> str:
    return "" if column.kind == "text" else ' class="n"'

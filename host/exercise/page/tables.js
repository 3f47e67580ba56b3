// The tables: rows of cells from a checked state, and a table body that keeps a row while its key is there, so that a
// reader's place in it and a selection stay. A cell is { main, sub, state, bar, numeric, large }: a word or the word of a
// state, what qualifies it, and a bar of a clock.

import { svg } from "./map.js";
import { agoText, countText, instantText, listText, minutesText, stateLook, unknown } from "./words.js";

// Which flight, where there is more than one.
const flightText = (state, flight) => (state.flights.length > 1 ? `flight ${flight ?? unknown}` : "");

export function toldRows(state, nation) {
    return nation.told.map((message) => ({
        key: [message.t_s, message.kind, message.maker, message.link, message.node, message.flight, ...message.origins].join("|"),
        cells: [
            { main: instantText(message.t_s), sub: flightText(state, message.flight) },
            { main: message.kind.replace("-", " "), sub: `of ${listText(message.origins) || unknown}` },
            { main: message.maker, sub: message.link === null ? "its own, by no link" : `by ${message.link}` },
            { main: message.node },
        ],
    }));
}

function clockWhy(clock) {
    if (clock.state === "no-word") { return ""; }
    const by = clock.by === null ? "" : `by ${clock.by === "precaution" ? "precaution" : clock.by.replace("-", " ")}`;
    const at = clock.t_warned_s === null ? "" : `at ${instantText(clock.t_warned_s)}`;
    return [by, at].filter(Boolean).join(", ");
}

function clockLeft(clock, t_s) {
    if (clock.t_clock_end_s === null) { return { main: "–", sub: "end not predicted yet", numeric: true }; }
    const left_s = t_s === null ? null : clock.t_clock_end_s - t_s;
    const bar = t_s === null ? null : { now: t_s, warned: clock.t_warned_s, end: clock.t_clock_end_s };
    const has_ended = left_s !== null && left_s <= 0;
    return {
        main: has_ended ? "ended" : minutesText(left_s), sub: `${has_ended ? "at" : "ends"} ${instantText(clock.t_clock_end_s)}`,
        numeric: true, bar, large: true,
    };
}

export function clockRows(state, nation) {
    return nation.clocks.map((clock) => ({
        key: `${clock.consumer}|${clock.flight}`,
        cells: [
            { main: clock.consumer, sub: flightText(state, clock.flight) }, { state: clock.state, sub: clockWhy(clock) },
            clockLeft(clock, state.clock.t_s),
        ],
    }));
}

function heardCell(is_heard, t_heard_s, t_s) {
    const age_s = t_heard_s === null || t_s === null ? null : t_s - t_heard_s;
    return { main: is_heard ? `${agoText(age_s)}${age_s === null ? "" : " ago"}` : "never", numeric: true };
}

function droppedCell(link) {
    const some = link.dropped.filter(({ count }) => count > 0);
    const all = link.dropped.some(({ count }) => count === null) ? null : link.dropped.reduce((sum, { count }) => sum + count, 0);
    return { main: countText(all), sub: some.map(({ reason, count }) => `${count} ${reason}`).join(", "), numeric: true };
}

export function linkRows({ clock: { t_s } }, nation) {
    return nation.links.map((link) => ({
        key: link.name,
        cells: [
            { main: link.name, sub: `${link.from} → ${link.to}` }, { state: link.state },
            heardCell(link.is_heard, link.t_heard_s, t_s),
            { main: countText(link.sent), numeric: true }, { main: countText(link.heard), numeric: true }, droppedCell(link),
        ],
    }));
}

export function nodeRows({ clock: { t_s } }, nation) {
    return nation.nodes.map((node) => ({
        key: node.name, cells: [{ main: node.name }, { state: node.state }, heardCell(true, node.t_heard_s, t_s)],
    }));
}

function span(name, parent) {
    const element = document.createElement("span");
    element.className = name;
    parent.append(element);
    return element;
}

function setText(element, text) {
    if (element.textContent !== text) { element.textContent = text; }
}

// Time from the beginning to the end of a clock: what has gone by, and what the warning gives, from its instant on.
function drawBar(cell, bar) {
    cell.bar ??= cell.element.appendChild(
        svg("svg", { class: "bar", viewBox: "0 0 100 4", preserveAspectRatio: "none", "aria-hidden": "true" }));
    const x = (t_s) => Math.max(0, Math.min(100, 100 * t_s / Math.max(bar.end, 1)));
    const part = (name, from, to) => svg("rect", { class: name, x: from, y: 0, width: Math.max(0, to - from), height: 4 });
    const warned = bar.warned === null ? [] : [part("warned", x(bar.warned), 100)];
    cell.bar.replaceChildren(part("whole", 0, 100), ...warned, part("now", Math.max(0, x(bar.now) - 1), x(bar.now)));
}

function makeCell(row, isFirst) {
    const element = document.createElement(isFirst ? "th" : "td");
    if (isFirst) { element.scope = "row"; }
    row.append(element);
    const mark = span("mark", element);
    mark.setAttribute("aria-hidden", "true");
    const main = span("main", element);
    element.append(" ");
    return { element, mark, main, sub: span("sub", element), bar: null };
}

function fillCell(cell, { main = "", sub = "", state, bar, numeric = false, large = false }) {
    const look = state === undefined ? null : stateLook(state);
    cell.element.className = [numeric ? "n" : "", large ? "large" : "", look ? `state ${look.tone}` : ""].join(" ").trim();
    setText(cell.mark, look ? look.mark : "");
    setText(cell.main, look ? look.word : main);
    setText(cell.sub, sub);
    if (bar) { drawBar(cell, bar); } else if (cell.bar) { cell.bar.remove(); cell.bar = null; }
}

export class KeyedRows {
    constructor(body) {
        this.body = body;
        this.rows = new Map();
        this.is_filled = false;
    }

    show(rows) {
        const kept = new Map();
        for (const [i, { key, cells }] of this.numbered(rows).entries()) {
            const row = this.rows.get(key) ?? this.make(cells.length);
            cells.forEach((cell, j) => fillCell(row.cells[j], cell));
            if (this.body.children[i] !== row.element) { this.body.insertBefore(row.element, this.body.children[i] ?? null); }
            kept.set(key, row);
        }
        for (const [key, row] of this.rows) { if (!kept.has(key)) { row.element.remove(); } }
        this.rows = kept;
        this.is_filled = true;
    }

    // Equal keys, the second and so on with a number.
    numbered(rows) {
        const seen = new Map();
        return rows.map((row) => {
            const before = seen.get(row.key) ?? 0;
            seen.set(row.key, before + 1);
            return before ? { ...row, key: `${row.key}#${before}` } : row;
        });
    }

    make(count) {
        const element = document.createElement("tr");
        if (this.is_filled) { element.className = "new"; }
        return { element, cells: Array.from({ length: count }, (_, i) => makeCell(element, i === 0)) };
    }
}

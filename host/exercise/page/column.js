// The columns: one for each nation, made of the page's template, and the one of what is true.

import { k95 } from "./geo.js";
import { GroundMap } from "./map.js";
import { closeUpScene, ellipseText, nationClass, nationScene, predictions, truthCloseUp, truthScene } from "./scenes.js";
import { KeyedRows, clockRows, linkRows, nodeRows, toldRows } from "./tables.js";
import {
    agoText, azimuthText, countedText, instantText, kilometresText, minutesText, placeText, secondsText, titleText, unknown,
} from "./words.js";

const map_shape = 0.54, wide_close_up_shape = 0.46, map_highest_px = 420, close_ups_most = 4;

function part(root, name) {
    return root.querySelector(`[data-part="${name}"]`);
}

function setText(element, text) {
    if (element.textContent !== text) { element.textContent = text; }
}

// A map as wide as its place; drawn anew when that changes.
class SizedMap {
    constructor(element, earth, shape) {
        this.shape = shape;
        this.map = new GroundMap(element, earth);
        this.scene = null;
        this.width_px = 0;
        new ResizeObserver((entries) => {
            this.width_px = Math.floor(entries.at(-1).contentRect.width);
            this.draw();
        }).observe(element);
    }

    show(scene) {
        this.scene = scene;
        this.draw();
    }

    draw() {
        if (this.scene === null || this.width_px < 50) { return; }
        this.map.show(this.scene, this.width_px, Math.min(Math.round(this.width_px * this.shape), map_highest_px));
    }
}

// A close-up, and beside or below it what it says: pairs of a term and its value, with what qualifies it.
class Card {
    constructor(earth, isWide) {
        this.element = document.createElement("li");
        this.element.className = isWide ? "wide" : "";
        this.picture = document.createElement("div");
        this.picture.className = "close-up";
        this.title = document.createElement("h4");
        this.list = document.createElement("dl");
        const words = document.createElement("div");
        words.append(this.title, this.list);
        this.element.append(this.picture, words);
        this.map = new SizedMap(this.picture, earth, isWide ? wide_close_up_shape : 1);
        this.facts = [];
    }

    show({ title, scene, facts }) {
        setText(this.title, title);
        this.picture.hidden = scene === null;
        if (scene !== null) { this.map.show(scene); }
        while (this.facts.length > facts.length) { this.facts.pop().forEach((element) => element.remove()); }
        while (this.facts.length < facts.length) { this.facts.push(this.makeFact()); }
        facts.forEach((fact, i) => fact.forEach((text, j) => setText(this.facts[i][j], text)));
    }

    makeFact() {
        const term = document.createElement("dt"), description = document.createElement("dd");
        const value = document.createElement("span"), sub = document.createElement("span");
        sub.className = "sub";
        description.append(value, " ", sub);
        this.list.append(term, description);
        return [term, value, sub, description];
    }
}

class Cards {
    constructor(list, earth, isWide = false) {
        this.list = list;
        this.make = () => new Card(earth, isWide);
        this.cards = [];
    }

    show(contents) {
        while (this.cards.length > contents.length) { this.cards.pop().element.remove(); }
        while (this.cards.length < contents.length) {
            this.cards.push(this.make());
            this.list.append(this.cards.at(-1).element);
        }
        contents.forEach((content, i) => this.cards[i].show(content));
    }
}

// What matters most of a nation, in three or four parts; those that are not as they should be stand out.
function statusParts(nation) {
    const flights = new Set(nation.knows.map((known) => known.flight)).size;
    const warned = nation.clocks.filter((clock) => clock.state === "warned" || clock.t_warned_s !== null).length;
    const not_up = nation.links.filter((link) => link.state !== "up").length;
    const links = nation.links.length ? "all links up" : "no links";
    const lost = nation.nodes.filter((node) => node.state === "lost").length;
    return [
        [flights === 0 ? "has heard of nothing yet" : `knows of ${countedText(flights, "flight")}`, ""],
        [nation.clocks.length ? `${warned} of ${nation.clocks.length} warned` : "nobody to warn", ""],
        not_up ? [`${countedText(not_up, "link")} not up`, "bad"] : [links, ""],
        ...(lost ? [[`${countedText(lost, "node")} lost`, "bad"]] : []),
    ];
}

function showStatus(element, parts) {
    const said = JSON.stringify(parts);
    if (element.dataset.said === said) { return; }
    element.dataset.said = said;
    element.replaceChildren(...parts.flatMap(([text, tone], i) => {
        const span = document.createElement("span");
        span.className = tone;
        span.textContent = text;
        return i ? [" · ", span] : [span];
    }));
}

const axis = (length_m) => kilometresText(length_m === null ? null : k95 * length_m);

// What a node knows of a flight: terms, values, and what qualifies these.
function knownFacts({ launch, impact, age_s, tracks }) {
    const from = launch ? [placeText(launch.at), `± ${axis(launch.half_axis_m)} (95 %)`] : ["not known", ""];
    const age = ["Age", agoText(age_s), `from ${countedText(tracks, "track")}`];
    if (!impact) { return [["Launch", ...from], ["Impact", "not predicted yet", ""], age]; }
    return [
        ["Launch", ...from],
        ["Impact", placeText(impact.at), `at ${instantText(impact.t_impact_s)} ± ${secondsText(impact.time_sigma_s)} (1 σ)`],
        ["Ellipse", ellipseText(impact), `half axes (95 %), long one ${azimuthText(impact.major_azimuth_deg)}`],
        age,
    ];
}

function knownCard(known, i) {
    const has_place = known.impact ? known.impact.at : known.launch?.at;
    return {
        title: `Flight ${known.flight ?? unknown} at ${known.node}`,
        scene: has_place && i < close_ups_most ? closeUpScene(known) : null, facts: knownFacts(known),
    };
}

export class NationColumn {
    constructor(template, index, earth) {
        const root = template.content.cloneNode(true).firstElementChild;
        this.element = root;
        root.classList.add(nationClass(index));
        for (const element of root.querySelectorAll("[id], [aria-labelledby]")) {
            if (element.id) { element.id = `${element.id}-${index}`; }
            const label = element.getAttribute("aria-labelledby");
            if (label) { element.setAttribute("aria-labelledby", label.split(" ").map((id) => `${id}-${index}`).join(" ")); }
        }
        root.setAttribute("aria-labelledby", root.querySelector("h2").id);
        this.title = root.querySelector("h2");
        this.status = part(root, "status");
        this.map = new SizedMap(part(root, "map"), earth, map_shape);
        this.cards = new Cards(part(root, "knows"), earth);
        const tables = { clocks: clockRows, told: toldRows, links: linkRows, nodes: nodeRows };
        this.tables = Object.entries(tables).map(([name, made]) => ({
            made, block: part(root, name), rows: new KeyedRows(part(root, name).querySelector("tbody")),
        }));
    }

    show(state, nation, places) {
        setText(this.title, titleText(nation.name));
        showStatus(this.status, statusParts(nation));
        this.map.show(nationScene(state, nation, places));
        this.cards.show(nation.knows.map(knownCard));
        part(this.element, "knows-nothing").hidden = nation.knows.length > 0;
        for (const { block, rows, made } of this.tables) {
            const contents = made(state, nation);
            rows.show(contents);
            block.querySelector(".table").hidden = contents.length === 0;
            block.querySelector(".nothing").hidden = contents.length > 0;
        }
        const { told, told_count } = nation;
        setText(part(this.element, "told-count"), told_count > told.length ? `newest ${told.length} of ${told_count}` : "newest first");
    }
}

function missFact({ node, miss }) {
    if (miss === null) { return [node, unknown, ""]; }
    const where = miss.is_within === null ? "ellipse unknown" : miss.is_within ? "inside its 95 %" : "outside its 95 %";
    const late = miss.late_s === null ? "time unknown" : `${secondsText(Math.abs(miss.late_s))} ${miss.late_s < 0 ? "early" : "late"}`;
    return [node, `${kilometresText(miss.distance_m)} off`, `${where}, ${late}`];
}

function truthCard(state, flight) {
    const predicted = predictions(state, flight);
    const has_picture = predicted.length > 0 && flight.impact?.at;
    return {
        title: `Flight ${flight.flight ?? unknown}`, scene: has_picture ? truthCloseUp(state, flight) : null,
        facts: predicted.length ? predicted.map(missFact) : [["Nobody", "has predicted its impact yet", ""]],
    };
}

function flightRow(state, flight) {
    const known = state.flights.find((one) => one.flight === flight.flight);
    const t_s = state.clock.t_s, end = flight.impact?.t_s ?? null;
    const left_s = t_s === null || end === null ? null : end - t_s;
    const when = left_s === null ? "" : left_s > 0 ? `in ${minutesText(left_s)}` : `${agoText(-left_s)} ago`;
    return {
        key: String(flight.flight),
        cells: [
            { main: `flight ${flight.flight ?? unknown}`, sub: known ? known.threat : "" },
            flight.position ? { main: placeText(flight.position.at), sub: `${kilometresText(flight.position.altitude_m)} up` }
                : { main: "not in flight" },
            { main: placeText(flight.impact?.at ?? null), sub: `at ${instantText(end)}${when ? `, ${when}` : ""}` },
        ],
    };
}

export class TruthColumn {
    constructor(root, earth) {
        this.status = part(root, "status");
        this.map = new SizedMap(part(root, "map"), earth, map_shape);
        this.cards = new Cards(part(root, "misses"), earth, true);
        this.flights = new KeyedRows(part(root, "flights").querySelector("tbody"));
    }

    show(state, places) {
        const { flights, worst_overhead_ms } = state.truth;
        const overhead = worst_overhead_ms === null ? "the transport’s own time is unknown"
            : `transport itself takes at most ${worst_overhead_ms.toFixed(1)} ms`;
        showStatus(this.status, [[countedText(flights.length, "flight"), ""], [overhead, ""]]);
        this.map.show(truthScene(state, places));
        this.cards.show(flights.slice(0, close_ups_most).map((flight) => truthCard(state, flight)));
        this.flights.show(flights.map((flight) => flightRow(state, flight)));
    }
}

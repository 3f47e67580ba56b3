// Draws a map as SVG: land, lines, rings, marks with names where there is room for them, and a scale. It knows nothing of what they
// mean; scenes.js says what is drawn. Colours come from page.css, by class.

import { coastPath } from "./land.js";
import { View } from "./geo.js";
import { kilometresText } from "./words.js";

const letter_px = 6.1, line_px = 13;

export function svg(name, attributes = {}) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) { element.setAttribute(key, value); }
    return element;
}

function shape(points, closed) {
    return points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)},${y.toFixed(1)}`).join("") + (closed ? "Z" : "");
}

const mark_paths = {
    square: "M-2.5,-2.5h5v5h-5Z",
    dot: "M-3.6,0a3.6,3.6 0 1 0 7.2,0a3.6,3.6 0 1 0 -7.2,0Z",
    triangle: "M0,-5.2L4.8,3.4L-4.8,3.4Z",
    plus: "M-5,0H5M0,-5V5",
    cross: "M-4.5,-4.5L4.5,4.5M-4.5,4.5L4.5,-4.5",
    ring: "M-7,0a7,7 0 1 0 14,0a7,7 0 1 0 -14,0Z",
};

// Lengths that a scale may have: 1, 2 and 5 times powers of ten.
function scaleLength_m(longest_m) {
    const power = 10 ** Math.floor(Math.log10(longest_m));
    return power * [5, 2, 1].find((factor) => factor * power <= longest_m);
}

const overlap = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

export class GroundMap {
    // The element will hold nothing but the map. earth.land is the mask of land.js, null while there is none.
    constructor(element, earth) {
        this.element = element;
        this.earth = earth;
        this.svg = svg("svg", { role: "img", class: "map" });
        this.coast = svg("path", { class: "land" });
        this.front = svg("g");
        this.svg.append(this.coast, this.front);
        element.replaceChildren(this.svg);
    }

    // scene: region (places that must be in it), least_m (its least width), items (what lies on it), label (its sentence).
    show(scene, width_px, height_px) {
        const said = JSON.stringify([scene, width_px, height_px, this.earth.land !== null]);
        if (said === this.said) { return; }
        this.said = said;
        this.svg.setAttribute("aria-label", scene.label);
        this.svg.setAttribute("viewBox", `0 0 ${width_px} ${height_px}`);
        this.svg.setAttribute("width", width_px);
        this.svg.setAttribute("height", height_px);
        const view = new View(scene.region, width_px, height_px, scene);
        const where = JSON.stringify(view) + (this.earth.land !== null);
        if (where !== this.where) {
            this.where = where;
            this.coast.setAttribute("d", coastPath(this.earth.land, view));
        }
        const marks = scene.items.filter((one) => one.at).map((item) => [item, view.pixels(item.at)])
            .filter(([, point]) => point !== null && this.isInside(view, point));
        this.taken = marks.filter(([item]) => !item.is_faint).map(([, [x, y]]) => [x - 5, y - 5, x + 5, y + 5]);
        this.front.replaceChildren();
        for (const item of scene.items.filter((one) => one.places)) { this.drawLine(view, item); }
        this.drawScale(view, marks.map(([, point]) => point));
        for (const [item, point] of marks) { this.drawMark(view, item, point); }
    }

    isInside(view, [x, y]) {
        return x >= -8 && y >= -8 && x <= view.width_px + 8 && y <= view.height_px + 8;
    }

    // A ring or a line; where the map cannot show a place of it, it is interrupted.
    drawLine(view, { places, kind, closed = false }) {
        const pieces = [[]];
        for (const at of places) {
            const point = view.pixels(at);
            if (point !== null) { pieces.at(-1).push(point); } else { pieces.push([]); }
        }
        const whole = pieces.length === 1;
        const d = pieces.filter((piece) => piece.length > 1).map((piece) => shape(piece, closed && whole)).join("");
        if (d) { this.front.append(svg("path", { d, class: kind })); }
    }

    drawMark(view, { kind, mark, name = "", title = "" }, [x, y]) {
        const group = svg("g", { class: `mark ${kind}`, transform: `translate(${x.toFixed(1)},${y.toFixed(1)})` });
        group.append(svg("path", { d: mark_paths[mark] }));
        const label = this.labelPlace(view, name, x, y);
        if (label) {
            const text = svg("text", { x: (label[0] - x).toFixed(1), y: (label[1] - y).toFixed(1) });
            text.textContent = name;
            group.append(text);
        }
        const full = svg("title");
        full.textContent = title || name;
        group.append(full);
        this.front.append(group);
    }

    // Where a name has room beside its mark: right, left, above or below. Names that have none are left out.
    labelPlace(view, name, x, y) {
        if (!name) { return null; }
        const width = name.length * letter_px;
        for (const [left, base] of [[x + 7, y + 4], [x - 7 - width, y + 4], [x - width / 2, y - 8], [x - width / 2, y + 17],
            [x + 5, y - 6], [x + 5, y + 14], [x - 5 - width, y - 6], [x - 5 - width, y + 14]]) {
            const box = [left, base - line_px + 3, left + width, base + 3];
            const inside = box[0] >= 2 && box[1] >= 2 && box[2] <= view.width_px - 2 && box[3] <= view.height_px - 2;
            if (inside && !this.taken.some((other) => overlap(box, other))) {
                this.taken.push(box);
                return [left, base];
            }
        }
        return null;
    }

    // True at the middle of the map; in the lower corner with fewer marks.
    drawScale(view, points) {
        const length_m = scaleLength_m(Math.min(view.width_px * 0.3, 140) * view.m_per_px);
        const length_px = length_m / view.m_per_px, y = view.height_px - 8, room_px = Math.max(length_px, 50) + 16;
        const low = points.filter((point) => point[1] > view.height_px - 30);
        const is_right = low.filter(([x]) => x > view.width_px - room_px).length <= low.filter(([x]) => x < room_px).length;
        const from = is_right ? view.width_px - 8 : 8, to = is_right ? from - length_px : from + length_px;
        this.front.append(svg("path", { class: "scale", d: `M${to.toFixed(1)},${y - 4}v4H${from}v-4` }));
        const text = svg("text", { class: "scale", x: from, y: y - 7, "text-anchor": is_right ? "end" : "start" });
        text.textContent = kilometresText(length_m).replace(".0", "");
        this.front.append(text);
        this.taken.push([Math.min(from, to) - 8, y - 20, Math.max(from, to) + 8, y + 8]);
    }
}

// What the maps show: for each nation the flight as it knows it, for each prediction its ellipse close up, and beside them what is
// true, with all predictions in one.

import { arc, destination, ellipse, k95, way } from "./geo.js";
import { countedText, instantText, kilometresText, listText, placeText, titleText, unknown } from "./words.js";

const drawn_links_most = 40;

// Nations by the order in which they come: colours and dashes of page.css, which begin again after six.
export const nationClass = (index) => `nation-${index % 6}`;

function onTheWhole(at) {
    return { latitude_deg: Math.round(at.latitude_deg), longitude_deg: Math.round(at.longitude_deg) };
}

// What all maps of the region have in them: the nodes, the flights as they are and as they are thought to be.
export function region(state) {
    const flights = state.truth.flights.flatMap((flight) => [...flight.path, flight.impact?.at]);
    const thought = state.nations.flatMap((nation) => nation.knows.flatMap((known) => [known.launch?.at, known.impact?.at]));
    return [...state.places.map((place) => place.at), ...flights, ...thought.filter(Boolean).map(onTheWhole)].filter(Boolean)
        .map(({ latitude_deg, longitude_deg }) => ({ latitude_deg, longitude_deg }));
}

function nodes(state, nation) {
    const own = state.places.filter((place) => place.nation === nation?.name);
    const others = state.places.filter((place) => place.nation !== nation?.name);
    return [...others.map((place) => ({ at: place.at, mark: "square", kind: "node other", is_faint: true, title: place.name })),
        ...own.map((place) => ({ at: place.at, mark: "square", kind: "node", name: place.name }))];
}

function links(state, nation) {
    const places = new Map(state.places.map((place) => [place.name, place.at]));
    return nation.links.slice(0, drawn_links_most).filter((link) => places.has(link.from) && places.has(link.to))
        .map((link) => ({ places: arc(places.get(link.from), places.get(link.to), 8), kind: `link ${link.state}` }));
}

const ring = (launch) => (launch.half_axis_m === null ? []
    : ellipse(launch.at, k95 * launch.half_axis_m, k95 * launch.half_axis_m, 0));

function ellipse95({ at, half_axis_major_m, half_axis_minor_m, major_azimuth_deg }) {
    const times = (length_m) => (length_m === null ? null : k95 * length_m);
    return ellipse(at, times(half_axis_major_m), times(half_axis_minor_m), major_azimuth_deg);
}

// Half axes of the 95 % ellipse in words.
export function ellipseText(impact) {
    const axis = (length_m) => kilometresText(length_m === null ? null : k95 * length_m);
    return `${axis(impact.half_axis_major_m)} by ${axis(impact.half_axis_minor_m)}`;
}

function estimate({ launch, impact }) {
    const items = [];
    if (launch?.at && impact?.at) { items.push({ places: arc(launch.at, impact.at), kind: "great-circle" }); }
    if (launch?.at) {
        items.push({ places: ring(launch), kind: "launch", closed: true });
        items.push({ at: launch.at, mark: "triangle", kind: "launch", title: "launch estimate" });
    }
    if (impact?.at) {
        items.push({ places: ellipse95(impact), kind: "impact", closed: true });
        items.push({ at: impact.at, mark: "plus", kind: "impact", title: "predicted impact" });
    }
    return items;
}

function knownInWords(known) {
    if (known.impact) {
        return `impact expected at ${placeText(known.impact.at, "")}, at ${instantText(known.impact.t_impact_s)}, ` +
            `95 % ellipse with half axes ${ellipseText(known.impact)}`;
    }
    if (known.launch) { return `launch seen at ${placeText(known.launch.at, "")}, no impact predicted yet`; }
    return "neither launch nor impact known yet";
}

export function nationScene(state, nation, places) {
    const flights = new Set(nation.knows.map((known) => known.flight)).size;
    const details = nation.knows.map((known) => `${known.node}: ${knownInWords(known)}`);
    const label = flights === 0 ? `${titleText(nation.name)} has heard of nothing yet; the map shows its nodes.`
        : `${titleText(nation.name)} knows of ${countedText(flights, "flight")}. ${details.join("; ")}.`;
    const items = [...links(state, nation), ...nation.knows.flatMap(estimate), ...nodes(state, nation)];
    return { region: places, least_m: 6e5, label, items };
}

export function closeUpScene(known) {
    const places = known.impact?.at ? ellipse95(known.impact) : [];
    const start = known.launch?.at && !known.impact ? ring(known.launch) : [];
    const only = [known.impact?.at, known.launch?.at].filter(Boolean).slice(0, 1);
    const what = known.impact ? "predicted impact" : "launch estimate";
    return {
        region: [...places, ...start, ...only], least_m: 6e3, margin_px: 22,
        items: estimate(known).filter((item) => item.kind !== "great-circle"),
        label: `Close-up of the ${what} of flight ${known.flight ?? unknown} as ${known.node} has it: ${knownInWords(known)}.`,
    };
}

// The path flown and the path to come, which begins where the first ends.
function truePath(flight, t_s) {
    const flown = flight.path.filter((knot) => t_s !== null && knot.t_s <= t_s);
    const to_come = flight.path.filter((knot) => t_s === null || knot.t_s > t_s);
    const here = flight.position?.at && to_come.length > 0 ? [flight.position.at] : [];
    return [{ places: [...here, ...to_come], kind: "path to-come" }, { places: [...flown, ...here], kind: "path flown" }];
}

// Every prediction of a flight with its nation's number, and how far it is off.
export function predictions(state, flight) {
    return state.nations.flatMap((nation, index) => nation.knows
        .filter((known) => known.impact?.at && known.flight === flight.flight)
        .map((known) => ({ index, node: known.node, impact: known.impact, miss: miss(known.impact, flight.impact) })));
}

// How far an estimate is from the truth: metres, whether the truth is within its 95 % ellipse, and seconds that it is late.
function miss(impact, truth) {
    if (!truth?.at) { return null; }
    const { distance_m, azimuth_deg } = way(impact.at, truth.at);
    const angle = (azimuth_deg - impact.major_azimuth_deg) * Math.PI / 180;
    const along = distance_m * Math.cos(angle) / (k95 * impact.half_axis_major_m);
    const across = distance_m * Math.sin(angle) / (k95 * impact.half_axis_minor_m);
    const is_known = ![impact.half_axis_major_m, impact.half_axis_minor_m, impact.major_azimuth_deg].includes(null);
    const late_s = impact.t_impact_s === null || truth.t_s === null ? null : impact.t_impact_s - truth.t_s;
    return { distance_m, is_within: is_known ? Math.hypot(along, across) <= 1 : null, late_s };
}

const rings = (predicted) => predicted.map(({ index, impact }) => (
    { places: ellipse95(impact), kind: `impact ${nationClass(index)}`, closed: true }));
const centres = (predicted) => predicted.map(({ index, impact, node }) => (
    { at: impact.at, mark: "plus", kind: `impact ${nationClass(index)}`, name: node }));
const trueImpact = (flight) => (flight.impact?.at
    ? [{ at: flight.impact.at, mark: "cross", kind: "true-impact", title: "true impact" }] : []);

function truthInWords({ flight, position, impact }) {
    const where = position?.at ? ` is at ${placeText(position.at, "")}, ${kilometresText(position.altitude_m)} up,` : "";
    const end = `${placeText(impact?.at ?? null, "")}, at ${instantText(impact?.t_s ?? null)}`;
    return `flight ${flight ?? unknown}${where} comes down at ${end}`;
}

function positionMark({ position }) {
    if (!position?.at) { return []; }
    return [{ at: position.at, mark: "dot", kind: "position", name: `${kilometresText(position.altitude_m)} up` }];
}

export function truthScene(state, places) {
    const said = state.truth.flights.map(truthInWords);
    const items = state.truth.flights.flatMap((flight) => [
        ...truePath(flight, state.clock.t_s), ...rings(predictions(state, flight)), ...trueImpact(flight), ...positionMark(flight)]);
    return {
        region: places, least_m: 6e5, items: [...nodes(state, null), ...items],
        label: `What is true: ${said.length ? listText(said) : "no flight"}.`,
    };
}

export function truthCloseUp(state, flight) {
    const predicted = predictions(state, flight);
    const off = predicted.map(({ node, miss: by }) => `${node} is ${by ? kilometresText(by.distance_m) : "an unknown distance"} off`);
    const around = [0, 90, 180, 270].map((azimuth_deg) => destination(flight.impact.at, 2e3, azimuth_deg));
    return {
        region: [...around, ...predicted.flatMap((one) => [one.impact.at, ...ellipse95(one.impact)])], least_m: 6e3, margin_px: 14,
        items: [...rings(predicted), ...trueImpact(flight), ...centres(predicted)],
        label: `Close-up of the true impact of flight ${flight.flight ?? unknown} with all predictions: ` +
            `${off.length ? listText(off) : "none yet"}.`,
    };
}

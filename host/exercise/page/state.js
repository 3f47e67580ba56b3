// What comes from the exercise, checked: nothing of a snapshot reaches the rest of the page but through here. A value that is not what
// it should be becomes null (a number, a place), "unknown" (a word) or is left out (an entry of a list), and the rest is used.

const most = {
    nations: 8, flights: 32, places: 300, knows: 12, told: 50, told_read: 4000, origins: 16, clocks: 40, links: 80, nodes: 60,
    path: 3000, text: 64,
};
export const told_most = most.told;

export const message_kinds = ["alert", "track", "impact-prediction", "all-clear"];
export const clock_states = ["no-word", "deciding", "warned", "calm", "over"];
export const link_states = ["up", "silent", "down", "slow"];
export const node_states = ["up", "lost", "caught-up"];
export const drop_reasons = ["refused", "replayed", "forged", "malformed", "expired"];

// Control characters, and those that turn or hide text around them.
const unprintable = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]/g;

function isObject(value) {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

// Only what the object itself has: never what it inherits.
function own(object, key) {
    return isObject(object) && Object.hasOwn(object, key) ? object[key] : undefined;
}

function plain(value) {
    if (typeof value !== "string") { return "unknown"; }
    const short = [...value.slice(0, 4 * most.text).replace(unprintable, "")];
    const shown = short.length > most.text ? `${short.slice(0, most.text - 1).join("")}…` : short.join("");
    return shown.trim() || "unknown";
}

const text = (object, key) => plain(own(object, key));
const textOrNull = (object, key) => (own(object, key) === null ? null : text(object, key));

function number(object, key, least = -1e9, greatest = 1e9) {
    const value = own(object, key);
    return typeof value === "number" && Number.isFinite(value) && value >= least && value <= greatest ? value : null;
}

function count(object, key) {
    const value = number(object, key, 0, Number.MAX_SAFE_INTEGER);
    return Number.isInteger(value) ? value : null;
}

function word(object, key, known) {
    const value = own(object, key);
    return known.includes(value) ? value : "unknown";
}

function place(object) {
    const latitude_deg = number(object, "latitude_deg", -90, 90);
    const longitude_deg = number(object, "longitude_deg", -360, 360);
    return latitude_deg === null || longitude_deg === null ? null : { latitude_deg, longitude_deg };
}

const length = (object, key) => number(object, key, 0, 2e7);

// Lists that are too long are cut; how much was cut or made no sense is counted, so that the page can say so.
class Checker {
    constructor() { this.left_out = 0; }

    list(object, key, longest, check) {
        const value = own(object, key);
        if (!Array.isArray(value)) { return []; }
        const checked = value.slice(0, longest).map((entry) => check(entry)).filter((entry) => entry !== null);
        this.left_out += value.length - checked.length;
        return checked;
    }

    objects(object, key, longest, check) {
        return this.list(object, key, longest, (entry) => (isObject(entry) ? check(entry) : null));
    }
}

function clock(object) {
    const speed = own(object, "speed");
    return {
        t_s: number(object, "t_s"),
        speed: speed === "max" ? "max" : number(object, "speed", 0, 1e6),
        paused: own(object, "paused") === true,
        over: own(object, "over") === true,
        may_control: own(object, "may_control") === true,
    };
}

function launch(object) {
    return isObject(object) ? { at: place(object), half_axis_m: length(object, "half_axis_m") } : null;
}

function impact(object) {
    if (!isObject(object)) { return null; }
    return {
        at: place(object),
        half_axis_major_m: length(object, "half_axis_major_m"),
        half_axis_minor_m: length(object, "half_axis_minor_m"),
        major_azimuth_deg: number(object, "major_azimuth_deg", -360, 360),
        t_impact_s: number(object, "t_impact_s"),
        time_sigma_s: number(object, "time_sigma_s", 0),
    };
}

function known(object) {
    return {
        flight: count(object, "flight"), node: text(object, "node"), t_s: number(object, "t_s"),
        age_s: number(object, "age_s", 0), tracks: count(object, "tracks"),
        launch: launch(own(object, "launch")), impact: impact(own(object, "impact")),
    };
}

function told(checker, object) {
    return {
        t_s: number(object, "t_s"), kind: word(object, "kind", message_kinds), maker: text(object, "maker"),
        origins: checker.list(object, "origins", most.origins, plain), link: textOrNull(object, "link"),
        node: text(object, "node"), flight: count(object, "flight"),
    };
}

// The newest first. A long list is taken to grow at its end.
function newest(checker, nation) {
    const all = own(nation, "told");
    const late = Array.isArray(all) ? { told: all.slice(-most.told_read) } : {};
    checker.left_out += Array.isArray(all) ? Math.max(0, all.length - most.told_read) : 0;
    return checker.objects(late, "told", most.told_read, (entry) => told(checker, entry))
        .sort((a, b) => (b.t_s ?? -Infinity) - (a.t_s ?? -Infinity) || 0);
}

function consumerClock(object) {
    const by = own(object, "by");
    return {
        consumer: text(object, "consumer"), flight: count(object, "flight"), state: word(object, "state", clock_states),
        by: by === null || by === undefined ? null : word(object, "by", [...message_kinds, "precaution"]),
        t_warned_s: number(object, "t_warned_s"), t_clock_end_s: number(object, "t_clock_end_s"),
    };
}

function link(object) {
    const dropped = own(object, "dropped");
    return {
        name: text(object, "name"), from: text(object, "from"), to: text(object, "to"),
        state: word(object, "state", link_states), is_heard: own(object, "t_heard_s") !== null,
        t_heard_s: number(object, "t_heard_s"), sent: count(object, "sent"), heard: count(object, "heard"),
        dropped: drop_reasons.map((reason) => ({ reason, count: count(dropped, reason) })),
    };
}

function nation(checker, object) {
    const all_told = newest(checker, object);
    const first_alert = all_told.findLast((message) => message.kind === "alert") ?? null;
    return {
        name: text(object, "name"),
        knows: checker.objects(object, "knows", most.knows, known),
        told: all_told.slice(0, most.told), told_count: all_told.length, first_alert,
        clocks: checker.objects(object, "clocks", most.clocks, consumerClock),
        links: checker.objects(object, "links", most.links, link),
        nodes: checker.objects(object, "nodes", most.nodes, (node) => ({
            name: text(node, "name"), state: word(node, "state", node_states), t_heard_s: number(node, "t_heard_s"),
        })),
    };
}

function knot(value) {
    if (!Array.isArray(value)) { return null; }
    const [t_s, latitude_deg, longitude_deg, altitude_m] = value;
    const at = place({ latitude_deg, longitude_deg });
    return at && Number.isFinite(t_s) ? { t_s, ...at, altitude_m: number({ altitude_m }, "altitude_m", -1e5, 1e8) } : null;
}

function trueFlight(checker, object) {
    const position = own(object, "position");
    const end = own(object, "impact");
    return {
        flight: count(object, "flight"),
        path: checker.list(object, "path", most.path, knot),
        position: isObject(position) ? { at: place(position), altitude_m: number(position, "altitude_m", -1e5, 1e8) } : null,
        impact: isObject(end) ? { at: place(end), t_s: number(end, "t_s") } : null,
    };
}

// The snapshot as the page uses it; null where it is none, or of another schema than the page knows.
export function checkedState(json) {
    if (own(json, "schema") !== 1) { return null; }
    const checker = new Checker();
    const truth = own(json, "truth");
    const state = {
        study: text(json, "study"), arm: text(json, "arm"), exercise: text(json, "exercise"),
        clock: clock(own(json, "clock")),
        flights: checker.objects(json, "flights", most.flights, (flight) => ({
            flight: count(flight, "flight"), threat: text(flight, "threat"), t_ignition_s: number(flight, "t_ignition_s"),
        })),
        places: checker.objects(json, "places", most.places, (one) => {
            const at = place(one);
            return at && { name: text(one, "name"), nation: text(one, "nation"), at };
        }),
        nations: checker.objects(json, "nations", most.nations, (one) => nation(checker, one)),
        truth: {
            flights: checker.objects(truth, "flights", most.flights, (flight) => trueFlight(checker, flight)),
            worst_overhead_ms: number(truth, "worst_overhead_ms", 0),
        },
    };
    return { ...state, left_out: checker.left_out };
}

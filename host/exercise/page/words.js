// Numbers and states in words, each number with its unit. What is null is "unknown".

const earliest_s = -1e6, latest_s = 1e6;

export const unknown = "unknown";

// Minutes and seconds, as 08:13; whole seconds, towards the earlier.
export function minutesText(duration_s) {
    if (duration_s === null || duration_s < earliest_s || duration_s > latest_s) { return unknown; }
    const seconds = Math.floor(Math.abs(duration_s));
    const two = (value) => String(value).padStart(2, "0");
    return `${duration_s <= -1 ? "−" : ""}${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
}

// An instant of the exercise's clock: T+08:13.
export function instantText(t_s) {
    const text = minutesText(t_s);
    return text === unknown ? unknown : text.startsWith("−") ? `T${text}` : `T+${text}`;
}

// How long ago, for what is heard every few seconds: 12 s, from two minutes on 02:00.
export function agoText(age_s) {
    if (age_s === null) { return unknown; }
    return age_s < 120 ? `${Math.max(0, Math.floor(age_s))} s` : minutesText(age_s);
}

export function kilometresText(length_m) {
    if (length_m === null) { return unknown; }
    const kilometres = length_m / 1000;
    const digits = Math.abs(kilometres) < 9.95 ? 1 : 0;
    return `${kilometres.toFixed(digits).replace(/\B(?=(\d{3})+$)/g, " ")} km`;
}

export function secondsText(duration_s) {
    return duration_s === null ? unknown : `${duration_s.toFixed(Math.abs(duration_s) < 9.95 ? 1 : 0)} s`;
}

export function countText(value) {
    return value === null ? unknown : String(value);
}

function half(value_deg, plus, minus, sign) {
    return `${Math.abs(value_deg).toFixed(1)}${sign} ${value_deg < 0 ? minus : plus}`;
}

// 37.4° N 179.1° E; in labels that are read aloud without the sign.
export function placeText(at, sign = "°") {
    if (at === null) { return unknown; }
    const longitude_deg = ((at.longitude_deg + 540) % 360) - 180;
    return `${half(at.latitude_deg, "N", "S", sign)} ${half(longitude_deg, "E", "W", sign)}`;
}

export function azimuthText(azimuth_deg) {
    return azimuth_deg === null ? unknown : `${String(Math.round((azimuth_deg + 360) % 180)).padStart(3, "0")}°`;
}

export function listText(words) {
    return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

export function countedText(count, one, many = `${one}s`) {
    return `${count === null ? "an unknown number of" : count} ${count === 1 ? one : many}`;
}

// united-states as the title of a column: United States.
export function titleText(name) {
    return name.split("-").map((part) => part.slice(0, 1).toUpperCase() + part.slice(1)).join(" ");
}

export function speedText(speed) {
    if (speed === null) { return "at an unknown speed"; }
    if (speed === "max") { return "as fast as it goes"; }
    return speed === 1 ? "in real time" : `${speed} times real time`;
}

// How a state looks beside its word: a sign and how loud it is, "bad", "odd", "good" or "quiet".
const looks = new Map(Object.entries({
    up: ["●", "quiet"], silent: ["○", "odd"], slow: ["◐", "odd"], down: ["✕", "bad"],
    lost: ["✕", "bad"], "caught-up": ["◐", "odd"],
    "no-word": ["○", "quiet"], deciding: ["◐", "odd"], warned: ["●", "good"], calm: ["–", "quiet"], over: ["■", "quiet"],
}));

export function stateLook(state) {
    const [mark, tone] = looks.get(state) ?? ["?", "odd"];
    return { mark, tone, word: state.replace("-", " ") };
}

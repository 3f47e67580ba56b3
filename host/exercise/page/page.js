// The page of a live exercise: takes snapshots, has them checked, and shows them; takes what the reader wants and asks the exercise
// for it. It keeps nothing but the last state and computes no outcome.

import { NationColumn, TruthColumn } from "./column.js";
import { checkedLand } from "./land.js";
import { newsBetween } from "./news.js";
import { region } from "./scenes.js";
import { checkedState } from "./state.js";
import { SnapshotStream, command, fetchedJson } from "./stream.js";
import { countedText, instantText, speedText } from "./words.js";

const element = (id) => document.getElementById(id);
const earth = { land: null };
const truth = new TruthColumn(element("truth"), earth);
let nations = [];
let nation_names = null;
let shown = null;
let is_over = false;

function setText(id, text) {
    if (element(id).textContent !== text) { element(id).textContent = text; }
}

// One line for each thing that is wrong; empty for what no longer is.
function notice(id, text) {
    setText(id, text);
    element(id).hidden = text === "";
}

function showHeader(state) {
    const { clock } = state;
    setText("study", state.study);
    setText("arm", state.arm);
    setText("exercise", state.exercise);
    setText("clock", instantText(clock.t_s));
    setText("running", clock.over ? "over" : clock.paused ? "paused" : speedText(clock.speed));
    document.title = `${clock.over ? "over" : clock.paused ? "paused" : "running"} · ${state.study} · live exercise`;
    const pressed = {
        run: !clock.paused && !clock.over, pause: clock.paused && !clock.over,
        "speed-1": clock.speed === 1, "speed-10": clock.speed === 10,
    };
    for (const [id, is_pressed] of Object.entries(pressed)) {
        element(id).setAttribute("aria-pressed", String(is_pressed));
        element(id).disabled = !clock.may_control || clock.over;
    }
    document.body.classList.toggle("over", clock.over);
}

function showColumns(state) {
    const names = state.nations.map((nation) => nation.name).join("\n");
    if (names !== nation_names) {
        nations.forEach((column) => column.element.remove());
        nations = state.nations.map((_, index) => new NationColumn(element("nation"), index, earth));
        nation_names = names;
        element("truth").before(...nations.map((column) => column.element));
    }
    const places = region(state);
    state.nations.forEach((nation, index) => nations[index].show(state, nation, places));
    truth.show(state, places);
}

function tell(news, t_s) {
    if (news.length > 0) { setText("news", `${instantText(t_s)}: ${news.join("; ")}.`); }
}

function show(state) {
    tell(newsBetween(shown, state), state.clock.t_s);
    showHeader(state);
    showColumns(state);
    notice("over", state.clock.over ? `The exercise is over; this is how it ended, at ${instantText(state.clock.t_s)}.` : "");
    const left_out = countedText(state.left_out, "entry", "entries");
    notice("cut", state.left_out ? `The exercise sent more than this page shows, or what it cannot read: ${left_out} left out.` : "");
    shown = state;
    is_over = state.clock.over;
    document.body.dataset.shown = "";
}

function take(json) {
    const state = checkedState(json);
    notice("lost", "");
    document.body.classList.remove("lost");
    notice("garbled", state ? "" : "The exercise sent something that this page cannot read; it shows the last that it could.");
    if (state) { show(state); }
}

function lose() {
    if (is_over) { stream.close(); return; }
    document.body.classList.add("lost");
    notice("lost", shown ? `connection to the exercise lost; showing ${instantText(shown.clock.t_s)}; trying again`
        : "no word from the exercise yet; trying again");
}

async function ask(words) {
    notice("refused", await command(words));
}

function togglePause() {
    if (shown && shown.clock.may_control && !shown.clock.over) { ask({ action: shown.clock.paused ? "resume" : "pause" }); }
}

element("run").addEventListener("click", () => ask({ action: "resume" }));
element("pause").addEventListener("click", () => ask({ action: "pause" }));
element("speed-1").addEventListener("click", () => ask({ action: "speed", speed: 1 }));
element("speed-10").addEventListener("click", () => ask({ action: "speed", speed: 10 }));
document.addEventListener("keydown", (event) => {
    const is_free = document.activeElement === document.body || document.activeElement === null;
    if (event.key === " " && is_free && !event.repeat && !event.ctrlKey && !event.altKey && !event.metaKey) {
        event.preventDefault();
        togglePause();
    }
});

fetchedJson("/state").then((json) => { if (shown === null && json !== null) { take(json); } });
fetchedJson("/land").then((json) => {
    earth.land = checkedLand(json);
    if (shown) { showColumns(shown); }
});
const stream = new SnapshotStream(take, lose);

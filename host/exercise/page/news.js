// What has happened from one state to the next that is worth saying aloud: the first alert of a nation, a consumer warned, a link or
// a node lost or back, the end. Nothing that changes with every tick.

import { instantText, titleText } from "./words.js";

const most_at_once = 4;

function stateChanges(before, after, say) {
    const old = new Map(before.map((one) => [one.name, one.state]));
    return after.filter((one) => old.has(one.name) && old.get(one.name) !== one.state)
        .map((one) => say(one, old.get(one.name))).filter(Boolean);
}

function linkNews(link, was) {
    if (link.state === "down") { return `link ${link.name} is down`; }
    return was === "down" ? `link ${link.name} is ${link.state} again` : null;
}

function nodeNews(node, was) {
    if (node.state === "lost") { return `node ${node.name} is lost`; }
    return was === "lost" ? `node ${node.name} is back` : null;
}

function nationNews(before, after) {
    const name = titleText(after.name);
    const news = [];
    if (after.first_alert && !before.first_alert) {
        news.push(`${name} has its first alert, made by ${after.first_alert.maker}, at ${instantText(after.first_alert.t_s)}`);
    }
    const key = (clock) => `${clock.consumer}|${clock.flight}`;
    const warned = new Set(before.clocks.filter((clock) => clock.state === "warned").map(key));
    for (const clock of after.clocks) {
        if (clock.state === "warned" && !warned.has(key(clock))) {
            news.push(`${clock.consumer} is warned of flight ${clock.flight ?? "unknown"}, at ${instantText(clock.t_warned_s)}`);
        }
    }
    return [...news, ...stateChanges(before.links, after.links, linkNews), ...stateChanges(before.nodes, after.nodes, nodeNews)];
}

// Sentences, none where nothing is known of before.
export function newsBetween(before, after) {
    if (before === null) { return []; }
    const old = new Map(before.nations.map((nation) => [nation.name, nation]));
    const news = after.nations.filter((nation) => old.has(nation.name))
        .flatMap((nation) => nationNews(old.get(nation.name), nation));
    const once = [...new Set(news)];
    if (after.clock.over && !before.clock.over) { once.push("the exercise is over"); }
    const more = once.length - most_at_once;
    return more > 0 ? [...once.slice(0, most_at_once), `and ${more} more`] : once;
}

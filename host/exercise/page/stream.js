// The way to the exercise: snapshots come as server-sent events, commands go by POST. A stream that breaks, or falls silent, is opened
// again, after twice the time whenever it fails.

const first_wait_ms = 500, longest_wait_ms = 10_000, silence_ms = 6000, longest_snapshot = 8_000_000;

function parsed(text) {
    if (text.length > longest_snapshot) { return null; }
    try {
        return JSON.parse(text);
    } catch {
        return null;
    }
}

// Calls take() with what each event says, null for what is no JSON, and lose() whenever the stream is lost.
export class SnapshotStream {
    constructor(take, lose) {
        this.take = take;
        this.lose = lose;
        this.wait_ms = first_wait_ms;
        this.is_closed = false;
        this.open();
    }

    open() {
        this.source = new EventSource("/events");
        this.source.addEventListener("message", (event) => {
            this.wait_ms = first_wait_ms;
            this.watch();
            this.take(parsed(event.data));
        });
        this.source.addEventListener("error", () => this.retry());
        this.watch();
    }

    watch() {
        clearTimeout(this.silence);
        this.silence = setTimeout(() => this.retry(), silence_ms);
    }

    retry() {
        this.source.close();
        clearTimeout(this.silence);
        if (this.is_closed) { return; }
        this.lose();
        setTimeout(() => { if (!this.is_closed) { this.open(); } }, this.wait_ms);
        this.wait_ms = Math.min(2 * this.wait_ms, longest_wait_ms);
    }

    close() {
        this.is_closed = true;
        this.source.close();
        clearTimeout(this.silence);
    }
}

export async function fetchedJson(path) {
    try {
        const answer = await fetch(path, { cache: "no-store" });
        return answer.ok ? parsed(await answer.text()) : null;
    } catch {
        return null;
    }
}

// Why the exercise does not obey; nothing where it does.
export async function command(words) {
    const token = document.querySelector('meta[name="longwatch-token"]').content;
    try {
        const answer = await fetch("/control", {
            method: "POST", body: JSON.stringify(words), headers: { "Content-Type": "application/json", "X-Longwatch-Token": token },
        });
        return answer.ok ? "" : `the exercise refused to ${words.action} (status ${answer.status})`;
    } catch {
        return "the exercise does not answer";
    }
}

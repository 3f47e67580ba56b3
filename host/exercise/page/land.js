// Coasts, from the run lengths of the land mask (models/catalog/land.toml): rows from north to south; in each, from 180 degrees west
// on, how many cells of water follow one another, then of land, in turn.

const finest_cell_deg = 0.05, coarsest_cell_deg = 5;

function summed(lengths) {
    let sum = 0;
    return lengths.map((length) => (sum += length));
}

// The mask as, per row, where each run ends; null where the data do not make sense.
export function checkedLand(json) {
    const cell_deg = json?.cell_deg, rows = json?.rows;
    if (typeof cell_deg !== "number" || !(cell_deg >= finest_cell_deg && cell_deg <= coarsest_cell_deg)) { return null; }
    const columns = Math.round(360 / cell_deg);
    if (!Array.isArray(rows) || rows.length !== Math.round(180 / cell_deg)) { return null; }
    const ends = rows.map((row) => (typeof row === "string" && row.length < 5 * columns && /^\d+( \d+)*$/.test(row)
        ? summed(row.split(" ").map(Number)) : []));
    return ends.every((row) => row.at(-1) === columns) ? { cell_deg, columns, ends } : null;
}

// The part of the Earth that a view shows, in degrees, the longitude about its centre.
function window_deg(view) {
    const longitudes = [], latitudes = [];
    for (let i = 0; i <= 16; ++i) {
        for (let j = 0; j <= 16; ++j) {
            const at = view.place(view.width_px * i / 16, view.height_px * j / 16);
            if (at === null) { return { south: -90, north: 90, west: -180, east: 180 }; }
            latitudes.push(at.latitude_deg);
            longitudes.push(((at.longitude_deg - view.centre.longitude_deg + 540) % 360) - 180);
        }
    }
    const shows = (latitude_deg) => {
        const at = view.pixels({ latitude_deg, longitude_deg: 0 });
        return at !== null && at[0] >= 0 && at[1] >= 0 && at[0] <= view.width_px && at[1] <= view.height_px;
    };
    const around = shows(90) || shows(-90);
    return {
        south: shows(-90) ? -90 : Math.min(...latitudes), north: shows(90) ? 90 : Math.max(...latitudes),
        west: around ? -180 : Math.min(...longitudes), east: around ? 180 : Math.max(...longitudes),
    };
}

// How much of each cell of a coarser grid is land; one row and column of water all around. The centre of the first cell is at
// north_deg and west_deg.
function fractions(land, view) {
    const shown = window_deg(view);
    const cell_px = land.cell_deg * 111e3 / view.m_per_px;
    const step = Math.max(1, Math.min(40, Math.round(1.5 / cell_px)));
    const first_row = Math.max(0, Math.floor((90 - shown.north) / land.cell_deg / step) - 2) * step;
    const last_row = Math.min(land.ends.length, Math.ceil((90 - shown.south) / land.cell_deg) + 2 * step);
    const west = Math.floor((view.centre.longitude_deg + shown.west + 180) / land.cell_deg / step - 2) * step;
    const rows = Math.ceil((last_row - first_row) / step) + 2;
    const columns = Math.min(Math.ceil((shown.east - shown.west) / land.cell_deg / step) + 4, Math.ceil(land.columns / step)) + 2;
    const grid = { rows, columns, land: new Float32Array(rows * columns), step_deg: step * land.cell_deg,
        north_deg: 90 - (first_row - step / 2) * land.cell_deg, west_deg: (west - step / 2) * land.cell_deg - 180 };
    for (let row = first_row; row < last_row; ++row) { addRow(grid, land, row, first_row, west, step); }
    return grid;
}

function addRow(grid, land, row, first_row, west, step) {
    const ends = land.ends[row];
    const at = (1 + Math.floor((row - first_row) / step)) * grid.columns + 1;
    const width = (grid.columns - 2) * step;
    for (let run = 1; run < ends.length; run += 2) {
        for (let shift = -1; shift <= 1; ++shift) {
            const begin = Math.max(0, ends[run - 1] + shift * land.columns - west);
            const end = Math.min(width, ends[run] + shift * land.columns - west);
            for (let i = begin; i < end;) {
                const next = Math.min(end, (Math.floor(i / step) + 1) * step);
                grid.land[at + Math.floor(i / step)] += (next - i) / (step * step);
                i = next;
            }
        }
    }
}

// Marching squares: from which side of a square to which the coast runs, land to its left. Sides 0 to 3: top, right, bottom, left;
// corners 1, 2, 4, 8: top left, top right, bottom right, bottom left.
const crossings = [[], [[3, 0]], [[0, 1]], [[3, 1]], [[1, 2]], [[3, 0], [1, 2]], [[0, 2]], [[3, 2]],
    [[2, 3]], [[2, 0]], [[0, 1], [2, 3]], [[2, 1]], [[1, 3]], [[1, 0]], [[0, 3]], []];

// Of each edge of the grid that a coast crosses, the edge that it crosses next.
function coastEdges({ rows, columns, land }) {
    const next = new Map();
    const isLand = (i) => (land[i] >= 0.5 ? 1 : 0);
    for (let row = 0; row + 1 < rows; ++row) {
        for (let column = 0; column + 1 < columns; ++column) {
            const i = row * columns + column;
            const corners = isLand(i) + 2 * isLand(i + 1) + 4 * isLand(i + columns + 1) + 8 * isLand(i + columns);
            const sides = [2 * i, 2 * (i + 1) + 1, 2 * (i + columns), 2 * i + 1];
            for (const [from, to] of crossings[corners]) { next.set(sides[from], sides[to]); }
        }
    }
    return next;
}

// Where on an edge the fraction of land is one half.
function edgePlace(grid, edge) {
    const i = edge >> 1, other = edge & 1 ? i + grid.columns : i + 1;
    const part = (0.5 - grid.land[i]) / (grid.land[other] - grid.land[i]);
    const row = Math.floor(i / grid.columns) + (edge & 1 ? part : 0), column = i % grid.columns + (edge & 1 ? 0 : part);
    return {
        latitude_deg: Math.max(-90, Math.min(90, grid.north_deg - row * grid.step_deg)),
        longitude_deg: grid.west_deg + column * grid.step_deg,
    };
}

// Corners cut once, as Chaikin does it: half as far as a cell, no farther.
function smoothed(ring) {
    return ring.flatMap(([x, y], i) => {
        const [u, v] = ring[(i + 1) % ring.length];
        return [[(3 * x + u) / 4, (3 * y + v) / 4], [(x + 3 * u) / 4, (y + 3 * v) / 4]];
    });
}

// Rings that lie beside the view, or are smaller than a pixel, show nothing.
function isSeen(ring, view) {
    const xs = ring.map((point) => point[0]), ys = ring.map((point) => point[1]);
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    return right > 0 && bottom > 0 && left < view.width_px && top < view.height_px && right - left + bottom - top > 1.5;
}

function tracedCoast(land, view) {
    const grid = fractions(land, view);
    const next = coastEdges(grid);
    const pieces = [];
    while (next.size > 0) {
        const ring = [];
        for (let edge = next.keys().next().value; next.has(edge);) {
            const point = view.pixels(edgePlace(grid, edge));
            if (point !== null) { ring.push(point); }
            const after = next.get(edge);
            next.delete(edge);
            edge = after;
        }
        if (ring.length > 2 && isSeen(ring, view)) {
            pieces.push(`M${smoothed(ring).map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join("L")}Z`);
        }
    }
    return pieces.join("");
}

const traced_most = 8;
const traced = new Map();

// All land that a view shows, as the data of an SVG path. Maps of one view share it.
export function coastPath(land, view) {
    if (land === null) { return ""; }
    const key = JSON.stringify(view);
    if (!traced.has(key)) {
        if (traced.size >= traced_most) { traced.delete(traced.keys().next().value); }
        traced.set(key, tracedCoast(land, view));
    }
    return traced.get(key);
}

// Places on a sphere and on a map. Lengths in metres, map coordinates in pixels, x to the right and y down.
// The sphere errs by at most 0.6 % in a distance, which no map here shows; what decides is computed by the exercise.

const earth_radius_m = 6371000;
const radians = Math.PI / 180;
// Half axes of the 95 % ellipse in standard deviations: the root of -2 ln 0.05.
export const k95 = 2.45;

function unit(at) {
    const phi = at.latitude_deg * radians, lambda = at.longitude_deg * radians;
    return [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)];
}

function fromVector([x, y, z]) {
    return { latitude_deg: Math.atan2(z, Math.hypot(x, y)) / radians, longitude_deg: Math.atan2(y, x) / radians };
}

const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

// Great-circle distance, and azimuth at the first place.
export function way(from, to) {
    const a = unit(from), b = unit(to);
    const phi = from.latitude_deg * radians, lambda = from.longitude_deg * radians;
    const east = dot(b, [-Math.sin(lambda), Math.cos(lambda), 0]);
    const north = dot(b, [-Math.sin(phi) * Math.cos(lambda), -Math.sin(phi) * Math.sin(lambda), Math.cos(phi)]);
    return {
        distance_m: earth_radius_m * Math.atan2(Math.hypot(east, north), dot(a, b)),
        azimuth_deg: Math.atan2(east, north) / radians,
    };
}

// Where one comes to along a great circle.
export function destination(from, distance_m, azimuth_deg) {
    const phi = from.latitude_deg * radians, lambda = from.longitude_deg * radians, azimuth = azimuth_deg * radians;
    const c = distance_m / earth_radius_m;
    const north = [-Math.sin(phi) * Math.cos(lambda), -Math.sin(phi) * Math.sin(lambda), Math.cos(phi)];
    const east = [-Math.sin(lambda), Math.cos(lambda), 0];
    const start = unit(from);
    return fromVector(start.map((value, i) => value * Math.cos(c) +
        Math.sin(c) * (Math.cos(azimuth) * north[i] + Math.sin(azimuth) * east[i])));
}

// Points of the great circle between two places, both of them included.
export function arc(from, to, pieces = 32) {
    const { distance_m, azimuth_deg } = way(from, to);
    return Array.from({ length: pieces + 1 }, (_, i) => destination(from, distance_m * i / pieces, azimuth_deg));
}

// The closed ring of an ellipse on the ground; empty where a part of it is unknown.
export function ellipse(at, half_axis_major_m, half_axis_minor_m, major_azimuth_deg, points = 72) {
    if (at === null || [half_axis_major_m, half_axis_minor_m, major_azimuth_deg].includes(null)) { return []; }
    return Array.from({ length: points }, (_, i) => {
        const angle = 2 * Math.PI * i / points;
        const along_m = half_axis_major_m * Math.cos(angle), across_m = half_axis_minor_m * Math.sin(angle);
        const reach_m = Math.min(Math.hypot(along_m, across_m), 0.9 * Math.PI * earth_radius_m);
        return destination(at, reach_m, major_azimuth_deg + Math.atan2(across_m, along_m) / radians);
    });
}

// Lambert's azimuthal equal-area map about a centre, in metres: nothing tears at the date line or at a pole. Null within 20 degrees
// of the other side of the Earth.
function projection(centre) {
    const phi = centre.latitude_deg * radians, lambda = centre.longitude_deg * radians;
    const [cos_phi, sin_phi, cos_lambda, sin_lambda] = [Math.cos(phi), Math.sin(phi), Math.cos(lambda), Math.sin(lambda)];
    return (at) => {
        const [x, y, z] = unit(at);
        const ahead = x * cos_lambda + y * sin_lambda;
        const towards = cos_phi * ahead + sin_phi * z;
        if (towards < -0.94) { return null; }
        const k = earth_radius_m * Math.sqrt(2 / (1 + towards));
        return [k * (y * cos_lambda - x * sin_lambda), k * (cos_phi * z - sin_phi * ahead)];
    };
}

function box(centre, places) {
    const points = places.map(projection(centre)).filter((point) => point !== null);
    const xs = points.map((point) => point[0]), ys = points.map((point) => point[1]);
    return points.length === 0 ? [0, 0, 0, 0] : [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
}

// A map of so many pixels that shows the places, at least so many metres wide.
export class View {
    constructor(places, width_px, height_px, { least_m = 2e5, margin_px = 18 } = {}) {
        const sum = places.map(unit).reduce((a, b) => a.map((value, i) => value + b[i]), [0, 0, 0]);
        this.width_px = width_px;
        this.height_px = height_px;
        this.centre = Math.hypot(...sum) > 1e-6 ? fromVector(sum) : { latitude_deg: 0, longitude_deg: 0 };
        let [west, east, south, north] = box(this.centre, places);
        for (let i = 0; i < 3; ++i) {
            this.centre = this.inverse((west + east) / 2, (south + north) / 2) ?? this.centre;
            [west, east, south, north] = box(this.centre, places);
        }
        const room_px = Math.max(20, width_px - 2 * margin_px), room_down_px = Math.max(20, height_px - 2 * margin_px);
        this.m_per_px = Math.max((east - west) / room_px, (north - south) / room_down_px, least_m / room_px);
        this.x_m = (west + east) / 2 - this.m_per_px * width_px / 2;
        this.y_m = (south + north) / 2 + this.m_per_px * height_px / 2;
        this.projected = projection(this.centre);
    }

    inverse(x_m, y_m) {
        const reach = Math.hypot(x_m, y_m) / earth_radius_m;
        if (reach > 1.99) { return null; }
        return destination(this.centre, earth_radius_m * 2 * Math.asin(reach / 2), Math.atan2(x_m, y_m) / radians);
    }

    // Pixels of a place; null where the map cannot show it.
    pixels(at) {
        const point = this.projected(at);
        return point && [(point[0] - this.x_m) / this.m_per_px, (this.y_m - point[1]) / this.m_per_px];
    }

    // The place at a pixel; null outside the Earth.
    place(x_px, y_px) {
        return this.inverse(this.x_m + x_px * this.m_per_px, this.y_m - y_px * this.m_per_px);
    }
}

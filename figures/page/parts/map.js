// A surface from above, and those who run on it as far as the clock has come.

import { polyline, scaleLinear } from "./axes.js";
import { drawing, label, s } from "./dom.js";

const DASHES = { dashed: "9 5", dotted: "2.5 4", dashdot: "11 4 3 4" };
const SIDES = [["start", 11, 5], ["end", -11, 5], ["start", 9, -9], ["end", -9, -9], ["start", 9, 19], ["end", -9, 19]];

export const shade = (share) =>
  `color-mix(in srgb, var(--contour_low), var(--contour_high) ${(100 * share).toFixed(1)}%)`;

// A star about a point, as the figures have it at a minimum.
export function star(cx, cy, r) {
  const corners = Array.from({ length: 10 }, (_, i) => {
    const size = i % 2 ? r * 0.42 : r;
    const angle = (Math.PI * i) / 5 - Math.PI / 2;
    return [cx + size * Math.cos(angle), cy + size * Math.sin(angle)];
  });
  return s("path", { class: "star", d: `${polyline(corners)}Z` });
}

// Where a map of these spans stands in a frame, an inch the same in both directions.
export function fit(place, width, height) {
  const [wide, tall] = [place.x[1] - place.x[0], place.y[1] - place.y[0]];
  const scale = Math.min(width / wide, height / tall);
  return [Math.round(wide * scale), Math.round(tall * scale)];
}

// `from`, where one of several starts can be chosen on the map: {name(i), choose(i)}.
export function map(page, place, width, height, words, { from } = {}) {
  const x = scaleLinear(place.x, [0, width]);
  const y = scaleLinear(place.y, [height, 0]);
  const ground = s("g", { transform: `scale(${width / 1000} ${height / 1000})` },
    place.bands.map((d, i) =>
      s("path", {
        d,
        class: place.lined ? "band lined" : "band",
        "fill-rule": "evenodd",
        "vector-effect": "non-scaling-stroke",
        style: { fill: shade((i + 1) / place.bands.length) },
      })));
  const moving = s("g");
  const svg = drawing(width, height, words,
    s("rect", { width, height, style: { fill: shade(0) } }),
    ground,
    moving,
    place.minima.map(([a, b]) => star(x(a), y(b), 10)));
  const marks = !from ? [] : place.starts.map(([a, b], i) =>
    s("circle", {
      cx: x(a),
      cy: y(b),
      r: 13,
      class: "start",
      role: "button",
      tabindex: 0,
      "aria-label": from.name(i),
      onclick: () => from.choose(i),
      onkeydown: (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault(); // the space bar would scroll
        from.choose(i);
      },
    }));
  if (from) {
    svg.setAttribute("role", "group"); // what is in an image can't be pressed
    svg.append(...marks);
  }

  return {
    svg,
    // Everyone who runs: {name, color, dash, way: [[x, y], …] as far as it has come, out}.
    update(runners, start) {
      const taken = [];
      const dots = [];
      const names = [];
      const ways = runners.map((one) => {
        const points = one.way.map(([a, b]) => [x(a), y(b)]);
        const end = points.at(-1);
        if (!one.out) dots.push(s("circle", { cx: end[0], cy: end[1], r: 6.5, class: "now", style: { fill: one.color } }));
        if (!one.out && one.named) names.push(beside(one.name, end, taken, width, height));
        return [
          s("path", { class: "under", d: polyline(points) }),
          s("path", { class: "way", d: polyline(points), style: { stroke: one.color, "stroke-dasharray": DASHES[one.dash] ?? "none" } }),
        ];
      });
      marks.forEach((mark, i) => mark.setAttribute("aria-pressed", i === start));
      moving.replaceChildren(
        ...ways.flat(),
        ...place.starts.map(([a, b], i) => s("circle", { cx: x(a), cy: y(b), r: i === start ? 7 : 4.5, class: i === start ? "ring chosen" : "ring" })),
        ...dots,
        ...names.filter(Boolean));
    },
  };
}

// A name beside a dot, where it covers no other and does not leave the map; else none.
function beside(name, [px, py], taken, width, height) {
  const long = 7.4 * name.length + 6;
  for (const [anchor, dx, dy] of SIDES) {
    const left = anchor === "start" ? px + dx : px + dx - long;
    const box = [left, py + dy - 14, left + long, py + dy + 4];
    if (box[0] < 0 || box[2] > width || box[1] < 0 || box[3] > height) continue;
    if (taken.some((b) => box[0] < b[2] && b[0] < box[2] && box[1] < b[3] && b[1] < box[3])) continue;
    taken.push(box);
    return label(px + dx, py + dy, name, { "text-anchor": anchor, class: "strong" });
  }
  return null;
}

export const line = (color, dash) =>
  s("svg", { width: 26, height: 10, class: "sample", "aria-hidden": "true" },
    s("path", { class: "way", d: "M1,5H25", style: { stroke: color, "stroke-dasharray": DASHES[dash] ?? "none" } }));

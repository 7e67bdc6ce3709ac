// Scales with round ticks, and lines along them.

import { scaleLinear, scaleLog } from "d3-scale";
import { s } from "./dom.js";
import { number } from "./numbers.js";

export { scaleLinear, scaleLog };

export const across = (scale, y, values, words = number) =>
  s("g", { class: "axis" },
    values.map((v) => s("text", { x: scale(v), y: y + 17, "text-anchor": "middle" }, words(v))));

export const upwards = (scale, x0, x1, values, words = number) =>
  s("g", { class: "axis" },
    values.map((v) => [
      s("line", { x1: x0, x2: x1, y1: scale(v), y2: scale(v) }),
      s("text", { x: x0 - 6, y: scale(v) + 4.5, "text-anchor": "end" }, words(v)),
    ]));

// The powers of ten in a range, every one or every other, so that there are a handful.
export function powers(low, high, most = 6) {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  const every = Math.max(1, Math.ceil((last - first + 1) / most));
  const found = [];
  for (let p = first; p <= last; p += every) found.push(10 ** p);
  return found;
}

export const polyline = (points) =>
  points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)},${y.toFixed(1)}`).join("");

// One parabola, many recorded learning rates: the slider is the axis of what a step does to θ.

import { across, polyline, powers, scaleLinear, scaleLog, upwards } from "./parts/axes.js";
import { drawing, h, label, player, s, slider } from "./parts/dom.js";
import { nearest, whole } from "./parts/state.js";
import { playable } from "./parts/page.js";

const THUMB = 24; // of a slider, CSS pixels: its middle goes from half of that to the other end
const HIGH = 132; // of the chart over the slider

export default playable((page) => {
  const { lr, theta, loss, factor, does, series, curve_x, curve } = page.data;
  const n = theta[0].length - 1;
  const first = page.data.first;
  const fields = { rate: nearest(lr, first), step: whole(0, n, n) };
  const color = (i) => page.color(series[does[i]][1]);

  const rate = slider("rate", page.say("page rate"), {
    min: 0,
    max: lr.length - 1,
    moved: (i) => page.state.set({ rate: i }, { moving: true }),
    settled: (i) => page.state.set({ rate: i }),
  });
  rate.box.classList.add("on-axis");
  const step = slider("step", page.say("page step"), {
    min: 0,
    max: n,
    moved: (i) => { run.stop(); page.state.set({ step: i }, { moving: true }); },
    settled: (i) => page.state.set({ step: i }),
  });
  const run = player(page, { play: page.say("page play"), pause: page.say("page pause") }, {
    every: 220,
    next: (begin) => {
      const at = page.state.values.step;
      const to = begin && at >= n ? 0 : Math.min(n, at + 1);
      page.state.set({ step: to }, { moving: to < n });
      return to < n;
    },
  });
  const verdict = h("p", { class: "verdict" });
  const numbers = h("p", { class: "numbers" });
  const hero = h("div", { class: "hero" });
  const side = h("div", { class: "side" });
  const dial = h("div", { class: "dial" });
  page.stage.append(
    h("div", { class: "said" }, verdict, numbers),
    h("div", { class: "pair" }, hero, side),
    dial,
    rate.box,
    h("div", { class: "row" }, run.button, step.box),
  );

  let onParabola, onLoss, onDial;

  function draw() {
    const wide = page.narrow ? page.width : Math.round(page.width * 0.58);
    onParabola = parabola(wide, page.narrow ? 250 : 310);
    hero.replaceChildren(onParabola.svg);
    const rest = page.narrow ? page.width : page.width - wide - 24;
    onLoss = lossChart(rest, page.narrow ? 190 : 310);
    side.replaceChildren(onLoss.svg);
    onDial = theDial(page.width);
    dial.replaceChildren(onDial.svg);
    rate.box.style.setProperty("--left", `${onDial.left - THUMB / 2}px`);
    rate.box.style.setProperty("--right", `${page.width - onDial.right - THUMB / 2}px`);
  }

  function parabola(width, height) {
    const reach = curve_x.at(-1);
    const top = curve.at(-1);
    const x = scaleLinear([-reach, reach], [4, width - 4]);
    const y = scaleLinear([0, top], [height - 14, 22]);
    const moving = s("g");
    const svg = drawing(width, height, page.say("page hero"),
      s("clipPath", { id: "inside" }, s("rect", { x: 0, y: 0, width, height })),
      s("path", { class: "curve", d: polyline(curve_x.map((at, i) => [x(at), y(curve[i])])) }),
      label(6, 15, page.say("page loss"), { class: "muted" }),
      label(width - 6, height - 18, "θ", { class: "symbol", "text-anchor": "end" }),
      moving);
    return {
      svg,
      update(i, k) {
        const ink = color(i);
        const points = theta[i].slice(0, k + 1).map((at, j) => [x(clip(at, 40 * reach)), y(clip(loss[i][j], 40 * top))]);
        const out = theta[i].findIndex((at, j) => j <= k && Math.abs(at) > reach);
        const shown = points.slice(0, out < 0 ? undefined : out + 1);
        const last = shown.at(-1);
        moving.replaceChildren(
          s("g", { "clip-path": "url(#inside)" },
            s("path", { class: "way", d: polyline(shown), style: { stroke: ink } }),
            shown.slice(0, -1).map(([cx, cy], j) =>
              s("circle", { cx, cy, r: j ? 4 : 5.5, class: j ? "been" : "begin", style: { [j ? "fill" : "stroke"]: ink } })),
            s("circle", { cx: last[0], cy: last[1], r: 8, class: "now", style: { fill: ink } })),
          out < 0 ? "" : label(width / 2, 15, page.say("page out", { step: count(out) }), { "text-anchor": "middle" }));
      },
    };
  }

  function lossChart(width, height) {
    const left = 46;
    const low = loss[0][0] * 1e-4;
    const high = loss[0][0] * 1e2;
    const x = scaleLinear([0, n], [left, width - 10]);
    const y = scaleLog([low, high], [height - 34, 26]);
    const moving = s("g", { "clip-path": "url(#charted)" });
    const svg = drawing(width, height, page.say("page side"),
      s("clipPath", { id: "charted" }, s("rect", { x: 0, y: 18, width, height: height - 34 - 18 + 4 })),
      upwards(y, left, width - 10, powers(low, high)),
      across(x, height - 34, [0, n]),
      label((left + width - 10) / 2, height - 17, page.say("page step axis"), { class: "muted", "text-anchor": "middle" }),
      label(0, 13, page.say("page loss"), { class: "muted" }),
      moving);
    return {
      svg,
      update(i, k) {
        const ink = color(i);
        const points = loss[i].map((value, j) => [x(j), y(Math.min(high * 1e3, Math.max(value ?? high * 1e3, low * 1e-3)))]);
        moving.replaceChildren(
          s("path", { class: "way faint", d: polyline(points), style: { stroke: ink } }),
          s("path", { class: "way", d: polyline(points.slice(0, k + 1)), style: { stroke: ink } }),
          s("circle", { cx: points[k][0], cy: points[k][1], r: 6, class: "now", style: { fill: ink } }));
      },
    };
  }

  function theDial(width) {
    const left = THUMB / 2 + 22;
    const right = width - THUMB / 2 - 6;
    const { alternates, diverges } = page.data;
    const x = scaleLinear([lr[0], lr.at(-1)], [left, right]);
    const top = Math.max(1.5, Math.min(2.2, Math.max(...factor)));
    const y = scaleLinear([0, top], [HIGH - 6, 44]);
    const zones = [
      [lr[0], alternates, "good", "page near"],
      [alternates, diverges, "oscillating", "page across"],
      [diverges, lr.at(-1), "diverging", "page away"],
    ].filter(([from, to]) => to > lr[0] && from < lr.at(-1));
    const moving = s("g");
    const svg = drawing(width, HIGH, page.say("page dial"),
      s("g", { class: "zones" }, zones.map(([from, to, name, words]) => {
        const a = x(Math.max(from, lr[0])) - (from <= lr[0] ? THUMB / 2 : 0);
        const b = x(Math.min(to, lr.at(-1))) + (to >= lr.at(-1) ? THUMB / 2 : 0);
        return [
          s("rect", { x: a, width: b - a, y: 26, height: HIGH - 26, class: "zone", style: { fill: page.color(series[name][1]) } }),
          label((a + b) / 2, 41, page.say(words), { class: "small", "text-anchor": "middle" }),
        ];
      })),
      s("line", { x1: left - THUMB / 2, x2: right + THUMB / 2, y1: y(1), y2: y(1), class: "dashed" }),
      label(left - THUMB / 2 - 6, y(1) + 4.5, "1", { class: "muted small", "text-anchor": "end" }),
      label(left - THUMB / 2 - 6, y(0) + 1, "0", { class: "muted small", "text-anchor": "end" }),
      [[alternates, 1], [diverges, 2]].filter(([at]) => at >= lr[0] && at <= lr.at(-1)).map(([at, k]) => [
        s("line", { x1: x(at), x2: x(at), y1: 24, y2: HIGH, class: "threshold" }),
        label(x(at), 17, page.say("page limit", { k: count(k), value: at }), { "text-anchor": "middle" }),
      ]),
      lr.map((at, i) => factor[i] <= top &&
        s("circle", { cx: x(at), cy: y(factor[i]), r: page.narrow ? 2 : 2.6, style: { fill: color(i) } })).filter(Boolean),
      label(0, 17, page.narrow ? "" : page.say("page factor axis"), { class: "muted small" }),
      moving);
    return {
      svg,
      left,
      right,
      update(i) {
        const cy = y(Math.min(top, factor[i]));
        moving.replaceChildren(
          s("line", { x1: x(lr[i]), x2: x(lr[i]), y1: cy, y2: HIGH, class: "stem", style: { stroke: color(i) } }),
          s("circle", { cx: x(lr[i]), cy, r: 7, class: "now", style: { fill: color(i) } }));
      },
    };
  }

  function update() {
    const { rate: i, step: k } = page.state.values;
    const fields = { lr: lr[i], multiple: page.data.multiple[i], does: page.data.verdict[i], factor: factor[i] };
    const said = [page.say("page chosen", fields), page.say("page verdict", fields)];
    const now = page.say("page now", { step: count(k), theta: theta[i][k], loss: loss[i][k] });
    verdict.replaceChildren(h("b", { style: { "border-color": color(i) } }, said[0]), `: ${said[1]}`);
    numbers.textContent = now;
    rate.show(i, said[0]);
    step.show(k, page.say("page of", { step: count(k), n: count(n) }));
    onParabola.update(i, k);
    onLoss.update(i, k);
    onDial.update(i);
    page.announce(`${said.join(": ")} ${now}`);
  }

  return { fields, draw, update };
});

const count = (n) => ({ count: n });
const clip = (value, most) => (value === null ? most : Math.max(-most, Math.min(most, value)));

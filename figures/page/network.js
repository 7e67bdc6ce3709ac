// Optimizers on one network's plane: where the plane puts them, and their real losses beside it.

import { across, polyline, powers, scaleLinear, scaleLog, upwards } from "./parts/axes.js";
import { drawing, h, label, player, s, slider } from "./parts/dom.js";
import { fit, line, map } from "./parts/map.js";
import { someOf, whole } from "./parts/state.js";
import { playable } from "./parts/page.js";

export default playable((page) => {
  const { place, runs, steps, u, v, height, loss } = page.data;
  const say = page.say;
  const count = (number) => ({ count: number });
  const n = steps.at(-1);
  const last = steps.length - 1;
  const names = runs.map((run) => run.name);
  const fields = { who: someOf(names, names), step: whole(0, last, last) };

  const step = slider("step", say("page step"), {
    min: 0,
    max: last,
    moved: (k) => { run.stop(); page.state.set({ step: k }, { moving: true }); },
    settled: (k) => page.state.set({ step: k }),
  });
  const run = player(page, { play: say("page play"), pause: say("page pause") }, {
    every: 180,
    next: (first) => {
      const at = page.state.values.step;
      const to = first && at >= last ? 0 : Math.min(last, at + 1);
      page.state.set({ step: to }, { moving: to < last });
      return to < last;
    },
  });
  const rows = runs.map((one) => {
    const box = h("input", { type: "checkbox", id: `who-${one.name}` });
    const how = h("span", { class: "how-far" });
    box.addEventListener("change", () =>
      page.state.set({ who: names.filter((name, i) => rows[i].box.checked) }));
    return { box, how, label: h("label", { for: box.id }, box, line(page.color(one.color), one.dash), h("span", {}, one.label), how) };
  });
  const hero = h("div", { class: "map" });
  const side = h("div", { class: "side" });
  const verdict = h("p", { class: "verdict" });
  const truth = h("p", { class: "verdict" });
  page.stage.append(
    hero,
    h("div", { class: "row" }, run.button, step.box),
    h("div", { class: "said" }, verdict, truth),
    side,
    h("fieldset", { class: "who wide" }, h("legend", {}, say("page who")), h("div", { class: "checks" }, rows.map((row) => row.label))),
  );

  let drawn, ends;

  function draw() {
    const [width, tall] = fit(place, page.width, page.narrow ? 300 : 400);
    drawn = map(page, place, width, tall, say("page map"));
    hero.replaceChildren(drawn.svg);
    ends = losses(page.width, 60 + 24 * runs.length);
    side.replaceChildren(ends.svg);
  }

  // Both losses of everyone on one axis, the plane's hollow and the network's full.
  function losses(width, tall) {
    const all = [...height.flat(), ...loss.flat()].filter((value) => value !== null);
    const [low, high] = [Math.min(...all) / 1.25, Math.max(...all) * 1.25];
    const x = scaleLog([low, high], [96, width - 12]);
    const moving = s("g");
    const at = (r, n) => 30 + ((tall - 66) * (r + 0.5)) / Math.max(1, n);
    const marks = x.ticks(page.narrow ? 4 : 8).filter((value) => /^[125]0*$/.test(String(value).replace(/[.0]*/, "")));
    return {
      svg: drawing(width, tall, say("page side"),
        label(0, 14, say("page ends"), { class: "muted small" }),
        s("g", { class: "axis" }, marks.map((value) => [
          s("line", { x1: x(value), x2: x(value), y1: 26, y2: tall - 30 }),
          s("text", { x: x(value), y: tall - 12, "text-anchor": "middle" }, say("page tick", { value })),
        ])),
        moving),
      update(shown, k) {
        moving.replaceChildren(...shown.flatMap((one, i) => {
          const y = at(i, shown.length);
          const [a, b] = [x(height[one.r][k]), x(loss[one.r][k])];
          const ink = page.color(one.color);
          return [
            label(0, y + 4.5, one.label, { class: "small" }),
            s("line", { x1: a, x2: b, y1: y, y2: y, class: "stem", style: { stroke: ink } }),
            s("circle", { cx: a, cy: y, r: 5.5, class: "begin", style: { stroke: ink } }),
            s("circle", { cx: b, cy: y, r: 6, class: "now", style: { fill: ink } }),
          ];
        }));
      },
    };
  }

  function update() {
    const { who, step: k } = page.state.values;
    const shown = runs.map((one, r) => ({ ...one, r })).filter((one) => who.includes(one.name));
    rows.forEach((row, r) => {
      row.box.checked = who.includes(names[r]);
      row.how.textContent = row.box.checked ? say("page both", { height: height[r][k], loss: loss[r][k] }) : "";
    });
    drawn.update(shown.map((one) => ({
      name: one.label,
      named: true,
      color: page.color(one.color),
      dash: one.dash,
      way: u[one.r].slice(0, k + 1).map((a, i) => [a, v[one.r][i]]),
      out: false,
    })), 0);
    ends.update(shown, k);
    const lowest = (of) => shown.reduce((best, one) => (best === null || of[one.r][k] < of[best.r][k] ? one : best), null);
    const [onPlane, real] = [lowest(height), lowest(loss)];
    const up = shown.filter((one) => height[one.r][k] > height[one.r][0]).length;
    const said = shown.length
      ? [say("page on the plane", { step: count(steps[k]), up: count(up), name: onPlane.label, height: height[onPlane.r][k] }),
         say("page in truth", { same: onPlane === real ? 1 : 0, name: real.label, loss: loss[real.r][k],
           worst: Math.max(...shown.map((one) => loss[one.r][k])) })]
      : [say("page none"), ""];
    [verdict.textContent, truth.textContent] = said;
    step.show(k, say("page of", { step: count(steps[k]), n: count(n) }));
    page.announce(said.join(" "));
  }

  return { fields, draw, update };
});

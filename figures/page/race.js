// Optimizers on a surface: pick the surface, who runs, the start and the step.

import { h, player, slider } from "./parts/dom.js";
import { fit, line, map } from "./parts/map.js";
import { oneOf, someOf, whole } from "./parts/state.js";
import { playable } from "./parts/page.js";

export default playable((page) => {
  const { places, runs, steps } = page.data;
  const names = places.map((place) => place.name);
  const n = steps.at(-1);
  const last = steps.length - 1;
  const most = Math.max(...places.map((place) => place.starts.length));
  const fields = {
    surface: oneOf(names, page.data.shown),
    start: whole(1, most, 1),
    who: someOf(runs.map((run) => run.name), runs.filter((run) => run.named).map((run) => run.name)),
    step: whole(0, last, page.data.first),
  };
  const say = page.say;
  const count = (number) => ({ count: number });

  const surface = h("select", { id: "surface" }, places.map((place) => h("option", { value: place.name }, place.label)));
  surface.addEventListener("change", () => page.state.set({ surface: surface.value, start: 1 }));
  const begin = h("select", { id: "start" });
  begin.addEventListener("change", () => page.state.set({ start: Number(begin.value) }));
  const step = slider("step", say("page step"), {
    min: 0,
    max: last,
    moved: (k) => { run.stop(); page.state.set({ step: k }, { moving: true }); },
    settled: (k) => page.state.set({ step: k }),
  });
  const run = player(page, { play: say("page play"), pause: say("page pause") }, {
    every: 50,
    next: (first) => {
      const at = page.state.values.step;
      const to = first && at >= last ? 0 : Math.min(last, at + (at < 60 ? 1 : 2));
      page.state.set({ step: to }, { moving: to < last });
      return to < last;
    },
  });
  const rows = runs.map((one) => {
    const box = h("input", { type: "checkbox", id: `who-${one.name}` });
    const how = h("span", { class: "how-far" });
    box.addEventListener("change", () =>
      page.state.set({ who: runs.map((r) => r.name).filter((name, i) => rows[i].box.checked) }));
    return { box, how, label: h("label", { for: box.id }, box, line(page.color(one.color), one.dash), h("span", {}, one.label), how) };
  });
  const choose = (words, who) =>
    h("button", { type: "button", class: "quiet", onclick: () => page.state.set({ who }) }, words);
  const hero = h("div", { class: "map" });
  const tall = () => (page.narrow ? 330 : 430); // the page stays as high, whichever surface it shows
  const verdict = h("p", { class: "verdict" });
  const several = most > 1;
  page.stage.append(
    h("div", { class: "row" },
      h("label", { class: "field" }, say("page surface"), surface),
      several ? h("label", { class: "field" }, say("page start"), begin) : ""),
    hero,
    h("div", { class: "row" }, run.button, step.box),
    h("div", { class: "said" }, verdict),
    h("fieldset", { class: "who" },
      h("legend", {}, say("page who")),
      h("div", { class: "checks" }, rows.map((row) => row.label)),
      h("div", { class: "row" },
        choose(say("page usual"), fields.who.usual),
        choose(say("page all"), runs.map((one) => one.name)),
        choose(say("page nobody"), []))),
  );

  let drawn, shownPlace;

  function draw() {
    shownPlace = null;
    hero.style.minHeight = `${tall()}px`;
  }

  const named = (i) => say("page start number", { number: count(i + 1), own: i ? 0 : 1 });

  // Where one is after its k-th recorded step, and all before.
  function way(place, from, r, k) {
    const { values, shape } = place.theta; // (start, run, step, 2)
    const left = place.left[from][r];
    const end = left >= 0 ? Math.min(k, left) : k;
    const at = ((from * shape[1] + r) * shape[2]) * 2;
    return Array.from({ length: end + 1 }, (_, i) => [values[at + 2 * i], values[at + 2 * i + 1]]);
  }

  function update() {
    const { surface: name, who, step: k } = page.state.values;
    const place = places[names.indexOf(name)];
    const from = Math.min(page.state.values.start, place.starts.length) - 1;
    if (shownPlace !== place) {
      shownPlace = place;
      const [width, height] = fit(place, page.width, tall());
      drawn = map(page, place, width, height, say("page map", { surface: place.label }), {
        from: several ? { name: (i) => `${say("page start")}: ${named(i)}`, choose: (i) => page.state.set({ start: i + 1 }) } : undefined,
      });
      hero.replaceChildren(drawn.svg);
      surface.value = name;
      begin.replaceChildren(...place.starts.map((_, i) => h("option", { value: i + 1 }, named(i))));
    }
    begin.value = from + 1;
    const arrived = place.arrived[from];
    const left = place.left[from];
    const running = runs.map((one, r) => ({ ...one, r })).filter((one) => who.includes(one.name));
    rows.forEach((row, r) => {
      row.box.checked = who.includes(runs[r].name);
      const home = arrived[r] >= 0 && arrived[r] <= k;
      const out = left[r] >= 0 && left[r] <= k;
      row.how.textContent = !row.box.checked ? ""
        : home ? say("page home", { step: count(arrived[r]) })
        : out ? say("page out", { step: count(left[r]) })
        : k === last && !place.open ? say("page away") : "";
    });
    drawn.update(running.map((one) => ({
      name: one.label,
      named: running.length <= 8,
      color: page.color(one.color),
      dash: running.length <= 8 ? one.dash : "",
      way: way(place, from, one.r, k),
      out: left[one.r] >= 0 && left[one.r] <= k,
    })), from);
    const done = place.open ? left : arrived;
    const there = running.filter((one) => done[one.r] >= 0 && done[one.r] <= k)
      .sort((a, b) => done[a.r] - done[b.r]);
    const first = there.length ? done[there[0].r] : -1;
    const tied = there.filter((one) => done[one.r] === first).length - 1;
    const said = say(place.open ? "page left" : "page arrived", {
      n: count(there.length), of: count(running.length), step: count(steps[k]), first_step: count(first),
      first: there.length ? there[0].label : "", tied: count(tied),
    });
    verdict.textContent = said;
    step.show(k, say("page of", { step: count(steps[k]), n: count(n) }));
    page.announce(said);
  }

  return { fields, draw, update };
});

// A network's loss on two planes through its parameters: turn it, read it, follow the training.

import {
  AmbientLight, BufferGeometry, Color, CylinderGeometry, DirectionalLight, DoubleSide,
  Float32BufferAttribute, Group, LineBasicMaterial, LineSegments, Mesh, MeshBasicMaterial,
  MeshLambertMaterial, PerspectiveCamera, Raycaster, Scene, SphereGeometry, Vector2, Vector3,
  WebGLRenderer,
} from "three";
import { scaleLinear } from "./parts/axes.js";
import { h, label, player, s, slider } from "./parts/dom.js";
import { oneOf, whole } from "./parts/state.js";
import { playable } from "./parts/page.js";

const TALL = 1.15; // of the box, whose sides are 2

export default playable((page) => {
  const { planes, path, steps } = page.data;
  const say = page.say;
  const count = (number) => ({ count: number });
  const names = Object.keys(planes);
  const last = steps.length - 1;
  const first = planes[names[0]].loss.shape;
  const fields = {
    plane: oneOf(names, "pca"),
    step: whole(0, last, last),
    turn: whole(0, 359, page.data.turn),
    tilt: whole(5, 85, 32),
    across: whole(0, first[1] - 1, Math.floor(first[1] / 2)),
    along: whole(0, first[0] - 1, Math.floor(first[0] / 2)),
  };

  const radios = names.map((name) => h("input", {
    type: "radio", name: "plane", value: name, onchange: () => { run.stop(); page.state.set({ plane: name }); },
  }));
  const which = h("fieldset", {}, h("legend", { class: "unseen" }, say("page plane")),
    h("div", { class: "checks" }, radios.map((radio, i) => h("label", {}, radio, say(`page ${names[i]}`)))));
  const follow = (name, words, min, max) => slider(name, say(words), {
    min,
    max,
    moved: (value) => page.state.set({ [name]: value }, { moving: true }),
    settled: (value) => page.state.set({ [name]: value }),
  });
  const turn = follow("turn", "page turn", 0, 359);
  const tilt = follow("tilt", "page tilt", 5, 85);
  const across = follow("across", "page across", 0, first[1] - 1);
  const along = follow("along", "page along", 0, first[0] - 1);
  const step = slider("step", say("page step"), {
    min: 0,
    max: last,
    moved: (k) => { run.stop(); page.state.set({ step: k }, { moving: true }); },
    settled: (k) => page.state.set({ step: k }),
  });
  const run = player(page, { play: say("page play"), pause: say("page pause") }, {
    every: 70,
    next: (begin) => {
      const at = page.state.values.step;
      const to = begin && at >= last ? 0 : Math.min(last, at + 1);
      page.state.set({ step: to }, { moving: to < last });
      return to < last;
    },
  });
  const verdict = h("p", { class: "verdict" });
  const point = h("p", { class: "numbers" });
  const view = h("div", { class: "view" });
  const overlay = s("svg", { role: "img", "aria-label": say("page view") });
  const training = h("div", { class: "row training" }, run.button, step.box);
  const reading = h("details", { class: "reading" }, h("summary", {}, say("page read")), h("div", { class: "row" }, across.box, along.box));
  reading.addEventListener("toggle", () => update());
  page.stage.append(which, view, training, h("div", { class: "said" }, verdict, point),
    h("div", { class: "row" }, turn.box, tilt.box), reading);

  const scene = new Scene();
  const camera = new PerspectiveCamera(28, 1.5, 0.1, 50);
  camera.up.set(0, 0, 1);
  const sun = new DirectionalLight(0xffffff, 1.6);
  scene.add(sun, new AmbientLight(0xffffff, 2.1));
  let renderer = null;
  try {
    renderer = new WebGLRenderer({ antialias: true, alpha: true, preserveDrawingBuffer: true });
    renderer.domElement.setAttribute("aria-hidden", "true");
    view.append(renderer.domElement);
  } catch {
    view.append(h("p", { class: "without" }, say("page without")));
  }
  view.append(overlay);

  const made = Object.fromEntries(names.map((name) => [name, relief(planes[name])]));
  const dot = (radius) => new Mesh(new SphereGeometry(radius, 24, 16), new MeshBasicMaterial());
  const where = dot(0.038);
  const probe = dot(0.028);
  const way = ways();
  const floor = new LineSegments(new BufferGeometry(), new LineBasicMaterial());
  floor.geometry.setAttribute("position", new Float32BufferAttribute(
    [[-1, -1], [1, -1], [1, -1], [1, 1], [1, 1], [-1, 1], [-1, 1], [-1, -1]].flatMap(([a, b]) => [a, b, 0]), 3));
  scene.add(where, probe, way.group, floor);

  // A plane in the box: sides from −1 to 1, heights from 0.
  function relief(plane) {
    const { values, shape: [rows, columns] } = plane.loss;
    const top = values.reduce((most, v) => Math.max(most, v), -Infinity);
    const low = values.reduce((least, v) => Math.min(least, v), Infinity);
    const x = scaleLinear(plane.x, [-1, 1]);
    const y = scaleLinear(plane.y, [-1, 1]);
    const z = scaleLinear([0, top], [0, TALL]);
    const at = (i, j) => [-1 + (2 * j) / (columns - 1), -1 + (2 * i) / (rows - 1), z(values[i * columns + j])];
    const corners = [];
    const faces = [];
    const grid = [];
    for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) {
      corners.push(...at(i, j));
      if (i && j) {
        const [a, b, c, d] = [(i - 1) * columns + j - 1, (i - 1) * columns + j, i * columns + j, i * columns + j - 1];
        faces.push(a, b, c, a, c, d);
      }
      const lift = ([px, py, pz]) => [px, py, pz + 0.002];
      if (j && i % 4 === 0) grid.push(...lift(at(i, j - 1)), ...lift(at(i, j)));
      if (i && j % 4 === 0) grid.push(...lift(at(i - 1, j)), ...lift(at(i, j)));
    }
    const geometry = new BufferGeometry();
    geometry.setAttribute("position", new Float32BufferAttribute(corners, 3));
    geometry.setAttribute("color", new Float32BufferAttribute(new Float32Array(corners.length), 3));
    geometry.setIndex(faces);
    geometry.computeVertexNormals();
    const mesh = new Mesh(geometry, new MeshLambertMaterial({ vertexColors: true, side: DoubleSide }));
    const lines = new BufferGeometry();
    lines.setAttribute("position", new Float32BufferAttribute(grid, 3));
    const net = new LineSegments(lines, new LineBasicMaterial({ transparent: true, opacity: 0.35 }));
    const group = new Group();
    group.add(mesh, net);
    scene.add(group);
    return { plane, group, mesh, net, x, y, z, top, low, rows, columns, values };
  }

  // The path as straight tubes between what was recorded.
  function ways() {
    const group = new Group();
    const { x, y, z } = made.pca;
    const points = path.u.map((u, i) => new Vector3(x(u), y(path.v[i]), z(path.height[i]) + 0.012));
    const ink = new MeshBasicMaterial();
    const parts = points.slice(1).map((b, i) => {
      const a = points[i];
      const along = b.clone().sub(a);
      const tube = new Mesh(new CylinderGeometry(0.011, 0.011, Math.max(1e-6, along.length()), 8), ink);
      tube.position.copy(a).addScaledVector(along, 0.5);
      if (along.length() > 0) tube.quaternion.setFromUnitVectors(new Vector3(0, 1, 0), along.clone().normalize());
      group.add(tube);
      return tube;
    });
    return { group, points, ink, parts };
  }

  let high = 0;
  let dressed = "";
  let touched = null; // row and column under the pointer

  function draw() {
    high = page.narrow ? 300 : 430;
    view.style.height = `${high}px`;
    renderer?.setPixelRatio(Math.min(2, window.devicePixelRatio || 1));
    renderer?.setSize(page.width, high);
    camera.aspect = page.width / high;
    camera.updateProjectionMatrix();
    overlay.setAttribute("width", page.width);
    overlay.setAttribute("height", high);
    overlay.setAttribute("viewBox", `0 0 ${page.width} ${high}`);
  }

  // Colours of the theme, low dark and high light, where they are not those of before.
  function dress() {
    const style = getComputedStyle(page.root);
    const hue = (name) => new Color(style.getPropertyValue(`--${name}`).trim());
    const key = style.getPropertyValue("--background");
    if (key === dressed) return;
    dressed = key;
    const [low, top] = [hue("surface_low"), hue("surface_high")];
    for (const one of Object.values(made)) {
      const colors = one.mesh.geometry.getAttribute("color");
      one.values.forEach((value, i) => {
        const share = Math.sqrt(Math.max(0, (value - one.low) / (one.top - one.low || 1)));
        const mixed = low.clone().lerp(top, share);
        colors.setXYZ(i, mixed.r, mixed.g, mixed.b);
      });
      colors.needsUpdate = true;
      one.net.material.color = hue("surface_line");
    }
    for (const material of [where.material, way.ink]) material.color = hue(page.data.ink);
    probe.material.color = hue("text");
    floor.material.color = hue("muted");
  }

  function look() {
    const { turn: a, tilt: b } = page.state.values;
    const [azimuth, height] = [(a * Math.PI) / 180, (b * Math.PI) / 180];
    const far = page.narrow ? 6.4 : 5.4;
    const middle = new Vector3(0, 0, 0.3);
    camera.position.set(
      far * Math.cos(height) * Math.cos(azimuth), far * Math.cos(height) * Math.sin(azimuth), far * Math.sin(height)).add(middle);
    camera.lookAt(middle);
    camera.updateMatrixWorld();
    // The light comes from over the viewer's shoulder, so no side is ever black.
    sun.position.set(Math.cos(azimuth + 0.9), Math.sin(azimuth + 0.9), 1.3);
  }

  const flat = (px, py, pz) => {
    const v = new Vector3(px, py, pz).project(camera);
    return [((v.x + 1) * page.width) / 2, ((1 - v.y) * high) / 2];
  };

  function frame(one) {
    const corners = [[-1, -1], [1, -1], [1, 1], [-1, 1]];
    const screen = corners.map(([a, b]) => flat(a, b, 0));
    const left = screen.reduce((best, p, i) => (p[0] < screen[best][0] ? i : best), 0);
    const [cx, cy] = corners[left];
    const ticks = one.z.ticks(4).filter((value) => value <= one.top);
    const [foot, head] = [flat(cx, cy, 0), flat(cx, cy, TALL)];
    const side = (words, axis) => {
      // The edge of this direction that is nearer to the viewer.
      const near = [-1, 1].map((e) => (axis === "x" ? flat(0, e, 0) : flat(e, 0, 0))).sort((p, q) => q[1] - p[1])[0];
      const long = 6.3 * words.length;
      const right = near[0] > page.width / 2;
      const at = right ? Math.min(near[0] + 6, page.width - long) : Math.max(near[0] - 6, long);
      return label(at, Math.min(high - 6, near[1] + 22), words, { class: "muted small", "text-anchor": right ? "start" : "end" });
    };
    return [
      s("line", { x1: foot[0], y1: foot[1], x2: head[0], y2: head[1], class: "edges" }),
      ticks.map((value) => {
        const [px, py] = flat(cx, cy, one.z(value));
        return [s("line", { x1: px - 5, x2: px, y1: py, y2: py, class: "edges" }),
          label(px - 8, py + 4.5, say("page tick", { value }), { class: "muted small", "text-anchor": "end" })];
      }),
      label(head[0] - 8, head[1] - 10, say("page loss"), { class: "muted small", "text-anchor": "end" }),
      side(say(one.plane.names[0], { share: one.plane.shares[0], stretch: page.data.stretch }), "x"),
      side(say(one.plane.names[1], { share: one.plane.shares[1], stretch: page.data.stretch }), "y"),
    ];
  }

  function update() {
    const { plane: name, step: k, turn: a, tilt: b, across: column, along: row } = page.state.values;
    const one = made[name];
    const onPath = name === "pca";
    dress();
    look();
    for (const other of names) made[other].group.visible = other === name;
    way.group.visible = onPath;
    way.parts.forEach((part, i) => { part.visible = i < k; });
    const centre = [one.x(0), one.y(0), one.z(page.data.centre)];
    if (onPath) where.position.copy(way.points[k]);
    else where.position.set(...centre);
    const asked = touched ?? (reading.open ? [row, column] : null);
    probe.visible = asked !== null;
    if (asked) {
      const [i, j] = [Math.min(asked[0], one.rows - 1), Math.min(asked[1], one.columns - 1)];
      const value = one.values[i * one.columns + j];
      probe.position.set(-1 + (2 * j) / (one.columns - 1), -1 + (2 * i) / (one.rows - 1), one.z(value) + 0.01);
      point.textContent = say("page at", {
        loss: value,
        first: one.x.invert(probe.position.x),
        second: one.y.invert(probe.position.y),
      });
    } else point.textContent = say("page touch");
    renderer?.render(scene, camera);
    const marks = frame(one);
    const [px, py] = flat(...where.position.toArray());
    marks.push(label(px + 11, py - 8, onPath ? say("page height", { loss: path.height[k] }) : say("page trained"), { class: "strong" }));
    overlay.replaceChildren(...marks.flat(Infinity));
    const said = onPath
      ? say("page now", { step: count(steps[k]), n: count(steps[last]), height: path.height[k], loss: path.loss[k] })
      : say("page middle");
    verdict.textContent = said;
    training.classList.toggle("off", !onPath);
    run.button.disabled = step.input.disabled = !onPath;
    radios.forEach((radio) => { radio.checked = radio.value === name; });
    step.show(k, say("page of", { step: count(steps[k]), n: count(steps[last]) }));
    turn.show(a, say("page degrees", { angle: count(a) }));
    tilt.show(b, say("page degrees", { angle: count(b) }));
    across.show(column, say("page point", { at: one.x.invert(-1 + (2 * column) / (one.columns - 1)) }));
    along.show(row, say("page point", { at: one.y.invert(-1 + (2 * row) / (one.rows - 1)) }));
    page.announce(asked ? `${point.textContent} ${said}` : said);
  }

  // Drag to turn; a pointer that only passes reads the loss.
  let held = null;
  view.addEventListener("pointerdown", (event) => {
    held = [event.clientX, event.clientY, page.state.values.turn, page.state.values.tilt];
    view.setPointerCapture(event.pointerId);
  });
  view.addEventListener("pointerup", () => {
    held = null;
    page.state.set({});
  });
  view.addEventListener("pointermove", (event) => {
    if (held) {
      const [x, y, a, b] = held;
      page.state.set({
        turn: (((a - Math.round((event.clientX - x) / 2)) % 360) + 360) % 360,
        tilt: Math.min(85, Math.max(5, b + Math.round((event.clientY - y) / 3))),
      }, { moving: true });
      return;
    }
    touch(event);
  });
  view.addEventListener("pointerleave", () => {
    touched = null;
    update();
  });

  function touch(event) {
    const box = view.getBoundingClientRect();
    const at = new Vector2(((event.clientX - box.x) / box.width) * 2 - 1, 1 - ((event.clientY - box.y) / box.height) * 2);
    const one = made[page.state.values.plane];
    const ray = new Raycaster();
    ray.setFromCamera(at, camera);
    const [hit] = ray.intersectObject(one.mesh);
    touched = hit
      ? [Math.round(((hit.point.y + 1) / 2) * (one.rows - 1)), Math.round(((hit.point.x + 1) / 2) * (one.columns - 1))]
      : null;
    update();
  }

  matchMedia("print").addEventListener("change", () => update());
  return { fields, draw, update, themed: () => update() };
});

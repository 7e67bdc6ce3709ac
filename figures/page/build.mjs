// Bundle the pages' scripts, one file each, into the folder that is named: `make bundle` says how.
//
// A bundle begins with the licences of what is in it, so that every page that holds it has them too.

import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const [from, to] = process.argv.slice(2);
const modules = join(import.meta.dirname, "node_modules");

for (const file of readdirSync(from).filter((name) => name.endsWith(".js")).sort()) {
  const made = await build({
    entryPoints: [join(from, file)],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    nodePaths: [modules],
    metafile: true,
    write: false,
  });
  const used = Object.keys(made.metafile.inputs)
    .map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1])
    .filter(Boolean);
  const licences = [...new Set(used)].sort().map((name) => {
    const { version } = JSON.parse(readFileSync(join(modules, name, "package.json"), "utf8"));
    return `${name} ${version}\n\n${readFileSync(join(modules, name, "LICENSE"), "utf8").trim()}\n`;
  });
  const head = licences.length ? `/*! This file contains:\n\n${licences.join("\n")}*/\n` : "";
  writeFileSync(join(to, file), head + made.outputFiles[0].text);
}

// Puts what the query page needs of its packages where the server finds it, with the licences of all of them.
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";

const FROM = new URL("node_modules/", import.meta.url);
const INTO = new URL("../lod/web/sparql/assets/vendor/", import.meta.url);
const FILES = ["yasgui.min.js", "yasgui.min.css"];

const lock = JSON.parse(await readFile(new URL("package-lock.json", import.meta.url), "utf8"));
const shipped = Object.entries(lock.packages).filter(([path, one]) => path && !one.dev);

async function licence([path, one]) {
  const folder = new URL(`${path}/`, import.meta.url);
  const about = JSON.parse(await readFile(new URL("package.json", folder), "utf8"));
  const said = (await readdir(folder)).filter((name) => /^(licen[cs]e|copying|notice)/i.test(name)).sort();
  const texts = await Promise.all(said.map((name) => readFile(new URL(name, folder), "utf8")));
  const people = [about.author, ...(about.contributors ?? [])].map((who) => who?.name ?? who).filter(Boolean);
  const head = `${about.name} ${one.version}, ${one.license ?? "licence as below"}`;
  return [head, people.join(", "), ...texts.map((text) => text.trim())].filter(Boolean).join("\n\n");
}

await rm(INTO, { recursive: true, force: true });
await mkdir(INTO, { recursive: true });
for (const file of FILES) await copyFile(new URL(`@zazuko/yasgui/build/${file}`, FROM), new URL(file, INTO));
const licences = await Promise.all(shipped.map(licence));
await writeFile(new URL("LICENCES.txt", INTO), `${licences.join(`\n\n${"-".repeat(80)}\n\n`)}\n`);

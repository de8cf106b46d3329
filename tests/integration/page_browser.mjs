// Looks at the review pages in Debian's Chromium, and prints what is wrong as one JSON object.
//   node page_browser.mjs NODE_MODULES '{"base":URL,"paths":{name:path},"shots":DIR,"hostile":BINARY}'
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";

import * as checks from "./page_checks.mjs";

const [, , modules, wanted] = process.argv;
const { chromium } = createRequire(`${modules}/`)("playwright-core");
const { base, paths, shots, hostile, count } = JSON.parse(wanted);

const WIDTHS = [360, 1280];
const SCHEMES = ["light", "dark"];
const MOST_TABS = 40;
const BATCH = 250;
const RUN_FOR_REAL = 25;

const problems = {};
const note = (check, where, found) => {
  problems[check] ??= [];
  problems[check].push(...found.map((what) => `${where}: ${what}`));
};

// What the browser itself complains of: scripts, blocked resources, violated policies.
function listen(page, where) {
  page.on("pageerror", (error) => note("console", where, [String(error)]));
  page.on("dialog", (dialog) => { note("console", where, ["a dialog"]); dialog.dismiss(); });
  page.on("console", (message) => {
    // A refusal is a page with that status: the browser says so of any.
    if (!/status of 400/.test(message.text())) note("console", where, [message.text()]);
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(base)) note("console", where, [`asks ${request.url()}`]);
  });
}

async function roles(page) {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  const counts = {};
  for (const node of nodes) {
    const role = node.role?.value;
    if (node.ignored || !["table", "row", "cell", "rowheader", "image"].includes(role)) continue;
    counts[role] = (counts[role] ?? 0) + 1;
  }
  return JSON.stringify(Object.entries(counts).sort());
}

async function look(browser) {
  const seen = {};
  for (const colorScheme of SCHEMES) {
    for (const width of WIDTHS) {
      const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme });
      const page = await context.newPage();
      for (const [name, path] of Object.entries(paths)) {
        const where = `${name}, ${width} px, ${colorScheme}`;
        page.removeAllListeners();
        listen(page, where);
        await page.goto(base + path);
        for (const check of ["overflow", "structure", "links", "contrast"]) {
          note(check, where, await page.evaluate(checks[check]));
        }
        // A narrow page shows rows as blocks; to a screen reader they stay rows.
        const heard = await roles(page);
        note("roles", where, (seen[name] ??= heard) === heard ? [] : [`${heard}, not ${seen[name]}`]);
        await page.screenshot({ path: `${shots}/${name}-${width}-${colorScheme}.png`, fullPage: true });
      }
      await context.close();
    }
  }
}

async function keys(browser) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  for (const [name, path] of Object.entries(paths)) {
    await page.goto(base + path);
    for (let expected = 0, of = 1; expected < Math.min(of, MOST_TABS); ++expected) {
      await page.keyboard.press("Tab");
      const at = await page.evaluate(checks.focused);
      of = at?.of ?? of;
      const good = at?.index === expected && at.ring && at.inside;
      note("keyboard", name, good ? [] : [`tab ${expected + 1}: ${JSON.stringify(at)}`]);
    }
    await page.goto(base + path);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    const main = await page.evaluate(() => document.activeElement.id);
    note("keyboard", name, main === "main" ? [] : [`the way past leads to '${main}'`]);
  }
  await page.goto(base);
  await page.focus("#filter-decision");
  await page.keyboard.type("esc");
  await page.focus("#filter-from");
  await page.keyboard.type("-24h");
  await Promise.all([page.waitForURL(/from=/), page.keyboard.press("Enter")]);
  const asked = new URL(page.url()).search;
  const kept = await page.inputValue("#filter-from");
  const good = /decision=escalate/.test(asked) && /from=-24h/.test(asked) && kept === "-24h";
  note("keyboard", "the form", good ? [] : [`asks ${asked}, keeps ${kept}`]);
}

function* hostile_pages(first, many) {
  const options = { encoding: "utf8", maxBuffer: 1 << 30 };
  for (const line of execFileSync(hostile, [first, many].map(String), options).split("\n")) {
    const [name, number] = line.split(" ", 2);
    if (line !== "") yield { name, number, html: JSON.parse(line.slice(name.length + number.length + 2)) };
  }
}

async function survive(browser) {
  const page = await browser.newPage();
  const shape_of = {};
  for (const { name, html } of hostile_pages(0, 0)) {
    shape_of[name] = (await page.evaluate(checks.shapes, [html]))[0].shape;
  }
  let read = 0;
  for (let first = 0; first < count; first += BATCH) {
    const pages = [...hostile_pages(first, BATCH)].slice(0, BATCH);
    const found = await page.evaluate(checks.shapes, pages.map(({ html }) => html));
    found.forEach(({ shape, bad }, i) => {
      const { name, number } = pages[i];
      note("hostile", `${name} ${number}`, bad);
      if (shape !== shape_of[name]) note("hostile", `${name} ${number}`, ["other elements"]);
    });
    read += found.length;
  }
  // Without any policy to stop it, and with scripts on.
  listen(page, "hostile");
  for (const { html } of [...hostile_pages(0, RUN_FOR_REAL)].slice(0, RUN_FOR_REAL)) {
    await page.setContent(html);
  }
  return read;
}

const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
await look(browser);
await keys(browser);
const read = await survive(browser);
await browser.close();
console.log(JSON.stringify({ problems, read }));

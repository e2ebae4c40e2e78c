// How smoothly the page moves and how soon it is there, beside other libraries in the same browser, in the same run.
//
//   node bench.mjs SITE CHROMIUM [RUNS]
//
// Every library gets its networks from graph.mjs. Frame times are the gaps between callbacks of requestAnimationFrame while a mouse
// drags; script time is what Chromium's own counter says, for each frame.
import { createServer } from "node:http";
import { readFile, readdir, stat } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { lab } from "./graph.mjs";

const [site, executablePath, runs = "7"] = process.argv.slice(2);
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm", ".svg": "image/svg+xml" };
const LIBRARIES = ["react-flow", "cytoscape", "vis-network", "mermaid"];

/** Everything to be served, by path, compressed once. */
async function files() {
  const found = new Map();
  for (const name of await readdir(site, { recursive: true })) {
    if ((await stat(join(site, name))).isFile()) found.set(`/roundtrip/${name}`, await readFile(join(site, name)));
  }
  found.set("/roundtrip/", found.get("/roundtrip/index.html"));
  for (const library of LIBRARIES) {
    const entry = library === "react-flow" ? `${library}.jsx` : `${library}.mjs`;
    const { outputFiles } = await build({
      entryPoints: [new URL(entry, import.meta.url).pathname],
      bundle: true,
      minify: true,
      format: "esm",
      outdir: "/out",
      write: false,
      jsx: "automatic",
      define: { "process.env.NODE_ENV": '"production"' },
      logLevel: "error",
    });
    const css = outputFiles.some(({ path }) => path.endsWith(".css"));
    for (const { path, contents } of outputFiles) found.set(`/${library}/page${extname(path)}`, Buffer.from(contents));
    const head = css ? '<link rel="stylesheet" href="page.css">' : "";
    const html = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">${head}<body><script type="module" src="page.js"></script>`;
    found.set(`/${library}/`, Buffer.from(html));
  }
  return new Map([...found].map(([path, bytes]) => [path, { plain: bytes.length, brotli: brotliCompressSync(bytes) }]));
}

const all = await files();
const server = createServer((request, response) => {
  const path = normalize(new URL(request.url, "http://localhost").pathname);
  const file = all.get(path);
  if (!file) return response.writeHead(404).end();
  const type = TYPES[extname(path)] ?? (path.endsWith("/") ? "text/html" : "application/octet-stream");
  response.writeHead(200, { "content-type": type, "content-encoding": "br" }).end(file.brotli);
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const origin = `http://127.0.0.1:${server.address().port}`;
const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

const quantile = (numbers, share) => numbers.toSorted((a, b) => a - b)[Math.min(numbers.length - 1, Math.floor(numbers.length * share))] ?? Number.NaN;
const median = (numbers) => quantile(numbers, 0.5);

async function visit(path, body) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  try {
    await page.goto(origin + path);
    return await body(page);
  } finally {
    await context.close();
  }
}

/** Drags the mouse in a circle from a point for some seconds, and gives frame times and script time per frame. */
async function drag(page, { x, y }) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable");
  const script = async () => (await devtools.send("Performance.getMetrics")).metrics.find(({ name }) => name === "ScriptDuration").value;
  const mouse = (type, x, y) => devtools.send("Input.dispatchMouseEvent", { type, x, y, button: "left", buttons: 1, clickCount: 1 });
  await mouse("mousePressed", x, y);
  await mouse("mouseMoved", x + 8, y + 8);
  await page.evaluate(() => {
    window.frames_ = [];
    const note = (now) => {
      window.frames_.push(now);
      window.noting = requestAnimationFrame(note);
    };
    requestAnimationFrame(note);
  });
  const before = await script();
  const start = performance.now();
  let sent = 0;
  while (performance.now() - start < 4000) {
    const turn = (performance.now() - start) / 400;
    await mouse("mouseMoved", x + 60 * Math.cos(turn), y + 60 * Math.sin(turn));
    sent += 1;
    await new Promise((done) => setTimeout(done, 8));
  }
  const spent = (await script()) - before;
  const stamps = await page.evaluate(() => {
    cancelAnimationFrame(window.noting);
    return window.frames_;
  });
  await mouse("mouseReleased", x, y);
  const gaps = stamps.slice(1).map((stamp, i) => stamp - stamps[i]);
  return { median: median(gaps), p95: quantile(gaps, 0.95), script: (spent * 1000) / gaps.length, frames: gaps.length, sent };
}

async function openLarge(page, moving) {
  await page.waitForSelector(".shell");
  await page.evaluate((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], "large.json", { type: "application/json" }));
    document.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  }, JSON.stringify(lab()));
  await page.waitForSelector('[data-device="h24-39"]', { state: "attached", timeout: 120_000 });
  await page.waitForSelector(".run-progress", { state: "detached", timeout: 120_000 });
  await page.waitForTimeout(1500);
  if (moving) {
    await page.keyboard.press("Home");
    await page.keyboard.press(" ");
    await page.waitForFunction(() => document.querySelectorAll(".packet:not(.away)").length > 300 || (window.packetsDrawn ?? 0) > 300, null, { timeout: 60_000 });
  }
}

const inBox = (box) => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
const BARE = { x: 720, y: 30 };

/** How each page is made ready, and where the mouse takes a node, or what is behind the nodes. */
const PAGES = {
  roundtrip: {
    path: () => "/roundtrip/?lang=en&play=0",
    ready: openLarge,
    node: async (page) => inBox(await page.locator('[data-device="h12-20"] rect').boundingBox()),
    background: async (page) => {
      const box = await page.locator(".canvas").boundingBox();
      return { x: box.x + box.width / 2, y: box.y + 12 };
    },
  },
  "react-flow": {
    path: (moving) => `/react-flow/?large${moving ? "&moving" : ""}`,
    ready: (page) => page.waitForSelector(".react-flow__node"),
    node: async (page) => inBox(await page.locator('[data-id="h12-20"]').boundingBox()),
    background: async () => BARE,
  },
  cytoscape: {
    path: (moving) => `/cytoscape/?large${moving ? "&moving" : ""}`,
    ready: (page) => page.waitForFunction(() => window.painted),
    node: (page) => page.evaluate(() => window.centreOf("h12-20")),
    background: async () => BARE,
  },
  "vis-network": {
    path: (moving) => `/vis-network/?large${moving ? "&moving" : ""}`,
    ready: (page) => page.waitForFunction(() => window.painted),
    node: (page) => page.evaluate(() => window.centreOf("h12-20")),
    background: async () => BARE,
  },
};

const cell = (number) => number.toFixed(1).padStart(8);
for (const [what, moving] of [["dragging one of 1,000 devices", false], ["panning 1,000 devices with 500 moving packets", true]]) {
  console.log(`\n${what} (milliseconds)\n${"".padEnd(14)}  median     p95  script/frame  frames`);
  for (const [name, recipe] of Object.entries(PAGES)) {
    const figures = await visit(recipe.path(moving), async (page) => {
      await recipe.ready(page, moving);
      await page.waitForTimeout(1000);
      return drag(page, await (moving ? recipe.background : recipe.node)(page));
    }).catch((error) => console.log(`${name.padEnd(14)}  failed: ${error.message.split("\n")[0]}`));
    if (figures) console.log(`${name.padEnd(14)}${cell(figures.median)}${cell(figures.p95)}${cell(figures.script)}${String(figures.frames).padStart(14)}`);
  }
}

/** When something can be seen, in milliseconds since navigation began: asked at every frame. */
const SEEN = {
  roundtrip: [
    "/roundtrip/?lang=en",
    () => {
      const packet = document.querySelector(".packet:not(.away)");
      const place = packet?.getAttribute("transform");
      const moved = window.lastPlace !== undefined && place !== undefined && place !== window.lastPlace;
      window.lastPlace = place ?? window.lastPlace;
      return moved;
    },
  ],
  "react-flow": ["/react-flow/", () => [...document.querySelectorAll(".react-flow__node")].some((node) => node.style.visibility !== "hidden")],
  cytoscape: ["/cytoscape/", () => window.painted],
  mermaid: ["/mermaid/", () => window.painted],
};
console.log(`\nnavigation to what is seen first (milliseconds, median of ${runs} first visits), and what is transferred\n${"".padEnd(14)}   first  brotli kB`);
for (const [name, [path, seen]] of Object.entries(SEEN)) {
  const times = [];
  for (let run = 0; run < Number(runs); run += 1) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    await page.addInitScript(`{
      const seen = ${seen.toString()};
      const ask = (now) => { if (document.body && seen()) window.seenAt = now; else requestAnimationFrame(ask); };
      requestAnimationFrame(ask);
    }`);
    await page.goto(origin + path, { waitUntil: "commit" });
    await page.waitForFunction(() => window.seenAt !== undefined, null, { timeout: 60_000 });
    times.push(await page.evaluate(() => window.seenAt));
    await context.close();
  }
  const fetched = await visit(path, async (page) => {
    await page.waitForTimeout(1500);
    const paths = await page.evaluate(() => [location.pathname, ...performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname)]);
    return [...new Set(paths)].reduce((sum, path) => sum + (all.get(path)?.brotli.length ?? 0), 0);
  });
  console.log(`${name.padEnd(14)}${cell(median(times))}${cell(fetched / 1000)}   ${name === "roundtrip" ? "a packet that moves" : "the drawing"}`);
}
await browser.close();
server.close();

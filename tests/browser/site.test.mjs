// The site as such, whatever is on it: it starts without a complaint, under any path, in any frame.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import http from "node:http";
import path from "node:path";
import { after, before, test } from "node:test";

import { accessibilityFaults, fromEnvironment, launch, open } from "./support/page.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** Serves the site below `prefix` on a free port, and `pages` beside it. */
async function serveBelow(prefix, pages) {
  const types = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm", ".svg": "image/svg+xml" };
  const server = http.createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://host");
    response.setHeader("Access-Control-Allow-Origin", "*");
    if (pages[pathname]) {
      response.setHeader("Content-Type", "text/html");
      return response.end(pages[pathname]);
    }
    const name = pathname.startsWith(prefix) ? pathname.slice(prefix.length) || "index.html" : "absent";
    try {
      const content = await readFile(path.join(fromEnvironment("ROUNDTRIP_DIST"), name));
      response.setHeader("Content-Type", types[path.extname(name)] ?? "application/octet-stream");
      response.end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { server, origin: `http://127.0.0.1:${server.address().port}` };
}

test("the page starts without an error, a warning or a failed request", async () => {
  const page = await open(browser);
  assert.deepEqual(page.troubles, []);
  await page.context().close();
});

test("axe finds no fault in the page as it opens", async () => {
  const page = await open(browser, "", { reducedMotion: "reduce" });
  assert.deepEqual(await accessibilityFaults(page), []);
  await page.context().close();
});

test("the page starts below a path, and in a frame that may only run scripts", async () => {
  const frame = `<!doctype html><title>host</title><iframe sandbox="allow-scripts" src="/deep/er/"></iframe>`;
  const { server, origin } = await serveBelow("/deep/er/", { "/host": frame });
  const context = await browser.newContext();
  try {
    const troubles = [];
    for (const address of [`${origin}/deep/er/`, `${origin}/host`]) {
      const page = await context.newPage();
      page.on("pageerror", (error) => troubles.push(error.message));
      page.on("requestfailed", (request) => troubles.push(request.url()));
      await page.goto(address);
      const shown = page.frames().at(-1);
      await shown.waitForFunction(() => document.body.textContent.trim() !== "");
      assert.ok(shown.url().startsWith(`${origin}/deep/er/`), shown.url());
    }
    assert.deepEqual(troubles, []);
  } finally {
    await context.close();
    server.close();
  }
});

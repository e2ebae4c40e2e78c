// Without a network: the page once it was visited, and the page as one file. And with one: nobody but its own origin is asked.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import http from "node:http";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";

import { fromEnvironment, launch } from "./support/page.mjs";

const TYPES = {
  ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".wasm": "application/wasm", ".svg": "image/svg+xml",
  ".css": "text/css", ".webmanifest": "application/manifest+json", ".png": "image/png",
};

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** Serves the site; `change` may give other content for a name, or none for 404; `port` is used again after a pause. */
async function serve(port = 0, change = (_, content) => content) {
  const sockets = new Set();
  const server = http.createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://host");
    const name = pathname.endsWith("/") ? `${pathname}index.html` : pathname;
    try {
      const content = change(name, await readFile(path.join(fromEnvironment("ROUNDTRIP_DIST"), decodeURIComponent(name))));
      if (content === undefined) throw new Error("not there");
      response.setHeader("Content-Type", TYPES[path.extname(name)] ?? "application/octet-stream");
      response.end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise((ready) => server.listen(port, "127.0.0.1", ready));
  const close = () =>
    new Promise((closed) => {
      server.close(closed);
      for (const socket of sockets) socket.destroy();
    });
  return { address: `http://127.0.0.1:${server.address().port}/`, port: server.address().port, close };
}

const kept = (page) =>
  page.waitForFunction(async () => Boolean(await (await caches.open("roundtrip")).match(new URL("current", document.baseURI).href)));
const shell = (page) => page.waitForSelector(".shell");
/** The next version of the document: a title that tells it, and one more part. */
const next = (name, content, part) =>
  name === "/index.html" ? String(content).replace("<title>Roundtrip", `<link rel="stylesheet" href="./${part}"><title>Version 2`) : content;

describe("once visited", () => {
  test("the page opens without a network, also by a link", async () => {
    const site = await serve();
    const context = await browser.newContext({ locale: "en-GB" });
    const page = await context.newPage();
    await page.goto(site.address);
    await shell(page);
    await kept(page);
    await site.close();
    await page.goto(`${site.address}?lang=en&play=0`);
    await shell(page);
    await page.locator(".verdict h2", { hasText: "The connection stalls" }).waitFor();
    const link = (await readFile(new URL("../links/0.1/ten-devices.link", import.meta.url), "utf8")).trim();
    await page.goto("about:blank");
    await page.goto(`${site.address}?lang=en${link}`);
    await page.locator(".lab-title", { hasText: "Ten devices" }).waitFor();
    await context.close();
  });

  test("a version that is not there in full is never served, and a whole one follows", async () => {
    let site = await serve();
    const context = await browser.newContext({ locale: "en-GB" });
    const page = await context.newPage();
    const source = () => page.evaluate(async () => (await (await fetch("./")).text()));
    // The version that is served from now on is named last of all, a moment after the rest is kept.
    const pointer = async () => {
      const named = await page.waitForFunction(async () => (await (await caches.open("roundtrip")).match(new URL("current", document.baseURI).href))?.text());
      return named.jsonValue();
    };
    await page.goto(site.address);
    await shell(page);
    await kept(page);
    const first = await pointer();
    await site.close();
    // The next version is being published: its document is there, a part of it is not.
    site = await serve(site.port, (name, content) => next(name, content, "missing-0123456789abcdef.css"));
    await page.goto(site.address);
    assert.match(await source(), /Version 2/);
    await page.waitForTimeout(1500);
    assert.equal(await pointer(), first);
    await site.close();
    const offline = await page.goto(site.address);
    assert.doesNotMatch(await offline.text(), /Version 2/);
    await shell(page);
    // Now it is there in full.
    const style = (await readFile(path.join(fromEnvironment("ROUNDTRIP_DIST"), "index.html"), "utf8")).match(/\.\/(tokens-[0-9a-f]+\.css)/)[1];
    site = await serve(site.port, (name, content) => next(name, content, style));
    await page.goto(site.address);
    await page.waitForFunction(
      async (first) => (await (await (await caches.open("roundtrip")).match(new URL("current", document.baseURI).href)).text()) !== first,
      first,
    );
    await site.close();
    const second = await page.goto(site.address);
    assert.match(await second.text(), /Version 2/);
    await shell(page);
    await context.close();
  });

  test("it can be installed: the manifest names what is there", async () => {
    const site = await serve();
    const manifest = await (await fetch(new URL("manifest.webmanifest", site.address))).json();
    assert.deepEqual([manifest.name, manifest.start_url, manifest.display], ["Roundtrip", "./", "standalone"]);
    for (const icon of manifest.icons) assert.equal((await fetch(new URL(icon.src, site.address))).status, 200, icon.src);
    await site.close();
  });
});

describe("one file", () => {
  const single = () => pathToFileURL(fromEnvironment("ROUNDTRIP_SINGLE")).href;

  test("runs from a folder, asks for nothing, and keeps what is changed", async () => {
    const context = await browser.newContext({ locale: "en-GB" });
    const page = await context.newPage();
    const troubles = [];
    const asked = [];
    page.on("pageerror", (error) => troubles.push(error.message));
    page.on("console", (message) => ["error", "warning"].includes(message.type()) && troubles.push(message.text()));
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(`${single()}?lang=en&play=0`);
    await page.locator(".verdict h2", { hasText: "The connection stalls" }).waitFor();
    await page.locator('[data-cure="route.pc1"] .apply').click();
    await page.locator(".verdict h2", { hasText: "It works" }).waitFor();
    await page.reload();
    await page.locator(".verdict h2", { hasText: "It works" }).waitFor();
    const link = (await readFile(new URL("../links/0.1/ten-devices.link", import.meta.url), "utf8")).trim();
    await page.evaluate((hash) => { location.hash = hash; }, link);
    await page.locator(".lab-title", { hasText: "Ten devices" }).waitFor();
    assert.deepEqual(troubles, []);
    assert.deepEqual(asked.filter((address) => !/^(file|data|blob):/.test(address)), []);
    await context.close();
  });
});

describe("the network", () => {
  test("is asked for the page's own origin alone, whatever one does", async () => {
    const site = await serve();
    const context = await browser.newContext({ locale: "en-GB", acceptDownloads: true });
    const page = await context.newPage();
    const asked = new Set();
    context.on("request", (request) => asked.add(new URL(request.url()).origin));
    await page.goto(`${site.address}?lang=en`);
    await shell(page);
    await page.getByRole("button", { name: "Share" }).click();
    await page.getByText("QR code").click();
    await page.getByText("Embed in a page").click();
    await page.frameLocator(".embed-preview").locator(".embedded").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Labs" }).click();
    await page.keyboard.press("Escape");
    await page.goto(`${site.address}demo/en.html`);
    await page.waitForFunction(() => document.querySelector("roundtrip-lab")?.shadowRoot);
    await page.waitForTimeout(1000);
    assert.deepEqual([...asked].filter((origin) => origin !== "null"), [new URL(site.address).origin]);
    await context.close();
    await site.close();
  });
});

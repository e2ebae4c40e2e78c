// A lab inside another page: frame and element, messages, manners, sandbox and policy.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import http from "node:http";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { accessibilityFaults, fromEnvironment, launch, open } from "./support/page.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

const TYPES = {
  ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm", ".svg": "image/svg+xml", ".css": "text/css",
  ".webmanifest": "application/manifest+json", ".png": "image/png",
};

// The site's policy, as docs/hosting.md gives it.
const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; " +
  "connect-src 'self'; manifest-src 'self'; worker-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'";

/** A server on a port of its own, and so an origin of its own: the site below `/`, or pages by their path. */
async function serve(pages, headers = {}) {
  const server = http.createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://host");
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (pages) {
      if (!pages[pathname]) return response.writeHead(pathname === "/favicon.ico" ? 204 : 404).end();
      response.setHeader("Content-Type", "text/html");
      return response.end(pages[pathname]);
    }
    try {
      const name = pathname.endsWith("/") ? `${pathname}index.html` : pathname;
      const content = await readFile(path.join(fromEnvironment("ROUNDTRIP_DIST"), name));
      response.setHeader("Content-Type", TYPES[path.extname(name)] ?? "application/octet-stream");
      response.end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

/** A page of another origin with `body` in it (`SITE` is the playground's address), and the playground with its strict policy. */
async function withHost(body, act, hostHeaders = {}) {
  const site = await serve(null, { "Content-Security-Policy": POLICY, "Access-Control-Allow-Origin": "*" });
  const html = `<!doctype html><meta charset="utf-8"><title>A blog</title><body>${body.replaceAll("SITE", site.origin)}`;
  const headers = Object.fromEntries(Object.entries(hostHeaders).map(([name, value]) => [name, value.replaceAll("SITE", site.origin)]));
  const host = await serve({ "/": html }, headers);
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 900, height: 700 } });
  const page = await context.newPage();
  const troubles = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) troubles.push(message.text());
  });
  page.on("pageerror", (error) => troubles.push(error.message));
  try {
    await page.goto(host.origin);
    await act(page, { site: site.origin, host: host.origin, context });
    assert.deepEqual(troubles, []);
  } finally {
    await context.close();
    site.close();
    host.close();
  }
}

const ELEMENT = `<script src="SITE/roundtrip-lab.js" async></script><roundtrip-lab lang="en" example="story" height="420"><a href="SITE">Open</a></roundtrip-lab>`;
const FRAME = `<iframe src="SITE/?embed=1&lang=en&example=story" width="800" height="420"></iframe>`;

const inside = (page, place = 0) => page.frameLocator("iframe").nth(place);
/** The element's own frame; Playwright looks into open shadow trees by itself. */
const poster = (page, place = 0) => inside(page, place).locator(".poster");
const clock = async (page) => Number.parseFloat(await inside(page).locator(".clock").innerText());

describe("a frame", () => {
  test("waits behind a poster, then plays; shows no head and keeps nothing", () =>
    withHost(FRAME, async (page, { site }) => {
      await poster(page).waitFor();
      assert.match(await poster(page).getAttribute("aria-label"), /Play: There and back differ/);
      assert.equal(await inside(page).locator(".head").count(), 0);
      await poster(page).click();
      await inside(page).getByRole("button", { name: "Pause" }).waitFor();
      assert.equal(await poster(page).count(), 0);
      const frame = page.frames().at(-1);
      assert.deepEqual(await frame.evaluate(() => [localStorage.length, sessionStorage.length]), [0, 0]);
      assert.equal(frame.url(), `${site}/?embed=1&lang=en&example=story`);
    }));

  test("plays at once where it is asked to", () =>
    withHost(FRAME.replace("embed=1", "embed=1&play=1"), async (page) => {
      await inside(page).getByRole("button", { name: "Pause" }).waitFor();
      assert.equal(await poster(page).count(), 0);
    }));

  test("shows the part that is asked for", () =>
    withHost(
      ["canvas", "ladder", "packets", "verdict"].map((view) => FRAME.replace("embed=1", `embed=1&view=${view}`)).join(""),
      async (page) => {
        for (const [place, part] of [".canvas", ".ladder .rung", ".packets tr.line", ".verdict h2"].entries()) {
          await inside(page, place).locator(part).first().waitFor({ state: "attached" });
          const others = [".canvas", ".ladder", ".packets", ".verdict"].filter((other) => !part.startsWith(other));
          for (const other of others) assert.equal(await inside(page, place).locator(other).count(), 0, `${part} ${other}`);
        }
      },
    ));

  test("leaves wheel, focus and Tab to the page", () =>
    withHost(`<button id="first">first</button><br>${FRAME}<div style="height:3000px">text</div><button id="last">last</button>`, async (page) => {
      await poster(page).waitFor();
      assert.equal(await page.evaluate(() => document.activeElement === document.body), true);
      await poster(page).click();
      await page.evaluate(() => document.activeElement.blur());
      const box = await page.locator("iframe").boundingBox();
      await page.mouse.move(box.x + 200, box.y + 150);
      const scale = () => inside(page).locator(".drawing > g").getAttribute("transform");
      const before = await scale();
      await page.mouse.wheel(0, 300);
      await page.waitForFunction(() => scrollY > 0);
      assert.equal(await scale(), before);
      await page.evaluate(() => scrollTo(0, 0));
      await page.keyboard.down("Control");
      await page.mouse.wheel(0, -100);
      await page.keyboard.up("Control");
      await inside(page).locator(`.drawing > g:not([transform="${before}"])`).waitFor({ state: "attached" });
      // Tab gets in and out again.
      await page.locator("#first").focus();
      for (let presses = 0; presses < 120; presses += 1) {
        await page.keyboard.press("Tab");
        if (await page.evaluate(() => document.activeElement?.id === "last")) return;
      }
      assert.fail("Tab does not come out of the frame");
    }));

  test("stands while it is scrolled away", () =>
    withHost(`${FRAME.replace("embed=1", "embed=1&play=1")}<div style="height:3000px">text</div>`, async (page) => {
      await inside(page).getByRole("button", { name: "Pause" }).waitFor();
      await page.evaluate(() => scrollTo(0, 2500));
      await inside(page).locator(".play", { hasText: "Play" }).waitFor({ state: "attached" });
      await page.evaluate(() => scrollTo(0, 0));
      await inside(page).getByRole("button", { name: "Pause" }).waitFor();
    }));

  test("runs in a sandbox that allows scripts and nothing else", () =>
    withHost(FRAME.replace("<iframe", '<iframe sandbox="allow-scripts"').replace("embed=1", "embed=1&play=1"), async (page) => {
      await inside(page).getByRole("button", { name: "Pause" }).waitFor();
      await inside(page).locator(".packet:not(.away)").first().waitFor({ state: "attached" });
    }));

  test("opens in full with what it shows, at its moment", () =>
    withHost(FRAME.replace("embed=1", "embed=1&t=5"), async (page, { context }) => {
      await poster(page).waitFor();
      const [full] = await Promise.all([context.waitForEvent("page"), inside(page).getByText("Open in full").click()]);
      await full.waitForSelector(".shell");
      assert.match(new URL(full.url()).search, /lang=en&t=(5|4\.9999\d\d)$/);
      assert.match(await full.locator(".lab-title").innerText(), /There and back/);
    }));

  test("says why instead of staying blank", async () => {
    const context = await browser.newContext();
    await context.route(/_bg\.wasm/, (route) => route.fulfill({ status: 404, body: "" }));
    const page = await context.newPage();
    await page.goto(new URL("?embed=1", fromEnvironment("ROUNDTRIP_URL")).href);
    await page.getByText(/could not be loaded · 読み込めませんでした/).waitFor();
    await context.close();
  });

  test("has no fault that axe finds, in any view", async () => {
    for (const view of ["all", "canvas", "ladder", "packets", "verdict"]) {
      const page = await open(browser, `?embed=1&lang=en&view=${view}`, { reducedMotion: "reduce", viewport: { width: 700, height: 440 } });
      await page.waitForSelector(".embedded");
      assert.deepEqual(await accessibilityFaults(page), [], view);
      await page.context().close();
    }
  });
});

describe("the element", () => {
  test("works in a page whose policy allows the playground and nothing else", () =>
    withHost(
      ELEMENT,
      async (page) => {
        await poster(page).waitFor();
        assert.equal(await page.locator("iframe").evaluate((frame) => frame.clientHeight), 420);
      },
      { "Content-Security-Policy": "default-src 'none'; script-src SITE; frame-src SITE" },
    ));

  test("obeys: load, play, pause, step, seek, getState; and says what changes", () =>
    withHost(ELEMENT, async (page) => {
      await poster(page).waitFor();
      const first = await page.evaluate(async () => {
        const lab = document.querySelector("roundtrip-lab");
        window.said = [];
        for (const kind of ["changed", "error"]) lab.addEventListener(kind, (event) => window.said.push([kind, event.detail]));
        return lab.getState();
      });
      assert.match(first.title, /There and back/);
      assert.match(first.lab, /^1\./);
      assert.deepEqual([first.playing, first.lang, first.outcome], [false, "en", "stalled"]);
      await page.evaluate(() => document.querySelector("roundtrip-lab").seek(4.5));
      await page.waitForFunction(async () => Math.abs((await document.querySelector("roundtrip-lab").getState()).t - 4.5) < 0.001);
      assert.equal(await poster(page).count(), 0);
      await page.evaluate(() => document.querySelector("roundtrip-lab").play());
      await inside(page).getByRole("button", { name: "Pause" }).waitFor();
      await page.evaluate(() => document.querySelector("roundtrip-lab").pause());
      await inside(page).getByRole("button", { name: "Play" }).waitFor();
      const before = await clock(page);
      await page.evaluate(() => document.querySelector("roundtrip-lab").step());
      await page.waitForFunction(async (before) => (await document.querySelector("roundtrip-lab").getState()).t > before, before);
      await page.evaluate(() => document.querySelector("roundtrip-lab").load("cure-route"));
      await page.waitForFunction(() => window.said.some(([kind, state]) => kind === "changed" && state.outcome === "healthy"));
      await page.evaluate(() => document.querySelector("roundtrip-lab").load("1.AAAA"));
      await page.waitForFunction(() => window.said.some(([kind]) => kind === "error"));
      const [, { message }] = await page.evaluate(() => window.said.find(([kind]) => kind === "error"));
      assert.match(message, /link/);
    }));

  test("follows its attributes, and there may be several", () =>
    withHost(`${ELEMENT}${ELEMENT.replace(/<script.*<\/script>/, "").replace('lang="en"', 'lang="ja" view="verdict"')}`, async (page) => {
      await poster(page, 0).waitFor();
      await inside(page, 1).locator("html[lang=ja] .verdict h2").waitFor();
      await page.evaluate(() => document.querySelector("roundtrip-lab").setAttribute("example", "loop"));
      await inside(page, 0).locator(".poster-title", { hasNotText: "There and back" }).waitFor();
    }));

  test("leaves link and text where there is no script", async () => {
    const host = await serve({ "/": `<!doctype html><title>t</title>${ELEMENT.replaceAll("SITE", "http://127.0.0.1:9")}` });
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(host.origin, { waitUntil: "domcontentloaded" });
    await page.getByRole("link", { name: "Open" }).waitFor();
    await context.close();
    host.close();
  });
});

describe("messages", () => {
  test("of others than the page around it are not obeyed", () =>
    withHost(`${FRAME}<iframe name="evil" srcdoc="<script>setInterval(() => parent.frames[0].postMessage({ roundtrip: 1, type: 'play' }, '*'), 50)</script>"></iframe>`, async (page) => {
      await poster(page).waitFor();
      // Ours goes through while theirs do not.
      const answer = await page.evaluate(
        () =>
          new Promise((resolve) => {
            addEventListener("message", (event) => event.data?.type === "state" && resolve(event.data));
            setTimeout(() => frames[0].postMessage({ roundtrip: 1, type: "getState", id: 9 }, "*"), 500);
          }),
      );
      assert.equal(answer.id, 9);
      assert.equal(answer.state.playing, false);
      assert.equal(await poster(page).count(), 1);
    }));
});

describe("the demonstration post", () => {
  for (const language of ["en", "ja"]) {
    test(`tells the story with four live embeds (${language})`, async () => {
      const page = await open(browser, `demo/${language}.html`, { viewport: { width: 900, height: 4200 } });
      await page.waitForFunction(() => document.querySelectorAll("roundtrip-lab").length === 3);
      for (let place = 0; place < 4; place += 1) await inside(page, place).locator(".embedded").waitFor();
      assert.deepEqual(page.troubles, []);
      assert.deepEqual(await accessibilityFaults(page), []);
      await page.context().close();
    });
  }
});

describe("the share dialog", () => {
  test("gives link, snippets and a code, and shows live what they show", async () => {
    const page = await open(browser, "?lang=en&play=0");
    await page.getByRole("button", { name: "Share" }).click();
    const field = (name) => page.getByLabel(name, { exact: true });
    const link = await field("Link").inputValue();
    assert.match(link, /^http.*#1\./);
    assert.match(await field("Markdown").inputValue(), /^\[There and back differ.*\]\(http.*#1\./);
    await page.getByText("QR code").click();
    await page.getByRole("img", { name: "QR code of the link" }).waitFor();
    await page.getByText("Embed in a page").click();
    await page.getByLabel("Shows").selectOption("verdict");
    await page.getByLabel("Locked against changes").check();
    const snippet = await field("As a frame (works everywhere)").inputValue();
    assert.match(snippet, /^<iframe src=".*\?embed=1&amp;lang=en&amp;view=verdict&amp;lock=1#1\..*height="420"/);
    assert.match(await field("As an element (other scripts of the page can rule it)").inputValue(), /<roundtrip-lab lab="1\..*view="verdict" lock="1"/s);
    await page.frameLocator(".embed-preview").locator(".verdict h2").waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    // A preview that another one replaces while it loads is given up.
    assert.deepEqual(page.troubles.filter((trouble) => !/ERR_ABORTED/.test(trouble)), []);
    // What it gives, it opens.
    const other = await page.context().newPage();
    await other.goto(link);
    await other.locator(".lab-title", { hasText: "There and back" }).waitFor();
    await page.context().close();
  });
});

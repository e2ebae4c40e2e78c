// Drawing: the story's network from a blank sheet by mouse, by keys alone and by fingers; all of it undone; nothing out of reach.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { accessibilityFaults, launch, open } from "./support/page.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** Runs `body` with a page, and fails if anything went wrong in it. */
async function withPage(path, options, body) {
  const page = await open(browser, path, options);
  try {
    await page.waitForSelector(".shell");
    await body(page);
    assert.deepEqual(page.troubles, []);
  } finally {
    await page.context().close();
  }
}

/** The middle of something on the picture, in pixels of the page. */
async function middle(page, selector) {
  const box = await page.locator(selector).first().boundingBox();
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

const item = (key) => `.drawing [data-item="${key}"]`;

/** What has been drawn, by the outline's words. */
async function outline(page) {
  await page.getByRole("button", { name: "Outline as text" }).click();
  const entries = await page.locator(".outline .entry").allInnerTexts();
  await page.getByRole("button", { name: "Outline as text" }).click();
  return entries.map((text) => text.replace(/\s+/g, " "));
}

/** The story's network as the drawing fills it in. */
async function isTheStory(page) {
  const entries = await outline(page);
  const has = (pattern) => assert.ok(entries.some((entry) => pattern.test(entry)), `${pattern} in\n${entries.join("\n")}`);
  assert.equal(entries.length, 6);
  has(/^LAN 1 192\.168\.1\.0\/24 On it: R1, SW1, PC1/);
  has(/^LAN 2 192\.168\.2\.0\/24 On it: SW1, PC2/);
  has(/^R1 router Gateway: no gateway eth0 192\.168\.1\.1\/24 → LAN 1/);
  has(/^SW1 L3 switch .*192\.168\.1\.2\/24 → LAN 1/);
  has(/^SW1 L3 switch .*192\.168\.2\.1\/24 → LAN 2/);
  has(/^PC1 host Gateway: 192\.168\.1\.1 eth0 192\.168\.1\.10\/24 → LAN 1/);
  has(/^PC2 host Gateway: 192\.168\.2\.1 eth0 192\.168\.2\.10\/24 → LAN 2/);
}

/** Takes everything back, to the story that was there first. */
async function undoAll(page) {
  const undo = page.locator(".history").first();
  for (let step = 0; step < 60 && (await undo.isEnabled()); step += 1) await undo.click();
  await page.locator("[data-device=pc2]").waitFor({ state: "attached" });
  assert.equal(await page.locator("[data-device=inet]").count(), 1);
  assert.equal(await page.locator("[data-device=sw1]").count(), 0);
}

const blank = async (page) => {
  await page.locator(".head .new").click();
  await page.getByRole("heading", { name: "A blank sheet" }).waitFor();
};

describe("from a blank sheet", () => {
  test("by mouse", () =>
    withPage("?lang=en&play=0", { viewport: { width: 1440, height: 900 } }, async (page) => {
      await blank(page);
      const sheet = await page.locator(".drawing").boundingBox();
      const at = (x, y) => ({ x: sheet.x + x, y: sheet.y + y });
      const drag = async (from, to) => {
        await page.mouse.move(from.x, from.y);
        await page.mouse.down();
        await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 3 });
        await page.mouse.move(to.x, to.y, { steps: 3 });
        await page.mouse.up();
      };
      const tool = (name) => page.getByRole("button", { name, exact: true }).click();
      await tool("Segment");
      await drag(at(120, 150), at(700, 150));
      await page.locator(item("segment/lan1")).waitFor();
      await tool("Segment");
      await drag(at(420, 350), at(900, 350));
      // Dropped on a bar, it is plugged in.
      await tool("Router");
      await page.mouse.click(at(180, 150).x, at(180, 150).y);
      await page.locator(item("cable/r1/eth0")).waitFor({ state: "attached" });
      // By the knob at its edge.
      await tool("L3 switch");
      await page.mouse.click(at(600, 250).x, at(600, 250).y);
      await page.locator(item("device/sw1")).waitFor();
      await drag(await middle(page, item("knob/sw1")), at(600, 150));
      await page.locator(item("cable/sw1/eth0")).waitFor({ state: "attached" });
      await drag(await middle(page, item("knob/sw1")), at(600, 350));
      await page.locator(item("cable/sw1/eth1")).waitFor({ state: "attached" });
      await tool("Host");
      await page.mouse.click(at(360, 250).x, at(360, 250).y);
      // By two clicks.
      await tool("Connect by cable");
      const pc1 = await middle(page, item("device/pc1"));
      await page.mouse.click(pc1.x, pc1.y);
      await page.mouse.move(pc1.x + 20, pc1.y - 60, { steps: 3 });
      await page.locator(".ghost-cable").waitFor({ state: "attached" });
      await page.mouse.click(at(400, 150).x, at(400, 150).y);
      await page.locator(item("cable/pc1/eth0")).waitFor({ state: "attached" });
      await tool("Host");
      await page.mouse.click(at(800, 350).x, at(800, 350).y);
      await page.locator(item("cable/pc2/eth0")).waitFor({ state: "attached" });
      await isTheStory(page);
      await undoAll(page);
    }));

  test("by keys alone", () =>
    withPage("?lang=en&play=0", {}, async (page) => {
      await page.locator(".head .new").focus();
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "A blank sheet" }).waitFor();
      await page.evaluate(() => document.activeElement.blur());
      const place = async (key, name) => {
        await page.keyboard.press(key);
        await page.locator(".tool-hint").waitFor();
        await page.keyboard.press("Enter");
        await page.waitForFunction((key) => document.activeElement?.getAttribute("data-item") === key, name);
      };
      const connect = async (to) => {
        await page.keyboard.press("c");
        const dialog = page.getByRole("dialog");
        await dialog.waitFor();
        const wanted = dialog.getByRole("button", { name: to });
        for (let step = 0; step < 12 && !(await wanted.evaluate((button) => button === document.activeElement)); step += 1) {
          await page.keyboard.press("ArrowDown");
        }
        await page.keyboard.press("Enter");
        await dialog.waitFor({ state: "detached" });
      };
      await place("s", "segment/lan1");
      // The segment that is selected gets what is placed.
      await place("r", "device/r1");
      await page.keyboard.press("Escape");
      await place("s", "segment/lan2");
      await place("l", "device/sw1");
      await connect(/LAN 1/);
      await page.waitForFunction(() => document.activeElement?.getAttribute("data-item") === "device/sw1");
      await page.keyboard.press("Escape");
      await place("h", "device/pc1");
      await connect(/LAN 1/);
      await page.waitForFunction(() => document.activeElement?.getAttribute("data-item") === "device/pc1");
      await page.keyboard.press("Escape");
      await place("h", "device/pc2");
      await connect(/LAN 2/);
      await isTheStory(page);
      for (let step = 0; step < 30; step += 1) await page.keyboard.press("Control+z");
      await page.locator("[data-device=inet]").waitFor({ state: "attached" });
    }));

  test("by fingers", () =>
    withPage("?lang=en&play=0", { viewport: { width: 820, height: 1180 }, hasTouch: true, isMobile: true }, async (page) => {
      const client = await page.context().newCDPSession(page);
      const touch = async (type, points) =>
        client.send("Input.dispatchTouchEvent", { type, touchPoints: points.map((point, id) => ({ ...point, id })) });
      const swipe = async (from, to) => {
        await touch("touchStart", [from]);
        for (const share of [0.3, 0.6, 1]) {
          await touch("touchMove", [{ x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share }]);
        }
        // The finger rests before it is lifted: the browser takes a quick one for a throw and swallows the next tap.
        await page.waitForTimeout(150);
        await touch("touchMove", [{ x: to.x + 1, y: to.y }]);
        await touch("touchEnd", []);
      };
      const tap = (point) => page.touchscreen.tap(point.x, point.y);
      const tool = async (name) => {
        await page.getByRole("button", { name, exact: true }).tap();
        // A tap becomes a click a little later.
        await page.locator(`.tool[aria-label="${name}"][aria-pressed=true]`).waitFor();
      };
      await page.locator(".head .new").tap();
      await page.getByRole("heading", { name: "A blank sheet" }).waitFor();
      const sheet = await page.locator(".drawing").boundingBox();
      const at = (x, y) => ({ x: sheet.x + sheet.width * x, y: sheet.y + y });
      await tool("Segment");
      await swipe(at(0.05, 160), at(0.75, 160));
      await tool("Segment");
      await swipe(at(0.3, 380), at(0.95, 380));
      await page.locator(item("segment/lan2")).waitFor();
      await tool("Router");
      await tap(at(0.2, 160));
      await page.locator(item("cable/r1/eth0")).waitFor({ state: "attached" });
      await tool("L3 switch");
      await tap(at(0.62, 270));
      await page.locator(item("device/sw1")).waitFor();
      await swipe(await middle(page, item("knob/sw1")), at(0.6, 160));
      await page.locator(item("cable/sw1/eth0")).waitFor({ state: "attached" });
      await swipe(await middle(page, item("knob/sw1")), at(0.6, 380));
      await page.locator(item("cable/sw1/eth1")).waitFor({ state: "attached" });
      await tool("Host");
      await tap(at(0.42, 160));
      await tool("Host");
      await tap(at(0.85, 380));
      await page.locator(item("cable/pc2/eth0")).waitFor({ state: "attached" });
      await isTheStory(page);
      // A finger that rests asks for the menu.
      const pc1 = await middle(page, item("device/pc1"));
      await touch("touchStart", [pc1]);
      await page.getByRole("menu").waitFor();
      await touch("touchEnd", []);
      await page.getByRole("menuitem", { name: "Delete" }).tap();
      await page.locator(item("device/pc1")).waitFor({ state: "detached" });
      // Two fingers make it larger.
      const before = await page.locator(item("segment/lan1")).boundingBox();
      await touch("touchStart", [at(0.4, 300), at(0.6, 300)]);
      await touch("touchMove", [at(0.3, 300), at(0.7, 300)]);
      await touch("touchMove", [at(0.2, 300), at(0.8, 300)]);
      await touch("touchEnd", []);
      await page.waitForFunction((width) => document.querySelector('[data-item="segment/lan1"]').getBoundingClientRect().width > width * 1.4, before.width);
      await undoAll(page);
    }));
});

describe("things", () => {
  test("are selected by a box, moved together, copied, pasted and deleted", () =>
    withPage("?lang=en&play=0", { permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
      await page.locator(item("device/pc1")).click();
      await page.locator(item("device/r2")).click({ modifiers: ["Shift"] });
      assert.equal(await page.locator(".device.selected").count(), 2);
      await page.getByRole("heading", { name: "2 things" }).waitFor();
      const before = await page.locator(item("device/pc1")).boundingBox();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowDown");
      await page.waitForFunction((y) => document.querySelector('[data-item="device/pc1"]').getBoundingClientRect().y > y + 4, before.y);
      await page.getByRole("button", { name: "Undo: move 2 things" }).waitFor();
      await page.keyboard.press("Control+c");
      await page.keyboard.press("Control+v");
      await page.locator(item("device/pc3")).waitFor();
      await page.locator(item("device/r3")).waitFor();
      await page.keyboard.press("Delete");
      await page.locator(item("device/pc3")).waitFor({ state: "detached" });
      await page.keyboard.press("Control+a");
      assert.ok((await page.locator(".device.selected").count()) >= 5);
      await page.keyboard.press("Escape");
      assert.equal(await page.locator(".device.selected").count(), 0);
      // Foreign text says what it is.
      await page.evaluate(() => navigator.clipboard.writeText("good morning"));
      await page.locator(item("device/pc1")).click();
      await page.keyboard.press("Control+v");
      await page.locator(".tool-hint", { hasText: "was not copied from here" }).waitFor();
    }));

  test("are renamed where they stand", () =>
    withPage("?lang=en&play=0", {}, async (page) => {
      await page.locator(item("device/pc1")).focus();
      await page.keyboard.press("Enter");
      await page.keyboard.press("Enter");
      const field = page.locator(".name-field input");
      await field.fill("Laptop");
      await field.press("Enter");
      await page.locator(item("device/laptop"), { hasText: "Laptop" }).waitFor();
      // What was for PC1 is for the laptop.
      await page.locator(".verdict h2", { hasText: "The connection stalls" }).waitFor();
      await page.locator("option", { hasText: /Web page.*Laptop/ }).first().waitFor({ state: "attached" });
      await page.keyboard.press("Escape");
      await page.locator(item("segment/test")).dblclick({ position: { x: 60, y: 8 } });
      await field.fill("Never");
      await field.press("Escape");
      await page.locator(".segment", { hasText: "Test segment" }).waitFor({ state: "attached" });
    }));

  test("have a menu by the right button and by key, with what is wrong said at them", () =>
    withPage("?lang=en&play=0", {}, async (page) => {
      await page.locator(item("device/pc1")).click({ button: "right" });
      const menu = page.getByRole("menu");
      await menu.waitFor();
      assert.ok((await menu.getByRole("menuitem").allInnerTexts()).some((text) => text.startsWith("Duplicate")));
      await page.keyboard.press("Escape");
      await menu.waitFor({ state: "detached" });
      await page.locator(item("device/pc2")).focus();
      await page.keyboard.press("Shift+F10");
      await menu.waitFor();
      await menu.getByRole("menuitem", { name: "Set the gateway" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "No gateway" }).click();
      await page.getByRole("button", { name: "Undo: gateway of PC2" }).waitFor();
      await page.getByRole("button", { name: /^Undo/ }).click();
      // PC2's cable in the wrong segment's stead: its address does not fit.
      await page.locator(item("cable/pc2/eth0")).focus();
      await page.keyboard.press("Enter");
      await page.locator(".cable-card").waitFor();
      await page.keyboard.press("Delete");
      await page.locator(item("cable/pc2/eth0")).waitFor({ state: "detached" });
      await page.getByRole("button", { name: "Undo: delete cable of PC2 (eth0)" }).click();
      await page.locator(item("cable/pc2/eth0")).waitFor({ state: "attached" });
    }));

  test("are tidied up, and the view shows what lies outside", () =>
    withPage("?lang=en&play=0", { viewport: { width: 1280, height: 800 } }, async (page) => {
      await page.getByRole("button", { name: "Tidy up" }).click();
      await page.getByRole("button", { name: "Undo: tidy up" }).waitFor();
      const y = async (name) => (await page.locator(item(`device/${name}`)).boundingBox()).y;
      assert.ok((await y("inet")) < (await y("r1")) && (await y("r1")) < (await y("pc1")) && (await y("r2")) < (await y("pc2")));
      assert.equal(await page.locator(".minimap").count(), 0);
      const sheet = await page.locator(".drawing").boundingBox();
      await page.mouse.move(sheet.x + 300, sheet.y + 200);
      for (let turn = 0; turn < 6; turn += 1) await page.mouse.wheel(0, -200);
      await page.locator(".minimap").waitFor();
      const before = await page.locator(item("segment/living")).boundingBox();
      // Space and drag move the view, and play nothing.
      await page.keyboard.down("Space");
      await page.mouse.down();
      await page.mouse.move(sheet.x + 360, sheet.y + 230, { steps: 4 });
      await page.mouse.up();
      await page.keyboard.up("Space");
      await page.waitForFunction((x) => Math.abs(document.querySelector('[data-item="segment/living"]').getBoundingClientRect().x - x - 60) < 3, before.x);
      await page.getByRole("button", { name: "Play" }).waitFor();
    }));
});

describe("the outline", () => {
  test("does all of it as text", () =>
    withPage("?lang=en&play=0", {}, async (page) => {
      await page.locator(".head .new").click();
      await page.getByRole("button", { name: "Outline as text" }).click();
      const add = (name) => page.locator(".adding").getByRole("button", { name }).click();
      await add("Segment");
      await page.waitForFunction(() => document.activeElement?.getAttribute("data-item") === "segment/lan1");
      await add("router");
      await page.locator('.outline [data-item="device/r1"]').waitFor();
      await page.getByRole("button", { name: "Duplicate: R1" }).click();
      await page.getByRole("button", { name: "Rename: R2" }).click();
      await page.locator(".outline .name-input").fill("Core");
      await page.keyboard.press("Enter");
      await page.locator('.outline [data-item="device/core"]').waitFor();
      await page.getByRole("button", { name: "Unplug: cable of Core (eth0)" }).click();
      await page.locator(".outline .cables").getByText("no cable").waitFor();
      await page.getByRole("button", { name: "Delete: Core" }).click();
      await page.locator('.outline [data-item="device/core"]').waitFor({ state: "detached" });
    }));
});

test("axe finds no fault in what is drawn with", async () => {
  for (const [path, options] of [
    ["?play=0&theme=light&lang=en", {}],
    ["?play=0&theme=dark&lang=ja", { viewport: { width: 768, height: 1024 } }],
    ["?play=0&theme=light&lang=ja", { viewport: { width: 390, height: 844 } }],
  ]) {
    await withPage(path, { reducedMotion: "reduce", ...options }, async (page) => {
      const faults = async (where) => assert.deepEqual(await accessibilityFaults(page), [], `${path}, ${where}`);
      await page.locator(item("device/pc1")).focus();
      await page.keyboard.press("Shift+F10");
      await page.getByRole("menu").waitFor();
      await faults("menu");
      await page.keyboard.press("Escape");
      await page.locator(item("device/pc1")).focus();
      await page.keyboard.press("c");
      await page.getByRole("dialog").waitFor();
      await faults("list");
      await page.keyboard.press("Escape");
      await page.locator(item("cable/pc1/eth0")).focus();
      await page.keyboard.press("Enter");
      await faults("cable");
      await page.keyboard.press("Control+a");
      await faults("several");
      await page.keyboard.press("o");
      await page.locator(".outline").waitFor();
      await faults("outline");
      await page.keyboard.press("o");
      await page.locator(".head .new").click();
      await page.locator(".empty-sheet").waitFor();
      await faults("blank sheet");
    });
  }
});

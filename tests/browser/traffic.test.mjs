// Traffic: shot at once from lists and by click, moved in time by hand and by keys, changed, doubled, removed.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { accessibilityFaults, launch, open } from "./support/page.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

async function withPage(query, body, options = {}) {
  const page = await open(browser, `?play=0&${query}`, options);
  try {
    await page.waitForSelector(".shell");
    await body(page);
    assert.deepEqual(page.troubles, []);
  } finally {
    await page.context().close();
  }
}

const rows = (page) => page.locator(".actions > .action");
const row = (page, id) => page.locator(`[data-action="${id}"]`);
const at = (page, id) => row(page, id).getByRole("slider").getAttribute("aria-valuenow").then(Number);
const undo = (page) => page.getByRole("button", { name: /^Undo/ }).click();

describe("the time line", () => {
  test("says what came of each action", () =>
    withPage("lang=en", async (page) => {
      assert.equal(await rows(page).count(), 3);
      assert.match(await row(page, "ping").innerText(), /PC1 → .*It works/s);
      assert.match(await row(page, "http").innerText(), /stalls/);
    }));

  test("actions move by keys and by hand, one step each", () =>
    withPage("lang=en", async (page) => {
      const bar = row(page, "http").getByRole("slider");
      const before = await at(page, "http");
      await bar.focus();
      await page.keyboard.press("ArrowRight");
      assert.equal(await at(page, "http"), before + 1);
      await page.keyboard.press("Home");
      assert.equal(await at(page, "http"), 0);
      await undo(page);
      await undo(page);
      assert.equal(await at(page, "http"), before);
      await bar.scrollIntoViewIfNeeded();
      const box = await bar.boundingBox();
      await page.mouse.move(box.x + 4, box.y + box.height / 2);
      await page.mouse.down();
      await page.mouse.move(box.x + 40, box.y + box.height / 2, { steps: 5 });
      await page.mouse.move(box.x + 84, box.y + box.height / 2, { steps: 5 });
      await page.mouse.up();
      assert.ok((await at(page, "http")) > before + 5, `${await at(page, "http")}`);
      await undo(page);
      assert.equal(await at(page, "http"), before);
    }));

  test("fields change, actions are doubled and removed, and all is taken back", () =>
    withPage("lang=en", async (page) => {
      await row(page, "ping").locator("summary").first().click();
      await row(page, "ping").getByLabel("How many").fill("5");
      await row(page, "ping").getByLabel("How many").fill("many");
      assert.equal(await row(page, "ping").getByLabel("How many").getAttribute("aria-invalid"), "true");
      await row(page, "ping").getByLabel("What happens").selectOption("traceroute");
      assert.match(await row(page, "ping").innerText(), /PC1/);
      await row(page, "ping").getByRole("button", { name: /^Duplicate/ }).click();
      assert.equal(await rows(page).count(), 4);
      await row(page, "ping").getByRole("button", { name: /^Remove:/ }).click();
      assert.equal(await rows(page).count(), 3);
      for (let step = 0; step < 4; step += 1) await undo(page);
      assert.equal(await rows(page).count(), 3);
      assert.match(await row(page, "ping").innerText(), /Ping|ping/);
    }));

  test("a change of the network is an event in time: the cure comes at 10 s", () =>
    withPage("lang=en", async (page) => {
      await page.getByLabel("Add to the time line").selectOption("route");
      const change = row(page, "route");
      await change.locator("summary").first().click();
      await change.getByLabel("Begins at second").fill("0");
      await change.getByLabel("Device", { exact: true }).selectOption("pc1");
      await change.getByLabel("Destination", { exact: true }).fill("192.168.2.0/24");
      await change.getByLabel("Next hop", { exact: true }).fill("192.168.1.2");
      await change.locator(".result", { hasText: "done" }).waitFor();
      await row(page, "http").locator(".result", { hasText: "It works" }).waitFor();
    }));

  test("everything that can happen can be added", () =>
    withPage("lang=en", async (page) => {
      const menu = page.getByLabel("Add to the time line");
      const kinds = await menu.locator("option").evaluateAll((all) => all.map((option) => option.value).filter(Boolean));
      assert.ok(kinds.length >= 13, kinds.join());
      for (const kind of kinds) {
        const before = await rows(page).count();
        await menu.selectOption(kind);
        await rows(page).nth(before).waitFor();
        await undo(page);
      }
      assert.equal(await page.locator(".card.bad[role=alert]").count(), 0);
    }));
});

describe("at once", () => {
  test("from two lists, by keyboard, and the show goes there", () =>
    withPage("lang=en", async (page) => {
      const shoot = page.getByRole("group", { name: "Send at once" });
      await shoot.getByLabel("From").selectOption("pc2");
      await shoot.getByLabel("To", { exact: true }).selectOption("r2");
      await shoot.getByLabel("What").selectOption({ label: "TCP to a port" });
      await shoot.getByLabel("Port").fill("0");
      await shoot.getByText("A port is a number").waitFor();
      await shoot.getByLabel("Port").fill("22");
      await shoot.getByRole("button", { name: /^Send at/ }).focus();
      await page.keyboard.press("Enter");
      assert.equal(await rows(page).count(), 4);
      await row(page, "tcp").locator(".result", { hasText: "Refused" }).waitFor();
      assert.match(await page.locator("select.conversation option:checked").textContent(), /PC2 → R2/);
    }));

  test("by clicks on the picture, now", () =>
    withPage("lang=en", async (page) => {
      await page.getByRole("button", { name: "First loss" }).click();
      await page.getByRole("button", { name: "Choose on the picture" }).click();
      await page.locator("[data-device=pc1]").click();
      await page.getByRole("button", { name: "Click the target …" }).waitFor();
      await page.locator("[data-device=r2]").click();
      await page.getByRole("button", { name: "Choose on the picture" }).waitFor();
      await page.getByRole("button", { name: "Send now" }).click();
      assert.match(await row(page, "ping-2").innerText(), /PC1 → R2/);
      assert.ok((await at(page, "ping-2")) > 4);
    }));
});

describe("for everybody", () => {
  for (const [lang, theme, viewport] of [["en", "dark", { width: 1440, height: 900 }], ["ja", "light", { width: 390, height: 844 }]]) {
    test(`axe finds no fault in ${lang}, ${theme}, ${viewport.width} wide`, () =>
      withPage(`lang=${lang}&theme=${theme}`, async (page) => {
        if (viewport.width < 700) await page.locator(".tabs button").last().click();
        await page.evaluate(() => document.querySelectorAll(".traffic details").forEach((fold) => { fold.open = true; }));
        assert.deepEqual(await accessibilityFaults(page), []);
        if (lang === "ja") assert.match(await page.locator(".traffic").innerText(), /通信と変更（3）/);
      }, { viewport }));
  }
});

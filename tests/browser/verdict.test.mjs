// The verdict: why, with ways to what it stands on; the two flows side by side; cures with before and after; all conversations at a glance.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { accessibilityFaults, launch, open } from "./support/page.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

async function withPage(path, options, body) {
  const page = await open(browser, path, options);
  try {
    await page.waitForSelector(".verdict", { state: "attached" });
    await body(page);
    assert.deepEqual(page.troubles, []);
  } finally {
    await page.context().close();
  }
}

const clock = async (page) => Number.parseFloat(await page.locator(".clock").textContent());
const glance = (page, name) => page.locator(`.glance [data-conversation="${name}"]`);

describe("the verdict", () => {
  test("leads from each link of the chain to what it stands on", () =>
    withPage("?lang=en&play=0", {}, async (page) => {
      await page.locator(".verdict .chain summary").first().click();
      const links = page.locator(".verdict .chain li[data-link]");
      const kinds = await links.evaluateAll((all) => all.map((link) => link.dataset.link));
      assert.deepEqual(kinds.slice(0, 7), ["repeats", "repeats", "lost", "tracked", "went-around", "on-link", "route"]);
      // No link of the story stands on nothing.
      for (let place = 0; place < kinds.length; place += 1) {
        assert.ok((await links.nth(place).locator("button").count()) > 0, `${kinds[place]} leads nowhere`);
      }
      const lost = page.locator('.verdict li[data-link="lost"]');
      await lost.getByRole("button", { name: /^Packet/ }).click();
      assert.equal((await clock(page)).toFixed(2), "4.00");
      await page.locator("tr[data-packet][aria-selected=true], tr[data-packet].selected, tr[aria-current]").first().waitFor({ state: "attached" });
      await lost.getByRole("button", { name: /^Rule at R1/ }).click();
      await page.locator(".tables", { hasText: "R1" }).waitFor();
      const route = page.locator('.verdict li[data-link="on-link"]');
      await route.getByRole("button", { name: /^Routes of R2/ }).click();
      await page.locator(".tables h2", { hasText: "R2" }).waitFor();
    }));

  test("shows two flows side by side up to where they part", () =>
    withPage("?lang=en&play=0", {}, async (page) => {
      await page.locator(".contrast summary").click();
      const rows = await page.locator(".contrast .flows").first().locator("tbody tr").allInnerTexts();
      assert.equal(rows.length, 3);
      assert.match(rows[2], /✓ .*cho request 2[\s\S]*✕ ③ ACK/);
      const steps = page.locator(".contrast .flows").nth(1).locator("tr.parts");
      assert.match(await steps.first().innerText(), /new[\s\S]*invalid/);
    }));

  test("lists all conversations with their states, and looks at the one that is chosen", () =>
    withPage("?lang=en&play=0", {}, async (page) => {
      assert.match(await glance(page, "ping").innerText(), /✓\s*ping\s*It works/);
      assert.match(await glance(page, "ssh").innerText(), /✕\s*ssh/);
      await glance(page, "ping").click();
      await page.locator(".verdict h2", { hasText: "It works" }).waitFor();
      assert.equal(await page.locator(".verdict").getAttribute("data-cause"), "asymmetric-harmless");
      assert.equal(await glance(page, "ping").getAttribute("aria-current"), "true");
      // Whoever cannot see it is told.
      assert.match(await page.locator(".heard-only").innerText(), /ping: It works/);
    }));

  test("applies a cure as one step and shows before and after", () =>
    withPage("?lang=en&play=0", {}, async (page) => {
      const cure = page.locator('[data-cure="route.pc1"]');
      await cure.waitFor();
      assert.match(await cure.innerText(), /Also mends: ssh/);
      await cure.getByRole("button").click();
      await page.locator(".verdict h2", { hasText: "It works" }).waitFor();
      const row = page.locator(".fares tr.better", { hasText: "Web page" });
      assert.match(await row.innerText(), /The connection stalls[\s\S]*It works/);
      await page.getByRole("button", { name: "Take back" }).click();
      await page.locator(".verdict h2", { hasText: "The connection stalls" }).waitFor();
      await page.getByRole("button", { name: "Apply again" }).click();
      await page.locator(".verdict h2", { hasText: "It works" }).waitFor();
    }));

  test("has the catalogue of causes in both languages", async () => {
    for (const [lang, name, text] of [
      ["en", "All causes", /Hairpin/],
      ["ja", "すべての原因", /リバースパスフィルタ/],
    ]) {
      await withPage(`?lang=${lang}&play=0`, {}, async (page) => {
        await page.locator(".cause summary").click();
        await page.getByRole("button", { name }).click();
        assert.match(await page.locator(".causes").innerText(), text);
        assert.ok((await page.locator(".causes dt").count()) > 30);
      });
    }
  });

  for (const [width, height, colorScheme, lang] of [
    [1440, 900, "light", "en"],
    [768, 1024, "dark", "ja"],
    [390, 844, "light", "ja"],
    [390, 844, "dark", "en"],
  ]) {
    test(`fits ${width} × ${height} in ${colorScheme} colours in ${lang}`, () =>
      withPage(`?lang=${lang}&play=0`, { viewport: { width, height }, colorScheme, hasTouch: width < 500 }, async (page) => {
        const tab = page.locator(".tabs button, [role=tab]").last();
        if (await tab.isVisible()) await tab.click();
        await page.locator(".verdict").waitFor({ state: "visible" });
        await page.evaluate(() => document.querySelectorAll(".verdict details").forEach((part) => (part.open = true)));
        const wide = await page.evaluate(() => {
          const pane = document.querySelector(".verdict").closest(".details") ?? document.body;
          return pane.scrollWidth - pane.clientWidth;
        });
        assert.ok(wide <= 1, `${wide} pixels too wide`);
        assert.deepEqual(await accessibilityFaults(page), []);
        if (process.env.ROUNDTRIP_SHOTS) {
          await page.locator(".verdict").screenshot({ path: `${process.env.ROUNDTRIP_SHOTS}/verdict-${width}-${colorScheme}-${lang}.png` });
        }
      }));
  }
});

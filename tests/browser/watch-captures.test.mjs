// Captures: several places, display filters, one frame in every detail, streams.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { accessibilityFaults, launch, open } from "./support/page.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** Runs `body` with a page on the story, and fails if anything went wrong in it. */
async function withPage(path, options, body) {
  const page = await open(browser, path, options);
  try {
    await page.waitForSelector(".shell");
    await page.locator("tr.line").first().waitFor({ state: "attached" });
    await body(page);
    assert.deepEqual(page.troubles, []);
  } finally {
    await page.context().close();
  }
}

const count = async (page) => page.locator(".packets .count").innerText();

describe("the display filter", () => {
  test("lists what passes, and says how many of how many", () =>
    withPage("?lang=en&play=0", {}, async (page) => {
      const all = Number.parseInt(await count(page), 10);
      await page.getByLabel("Display filter").fill("tcp.flags.syn == 1 && tcp.flags.ack == 0");
      await page.locator(".packets .count", { hasText: `of ${all}` }).waitFor();
      const rows = await page.locator("tr.line td.info").allInnerTexts();
      // What a redirect quotes counts too, as in Wireshark.
      assert.ok(rows.length > 0 && rows.every((row) => /\[SYN\]|Redirect/.test(row)), rows.join("\n"));
      await page.getByRole("button", { name: "Remove the filter" }).click();
      await page.locator(".packets .count", { hasText: `${all} packets` }).waitFor();
    }));

  test("says what is wrong, where, and what may be meant; nothing disappears meanwhile", () =>
    withPage("?lang=en&play=0", {}, async (page) => {
      const before = await count(page);
      const field = page.getByLabel("Display filter");
      await field.fill("tcp && ip.adr == 192.168.1.10");
      const says = page.locator("#filter-says");
      assert.match(await says.innerText(), /no field “ip.adr”.*ip\.addr/);
      assert.equal(await says.locator("mark").innerText(), "ip.adr");
      assert.equal(await field.getAttribute("aria-invalid"), "true");
      assert.equal(await count(page), before);
      await field.fill("ip.ttl = 64");
      assert.match(await says.innerText(), /==/);
      await field.fill("tcp.flags.syn");
      assert.match(await says.innerText(), /tcp\.flags\.syn == 1/);
      await page.getByRole("button", { name: "日本語" }).click();
      await field.or(page.getByLabel("表示フィルター")).fill("ip.adr");
      assert.match(await says.innerText(), /「ip.adr」/);
    }));

  test("knows the analysis of the place that is looked at", () =>
    withPage("?lang=en&play=0", {}, async (page) => {
      await page.getByLabel("Display filter").fill("tcp.analysis.retransmission");
      await page.locator("tr.line td.info", { hasText: "[TCP Retransmission]" }).first().waitFor();
    }));
});

describe("several places", () => {
  test("are merged in one list, or stand side by side", () =>
    withPage("?lang=en&play=0", {}, async (page) => {
      const one = Number.parseInt(await count(page), 10);
      await page.getByLabel("Watch one more place").selectOption({ label: "PC2 eth0" });
      await page.getByRole("columnheader", { name: "Place" }).waitFor();
      assert.ok(Number.parseInt(await count(page), 10) > one);
      await page.getByRole("button", { name: "Side by side" }).click();
      await page.getByRole("columnheader", { name: "PC2 eth0" }).waitFor();
      await page.getByRole("button", { name: "Stop watching PC2 eth0" }).click();
      await page.getByRole("columnheader", { name: "Source" }).waitFor();
      assert.equal(Number.parseInt(await count(page), 10), one);
    }));
});

describe("one frame", () => {
  test("a field leads to its bytes, and a byte to its field", () =>
    withPage("?lang=en&play=0", {}, async (page) => {
      await page.getByLabel("Display filter").fill("tcp.flags.syn == 1 && tcp.flags.ack == 0");
      await page.locator("tr.line").first().click();
      const detail = page.locator(".detail");
      await detail.waitFor();
      const heads = await detail.locator(".item.head").allInnerTexts();
      assert.ok(heads.some((head) => /Transmission Control Protocol, Src Port: 40001, Dst Port: 80/.test(head)), heads.join("\n"));
      await detail.locator('[data-field="tcp.srcport"]').hover();
      const lit = () => page.locator(".bytes i.lit").allInnerTexts();
      await page.locator(".bytes i.lit").first().waitFor();
      assert.deepEqual(await lit(), ["9c", "41"]);
      await page.locator('.bytes i[data-byte="22"]').click();
      await detail.locator('[data-field="ip.ttl"].lit').waitFor();
      assert.match(await detail.locator('[data-field="ip.ttl"]').innerText(), /Time to Live: \d+/);
      assert.deepEqual(await accessibilityFaults(page), []);
    }));

  test("is reached and read by keys alone", () =>
    withPage("?lang=en&play=0", {}, async (page) => {
      await page.locator(".packets .scroll").focus();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await page.locator(".detail .item").first().focus();
      const clock = await page.locator(".clock").innerText();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowDown");
      assert.equal(await page.evaluate(() => document.activeElement.dataset.field), "eth.dst");
      assert.equal((await page.locator(".bytes i.lit").count()), 6);
      await page.locator(".bytes").focus();
      await page.keyboard.press("End");
      await page.keyboard.press("Home");
      assert.equal(await page.locator(".field-name code").innerText(), "eth.dst");
      assert.equal(await page.locator(".clock").innerText(), clock, "arrows in the detail do not move time");
      await page.getByRole("button", { name: "Close the detail" }).click();
      await page.locator(".detail").waitFor({ state: "detached" });
    }));

  test("what both ends said can be read", () =>
    withPage("?lang=en&play=0&example=cure-route", {}, async (page) => {
      await page.getByLabel("Display filter").fill("tcp contains \"GET\"");
      await page.locator("tr.line").first().click();
      await page.getByRole("button", { name: "Follow stream" }).click();
      const dialog = page.locator("dialog.follow");
      assert.match(await dialog.locator(".said.there pre").first().innerText(), /^GET \/ HTTP\/1\.1/);
      await dialog.locator(".said.back").first().waitFor();
      await dialog.getByRole("button", { name: "Close" }).click();
      await dialog.waitFor({ state: "detached" });
    }));

  test("has its place on a telephone", () =>
    withPage("?lang=ja&play=0", { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }, async (page) => {
      await page.locator(".tabs button").nth(1).click();
      await page.locator("tr.line").first().tap();
      await page.locator(".detail .item").first().waitFor();
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390);
    }));
});

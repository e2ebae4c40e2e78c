// Steps, tables at the playhead, the ladder's order, all pairs.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { accessibilityFaults, launch, open } from "./support/page.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** Runs `body` with a page on the story at its first loss, and fails if anything went wrong in it. */
async function withPage(path, options, body) {
  const page = await open(browser, path, options);
  try {
    await page.waitForSelector(".shell");
    await page.keyboard.press("x");
    await body(page);
    assert.deepEqual(page.troubles, []);
  } finally {
    await page.context().close();
  }
}

/** What the clock says once everything is drawn. */
const clock = async (page) => {
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  return page.locator(".clock").innerText();
};

describe("steps", () => {
  for (const [forth, back, what] of [
    [".", ",", "anywhere"],
    ["'", ";", "of the conversation"],
    ["}", "{", "of the device"],
    ["ArrowRight", "ArrowLeft", "as chosen"],
  ]) {
    test(`${what}: back is exactly where forth came from`, () =>
      withPage("?lang=en&play=0", {}, async (page) => {
        await page.locator(".clock", { hasText: "4.00" }).waitFor();
        await page.keyboard.press(forth);
        const start = await clock(page);
        await page.keyboard.press(forth);
        await page.keyboard.press(forth);
        const later = await clock(page);
        await page.keyboard.press(back);
        await page.keyboard.press(back);
        assert.equal(await clock(page), start);
        await page.keyboard.press(forth);
        await page.keyboard.press(forth);
        assert.equal(await clock(page), later);
      }));
  }

  test("of a packet end with its death", () =>
    withPage("?lang=en&play=0", {}, async (page) => {
      await page.locator(".rung", { hasText: "③ ACK" }).first().click();
      await page.getByLabel("What a step goes through").selectOption("by packet");
      for (let i = 0; i < 5; i++) await page.getByRole("button", { name: "Step", exact: true }).click();
      const end = await clock(page);
      await page.getByRole("button", { name: "Step", exact: true }).click();
      assert.equal(await clock(page), end);
      assert.match(end, /^4\.00/);
    }));

  test("speeds have keys", () =>
    withPage("?lang=en&play=0", {}, async (page) => {
      await page.keyboard.press(">");
      assert.match(await page.getByLabel("Speed").locator("option:checked").innerText(), /2×/);
      await page.keyboard.press("<");
      await page.keyboard.press("<");
      assert.match(await page.getByLabel("Speed").locator("option:checked").innerText(), /½×/);
    }));
});

describe("tables", () => {
  test("read as the commands print them, and say what changed", () =>
    withPage("?lang=en&play=0", {}, async (page) => {
      await page.locator("[data-device=r1]").click();
      const tracked = page.locator('[data-table="conntrack -L"]');
      await tracked.locator("li", { hasText: /tcp 6 \d+ SYN_SENT src=192\.168\.1\.10 dst=192\.168\.2\.10/ }).first().waitFor();
      const neighbours = page.locator('[data-table="ip neigh"]');
      assert.match(await neighbours.innerText(), /192\.168\.1\.10 dev eth\d lladdr 02:/);
      await page.keyboard.press("Home");
      for (let i = 0; i < 60 && (await page.locator(".tables .changed").count()) === 0; i++) await page.keyboard.press("}");
      assert.match(await page.locator(".tables .changed").first().innerText(), /^(new|changed)/);
    }));

  test("three machines disagree about one connection, and it is said", () =>
    withPage("?lang=en&play=0", {}, async (page) => {
      const rows = page.locator(".believes tr");
      await page.locator(".disagree").waitFor();
      const told = (await rows.allInnerTexts()).join("\n");
      assert.match(told, /PC1[\s\S]*ESTABLISHED[\s\S]*R1[\s\S]*SYN_SENT[\s\S]*PC2[\s\S]*SYN-RECEIVED/);
    }));

  test("a segment's switch knows who spoke", () =>
    withPage("?lang=en&play=0", {}, async (page) => {
      await page.locator("[data-segment=living]").click();
      await page.locator('[data-table="bridge fdb"] li', { hasText: "pc1.eth0" }).waitFor();
    }));
});

describe("the ladder", () => {
  test("lifelines are moved by keys and by the pointer, and go back", () =>
    withPage("?lang=en&play=0", {}, async (page) => {
      const names = () => page.locator(".lifelines .names button").evaluateAll((all) => all.map((each) => each.textContent));
      const before = await names();
      await page.locator(".lifelines .names button").nth(1).focus();
      await page.keyboard.press("ArrowLeft");
      await page.getByRole("button", { name: "Usual order" }).waitFor();
      assert.deepEqual(await names(), [before[1], before[0], ...before.slice(2)]);
      await page.getByRole("button", { name: "Usual order" }).click();
      await page.getByRole("button", { name: "Usual order" }).waitFor({ state: "detached" });
      assert.deepEqual(await names(), before);
      const [from, to] = [await page.locator(".lifelines .names button").first().boundingBox(), await page.locator(".lifelines .names button").last().boundingBox()];
      await page.mouse.move(from.x + from.width / 2, from.y + 8);
      await page.mouse.down();
      await page.mouse.move(to.x + to.width / 2, to.y + 8, { steps: 12 });
      await page.mouse.up();
      assert.equal((await names()).at(-1), before[0]);
    }));

  test("segments have numbers, and repetitions lead to their originals", () =>
    withPage("?lang=en&play=0", {}, async (page) => {
      await page.locator(".rung small", { hasText: "Seq=0" }).first().waitFor();
      const tie = page.locator(".rung .tie").first();
      const title = await tie.getAttribute("title");
      assert.match(title, /^Repeats/);
      await tie.click();
      await page.locator(".rung.selected").waitFor();
      assert.ok(title.includes(await clock(page)), `${title} at ${await clock(page)}`);
      await page.getByRole("button", { name: "Raw Seq/Ack" }).click();
      await page.locator(".rung small", { hasText: /Seq=\d{6,}/ }).first().waitFor();
    }));
});

describe("all pairs", () => {
  test("say which differ and who sees one side only", () =>
    withPage("?lang=en&play=0", {}, async (page) => {
      await page.getByRole("button", { name: "All pairs" }).click();
      const row = page.locator("dialog.pairs tr", { hasText: "PC1 ⇄ PC2" });
      await row.waitFor();
      assert.match(await row.innerText(), /PC1 → R1 → R2 → PC2[\s\S]*PC2 → R2 → PC1[\s\S]*differ[\s\S]*R1/);
      await page.locator("dialog.pairs", { hasText: "of which" }).waitFor();
      assert.ok((await page.locator("dialog.pairs tbody tr", { hasText: "tried by a ping" }).count()) > 0);
      assert.deepEqual(await accessibilityFaults(page), []);
      await page.getByRole("button", { name: "Close" }).click();
    }));
});

// Links: a whole lab behind the `#`, how it is shown in the query, and what happens when either is broken.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";

import { launch, open } from "./support/page.mjs";

const link = async (name) => (await readFile(new URL(`../links/0.1/${name}.link`, import.meta.url), "utf8")).trim();

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** Runs `body` with a page, and fails if anything went wrong in it that is not among `expected`. */
async function withPage(path, body, expected = []) {
  const page = await open(browser, path);
  try {
    await page.waitForSelector(".shell");
    await body(page);
    const troubles = page.troubles.filter((trouble) => !expected.some((pattern) => pattern.test(trouble)));
    assert.deepEqual(troubles, []);
  } finally {
    await page.context().close();
  }
}

const title = (page) => page.locator(".lab-title").innerText();
const notice = (page) => page.locator(".notice").first();

describe("a link", () => {
  test("opens its lab, and leaves the address free of it", async () =>
    withPage(`?lang=en&play=0${await link("ten-devices")}`, async (page) => {
      assert.equal(await title(page), "Ten devices");
      assert.equal(await page.locator("[data-device]").count() >= 10, true);
      assert.equal(new URL(page.url()).hash, "");
      assert.equal(new URL(page.url()).search, "?lang=en&play=0");
    }));

  test("that is followed in an open page takes the lab's place, and can be taken back", async () => {
    const next = await link("ten-devices");
    await withPage("?lang=en&play=0", async (page) => {
      const before = await title(page);
      await page.evaluate((hash) => { location.hash = hash; }, next);
      await notice(page).waitFor();
      assert.match(await notice(page).innerText(), /Opened: Ten devices/);
      await notice(page).getByRole("button", { name: "Take back" }).click();
      await page.locator(".lab-title", { hasText: before }).waitFor();
      assert.equal(await page.locator(".notice").count(), 0);
    });
  });

  test("that is cut, damaged or newer says so, and what was there stays", async () => {
    const whole = await link("home");
    const broken = [
      [whole.slice(0, whole.length / 2), /link's end is missing.*Copy the whole link again/s],
      [`${whole.slice(0, 40)}AAAA${whole.slice(44)}`, /changed on its way|end is missing/],
      [whole.replace("#1.", "#9."), /form 9; this program knows up to 1/],
      ["#1.<script>alert(1)</script>", /holds "<" as letter 1|holds "%" as letter 1/],
    ];
    for (const [hash, expected] of broken) {
      await withPage(`?lang=en&play=0${hash}`, async (page) => {
        await notice(page).waitFor();
        assert.match(await notice(page).innerText(), expected);
        assert.match(await notice(page).innerText(), /stays as it is/);
        assert.match(await title(page), /There and back/);
      });
    }
  });

  test("holds back a bomb", () =>
    withPage("?lang=en&play=0", async (page) => {
      const { deflateRawSync } = await import("node:zlib");
      const bomb = deflateRawSync(Buffer.alloc(300_000_000, " "));
      await page.evaluate((hash) => { location.hash = hash; }, `#1.${bomb.toString("base64url")}`);
      await notice(page).waitFor();
      assert.match(await notice(page).innerText(), /larger than the .* bytes/);
    }));

  test("whose labels are hostile shows them as text", async () => {
    await withPage(`?lang=en&play=0${await link("unicode")}`, async (page) => {
      assert.match(await title(page), /<b>&amp;/);
      assert.equal(await page.locator(".lab-title b").count(), 0);
    });
  });
});

describe("the query", () => {
  test("says language, theme and moment", () =>
    withPage("?lang=ja&theme=dark&t=4.003", async (page) => {
      assert.equal(await page.locator("html").getAttribute("lang"), "ja");
      assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
      await page.locator(".clock", { hasText: /4\.00[23]/ }).waitFor();
      // The address is for this visit; what the reader chose before is not overwritten.
      assert.equal(await page.evaluate(() => localStorage.getItem("roundtrip.theme")), null);
    }));

  test("is not obeyed in silence where it is wrong", () =>
    withPage(
      "?lang=en&play=maybe&veiw=canvas&utm_source=mail",
      async (page) => {
        await notice(page).waitFor();
        const said = await notice(page).innerText();
        assert.match(said, /play=maybe.*1, 0/);
        assert.match(said, /veiw.*Perhaps view is meant/);
        assert.doesNotMatch(said, /utm/);
        assert.equal(page.troubles.filter((trouble) => /console warning: Roundtrip/.test(trouble)).length, 3);
      },
      [/console warning: Roundtrip/],
    ));

  test("locks a lab: it plays and does not change", () =>
    withPage("?lang=en&play=0&lock=1", async (page) => {
      await page.locator(".cure .apply").first().click();
      await notice(page).waitFor();
      assert.match(await notice(page).innerText(), /locked/);
      await page.locator(".verdict h2", { hasText: "The connection stalls" }).waitFor();
    }));
});

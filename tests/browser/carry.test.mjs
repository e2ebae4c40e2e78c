// What is worked on is never lost: kept as one goes, found again, offered after a break; files; two tabs.
import assert from "node:assert/strict";
import { readFile, writeFile, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";

import { accessibilityFaults, fromEnvironment, launch, open } from "./support/page.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

async function withPage(query, body, options = {}) {
  const page = await open(browser, query, options);
  try {
    await page.waitForSelector(".shell");
    await body(page);
    assert.deepEqual(page.troubles, []);
  } finally {
    await page.context().close();
  }
}

const QUERY = "?lang=en&play=0";
const cure = async (page) => {
  await page.locator('[data-cure="route.pc1"] .apply').click();
  await works(page);
};
const works = (page) => page.locator(".verdict h2", { hasText: "It works" }).waitFor();
const stalls = (page) => page.locator(".verdict h2", { hasText: "The connection stalls" }).waitFor();
const kept = (page) =>
  page.waitForFunction(() => Object.keys(localStorage).some((key) => key.startsWith("roundtrip.work.")));
const notice = (page, text) => page.locator(".notice", { hasText: text });

describe("what is changed", () => {
  test("is there again after a reload, and in a new tab", () =>
    withPage(QUERY, async (page) => {
      await cure(page);
      await kept(page);
      await page.reload();
      await works(page);
      const second = await page.context().newPage();
      await page.close();
      await second.goto(new URL(QUERY, fromEnvironment("ROUNDTRIP_URL")).href);
      await works(second);
    }));

  test("is saved even if the page is left at once", () =>
    withPage(QUERY, async (page) => {
      await cure(page);
      await page.reload();
      await works(page);
    }));

  test("is not kept if nothing was changed: who only looks finds the story again", () =>
    withPage(QUERY, async (page) => {
      await page.getByLabel("Examples").selectOption("home");
      await page.locator(".lab-title", { hasText: "home network" }).waitFor();
      await page.reload();
      await page.locator(".lab-title", { hasText: "There and back" }).waitFor();
      assert.equal(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes("work")).length), 0);
    }));

  test("is among the labs that are kept, and can be opened and deleted there", () =>
    withPage(QUERY, async (page) => {
      await cure(page);
      await kept(page);
      await page.getByLabel("Examples").selectOption("home");
      await page.locator(".lab-title", { hasText: "home network" }).waitFor();
      await page.getByRole("button", { name: "Labs" }).click();
      const work = page.locator(".work");
      await work.first().waitFor();
      assert.match(await work.first().innerText(), /There and back differ/);
      assert.deepEqual(await accessibilityFaults(page), []);
      await work.first().locator(".open").click();
      await works(page);
      await notice(page, "Opened: There and back").waitFor();
      await page.getByLabel("Examples").selectOption("loop");
      await page.getByRole("button", { name: "Labs" }).click();
      await page.getByRole("button", { name: /^Delete There and back/ }).click();
      assert.equal(await work.count(), 1);
      await page.getByRole("button", { name: "Delete for good?" }).click();
      await page.getByText("Nothing yet").waitFor();
    }));

  test("stays where a link is opened over it", async () => {
    const link = (await readFile(new URL("../links/0.1/ten-devices.link", import.meta.url), "utf8")).trim();
    await withPage(QUERY, async (page) => {
      await cure(page);
      await kept(page);
      await page.goto("about:blank");
      await page.goto(new URL(`${QUERY}${link}`, fromEnvironment("ROUNDTRIP_URL")).href);
      await page.locator(".lab-title", { hasText: "Ten devices" }).waitFor();
      await notice(page, "Opened: Ten devices").getByRole("button", { name: "Take back" }).click();
      await works(page);
    });
  });

  test("is offered after the page broke, and not opened unasked", () =>
    withPage(QUERY, async (page) => {
      await cure(page);
      await kept(page);
      await page.evaluate(() => {
        const error = new WebAssembly.RuntimeError("unreachable");
        dispatchEvent(new ErrorEvent("error", { error, message: error.message }));
      });
      await page.locator("#failure").waitFor();
      await page.reload();
      await stalls(page);
      const offer = notice(page, "broke at your last visit");
      await offer.waitFor();
      await offer.getByRole("button", { name: "Open it" }).click();
      await works(page);
      await page.reload();
      await works(page);
      assert.equal(await notice(page, "broke").count(), 0);
    }));
});

describe("two tabs", () => {
  test("with the same lab: the second asks, copies unless it takes over, and then the first copies", () =>
    withPage(QUERY, async (page) => {
      await cure(page);
      await kept(page);
      const second = await page.context().newPage();
      await second.goto(new URL(QUERY, fromEnvironment("ROUNDTRIP_URL")).href);
      await works(second);
      await notice(second, "open in another tab").waitFor();
      await second.getByRole("button", { name: "Take it over here" }).click();
      await notice(page, "Another tab took this lab over").waitFor();
      const count = () => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("roundtrip.work.")).length);
      assert.equal(await count(), 1);
      // The first goes on with a copy.
      await page.keyboard.press("Control+z");
      await page.locator('[data-cure="gateway.pc1"] .apply').click();
      await page.waitForFunction(
        () => Object.keys(localStorage).filter((key) => key.startsWith("roundtrip.work.")).length === 2,
      );
    }));
});

describe("where the browser keeps nothing", () => {
  const deny = () =>
    Object.defineProperty(window, "localStorage", {
      get() {
        throw new DOMException("denied", "SecurityError");
      },
    });

  test("the page says so once, and works", async () => {
    const context = await browser.newContext({ locale: "en-GB" });
    await context.addInitScript(deny);
    const page = await context.newPage();
    await page.goto(new URL(QUERY, fromEnvironment("ROUNDTRIP_URL")).href);
    await page.waitForSelector(".shell");
    await cure(page);
    await notice(page, "keeps nothing").waitFor();
    await notice(page, "keeps nothing").getByRole("button", { name: "Close" }).click();
    await page.keyboard.press("Control+z");
    await stalls(page);
    await page.waitForTimeout(600);
    assert.equal(await page.locator(".notice").count(), 0);
    await context.close();
  });

  test("old labs make room for new ones, and the page says so", () =>
    withPage(QUERY, async (page) => {
      await page.evaluate(() => {
        localStorage.setItem("roundtrip.work.old", `1 Old\n${"x".repeat(2_000_000)}`);
        let size = 3_300_000;
        while (size > 0) {
          try {
            localStorage.setItem("filler", "x".repeat(size));
            break;
          } catch {
            size -= 1000;
          }
        }
        let rest = 1200;
        while (rest > 0) {
          try {
            localStorage.setItem("rest", "x".repeat(rest));
            break;
          } catch {
            rest -= 1;
          }
        }
      });
      await cure(page);
      await notice(page, "had to make room").waitFor();
      await page.evaluate(() => localStorage.removeItem("filler"));
      await page.reload();
      await works(page);
    }));
});

describe("files", () => {
  test("are saved under the lab's name, and open again by picker and by drop", () =>
    withPage(QUERY, async (page) => {
      await cure(page);
      await page.getByRole("button", { name: "Labs" }).click();
      const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save as file" }).click()]);
      assert.match(download.suggestedFilename(), /^There-and-back-differ.*\.json$/);
      const folder = await mkdtemp(path.join(tmpdir(), "roundtrip-"));
      const file = path.join(folder, "lab.json");
      await download.saveAs(file);
      const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("button", { name: "Open file…" }).click()]);
      const other = path.join(folder, "other.json");
      await writeFile(other, (await readFile(file, "utf8")).replace("There and back differ", "Another title"));
      await chooser.setFiles(other);
      await page.locator(".lab-title", { hasText: "Another title" }).waitFor();
      const text = await readFile(file, "utf8");
      await drop(page, "lab.json", text);
      await page.locator(".lab-title", { hasText: "There and back differ" }).waitFor();
      await page.keyboard.press("Control+z");
      await page.locator(".lab-title", { hasText: "Another title" }).waitFor();
    }));

  test("that are no labs say why, and nothing is lost", () =>
    withPage(QUERY, async (page) => {
      const wrong = [
        ["a.json", "{ \"version\": 1, ", /a\.json cannot be opened[\s\S]*Line 1.*is not JSON/],
        ["b.json", '{ "version": 99 }', /version 99/],
        ["c.png", "\x89PNG", /not JSON/],
        ["d.json", '{ "version": 1, "devices": [{ "name": "pc", "interfaces": [{ "addresses": ["1.2.3"] }] }] }', /devices\/pc.*1\.2\.3 is not an IPv4/s],
      ];
      for (const [name, text, expected] of wrong) {
        await drop(page, name, text);
        const said = notice(page, `${name} cannot be opened`);
        await said.waitFor();
        assert.match(await said.innerText(), expected);
        await said.getByRole("button", { name: "Close" }).click();
        await page.locator(".lab-title", { hasText: "There and back" }).waitFor();
      }
    }));
});

async function drop(page, name, text) {
  const transfer = await page.evaluateHandle(
    ([name, text]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], name, { type: "application/json" }));
      return transfer;
    },
    [name, text],
  );
  await page.dispatchEvent(".canvas", "dragover", { dataTransfer: transfer });
  await page.dispatchEvent(".canvas", "drop", { dataTransfer: transfer });
}

// The page on the story: it stalls at R1, and every way of setting it right works and can be taken back.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";

import { accessibilityFaults, fromEnvironment, launch, open } from "./support/page.mjs";

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

const STALLS = "The connection stalls";
const WORKS = "It works";

async function verdict(page, text) {
  await page.locator(".verdict h2", { hasText: text }).waitFor();
}

const clock = async (page) => Number.parseFloat(await page.locator(".clock").textContent());

describe("the story", () => {
  test("opens running, and stalls at R1", () =>
    withPage("?lang=en", {}, async (page) => {
      await verdict(page, STALLS);
      const lights = await page.locator(".verdict .light").allInnerTexts();
      assert.equal(lights.length, 3);
      assert.match(lights[0], /① SYN\s+✓/);
      assert.match(lights[1], /② SYN,ACK\s+✓/);
      assert.match(lights[2], /③ ACK\s+✕ lost at R1/);
      await page.getByRole("button", { name: "Pause" }).waitFor();
      const start = await clock(page);
      await page.waitForFunction((start) => Number.parseFloat(document.querySelector(".clock").textContent) > start, start);
      await page.locator(".packet:not(.away)").first().waitFor({ state: "attached" });
      // Comes by itself, without a hand.
      const callout = page.locator(".callout");
      await callout.waitFor({ timeout: 30_000 });
      assert.match(await callout.innerText(), /③ ACK dropped by R1/);
      assert.match(await callout.innerText(), /R1 never saw ② SYN,ACK/);
    }));

  test("shows the same loss in picture, ladder and list", () =>
    withPage("?lang=en&play=0", {}, async (page) => {
      await page.getByRole("button", { name: "First loss" }).click();
      await page.locator(".clock", { hasText: "4.003 s" }).waitFor();
      assert.match(await page.locator("[data-device=r1]").getAttribute("class"), /loss/);
      await page.locator(".rung.there .cross:not(.future)").first().waitFor({ state: "attached" });
      const lost = page.locator("tr.lost").first();
      assert.match(await lost.innerText(), /lost at R1.*\[ACK\]/s);
      const packet = await lost.getAttribute("data-packet");
      assert.match(await page.locator(`.rung[data-packet="${packet}"]`).innerText(), /③ ACK/);
    }));

  test("takes each tap: ③ never comes to PC2, and the mirror sees R1's packets twice", () =>
    withPage("?lang=en&play=0", {}, async (page) => {
      const seenAt = async (tap) => {
        await page.getByLabel("Where to look").selectOption({ label: tap });
        await page.locator("tr.line").first().waitFor();
        const list = page.locator(".packets .scroll");
        const rows = new Set();
        for (let top = 0; top < 4000; top += 200) {
          await list.evaluate((element, top) => { element.scrollTop = top; }, top);
          await page.waitForTimeout(30);
          for (const row of await page.locator("tr.line td.info").allInnerTexts()) rows.add(row);
        }
        return [...rows];
      };
      const options = await page.getByLabel("Where to look").locator("option").allTextContents();
      assert.ok(options.includes("PC1 eth0") && options.includes("R2 eth1") && options.includes("Mirror of Living segment"), options.join());
      assert.ok(!(await seenAt("PC2 eth0")).some((row) => /lost at R1/.test(row)));
      assert.ok((await seenAt("R1 eth0")).some((row) => /lost at R1/.test(row)));
      assert.ok((await seenAt("Mirror of Living segment")).some((row) => /passes here again/.test(row)));
    }));
});

describe("cures", () => {
  test("every one that is offered makes the page arrive, and can be taken back", () =>
    withPage("?lang=en&play=0", {}, async (page) => {
      await page.locator(".cure .apply").first().waitFor();
      const cures = await page.locator(".cure[data-cure]").evaluateAll((all) => all.map((cure) => cure.dataset.cure));
      assert.ok(cures.includes("route.pc1") && cures.includes("gateway.pc1"), cures.join());
      for (const cure of cures) {
        await page.locator(`[data-cure="${cure}"] .apply`).click();
        await verdict(page, WORKS);
        const lights = await page.locator(".verdict .light").allInnerTexts();
        assert.ok(lights.every((light) => light.includes("✓")), lights.join());
        await page.locator(".rung.back", { hasText: /600 bytes|HTTP response/ }).first().waitFor({ state: "attached" });
        await page.getByRole("button", { name: "Take back" }).click();
        await verdict(page, STALLS);
        await page.locator(`[data-cure="${cure}"] .apply`).waitFor();
      }
    }));

  test("the packets then go around R1 both ways", () =>
    withPage("?lang=en&play=0", {}, async (page) => {
      assert.match(await page.locator(".legend").innerText(), /PC1 → R1 → R2 → PC2[\s\S]*skips R1/);
      await page.locator('[data-cure="route.pc1"] .apply').click();
      await verdict(page, WORKS);
      assert.match(await page.locator(".legend").innerText(), /PC1 → R2 → PC2/);
      assert.doesNotMatch(await page.locator(".legend").innerText(), /R1/);
    }));
});

describe("the inspector", () => {
  test("a new gateway takes effect at once, and the moment stays", () =>
    withPage("?lang=en&play=0", {}, async (page) => {
      await page.getByRole("button", { name: "First loss" }).click();
      const moment = await clock(page);
      await page.locator("[data-device=pc1]").click();
      const gateway = page.getByLabel("Gateway", { exact: true });
      assert.equal(await gateway.inputValue(), "192.168.1.1");
      await gateway.fill("192.168.1.2");
      await verdict(page, WORKS);
      assert.ok(Math.abs((await clock(page)) - moment) < 0.01);
      await gateway.fill("192.168.1.");
      assert.match(await page.locator(".field.fault .notes").innerText(), /not an IPv4 address/);
      await verdict(page, WORKS);
      await gateway.fill("10.9.9.9");
      assert.match(await page.locator(".field .notes").first().innerText(), /10\.9\.9\.9/);
      await page.getByRole("button", { name: /^Undo/ }).click();
      await verdict(page, STALLS);
      assert.equal(await gateway.inputValue(), "192.168.1.1");
    }));

  test("a route comes, is changed, goes", () =>
    withPage("?lang=en&play=0", {}, async (page) => {
      await page.locator("[data-device=pc1]").click();
      await page.getByRole("button", { name: "Add a route" }).click();
      // The one that is offered is the one that helps.
      assert.equal(await page.getByLabel("Destination", { exact: true }).inputValue(), "192.168.2.0/24");
      assert.equal(await page.getByLabel("Next hop", { exact: true }).inputValue(), "192.168.1.2");
      await verdict(page, WORKS);
      await page.getByLabel("Next hop", { exact: true }).fill("192.168.1.1");
      await verdict(page, STALLS);
      await page.getByRole("button", { name: /^Remove 192/ }).click();
      assert.equal(await page.getByLabel("Destination", { exact: true }).count(), 0);
      await page.keyboard.press("Control+z");
      await page.keyboard.press("Control+z");
      await verdict(page, WORKS);
    }));

  test("tables show what each end believes", () =>
    withPage("?lang=en&play=0", {}, async (page) => {
      await page.getByRole("button", { name: "First loss" }).click();
      await page.locator(".tables", { hasText: /SYN_SENT src=192\.168\.1\.10[^\n]*\[UNREPLIED\]/ }).waitFor();
      await page.locator("[data-device=pc1]").click();
      await page.locator(".tables", { hasText: "ESTAB" }).waitFor();
      await page.locator("[data-device=pc2]").click();
      await page.locator(".tables", { hasText: "SYN-RECV" }).waitFor();
    }));
});

describe("language and colours", () => {
  test("the language changes in place, and stays chosen", () =>
    withPage("?play=0", {}, async (page) => {
      await verdict(page, STALLS);
      await page.locator("[data-device=pc1]").click();
      await page.getByRole("button", { name: "日本語" }).click();
      await verdict(page, "接続が途中で止まっています");
      assert.equal(await page.locator("html").getAttribute("lang"), "ja");
      assert.match(await page.locator(".drawing").innerHTML(), /生活セグメント/);
      assert.ok(await page.getByLabel("デフォルトゲートウェイ", { exact: true }).isVisible(), "the selection stays");
      await page.reload();
      await verdict(page, "接続が途中で止まっています");
      await page.getByRole("button", { name: "English" }).click();
      await verdict(page, STALLS);
    }));

  test("the browser's language and the address decide", async () => {
    await withPage("?play=0", { locale: "ja-JP" }, (page) => verdict(page, "接続が途中で止まっています"));
    await withPage("?play=0&lang=en", { locale: "ja-JP" }, (page) => verdict(page, STALLS));
  });

  test("axe finds no fault, light and dark, in both languages, wide and narrow", async () => {
    for (const [path, options] of [
      ["?play=0&theme=light", {}],
      ["?play=0&theme=dark&lang=ja", {}],
      ["?play=0&theme=light&lang=ja", { viewport: { width: 768, height: 1024 } }],
      ["?play=0&theme=dark", { viewport: { width: 390, height: 844 } }],
    ]) {
      await withPage(path, { reducedMotion: "reduce", ...options }, async (page) => {
        await page.locator(".first-loss").click();
        await page.locator("[data-device=pc1]").focus();
        await page.keyboard.press("Enter");
        await page.locator(".inspector").waitFor({ state: "attached" });
        assert.deepEqual(await accessibilityFaults(page), [], path);
        if (options.viewport?.width === 390) {
          for (const pane of [1, 2]) {
            await page.locator(".tabs button").nth(pane).click();
            assert.deepEqual(await accessibilityFaults(page), [], `${path}, part ${pane + 1}`);
          }
        }
      });
    }
  });
});

describe("hands", () => {
  test("the keyboard alone is enough", () =>
    withPage("?lang=en&play=0", {}, async (page) => {
      const start = await clock(page);
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowRight");
      assert.ok((await clock(page)) >= start);
      await page.keyboard.press("x");
      await page.locator(".clock", { hasText: "4.003 s" }).waitFor();
      await page.keyboard.press("Space");
      await page.getByRole("button", { name: "Pause" }).waitFor();
      await page.keyboard.press("Space");
      await page.getByRole("button", { name: "Play" }).waitFor();
      await page.keyboard.press("?");
      const help = page.getByRole("dialog");
      await help.waitFor();
      assert.match(await help.innerText(), /Ctrl\+Z/);
      await page.keyboard.press("Escape");
      await help.waitFor({ state: "hidden" });
      // By Tab to PC1, then by Tab into its gateway.
      const reach = async (want) => {
        for (let i = 0; i < 120; i++) {
          await page.keyboard.press("Tab");
          if (await page.evaluate(want)) return;
        }
        assert.fail(`${want} is not reached by Tab`);
      };
      await reach(() => document.activeElement?.getAttribute("data-device") === "pc1");
      assert.match(await page.evaluate(() => document.activeElement.getAttribute("aria-label")), /^PC1 gateway R1: host, 192\.168\.1\.10\/24$/);
      await page.keyboard.press("Enter");
      await reach(() => document.activeElement?.labels?.[0]?.textContent === "Gateway");
      await page.keyboard.press("Control+a");
      await page.keyboard.type("192.168.1.2");
      await verdict(page, WORKS);
    }));

  test("a device is moved by the pointer in one step, and by arrows", () =>
    withPage("?lang=en&play=0", {}, async (page) => {
      const device = page.locator("[data-device=pc2]");
      const before = await device.boundingBox();
      const middle = { x: before.x + before.width / 2, y: before.y + before.height / 2 };
      await page.mouse.move(middle.x, middle.y);
      await page.mouse.down();
      await page.mouse.move(middle.x - 60, middle.y + 10, { steps: 8 });
      await page.mouse.up();
      // To the grid, so not to the pixel.
      await page.waitForFunction((x) => Math.abs(document.querySelector("[data-device=pc2]").getBoundingClientRect().x - x) < 8, before.x - 60);
      await page.getByRole("button", { name: "Undo: move PC2" }).click();
      await page.waitForFunction((x) => Math.abs(document.querySelector("[data-device=pc2]").getBoundingClientRect().x - x) < 2, before.x);
      assert.ok(await page.getByRole("button", { name: /^Undo/ }).isDisabled());
      await device.focus();
      await page.keyboard.press("ArrowLeft");
      await page.keyboard.press("ArrowLeft");
      await page.getByRole("button", { name: "Undo: move PC2" }).click();
      assert.ok(await page.getByRole("button", { name: /^Undo/ }).isDisabled(), "nudges are one step");
    }));

  test("a segment can be chosen, and leads to its mirror port", () =>
    withPage("?lang=en&play=0", {}, async (page) => {
      await page.locator("rect").first().waitFor({ state: "attached" });
      await page.locator("[data-segment=living]").focus();
      await page.keyboard.press("Enter");
      const card = page.locator(".details", { hasText: "192.168.1.0/24" });
      await card.getByRole("button", { name: "Watch its mirror port" }).click();
      assert.equal(await page.getByLabel("Where to look").locator("option:checked").textContent(), "Mirror of Living segment");
      await page.locator("[data-segment=test]").click();
      assert.match(await page.locator(".details").innerText(), /Test segment[\s\S]*PC2\s+192\.168\.2\.10\/24/);
    }));

  test("in a list, up and down go from line to line", () =>
    withPage("?lang=en&play=0", {}, async (page) => {
      await page.keyboard.press("x");
      await page.locator("tr.current", { hasText: "4.00" }).waitFor();
      await page.locator(".packets .scroll").focus();
      await page.keyboard.press("ArrowDown");
      assert.match(await page.evaluate(() => document.activeElement.className), /current/);
      const row = () => page.evaluate(() => Number(document.activeElement.dataset.row));
      const first = await row();
      await page.keyboard.press("ArrowUp");
      assert.equal(await row(), first - 1);
      await page.keyboard.press("Enter");
      // The detail comes beside the list, other lines come into view, and the line keeps the focus.
      await page.waitForFunction(() => document.activeElement.matches("tr.selected"));
      const packet = await page.evaluate(() => document.activeElement.dataset.packet);
      await page.locator(`.rung.selected[data-packet="${packet}"]`).waitFor({ state: "attached" });
    }));

  test("on a telephone each part has its tab, and targets are large enough", () =>
    withPage("?lang=en&play=0", { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }, async (page) => {
      assert.ok(await page.locator(".canvas").isVisible());
      await page.getByRole("button", { name: "Packets" }).click();
      assert.ok(await page.locator(".list").isVisible());
      assert.ok(!(await page.locator(".canvas").isVisible()));
      await page.getByRole("button", { name: "Details" }).click();
      await verdict(page, STALLS);
      for (const pane of ["Network", "Packets", "Details"]) {
        await page.getByRole("button", { name: pane, exact: true }).click();
        const small = await page.locator("button:visible, select:visible").evaluateAll((all) =>
          all.map((each) => [each.textContent.trim().slice(0, 20), each.getBoundingClientRect()])
            .filter(([, box]) => box.width < 40 || box.height < 40)
            .map(([name, box]) => `${name} ${box.width}×${box.height}`));
        assert.deepEqual(small, [], pane);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(wide <= 390, `${pane} is ${wide} wide`);
      }
    }));

  test("who asks for less motion gets steps", () =>
    withPage("?lang=en", { reducedMotion: "reduce" }, async (page) => {
      await page.getByRole("button", { name: "Play" }).waitFor();
      await page.getByRole("button", { name: "Play" }).click();
      const places = new Set();
      for (let i = 0; i < 40; i++) {
        places.add(await page.locator(".flights .packet:not(.away)").first().getAttribute("transform", { timeout: 500 }).catch(() => null));
        await page.waitForTimeout(50);
      }
      assert.ok(places.size <= 6, `${places.size} places in two seconds`);
    }));
});

describe("the page holds", () => {
  test("it stands while nobody can see it, and then goes on", () =>
    withPage("?lang=en", {}, async (page) => {
      const see = (state) =>
        page.evaluate((state) => {
          Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
          document.dispatchEvent(new Event("visibilitychange"));
        }, state);
      await page.getByRole("button", { name: "Pause" }).waitFor();
      await see("hidden");
      await page.getByRole("button", { name: "Play" }).waitFor();
      await see("visible");
      await page.getByRole("button", { name: "Pause" }).waitFor();
      await page.getByRole("button", { name: "Pause" }).click();
      await see("hidden");
      await see("visible");
      await page.waitForTimeout(100);
      assert.ok(await page.getByRole("button", { name: "Play" }).isVisible(), "what stood stays so");
    }));

  test("with storage denied, it works all the same", async () => {
    const page = await open(browser, "?play=0&lang=en");
    await page.context().addInitScript(() => {
      Object.defineProperty(window, "localStorage", { get() { throw new DOMException("denied", "SecurityError"); } });
    });
    await page.reload();
    await verdict(page, STALLS);
    await page.getByRole("button", { name: "日本語" }).click();
    await verdict(page, "接続が途中で止まっています");
    assert.deepEqual(page.troubles, []);
    await page.context().close();
  });

  test("it asks nobody else for anything", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const hosts = new Set();
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (url.protocol.startsWith("http")) hosts.add(url.host);
    });
    await page.goto(fromEnvironment("ROUNDTRIP_URL"));
    await page.locator(".verdict").waitFor();
    assert.deepEqual([...hosts], [new URL(fromEnvironment("ROUNDTRIP_URL")).host]);
    await context.close();
  });

  test("when it breaks, it says so and gives the work back", async () => {
    const page = await open(browser, "?play=0&lang=en");
    await page.waitForSelector(".shell");
    await page.locator("[data-device=pc1]").click();
    await page.getByLabel("Gateway", { exact: true }).fill("192.168.1.77");
    // What a machine that gives up sends: nothing in the page does so by itself.
    await page.evaluate(() => {
      const error = new WebAssembly.RuntimeError("unreachable");
      window.dispatchEvent(new ErrorEvent("error", { error, message: error.message }));
    });
    const box = page.getByRole("alertdialog");
    await box.waitFor();
    assert.match(await box.innerText(), /broken down/);
    const [download] = await Promise.all([page.waitForEvent("download"), box.getByRole("button", { name: "Save the lab" }).click()]);
    const lab = JSON.parse(await readFile(await download.path(), "utf8"));
    assert.equal(lab.devices.find(({ name }) => name === "pc1").gateway, "192.168.1.77");
    await page.context().close();
  });

  test("what cannot be loaded says so", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.route("**/*.wasm", (route) => route.fulfill({ status: 200, contentType: "application/wasm", body: "no such thing" }));
    await page.goto(fromEnvironment("ROUNDTRIP_URL"));
    await page.locator("#loading", { hasText: "could not be loaded" }).waitFor();
    await context.close();
  });

  test("every example opens, and opening one can be undone", () =>
    withPage("?lang=en&play=0", {}, async (page) => {
      const title = await page.locator(".lab-title").innerText();
      const names = await page.getByLabel("Examples").locator("option").evaluateAll((all) => all.map((each) => each.value).filter(Boolean));
      assert.ok(names.length >= 9);
      for (const name of names.filter((name) => name !== "story")) {
        await page.getByLabel("Examples").selectOption(name);
        await page.waitForFunction((title) => document.querySelector(".lab-title").innerText !== title, title);
        await page.locator(".verdict, .card").first().waitFor();
        await page.getByRole("button", { name: "Undo: open another lab" }).click();
        await page.waitForFunction((title) => document.querySelector(".lab-title").innerText === title, title);
      }
    }));

  test("the trace is the same here and in the native program", async () => {
    const page = await open(browser, "?play=0");
    const run = promisify(execFile);
    const { stdout } = await run(fromEnvironment("ROUNDTRIP_BIN"), ["examples"]);
    const names = ["story", "cure-route", "home", "pmtu-black-hole", "loop"].filter((name) => stdout.includes(name));
    assert.ok(names.length >= 3, stdout);
    for (const name of names) {
      const lab = (await run(fromEnvironment("ROUNDTRIP_BIN"), ["examples", name], { maxBuffer: 1 << 24 })).stdout;
      const here = await page.evaluate(async (lab) => {
        const module = await import(document.querySelector("link[rel=modulepreload]").href);
        return module.trace_hash(lab);
      }, lab);
      assert.match(here, /^[0-9a-f]{16}$/);
      const there = (await run(fromEnvironment("ROUNDTRIP_BIN"), ["run", "--hash", name])).stdout.trim();
      assert.equal(here, there, name);
    }
    await page.context().close();
  });
});

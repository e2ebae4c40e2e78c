// Configuring: every kind of form, mistakes in words, text views, undo, in both languages and without a mouse.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { accessibilityFaults, launch, open } from "./support/page.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** Runs `body` with a page on which a device is selected and every fold of its inspector is open. */
async function withDevice(device, query, body, options = {}) {
  const page = await open(browser, `?play=0&${query}`, options);
  try {
    await page.waitForSelector(".shell");
    if (device) {
      await page.locator(`[data-device=${device}]`).click();
      await page.locator(".inspector").waitFor({ state: "attached" });
    }
    await unfold(page);
    await body(page);
    assert.deepEqual(page.troubles, []);
  } finally {
    await page.context().close();
  }
}

const unfold = (page) => page.evaluate(() => document.querySelectorAll("details").forEach((fold) => { fold.open = true; }));
const part = (page, name) => page.locator(`.inspector .part.${name}`);
const field = (page, path) => page.locator(`[data-path="${path}"]`);
const verdict = (page, text) => page.locator(".verdict h2", { hasText: text }).waitFor();
const undo = (page) => page.getByRole("button", { name: /^Undo/ }).click();
const undoName = (page) => page.getByRole("button", { name: /^Undo/ }).getAttribute("aria-label");

describe("forms", () => {
  test("a mistake stays in its field, in words that the field is tied to, and the lab goes on", () =>
    withDevice("pc1", "lang=en", async (page) => {
      const address = page.getByLabel("Address of eth0", { exact: true });
      await address.fill("192.168.1.300/24");
      assert.equal(await address.getAttribute("aria-invalid"), "true");
      const note = page.locator(`#${await address.getAttribute("aria-describedby")}`);
      assert.match(await note.innerText(), /not an IPv4 address with its prefix length.*192\.168\.1\.10\/24/s);
      await verdict(page, "The connection stalls");
      // It is there again after a look at something else.
      await page.locator("[data-device=pc2]").click();
      await page.locator("[data-device=pc1]").click();
      await unfold(page);
      assert.equal(await page.getByLabel("Address of eth0", { exact: true }).inputValue(), "192.168.1.300/24");
      await page.getByLabel("Address of eth0", { exact: true }).fill("192.168.1.10/24");
      assert.equal(await page.getByLabel("Address of eth0", { exact: true }).getAttribute("aria-invalid"), "false");
    }));

  test("what is odd but can run is taken, and said, other devices included", () =>
    withDevice("pc1", "lang=en", async (page) => {
      await page.getByLabel("Address of eth0", { exact: true }).fill("192.168.1.2/24");
      // The device that comes first in the lab keeps the address, the other one is told.
      await page.locator("[data-device=r2]").click();
      await unfold(page);
      await field(page, "devices/r2/interfaces/eth0/addresses/0").locator(".notes", { hasText: "also the address of pc1.eth0" }).waitFor();
    }));

  test("a typed value is one step, named by its field", () =>
    withDevice("pc1", "lang=en", async (page) => {
      await page.locator(".inspector").getByLabel("MTU in bytes", { exact: true }).first().pressSequentially("1400");
      await page.keyboard.press("Tab");
      assert.match(await undoName(page), /MTU in bytes of PC1/);
      await undo(page);
      assert.equal(await page.locator(".inspector").getByLabel("MTU in bytes", { exact: true }).first().inputValue(), "");
      assert.equal(await page.getByRole("button", { name: /^Undo/ }).isDisabled(), true);
    }));

  test("a device is renamed in every language, and its short name wherever it is spoken of", () =>
    withDevice("pc1", "lang=en", async (page) => {
      await page.locator(".inspector").getByLabel("Name (日本語)").fill("ノート");
      await page.locator(".inspector").getByLabel("Short name").fill("laptop");
      await page.keyboard.press("Enter");
      await page.locator("[data-device=laptop]").waitFor();
      assert.equal(await page.locator(".inspector").count(), 1, "it stays selected");
      await verdict(page, "The connection stalls");
      await page.getByRole("button", { name: "日本語" }).click();
      await page.locator("[data-device=laptop]", { hasText: "ノート" }).waitFor();
    }));

  test("kind, cable and route are chosen", () =>
    withDevice("pc1", "lang=en", async (page) => {
      await part(page, "identity").getByLabel("Kind").selectOption("router");
      await page.locator("[data-device=pc1]", { hasText: "router" }).waitFor();
      await undo(page);
      await part(page, "addresses").getByLabel("Cable to segment").selectOption("test");
      assert.match(await undoName(page), /Cable to segment of PC1/);
      await undo(page);
      await page.getByRole("button", { name: "Add a route" }).click();
      await verdict(page, "It works");
      await unfold(page);
      await part(page, "addresses").getByLabel("Type of the route").selectOption("blackhole");
      await page.locator(".verdict h2", { hasNotText: "It works" }).waitFor();
    }));

  test("a setting is found by what it does, set, and put back", () =>
    withDevice("pc1", "lang=en", async (page) => {
      const kernel = part(page, "kernel");
      await kernel.getByLabel("Search settings").fill("follows icmp redirects");
      const line = kernel.locator(".setting", { hasText: "accept_redirects" }).first();
      assert.match(await line.innerText(), /default 1/);
      await kernel.getByLabel("accept_redirects", { exact: true }).fill("1");
      await verdict(page, "It works");
      await undo(page);
      await verdict(page, "The connection stalls");
      await kernel.getByRole("button", { name: "Back to the default: accept_redirects" }).click();
      await verdict(page, "It works");
      await kernel.getByLabel("Search settings").fill("");
      await kernel.getByText(/Show all/).click();
      assert.ok((await kernel.locator(".setting").count()) > 80);
      await kernel.getByLabel("For", { exact: true }).selectOption("eth0");
      await kernel.getByLabel("net.ipv4.conf.eth0.rp_filter", { exact: true }).waitFor();
    }));

  test("rules become a form, are added, changed, moved, removed, and become text again", () =>
    withDevice("r1", "lang=en", async (page) => {
      const rules = part(page, "rules");
      await rules.getByRole("button", { name: "Edit the rules as a form" }).click();
      await verdict(page, "The connection stalls");
      await unfold(page);
      // The rule that drops what is invalid goes first, then it only counts.
      assert.match(await rules.locator(".item > summary").first().innerText(), /invalid.*drop/);
      await rules.getByLabel("Verdict").first().selectOption("");
      await verdict(page, "It works");
      await undo(page);
      await rules.getByRole("button", { name: /^Move down:/ }).first().click();
      assert.doesNotMatch(await rules.locator(".item > summary").first().innerText(), /invalid.*drop/);
      await rules.getByRole("button", { name: "Add a rule" }).click();
      await unfold(page);
      const last = rules.locator(".items > ul > li").last();
      await last.getByLabel("new", { exact: true }).check();
      await last.getByLabel("To ports").fill("80, 443, x");
      assert.equal(await last.getByLabel("To ports").getAttribute("aria-invalid"), "true");
      await last.getByLabel("To ports").fill("80, 443");
      assert.equal(await last.getByLabel("To ports").getAttribute("aria-invalid"), "false");
      await rules.getByRole("button", { name: "Write the rules as nft text" }).click();
      const text = rules.getByLabel("Rules as nft text");
      assert.match(await text.inputValue(), /dport \{ 80, 443 \}/);
      await text.fill("table inet filter {\n  chain forward {\n    tcp dprt 80 accept\n  }\n}");
      await rules.locator(".notes", { hasText: "Line 3" }).waitFor();
      await rules.getByRole("button", { name: "Remove all rules" }).click();
      await verdict(page, "It works");
    }));

  test("translation and services", () =>
    withDevice("r1", "lang=en", async (page) => {
      const rules = part(page, "rules");
      await rules.getByRole("button", { name: "Remove all rules" }).click();
      await rules.getByRole("button", { name: "Add a translation" }).click();
      await unfold(page);
      await rules.getByLabel("Translates").selectOption("dnat");
      // That needs an address, and says so.
      await rules.locator(".fault .notes").waitFor();
      await rules.getByLabel("Into (address:port)").fill("192.168.2.10:80");
      await part(page, "services").getByRole("button", { name: "Add a service" }).click();
      await unfold(page);
      await part(page, "services").getByLabel("Service").selectOption("script");
      const script = part(page, "services").getByLabel("Script: one step on each line");
      await script.fill("recv request\nsend 600\nclose");
      assert.equal(await script.getAttribute("aria-invalid"), "false");
      await script.fill("jump");
      assert.equal(await script.getAttribute("aria-invalid"), "true");
    }));

  test("a segment has its subnet and latency", () =>
    withDevice(null, "lang=en", async (page) => {
      await page.locator("[data-segment=test]").first().click();
      await page.locator(".inspector").waitFor();
      await page.locator(".inspector").getByLabel("Latency in ms").fill("20");
      assert.match(await undoName(page), /Latency in ms of Test segment/);
      await page.locator(".inspector").getByLabel("Subnet").fill("192.168.9.0/24");
      await page.locator(".inspector").getByLabel("Subnet").fill("nonsense");
      assert.equal(await page.locator(".inspector").getByLabel("Subnet").getAttribute("aria-invalid"), "true");
    }));
});

describe("as text", () => {
  test("a device's commands are applied in one step, and a mistake leads to its line", () =>
    withDevice("pc1", "lang=en", async (page) => {
      const commands = part(page, "commands");
      const text = commands.getByLabel("As commands", { exact: true });
      const before = await text.inputValue();
      assert.match(before, /ip addr add 192\.168\.1\.10\/24 dev eth0\nip route add default via 192\.168\.1\.1/);
      await text.fill(`${before}iptables -L\n`);
      const fault = commands.locator(".faults li");
      assert.match(await fault.innerText(), /iptables is not known here/);
      assert.equal(await commands.getByRole("button", { name: "Apply" }).isDisabled(), true);
      await fault.getByRole("button").click();
      const selected = await text.evaluate((area) => area.value.slice(area.selectionStart, area.selectionEnd));
      assert.equal(selected, "iptables -L");
      await text.fill(`${before}ip route add 192.168.2.0/24 via 192.168.1.2\n`);
      await commands.getByRole("button", { name: "Apply" }).click();
      await verdict(page, "It works");
      assert.match(await undoName(page), /commands of PC1/);
      await undo(page);
      await verdict(page, "The connection stalls");
      assert.equal(await text.inputValue(), before);
    }));

  test("the lab as JSON survives mistakes, closing included, and is applied in one step", () =>
    withDevice(null, "lang=en", async (page) => {
      await page.locator(".lab-part .open-json").click();
      const text = page.getByRole("dialog").getByLabel("The lab as JSON");
      const before = await text.inputValue();
      await text.fill(before.replace('"gateway": "192.168.1.1"', '"gateway": "192.168.1"'));
      const fault = page.locator("dialog .faults li.bad");
      assert.match(await fault.innerText(), /192\.168\.1 is not an IPv4 address/);
      await fault.getByRole("button").click();
      const selected = await text.evaluate((area) => area.value.slice(area.selectionStart, area.selectionEnd));
      assert.match(selected, /"gateway": "192\.168\.1"/);
      await page.keyboard.press("Escape");
      await page.locator(".lab-part .open-json").click();
      assert.match(await page.getByRole("dialog").getByLabel("The lab as JSON").inputValue(), /"gateway": "192\.168\.1"/);
      await page.getByRole("dialog").getByLabel("The lab as JSON").fill(before.replace('"gateway": "192.168.1.1"', '"gateway": "192.168.1.2"'));
      await page.keyboard.press("Control+Enter");
      await page.keyboard.press("Escape");
      await verdict(page, "It works");
      await undo(page);
      await verdict(page, "The connection stalls");
    }));
});

describe("for everybody", () => {
  for (const [lang, theme, viewport] of [["en", "light", { width: 1440, height: 900 }], ["ja", "dark", { width: 390, height: 844 }]]) {
    test(`axe finds no fault in ${lang}, ${theme}, ${viewport.width} wide, and nothing sticks out`, () =>
      withDevice(null, `lang=${lang}&theme=${theme}`, async (page) => {
        await page.locator("[data-device=r1]").click();
        if (viewport.width < 700) await page.locator(".tabs button").last().click();
        await unfold(page);
        await page.locator(".inspector .rules-buttons button").first().click();
        await unfold(page);
        assert.deepEqual(await accessibilityFaults(page), []);
        const wide = await page.locator(".details").evaluate((pane) => pane.scrollWidth - pane.clientWidth);
        assert.ok(wide <= 0, `${wide} px too wide`);
        await page.locator(".lab-part .open-json").click();
        assert.deepEqual(await accessibilityFaults(page), []);
      }, { viewport }));
  }

  test("in Japanese the forms, their mistakes and the steps are Japanese", () =>
    withDevice("pc1", "lang=ja", async (page) => {
      await page.getByLabel("デフォルトゲートウェイ", { exact: true }).fill("192.168");
      await page.locator(".fault .notes", { hasText: "IPv4 アドレスではありません" }).waitFor();
      await page.getByLabel("デフォルトゲートウェイ", { exact: true }).fill("192.168.1.2");
      await page.getByRole("button", { name: /^元に戻す: PC1 の デフォルトゲートウェイ/ }).click();
      const text = part(page, "commands").getByLabel("コマンドで編集", { exact: true });
      await text.fill("ip addr add 1.2.3.4/24");
      await part(page, "commands").locator(".faults", { hasText: "行が途中で終わっています" }).waitFor();
    }));
});

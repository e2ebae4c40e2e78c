// What can be taken away: each file is saved by the dialog and looked at.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { accessibilityFaults, fromEnvironment, launch, open } from "./support/page.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

async function dialog(page) {
  await page.locator(".export-button").click();
  await page.locator("dialog.export[open]").waitFor();
}

/** Clicks the button of that name and gives what is saved: its name and its bytes. */
async function saved(page, name) {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.locator("dialog.export").getByRole("button", { name, exact: true }).click(),
  ]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

/** Drops a file onto the page. */
async function drop(page, name, type, bytes) {
  const transfer = await page.evaluateHandle(
    ([name, type, bytes]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(bytes)], name, { type }));
      return transfer;
    },
    [name, type, [...bytes]],
  );
  await page.dispatchEvent("body", "drop", { dataTransfer: transfer });
}

/** Opens a blank page of ours with another lab, drops the picture, and waits for the story. */
async function opens(name, type, bytes) {
  const page = await open(browser, "?lang=en");
  await page.locator("select.menu").first().selectOption("loop");
  await page.locator('[data-device="pc2"]').waitFor({ state: "detached" });
  await drop(page, name, type, bytes);
  await page.locator('[data-device="pc2"]').waitFor();
  assert.match(await page.locator(".lab-title").textContent(), /There and back differ/);
  assert.deepEqual(page.troubles, []);
  await page.context().close();
}

test("the picture is saved as SVG, and opens the lab when it is dropped", async () => {
  const page = await open(browser, "?lang=en");
  await dialog(page);
  const { name, bytes } = await saved(page, "Save as SVG");
  assert.equal(name, "There-and-back-differ-ping-works-the-web-page-does-not.svg");
  const text = bytes.toString();
  const parsed = await page.evaluate((text) => {
    const svg = new DOMParser().parseFromString(text, "image/svg+xml");
    return { error: svg.querySelector("parsererror")?.textContent, title: svg.querySelector("title").textContent, boxes: svg.querySelectorAll(".box").length };
  }, text);
  assert.equal(parsed.error, undefined);
  assert.equal(parsed.boxes, 5);
  assert.match(parsed.title, /There and back differ/);
  assert.deepEqual(page.troubles, []);
  await page.context().close();
  await opens(name, "image/svg+xml", bytes);
});

test("the picture is saved as PNG in the size that is chosen, and opens the lab when it is dropped", async () => {
  const page = await open(browser, "?lang=en");
  await dialog(page);
  const width = async () => {
    const { name, bytes } = await saved(page, "Save as PNG");
    assert.match(name, /\.png$/);
    assert.equal(bytes.subarray(1, 4).toString(), "PNG");
    return { name, bytes, width: bytes.readUInt32BE(16) };
  };
  const twice = await width();
  await page.locator("dialog.export").getByLabel("Size").selectOption("1");
  const once = await width();
  assert.ok(Math.abs(twice.width - 2 * once.width) <= 1, `${twice.width} ${once.width}`);
  assert.deepEqual(page.troubles, []);
  await page.context().close();
  await opens(once.name, "image/png", once.bytes);
});

test("the ladder is a picture too, in the colours that are chosen and the reader's language", async () => {
  const page = await open(browser, "?lang=ja");
  await dialog(page);
  await page.locator("dialog.export").getByLabel("内容").selectOption("ladder");
  await page.locator("dialog.export").getByLabel("配色").selectOption("dark");
  const { bytes } = await saved(page, "SVG で保存");
  const text = bytes.toString();
  assert.match(text, /#14171d/);
  assert.match(text, /③ ACK/);
  assert.match(text, /行きと帰りの経路が違う/);
  assert.deepEqual(page.troubles, []);
  await page.context().close();
});

test("captures are those of the places that are chosen, the same as the program's", async () => {
  const page = await open(browser, "?lang=en");
  await dialog(page);
  for (const box of await page.locator("dialog.export .taps input").all()) {
    if (await box.isChecked()) await box.uncheck();
  }
  assert.ok(await page.getByRole("button", { name: "Save as pcapng" }).isDisabled());
  await page.locator("dialog.export").getByLabel("PC1 eth0").check();
  const { name, bytes } = await saved(page, "Save as pcapng");
  assert.match(name, /\.pcapng$/);
  assert.equal(bytes.readUInt32LE(0), 0x0a0d0d0a);
  assert.ok(bytes.includes("pc1.eth0") && !bytes.includes("pc2.eth0"));
  assert.ok(bytes.includes("Dropped by R1: connection tracking calls it invalid"));
  const program = execFileSync(fromEnvironment("ROUNDTRIP_BIN"), ["export", "pcapng", "story", "--at", "pc1.eth0"]);
  // They differ in what they say about the place, and in nothing else.
  const packets = (file) => file.subarray(file.indexOf(Buffer.from([6, 0, 0, 0])));
  assert.deepEqual(packets(bytes), packets(program));
  assert.deepEqual(page.troubles, []);
  await page.context().close();
});

test("the lab, the script and the topology are those of the program", async () => {
  const page = await open(browser, "?lang=en");
  await dialog(page);
  const program = (...words) => execFileSync(fromEnvironment("ROUNDTRIP_BIN"), words).toString();
  const json = await saved(page, "Lab file (JSON)");
  assert.equal(json.bytes.toString(), program("format", "story"));
  const script = await saved(page, "Script for Linux");
  assert.match(script.name, /\.sh$/);
  assert.equal(script.bytes.toString(), program("--lang", "en", "export", "netns", "story"));
  const topology = await saved(page, "containerlab");
  assert.match(topology.name, /\.clab\.yml$/);
  assert.equal(topology.bytes.toString(), program("--lang", "en", "export", "containerlab", "story"));
  assert.deepEqual(page.troubles, []);
  await page.context().close();
});

test("the dialog is reached by keyboard, closes by Escape, and has no faults of accessibility", async () => {
  for (const options of [{}, { viewport: { width: 390, height: 844 }, hasTouch: true, colorScheme: "dark" }]) {
    const page = await open(browser, "?lang=en", options);
    await page.locator(".export-button").focus();
    await page.keyboard.press("Enter");
    await page.locator("dialog.export[open]").waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    const { scroll, client } = await page.locator("dialog.export").evaluate((dialog) => ({ scroll: dialog.scrollWidth, client: dialog.clientWidth }));
    assert.ok(scroll <= client, `${scroll} > ${client}`);
    await page.keyboard.press("Escape");
    await page.locator("dialog.export[open]").waitFor({ state: "detached" });
    assert.deepEqual(page.troubles, []);
    await page.context().close();
  }
});

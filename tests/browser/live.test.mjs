// A lab that takes its time to simulate: the page goes on, says how far it is, and lets itself be stopped.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { accessibilityFaults, launch, open } from "./support/page.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** Two hosts and more pings than are simulated at once. */
const LAB = {
  version: 1,
  title: "Many pings",
  segments: [{ name: "lan", subnet: "10.0.0.0/24", position: { x: 0, y: 0 } }],
  devices: ["a", "b"].map((name, i) => ({
    name,
    position: { x: 200 * (i + 1), y: 120 },
    interfaces: [{ name: "eth0", segment: "lan", addresses: [`10.0.0.${i + 1}/24`] }],
  })),
  actions: [{ id: "ping", at: 0, type: "ping", from: "a", to: "b", count: 15000, interval: 0.001 }],
};

const drop = (page) =>
  page.evaluate((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], "many.json", { type: "application/json" }));
    document.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  }, JSON.stringify(LAB));

for (const [locale, stopped, again] of [
  ["en", "Stopped", "Simulate"],
  ["ja", "中止しました", "シミュレートする"],
]) {
  test(`a long run can be stopped and begun again (${locale})`, async () => {
    const page = await open(browser, `?lang=${locale}&play=0`);
    await page.waitForSelector(".shell");
    // The moment that there is a button, as quick as no hand is.
    await page.evaluate(() => {
      const watcher = new MutationObserver(() => {
        if (!document.querySelector(".run-progress progress")) return;
        watcher.disconnect();
        document.querySelector(".run-progress button").click();
      });
      watcher.observe(document.body, { childList: true, subtree: true });
    });
    await drop(page);
    const progress = page.locator(".run-progress");
    await progress.getByText(stopped).waitFor();
    await page.locator('[data-device="b"]').waitFor({ state: "attached" });
    const faults = await accessibilityFaults(page);
    assert.deepEqual(faults.filter((fault) => fault.includes("run-progress")), []);
    await progress.getByRole("button", { name: again }).click();
    await progress.waitFor({ state: "detached", timeout: 120_000 });
    assert.deepEqual(page.troubles, []);
    await page.context().close();
  });
}

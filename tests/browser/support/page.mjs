// What every browser test needs: the site that is tested, a browser, and a page that remembers
// everything that went wrong in it.
//
//   ROUNDTRIP_URL       the site (`cargo xtask test browser` serves it; or `cargo xtask serve`)
//   ROUNDTRIP_CHROMIUM  the browser
//   ROUNDTRIP_DIST      the folder of the site, for tests that read its files
//   ROUNDTRIP_SINGLE    the page as one file
//   ROUNDTRIP_BIN       the native `roundtrip`, for tests that compare the two
import axe from "axe-core";
import { chromium } from "playwright-core";

export function fromEnvironment(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the tests by \`cargo xtask test browser\``);
  return value;
}

/** A headless browser; close it when done. */
export function launch() {
  return chromium.launch({
    executablePath: fromEnvironment("ROUNDTRIP_CHROMIUM"),
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/**
 * Opens the site and waits until it has drawn something.
 *
 * `path` is relative to the site ("?lang=ja"); `options` are Playwright's for a new context
 * (locale, viewport, colorScheme, reducedMotion …). The page that comes back has a list `troubles`:
 * console errors and warnings, exceptions, requests that failed or were answered with an error.
 */
export async function open(browser, path = "", options = {}) {
  const context = await browser.newContext({ locale: "en-GB", ...options });
  const page = await context.newPage();
  page.troubles = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) {
      page.troubles.push(`console ${message.type()}: ${message.text()}`);
    }
  });
  page.on("pageerror", (error) => page.troubles.push(`exception: ${error.message}`));
  page.on("requestfailed", (request) => {
    page.troubles.push(`request failed: ${request.url()} ${request.failure()?.errorText}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) page.troubles.push(`${response.status()}: ${response.url()}`);
  });
  await page.goto(new URL(path, fromEnvironment("ROUNDTRIP_URL")).href);
  await page.waitForFunction(() => document.body.textContent.trim() !== "");
  return page;
}

/** What axe finds wrong by WCAG 2.2 A and AA, one readable line each. */
export async function accessibilityFaults(page) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    window.axe.run(document, {
      resultTypes: ["violations"],
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    }),
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} (${help}) at ${target}: ${failureSummary}`),
  );
}

/**
 * Calls a function that the page's WebAssembly exports, in the page, and returns what it returns:
 * the same instance that draws the page, so that what it computes can be held against
 * ROUNDTRIP_BIN.
 */
export function callExport(page, name, ...args) {
  return page.evaluate(
    async ([name, args]) => {
      const module = await import(document.querySelector('link[rel="modulepreload"]').href);
      if (typeof module[name] !== "function") throw new Error(`the page exports no ${name}`);
      return module[name](...args);
    },
    [name, args],
  );
}

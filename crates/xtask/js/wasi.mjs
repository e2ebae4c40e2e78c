// Runs a test program that was compiled for wasm32-wasip1: node wasi.mjs CHECKOUT PROGRAM ARGUMENTS…
import fs from "node:fs/promises";
import process from "node:process";
import { WASI } from "node:wasi";

const [checkout, program, ...args] = process.argv.slice(2);
const wasi = new WASI({
  version: "preview1",
  args: [program, ...args],
  env: process.env,
  // Tests name their files from the crate's folder or by the checkout's path.
  preopens: { ".": process.cwd(), [checkout]: checkout },
  returnOnExit: true,
});
const module = await WebAssembly.compile(await fs.readFile(program));
const instance = await WebAssembly.instantiate(module, wasi.getImportObject());
process.exitCode = wasi.start(instance);

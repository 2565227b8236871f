// node run.mjs PORT CHROMIUM: reads [{url, cookie}] from standard input, prints each page's scores as JSON.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import lighthouse from "lighthouse";

const [port, chromium] = process.argv.slice(2);
const profile = mkdtempSync(join(tmpdir(), "lighthouse-"));
const browser = spawn(chromium, [
  "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", `--remote-debugging-port=${port}`, `--user-data-dir=${profile}`,
], { stdio: "ignore" });
await new Promise((resolve) => setTimeout(resolve, 3000));
let text = "";
for await (const chunk of process.stdin) text += chunk;
try {
  for (const { url, cookie } of JSON.parse(text)) {
    const options = { port: Number(port), logLevel: "error", onlyCategories: ["performance", "accessibility", "best-practices"] };
    if (cookie) options.extraHeaders = { Cookie: cookie };
    const { lhr } = await lighthouse(url, options);
    const scores = Object.fromEntries(Object.values(lhr.categories).map((one) => [one.id, Math.round((one.score ?? 0) * 100)]));
    const failed = Object.values(lhr.audits).filter((one) => one.score !== null && one.score < 0.9).map((one) => one.id);
    console.log(JSON.stringify({ url, at: lhr.finalDisplayedUrl, ...scores, failed }));
  }
} finally {
  browser.kill();
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
}

// Opens pages in Chromium and prints as JSON what a test asks of each:
// node browser.cjs MODULES CHROMIUM PAGE.html... ; beside each page it leaves PAGE.html.pdf.
const fs = require('node:fs');
const { pathToFileURL } = require('node:url');
const { createRequire } = require('node:module');

const [modules, executablePath, ...pages] = process.argv.slice(2);
const load = createRequire(modules + '/');
const { chromium } = load('playwright-core');
const axe = fs.readFileSync(load.resolve('axe-core/axe.min.js'), 'utf8');
const shots = process.env.KEHOU_SCREENSHOTS;

/** Violations of axe-core's rules, best practices too, as [rule, first element]. */
async function violations(page) {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, { resultTypes: ['violations'] });
    return violations.map((v) => [v.id, v.nodes[0].html]);
  });
}

/** Texts of the elements that reach beyond the right edge of the window. */
function beyond() {
  const edge = document.documentElement.clientWidth;
  const wide = [...document.body.querySelectorAll('*')].filter((element) => {
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    return !element.closest('thead') && box.right > edge + 1 && style.position !== 'absolute';
  });
  return wide.slice(0, 5).map((element) => element.outerHTML.slice(0, 120));
}

/** Texts that stand one character below the other, as a column that got no width. */
function squeezed() {
  const narrow = [...document.body.querySelectorAll('caption, th, td, p, li, dt, dd, h1, h2, h3, h4')].filter((element) => {
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    const wide = parseFloat(style.fontSize) * 2;
    return element.textContent.trim().length > 4 && box.width > 1 && box.width < wide
      && box.height > 4 * wide && style.writingMode === 'horizontal-tb';
  });
  return narrow.slice(0, 5).map((element) => element.outerHTML.slice(0, 120));
}

/** Where the keyboard's first steps lead. */
async function steps(page, n) {
  const led = [];
  for (let i = 0; i < n; i += 1) {
    await page.keyboard.press('Tab');
    led.push(await page.evaluate(() => {
      const element = document.activeElement;
      const visible = getComputedStyle(element).outlineStyle !== 'none';
      return [element.tagName, element.getAttribute('href'), visible];
    }));
  }
  return led;
}

async function look(browser, file) {
  const context = await browser.newContext({ bypassCSP: true, offline: true });
  const page = await context.newPage();
  const requests = [];
  page.on('request', (request) => requests.push(request.url()));
  const url = pathToFileURL(file).href;
  await page.goto(url);
  const seen = { keys: await steps(page, 4), violations: await violations(page) };
  await page.pdf({ path: file + '.pdf', preferCSSPageSize: true });
  await page.setViewportSize({ width: 360, height: 740 });
  seen.violationsNarrow = await violations(page);
  if (shots) await page.screenshot({ path: `${file}.360.png`, fullPage: shots === 'full' });
  await page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = true; }));
  seen.scrollWidth = await page.evaluate(() => document.documentElement.scrollWidth);
  seen.beyond = await page.evaluate(beyond);
  seen.squeezed = await page.evaluate(squeezed);
  await page.emulateMedia({ colorScheme: 'dark' });
  seen.violationsDark = await violations(page);
  seen.requests = requests.filter((request) => request.split('#')[0] !== url);
  await context.close();
  return seen;
}

(async () => {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  const seen = {};
  for (const file of pages) seen[file] = await look(browser, file);
  await browser.close();
  process.stdout.write(JSON.stringify(seen));
})().catch((error) => { console.error(error); process.exit(1); });

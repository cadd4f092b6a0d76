import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderReport } from '../src/report/index.ts';
import { startReportServer } from '../src/server/index.ts';
import { sampleReportData } from './sample-report-data.ts';

const executablePath = process.env['ORRERY_TEST_CHROMIUM'] ?? '/usr/bin/chromium';
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
];
const present = existsSync(executablePath);

if (!present) {
  if (process.env['ORRERY_TEST_REQUIRE'] === 'all') throw new Error(`no browser at ${executablePath}`);
  console.log(`skipped: the report in a browser; there is none at ${executablePath}`);
}

describe.skipIf(!present)('the report in a browser', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: quiet });
  });

  afterAll(async () => {
    await browser.close();
  });

  for (const { width, colorScheme } of [
    { width: 1440, colorScheme: 'light' },
    { width: 390, colorScheme: 'dark' },
  ] as const) {
    test(`at ${width} px asks no other host, complains of nothing and never scrolls sideways`, async () => {
      const server = await startReportServer({
        port: 0,
        render: () => renderReport(sampleReportData({ bars: 300 }), { live: false }),
      });
      const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
      const complaints: string[] = [];
      const hosts = new Set<string>();
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('request', (request) => hosts.add(new URL(request.url()).host));
      await page.goto(server.url);
      await page.locator('#decisions details summary').first().click();
      const opened = page.locator('#decisions details[open]').first();
      expect(await opened.textContent()).toContain('Why');
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      expect(complaints).toEqual([]);
      expect([...hosts]).toEqual([new URL(server.url).host]);
      await page.close();
      await server.close();
    });
  }
});

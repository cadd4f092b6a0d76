import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const pages = ['.', 'docs', 'docs/decisions'].flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((file) => file.endsWith('.md'))
    .map((file) => join(folder, file)),
);

/** A page without what stands in fences and between backticks, where nothing is a link. */
function proseOf(page: string): string {
  return readFileSync(join(root, page), 'utf8')
    .replace(/^```[\s\S]*?^```$/gm, '')
    .replace(/`[^`\n]*`/g, (code) => code.replace(/[[\]()]/g, ' '));
}

/** The anchors of a page, as GitHub makes them of headings; a heading that occurs again is numbered. */
function anchorsOf(page: string): ReadonlySet<string> {
  const text = readFileSync(join(root, page), 'utf8').replace(/^```[\s\S]*?^```$/gm, '');
  const seen = new Map<string, number>();
  return new Set(
    [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => {
      const words = heading
        .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
        .trim()
        .toLowerCase();
      const anchor = words.replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-');
      const times = seen.get(anchor) ?? 0;
      seen.set(anchor, times + 1);
      return times === 0 ? anchor : `${anchor}-${times}`;
    }),
  );
}

interface Link {
  readonly target: string;
  readonly anchor: string;
}

function linksOf(page: string): readonly Link[] {
  return [...proseOf(page).matchAll(/\]\(\s*([^)\s]+)\s*\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/i.test(link))
    .map((link) => {
      const [path = '', anchor = ''] = link.split('#');
      const target = path === '' ? page : relative(root, join(root, dirname(page), decodeURIComponent(path)));
      return { target, anchor };
    });
}

function faultOf({ target, anchor }: Link): string | null {
  if (target.startsWith('..') || !existsSync(join(root, target))) return `there is no ${target}`;
  if (anchor === '' || statSync(join(root, target)).isDirectory() || !target.endsWith('.md')) return null;
  return anchorsOf(target).has(anchor) ? null : `${target} has no #${anchor}`;
}

describe('every link leads somewhere', () => {
  test.each(pages)('of %s', (page) => {
    expect(linksOf(page).flatMap((link) => faultOf(link) ?? [])).toEqual([]);
  });
});

test('every page of docs can be reached from the README', () => {
  const reached = new Set(['README.md']);
  for (const page of reached) {
    for (const { target } of linksOf(page)) {
      // A folder is a page too: it lists what lies in it.
      for (const one of pages) if (one === target || dirname(one) === target) reached.add(one);
    }
  }
  expect(pages.filter((page) => page.startsWith('docs/') && !reached.has(page))).toEqual([]);
});

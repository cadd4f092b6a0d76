import { createHash } from 'node:crypto';

/**
 * Fetches the page again and puts changed blocks in place, keeping what the reader has opened, focused and scrolled to.
 * Without scripts the page reloads itself instead. Blocks are compared as they came, so an opened one is no change.
 */
export const liveScript = `
(() => {
  const blocks = (root) => [...root.querySelectorAll('header,main>section')];
  const key = (block) => block.id || block.tagName;
  let seen = new Map(blocks(document).map((block) => [key(block), block.outerHTML]));
  const main = document.querySelector('main');
  const lost = document.getElementById('lost');
  let failures = 0;
  const anchor = () => {
    for (const part of document.querySelectorAll('main>section,details[id],tr[id]')) {
      const top = part.getBoundingClientRect().top;
      if (part.id && top >= 0 && top < innerHeight) return [part.id, top];
    }
    return null;
  };
  const swap = (next) => {
    const before = anchor();
    const open = new Set([...document.querySelectorAll('details[open]')].map(path));
    const focus = document.activeElement && document.activeElement.closest('[id]');
    const now = new Map();
    for (const block of blocks(next)) {
      const name = key(block);
      now.set(name, block.outerHTML);
      if (seen.get(name) === now.get(name)) continue;
      const old = blocks(document).find((one) => key(one) === name);
      if (old && old.contains(getSelection().anchorNode) && !getSelection().isCollapsed) {
        now.set(name, seen.get(name));
        continue;
      }
      const fresh = document.importNode(block, true);
      if (old) old.replaceWith(fresh);
      else main.append(fresh);
    }
    let place = 0;
    for (const name of now.keys()) {
      const section = [...main.children].find((one) => key(one) === name);
      if (!section) continue;
      if (main.children[place] !== section) main.insertBefore(section, main.children[place]);
      place += 1;
    }
    seen = now;
    document.title = next.title;
    for (const part of document.querySelectorAll('details')) if (open.has(path(part))) part.open = true;
    const same = focus && document.getElementById(focus.id);
    if (same && same !== focus) (same.querySelector('summary') || same).focus({ preventScroll: true });
    const after = before && document.getElementById(before[0]);
    if (after && scrollY > 0) scrollBy(0, after.getBoundingClientRect().top - before[1]);
  };
  const path = (part) => part.id || [...(part.closest('[id]') || document.body).querySelectorAll('details')].indexOf(part) + (part.closest('[id]') || document.body).id;
  const poll = async () => {
    try {
      const answer = await fetch(location.pathname, { cache: 'no-store' });
      if (!answer.ok) throw new Error(answer.status);
      const next = new DOMParser().parseFromString(await answer.text(), 'text/html');
      swap(next);
      failures = 0;
      lost.hidden = true;
      if (next.documentElement.dataset.live === undefined) return;
    } catch {
      failures += 1;
      lost.hidden = failures < 2;
    }
    setTimeout(poll, document.hidden ? 8000 : 1500);
  };
  setTimeout(poll, 1000);
})();
`.trim();

/** For the content security policy: the only script that may run. */
export const liveScriptHash = `sha256-${createHash('sha256').update(liveScript).digest('base64')}`;

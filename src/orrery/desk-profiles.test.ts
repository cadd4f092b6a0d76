import { describe, expect, test } from 'vitest';
import { parseMoon } from '../agents/index.ts';
import { readDesk } from '../desk/index.ts';
import type { LlmSettings } from '../llm/index.ts';
import { resolveDeskProfiles } from './desk-profiles.ts';

const providers: LlmSettings['providers'] = {
  claude: { kind: 'anthropic' },
  local: { kind: 'ollama' },
};
const claude = { provider: 'claude', model: 'large' };
const local = { provider: 'local', model: 'qwen3:8b' };

/** What is resolved and said of a desk whose technical analyst asks `analyst`. */
function resolve(profiles: LlmSettings['profiles'], chief = '{ backup: chief-backup }') {
  const desk = `
desk: small
instruments: [SYN-A]
timeframe: 1h
capital: 10000
agents:
  - { name: tina, role: technical, profile: analyst, moons: [ema-50] }
chief: ${chief}
`;
  const said: string[] = [];
  const notices = { warn: (text: string) => void said.push(text), alert: () => undefined };
  const models = {
    llm: { providers, profiles },
    environment: {},
    storedKeys: { keyOf: () => null, readableKeys: () => [] },
  };
  return { resolved: resolveDeskProfiles(readDesk(desk, 'small', parseMoon), models, notices), said };
}

describe('a profile that is not configured is told once, with what comes of it', () => {
  test('a fallback that answers in its place', () => {
    const { resolved, said } = resolve({ analyst: local, chief: { ...claude, fallback: ['analyst'] } });
    expect(resolved['chief']).toMatchObject({ name: 'analyst', standsFor: 'chief', provider: 'local' });
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(
      /^Not configured: \$ANTHROPIC_API_KEY.* Profile analyst \(local\/qwen3:8b\) answers in its place\.$/,
    );
  });

  test("the chief's backup", () => {
    const { resolved, said } = resolve({ analyst: local, chief: claude });
    expect(resolved['chief']).toBeNull();
    expect(said).toEqual([
      expect.stringMatching(/The chief asks its backup, profile analyst \(local\/qwen3:8b\)\.$/),
    ]);
  });

  test('rules, for those and only those that have nobody else', () => {
    expect(resolve({ analyst: claude, chief: local }).said).toEqual([
      expect.stringMatching(/tina decides by rules\. The chief has no backup\.$/),
    ]);
    expect(resolve({ analyst: claude }, '{}').said).toEqual([
      expect.stringMatching(/tina and the chief decide by rules\.$/),
    ]);
  });

  test('a chief whose ladder ends without rules, which keeps what it has', () => {
    expect(resolve({ analyst: claude }, '{ ladder: [primary, hold] }').said).toEqual([
      expect.stringMatching(/tina decides by rules\. The chief holds what it has\.$/),
    ]);
  });

  test('nothing, where it is configured', () => {
    expect(resolve({ analyst: local, chief: local }).said).toEqual([]);
  });
});

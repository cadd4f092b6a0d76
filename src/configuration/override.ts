import { z } from 'zod';
import { OrreryError } from '../core/index.ts';
import { checkShape, readYaml } from '../yaml/index.ts';
import { type Layer, layerSchema } from './configuration-schema.ts';

/**
 * The layer that `--set llm.budget.usdPerRun=1` means. The value is read as YAML, so that 1 is a number and [a, b] a list.
 * @throws OrreryError `usage-invalid` when it is not KEY=VALUE, `configuration-invalid` when there is no such key or value
 */
export function readOverride(override: string, hint: string): Layer {
  const equals = override.indexOf('=');
  const key = override.slice(0, Math.max(0, equals)).trim();
  const text = override.slice(equals + 1).trim();
  const path = key.split('.');
  if (equals < 0 || text === '' || path.some((part) => part === '' || part === '__proto__')) {
    throw new OrreryError('usage-invalid', '--set takes KEY=VALUE', {
      hint: 'For instance --set llm.budget.usdPerRun=1',
    });
  }
  const where = `--set ${key}`;
  const code = 'configuration-invalid';
  const inner = readYaml({ text, file: where, schema: z.unknown(), code, hint });
  const value = path.reduceRight<unknown>((below, part) => ({ [part]: below }), inner);
  return checkShape({ value, schema: layerSchema, code, where, hint });
}

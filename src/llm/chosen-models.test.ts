import { expect, test } from 'vitest';
import { chosenModels } from './chosen-models.ts';

const to = (model: string, weights: { readonly [profile: string]: number } = {}) => ({
  ...{ provider: 'local', model, weights },
  fallback: ['last'],
});
const profiles = {
  analyst: to('small'),
  chief: to('large', { chief: 3, analyst: 1 }),
  risk: to('middle', { risk: 0, chief: 1 }),
  last: to('last'),
};

test.each([
  ['analyst', ['local/small']],
  ['not-given', ['local/small']],
  ['chief', ['local/large', 'local/small']],
  ['risk', ['local/large', 'local/small']],
])('%s is meant to ask %j, whoever it falls back on', (name, models) => {
  expect(chosenModels({ profiles }, name)).toEqual(models);
});

test('nobody is chosen where nothing is configured', () => {
  expect(chosenModels({ profiles: {} }, 'chief')).toEqual([]);
});

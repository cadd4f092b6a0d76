import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { sampleEnsembleDocument } from '../../test/sample-ensemble-document.ts';
import { readBatchInputs } from './batch-inputs.ts';
import { openBatchRecord } from './batch-record.ts';

const folder = mkdtempSync(join(tmpdir(), 'orrery-batch-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function write(content: string | Uint8Array, ending = '.jsonl'): string {
  const file = join(folder, `${files++}${ending}`);
  writeFileSync(file, content);
  return file;
}

describe('inputs of a batch', () => {
  const read = (content: string | Uint8Array, ending?: string) =>
    readBatchInputs(write(content, ending), 'inputs');

  test('are values of JSON lines, or lines of text', () => {
    const inputs = read('"a text"\n\n{"b": 1}\r\n"[1]"\n5');
    expect(inputs.map(({ input }) => input)).toEqual([
      { value: 'a text', text: 'a text' },
      { value: { b: 1 }, text: '{"b": 1}' },
      { value: [1], text: '[1]' },
      { value: 5, text: '5' },
    ]);
    expect(inputs.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    const lines = read('"a"\n \nb\n', '.txt');
    expect(lines.map(({ input }) => input.text)).toEqual(['"a"', 'b']);
    // Of one text there is one hash, however it was written.
    expect(read('"b"\n')[0]?.sha256).toBe(lines[1]?.sha256);
  });

  test('are refused by their line', () => {
    expect(() => read('1\n\n{oh\n')).toThrow(/^inputs:3: this line is not JSON/);
    expect(() => read(`${'['.repeat(9_000)}${']'.repeat(9_000)}`)).toThrow('inputs:1: this line is nested');
    expect(() => read(new Uint8Array([0xff, 0xfe]))).toThrow('no text in UTF-8');
    expect(() => readBatchInputs(join(folder, 'none'), 'none')).toThrow('there is no file none');
    expect(() => readBatchInputs(folder, 'folder')).toThrow('cannot be read');
  });
});

describe('the record of a batch', () => {
  const inputs = readBatchInputs(write('"a"\n"b"\n"c"\n'), 'inputs');
  const open = (file: string, given = inputs, by = 'abc') =>
    openBatchRecord({ file, name: 'out.jsonl', ensemble: 'review', by, inputs: given });
  const begun = () => {
    const file = write('');
    const record = open(file);
    record.add(inputs[2]!, sampleEnsembleDocument());
    record.add(inputs[0]!, sampleEnsembleDocument({ status: 'failed', output: null }));
    record.close();
    return file;
  };

  test('holds a line for each input, and knows them again', () => {
    const file = begun();
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { index: 2, inputSha256: inputs[2]!.sha256, by: 'abc', document: sampleEnsembleDocument() },
      expect.objectContaining({ index: 0 }),
    ]);
    const record = open(file);
    expect(Object.fromEntries(record.done)).toMatchObject({
      0: { status: 'failed' },
      2: { status: 'partial' },
    });
    record.close();
  });

  test('loses a last line that was half written, wherever it was cut', () => {
    const file = begun();
    const whole = readFileSync(file);
    const firstEnd = whole.indexOf(0x0a) + 1;
    for (let length = firstEnd; length < whole.length; length += 7) {
      writeFileSync(file, whole.subarray(0, length));
      const record = open(file);
      expect([...record.done.keys()]).toEqual([2]);
      record.add(inputs[1]!, sampleEnsembleDocument());
      record.close();
      expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(2);
    }
  });

  test('counts nothing that was made of another input, and keeps it', () => {
    const file = begun();
    const before = readFileSync(file, 'utf8');
    const record = open(file, readBatchInputs(write('"a"\n"b"\n"changed"\n'), 'inputs'));
    expect([...record.done.keys()]).toEqual([0]);
    record.close();
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  test.each([
    ['a letter', 'out.jsonl:1: this is no line of a batch'],
    ['a letter\n', 'out.jsonl:1: this is no line of a batch'],
    ['{"index":0}\n', 'out.jsonl:1: this is no line of a batch'],
  ])('is no other file, which stays as it is: %j', (content, says) => {
    const file = write(content);
    expect(() => open(file)).toThrow(says);
    expect(readFileSync(file, 'utf8')).toBe(content);
  });

  test('says what answered each, also where that has changed since, and why one failed', () => {
    const file = begun();
    const record = open(file, inputs, 'other');
    const error = { code: 'agent-failed', message: 'no luck', hint: null, retryable: false };
    record.add(inputs[1]!, sampleEnsembleDocument({ status: 'failed', output: null, error }));
    record.close();
    const old = { index: 0, inputSha256: inputs[0]!.sha256, document: sampleEnsembleDocument() };
    appendFileSync(file, `${JSON.stringify(old)}\n`);
    const again = open(file);
    again.close();
    expect(Object.fromEntries(again.done)).toEqual({
      0: { status: 'partial', costUsd: 0.1 + 0.2, error: null, by: null },
      1: { status: 'failed', costUsd: 0.1 + 0.2, error: 'no luck', by: 'other' },
      2: { status: 'partial', costUsd: 0.1 + 0.2, error: null, by: 'abc' },
    });
  });

  test('is for its owner alone, as are the files of other runs', () => {
    const file = join(folder, 'private.jsonl');
    open(file).close();
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('is of one ensemble', () => {
    const file = begun();
    const other = sampleEnsembleDocument({ ensemble: 'other' });
    appendFileSync(file, `${JSON.stringify({ index: 1, inputSha256: '', document: other })}\n`);
    expect(() => open(file)).toThrow('out.jsonl:3: this is a result of `other`');
    expect(() => open(join(folder, 'no', 'out.jsonl'))).toThrow('out.jsonl cannot be written');
  });
});

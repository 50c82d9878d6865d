import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFrame, encodeFrame, linesOf } from '../../../../src/delivery/journal/frame.js';

function decode(line: Buffer) {
  const frame = decodeFrame(line, 0, line.length - 1);
  return frame && { record: frame.record, parts: frame.parts };
}

describe('a line of a journal', () => {
  it('is readable text', () => {
    const line = encodeFrame({ type: 'end', seq: 7 }, ['{"a":1}', '']);
    expect(line.toString()).toMatch(/^[\da-f]{8} \{"type":"end","seq":7\}\t\{"a":1\}\t\n$/);
  });

  it('gives back what was put in', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(fc.dictionary(text, text), fc.array(text), (record, texts) => {
        const parts = texts.map((part) => JSON.stringify(part));
        const line = encodeFrame(record, parts);
        expect(line.indexOf('\n')).toBe(line.length - 1);
        expect(decode(line)).toStrictEqual({ record: { ...record }, parts });
      }),
    );
  });

  it('is found between others', () => {
    const line = encodeFrame({ seq: 2 }, ['"b"']);
    const content = Buffer.concat([
      encodeFrame({ seq: 1 }, ['"a"']),
      line,
      encodeFrame({ seq: 3 }),
    ]);
    const start = content.indexOf(line);
    const frame = decodeFrame(content, start, start + line.length - 1);
    expect(frame?.record).toStrictEqual({ seq: 2 });
    expect(frame?.parts).toStrictEqual(['"b"']);
  });

  it('without parts does not take those of the next line', () => {
    const line = encodeFrame({ seq: 1 });
    const content = Buffer.concat([line, encodeFrame({ seq: 2 }, ['"b"'])]);
    const frame = decodeFrame(content, 0, line.length - 1);
    expect(frame?.record).toStrictEqual({ seq: 1 });
    expect(frame?.parts).toStrictEqual([]);
  });

  it('is not accepted with any bit flipped', () => {
    const line = encodeFrame({ type: 'add', seq: 7, topic: 'Küche' }, ['{"message":"Hi"}', '']);
    for (let offset = 0; offset < line.length - 1; offset += 1) {
      // What stands between the checksum and the rest says nothing.
      if (offset === 8) continue;
      for (let bit = 0; bit < 8; bit += 1) {
        const damaged = Buffer.from(line);
        damaged.writeUInt8(damaged.readUInt8(offset) ^ (1 << bit), offset);
        expect(decode(damaged), `byte ${offset}, bit ${bit}`).toBeUndefined();
      }
    }
  });

  it.each([[''], ['\n'], ['00000000 \n'], ['deadbeef {}\n'], ['\0'.repeat(200)]])(
    'is not %j',
    (text) => {
      const content = Buffer.from(text);
      expect([...linesOf(content)].filter(({ frame }) => frame)).toStrictEqual([]);
    },
  );
});

describe('the lines of a file', () => {
  const one = encodeFrame({ seq: 1 });
  const two = encodeFrame({ seq: 2 });

  function read(content: Buffer) {
    return [...linesOf(content)].map(({ offset, length, frame, isWhole }) => {
      return { offset, length, record: frame?.record, isWhole };
    });
  }

  it('are read one by one', () => {
    expect(read(Buffer.concat([one, two]))).toStrictEqual([
      { offset: 0, length: one.length, record: { seq: 1 }, isWhole: true },
      { offset: one.length, length: two.length, record: { seq: 2 }, isWhole: true },
    ]);
  });

  it('are found again after damage', () => {
    const damaged = Buffer.from(one);
    damaged.write('X', 12);
    const records = read(Buffer.concat([damaged, two])).map(({ record }) => record);
    expect(records).toStrictEqual([undefined, { seq: 2 }]);
  });

  it('may be cut off at the end', () => {
    const [, last] = read(Buffer.concat([one, two.subarray(0, -1)]));
    expect(last).toStrictEqual({
      offset: one.length,
      length: two.length - 1,
      record: undefined,
      isWhole: false,
    });
  });
});

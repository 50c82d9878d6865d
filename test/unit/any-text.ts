import fc from 'fast-check';

/** Text of any kind, also with halves of letters in it. */
export const anyText = fc
  .array(fc.oneof(fc.nat(0xffff), fc.integer({ min: 0x20, max: 0x7e })))
  .map((units) => String.fromCharCode(...units));

/** What Node.js is started with for a program that must not outlive this one. */
export const guardArguments = [
  '--import',
  new URL('../../scripts/exit-with-parent.mjs', import.meta.url).href,
];

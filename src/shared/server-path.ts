/** Segments of letters, digits and the marks that need no escape in a URL, after a slash each. */
const PATH = /^(?:\/[\w.~-]+)+$/;

/** The path of a server as it is served, or `undefined` when it cannot be one. */
export function serverPath(text: string): string | undefined {
  const path = `/${text.trim().replace(/^\/+|\/+$/g, '')}`;
  return PATH.test(path) && !/\/\.\.?(?:\/|$)/.test(path) ? path : undefined;
}

/** `path` without the slashes at its end. It may be as long as a request, and made of nothing else. */
export function withoutTrailingSlashes(path: string): string {
  let end = path.length;
  while (path[end - 1] === '/') end -= 1;
  return path.slice(0, end);
}

import { afterEach, beforeEach, vi } from 'vitest';

const names = ['https_proxy', 'http_proxy', 'all_proxy', 'no_proxy'];

/** Hides the proxies of whoever runs the tests. */
export function withoutProxyVariables(): void {
  beforeEach(() => {
    for (const name of names) {
      vi.stubEnv(name, undefined);
      vi.stubEnv(name.toUpperCase(), undefined);
    }
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });
}

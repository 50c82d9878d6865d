// npm leaves optional packages for other platforms out of the lockfile when the registry in use does not
// have them, as mirrors may not, and `npm ci` then refuses the lockfile. This adds them by name, version and
// platform, without a checksum. Run it after every change of the dependencies; it changes nothing else.
import { readFileSync, writeFileSync } from 'node:fs';

const path = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(path, 'utf8'));
/** @type {Record<string, any>} */
const packages = lock.packages;
const platform =
  /(android|darwin|freebsd|linux|openharmony|win32)-(arm64|arm|x64|ppc64|riscv64|s390x|ia32)(?:-(\w+))?$/;

for (const [key, { optionalDependencies }] of Object.entries({ ...packages })) {
  for (const [name, version] of Object.entries(optionalDependencies ?? {})) {
    if (packages[`node_modules/${name}`] ?? packages[`${key}/node_modules/${name}`]) continue;
    const [, os, cpu, abi = ''] = platform.exec(name) ?? [];
    if (!os) continue;
    const libc = abi.startsWith('musl') ? ['musl'] : abi.startsWith('gnu') ? ['glibc'] : undefined;
    packages[`node_modules/${name}`] = {
      version,
      cpu: [cpu],
      dev: true,
      ...(os === 'linux' && libc ? { libc } : {}),
      optional: true,
      os: [os],
    };
    console.log(`Added ${name} ${String(version)}`);
  }
}

const byName = Object.entries(packages).sort(([one], [other]) => one.localeCompare(other, 'en'));
lock.packages = Object.fromEntries(byName);
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);

import { type Sandbox, startSandbox } from './server.js';

const defaultPort = 4870;
/** A demo may run for weeks. */
const keptEntries = 2_000;

function wantedPort(): number {
  const text = process.env['SANDBOX_PORT']?.trim() ?? '';
  const port = text === '' ? defaultPort : Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`SANDBOX_PORT must be a port number from 0 to 65535; it is "${text}".`);
  }
  return port;
}

async function start(port: number): Promise<Sandbox> {
  try {
    return await startSandbox({ port, keep: keptEntries });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) {
      throw error;
    }
    console.log(`Port ${port} is taken: the Poke sandbox uses another one.`);
    return startSandbox({ keep: keptEntries });
  }
}

function closeWithTheProcess(started: Promise<Sandbox>): void {
  const close = (): void => {
    void started
      .then((sandbox) => sandbox.close())
      .finally(() => {
        process.exit();
      });
  };
  process.once('SIGINT', close);
  process.once('SIGTERM', close);
  process.once('disconnect', close);
}

try {
  const started = start(wantedPort());
  closeWithTheProcess(started);
  const { url, baseUrl, apiKey } = await started;
  console.log(`Poke sandbox: ${url} (base URL ${baseUrl})`);
  process.send?.({ url, baseUrl, apiKey });
} catch (error) {
  console.error(`The Poke sandbox did not start: ${String(error)}`);
  process.exitCode = 1;
}

import { once } from 'node:events';
import net from 'node:net';

const highestPort = 65_535;
const attempts = 100;

/**
 * The wanted port, or else the next one that nothing on this computer uses, which is then told.
 * @param {string} program what will listen there
 * @param {string} variable the environment variable with the wanted port
 * @param {number} defaultPort what is wanted when the variable is not set
 * @param {readonly number[]} [reserved] ports to leave alone
 */
export async function chooseFreePort(program, variable, defaultPort, reserved = []) {
  const wanted = wantedPort(variable, defaultPort);
  const last = Math.min(wanted + attempts, highestPort);
  for (let port = wanted; port <= last; port += 1) {
    if (reserved.includes(port) || !(await isFree(port))) continue;
    if (port !== wanted) console.log(`Port ${wanted} is taken: ${program} gets ${port}.`);
    return port;
  }
  throw new Error(`No port from ${wanted} to ${last} is free: set ${variable} to another one.`);
}

/**
 * @param {string} variable
 * @param {number} defaultPort
 */
function wantedPort(variable, defaultPort) {
  const text = process.env[variable]?.trim() || String(defaultPort);
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port <= highestPort) return port;
  throw new Error(`${variable} is "${text}": set it to a port from 1 to ${highestPort}.`);
}

/**
 * Some systems let a server bind 127.0.0.1 beside another one that listens on every address, so both are asked.
 * @param {number} port
 */
async function isFree(port) {
  return !(await isAnswering(port)) && (await isBindable(port));
}

/** @param {number} port */
async function isAnswering(port) {
  const socket = net.connect({ host: '127.0.0.1', port });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** @param {number} port */
async function isBindable(port) {
  const server = net.createServer();
  try {
    server.listen({ host: '127.0.0.1', port, exclusive: true });
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}

import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';

const variables = ['CHROMIUM_PATH', 'CHROME_PATH'];
/** First the one without any windows: it takes half the time of a browser that hides its own. */
const namesOnPath = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'microsoft-edge-stable',
];
const macApplications = [
  'Google Chrome.app/Contents/MacOS/Google Chrome',
  'Chromium.app/Contents/MacOS/Chromium',
  'Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];
const windowsPrograms = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Chromium\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
];

/**
 * The path of a browser that the editor tests can use: what CHROMIUM_PATH or CHROME_PATH names, else one that is
 * installed on this computer, else the one of Playwright. Throws when a variable names a file that is not there.
 * @returns {string | undefined}
 */
export function findBrowser() {
  const named = variables.find((variable) => process.env[variable]);
  if (named) return namedBrowser(named, process.env[named] ?? '');
  return [...installedBrowsers(), chromium.executablePath()].find(isExecutable);
}

/** The one command that gets a browser for this computer. */
export function browserInstallCommand() {
  const withLibraries = hasAptGet() ? '--with-deps ' : '';
  return `npx playwright-core install ${withLibraries}chromium`;
}

/** Whether this is a Linux of the Debian family. */
export function hasAptGet() {
  return process.platform === 'linux' && isExecutable('/usr/bin/apt-get');
}

/**
 * @param {string} variable
 * @param {string} file
 */
function namedBrowser(variable, file) {
  if (isExecutable(file)) return file;
  throw new Error(`${variable} names ${file}, which is not a program: correct it or unset it.`);
}

function installedBrowsers() {
  const { env, platform } = process;
  if (platform === 'darwin') {
    const folders = ['/Applications', path.join(env['HOME'] ?? '', 'Applications')];
    return folders.flatMap((folder) => macApplications.map((app) => path.join(folder, app)));
  }
  if (platform === 'win32') {
    const folders = [env['PROGRAMFILES'], env['PROGRAMFILES(X86)'], env['LOCALAPPDATA']];
    return folders.flatMap((folder) =>
      folder ? windowsPrograms.map((program) => path.join(folder, program)) : [],
    );
  }
  const folders = (env['PATH'] ?? '').split(path.delimiter);
  return namesOnPath.flatMap((name) => folders.map((folder) => path.join(folder, name)));
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

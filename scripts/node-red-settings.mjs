/**
 * Settings of a Node-RED that serves this computer only and asks nobody on the network for anything. Port 0 lets
 * the system choose.
 * @param {{ port: number }} options
 */
export function quietNodeRedSettings({ port }) {
  return {
    uiHost: '127.0.0.1',
    uiPort: port,
    flowFile: 'flows.json',
    credentialSecret: 'not-a-secret',
    telemetry: { enabled: false, updateNotification: false },
    editorTheme: { tours: false, projects: {} },
    externalModules: { autoInstall: false, palette: { allowInstall: false, allowUpload: false } },
    logging: { console: { level: 'info', metrics: false, audit: false } },
  };
}

/**
 * The text of a Node-RED settings file.
 * @param {object} settings anything that JSON can hold
 */
export function settingsFileText(settings) {
  return `module.exports = ${JSON.stringify(settings, null, 2)};\n`;
}

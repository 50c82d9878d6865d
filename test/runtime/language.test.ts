import { describe, expect, it } from 'vitest';
import { usePokeRuntime, versions } from './poke-runtime.js';

describe.each(versions)('a Node-RED %s that speaks German', (version) => {
  const runtime = usePokeRuntime(version, () => ({ environment: { LC_ALL: 'de_DE.UTF-8' } }));

  it('tells errors in German, and statuses as the words that flows may match', async () => {
    await runtime.current.deploy();
    await runtime.current.injectText('');
    expect(await runtime.current.next('caught')).toMatchObject({
      payload: '',
      error: {
        code: 'ERR_POKE_INPUT',
        message: 'Die Nachricht ist leer. Poke braucht einen Text.',
      },
    });
    await runtime.current.nodeRed.waitForStatus('send', 'check the message');
  });

  it('has errors with values in them in whole German sentences', async () => {
    await runtime.current.deploy({ account: { timeout: '${POKE_TEST_UNSET}' } });
    await runtime.current.injectText('hello');
    expect(await runtime.current.next('caught')).toMatchObject({
      error: {
        message:
          'Die Umgebungsvariable POKE_TEST_UNSET ist dort, wo Node-RED läuft, nicht gesetzt, und das Zeitlimit des Kontos braucht sie.',
      },
    });
  });
});

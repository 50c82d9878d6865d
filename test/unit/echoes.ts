import { answer, type Behaviour, half, json } from '../support/scripted-answers.js';

type Echo = (status: number, secret: string) => Behaviour;

const unicodeEscapes = (text: string) =>
  text.replaceAll(/./g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);

const slashEscapes = (text: string) => JSON.stringify(text).slice(1, -1).replaceAll('/', '\\/');

/** Ways in which servers say back what they were sent. */
export const echoes: readonly [string, Echo][] = [
  ['as text', (status, secret) => answer(status, secret)],
  ['in a sentence', (status, secret) => answer(status, `Bad "Authorization: Bearer ${secret}"!`)],
  ['over and over', (status, secret) => answer(status, `${secret}\n`.repeat(500))],
  ['as JSON text', (status, secret) => json(status, secret)],
  ['as error', (status, secret) => json(status, { error: `Bearer ${secret}` })],
  ['as message', (status, secret) => json(status, { success: true, message: secret })],
  ['as rejection', (status, secret) => json(status, { success: false, message: secret })],
  ['deep in an error', (status, secret) => json(status, { error: { error: { code: secret } } })],
  [
    'all over a good answer',
    (status, secret) =>
      json(status, {
        success: true,
        [secret]: [secret, { [`x${secret}`]: secret }],
        triggerId: secret,
        webhookUrl: `https://poke.test/?key=${encodeURIComponent(secret)}`,
        webhookToken: 'new',
        headers: { Authorization: '-', echoed: `Basic ${secret}` },
      }),
  ],
  [
    'in JSON with escapes',
    (status, secret) =>
      answer(status, `{"error":"${unicodeEscapes(secret)}","${unicodeEscapes(secret)}":1}`),
  ],
  [
    'in JSON with escaped slashes',
    (status, secret) => answer(status, `{"success":true,"message":"${slashEscapes(secret)}"}`),
  ],
  ['in a page', (status, secret) => answer(status, `<html><pre>${secret}</pre></html>`)],
  ['in half an answer', (status, secret) => half(status, `{"error":"${secret}`, 'end')],
  [
    'in its headers',
    (status, secret) =>
      answer(status, '', {
        location: `/?key=${encodeURIComponent(secret)}`,
        'www-authenticate': `Bearer error="${secret}"`,
        'retry-after': secret,
        'set-cookie': [`key=${secret}`],
        'x-echo': secret,
      }),
  ],
  ['in its status line', (status, secret) => answer(status, '', {}, `Bad ${secret}`)],
  ['in a URL', (status, secret) => answer(status, `/?key=${encodeURIComponent(secret)}`)],
];

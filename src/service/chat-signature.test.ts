import { createHmac } from 'node:crypto';
import { readSignature } from './chat-signature.ts';

const NOW = Date.parse('2016-01-20T09:15:00Z');
const SECONDS = String(NOW / 1000);
const SECRET = 'a secret of sixteen';
const hex = (text: string) => createHmac('sha256', SECRET).update(text).digest('hex');
const body = (text: string) => Buffer.from(text, 'utf8');

describe('the signature of a call', () => {
  // The example of Slack's own documentation, "Verifying requests from Slack".
  const SLACK = {
    secret: '8f742231b10e8888abcd99yyyzzz85a5',
    time: 1531420618,
    body: 'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
    signature: 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
  };

  it('is read as Slack documents it', () => {
    const headers = { 'x-slack-signature': SLACK.signature, 'x-slack-request-timestamp': String(SLACK.time) };
    const call = { headers, body: body(SLACK.body) };
    expect(readSignature('slack', SLACK.secret, call, SLACK.time * 1000)).toMatchObject({ ok: true });
    expect(readSignature('slack', SLACK.secret, { ...call, body: body(`${SLACK.body}&`) }, SLACK.time * 1000)).toEqual({
      ok: false,
      message: expect.stringContaining('not right'),
    });
  });

  it('is read as Teams writes it, with its time inside the body', () => {
    const secret = Buffer.from('thirty-two bytes of shared key..').toString('base64');
    const text = JSON.stringify({ type: 'message', text: 'a', timestamp: '2016-01-20T09:14:00.000Z' });
    const sign = (what: string) =>
      `HMAC ${createHmac('sha256', Buffer.from(secret, 'base64')).update(what).digest('base64')}`;
    const read = (authorization: string, what = text) =>
      readSignature('teams', secret, { headers: { authorization }, body: body(what) }, NOW);
    expect(read(sign(text))).toMatchObject({ ok: true });
    expect(read(sign('other'))).toMatchObject({ ok: false });
    expect(read('Bearer abc')).toMatchObject({ ok: false, message: expect.stringContaining('not signed') });
    const timeless = JSON.stringify({ type: 'message', text: 'a' });
    expect(read(sign(timeless), timeless)).toMatchObject({ ok: false, message: expect.stringContaining('no time') });
  });

  it.each([
    ['as documented', `v1=${hex(`${SECONDS}.{}`)}`, SECONDS, '{}', NOW, true],
    ['over another body', `v1=${hex(`${SECONDS}.[]`)}`, SECONDS, '{}', NOW, false],
    ['over another time', `v1=${hex(`${SECONDS}.{}`)}`, String(NOW / 1000 + 1), '{}', NOW, false],
    ['without its version', hex(`${SECONDS}.{}`), SECONDS, '{}', NOW, false],
    ['of another version', `v0=${hex(`${SECONDS}.{}`)}`, SECONDS, '{}', NOW, false],
    ['cut short', `v1=${hex(`${SECONDS}.{}`).slice(0, 62)}`, SECONDS, '{}', NOW, false],
    ['without a time', `v1=${hex('.{}')}`, undefined, '{}', NOW, false],
    ['with a time that is no number', `v1=${hex('soon.{}')}`, 'soon', '{}', NOW, false],
    ['five minutes ago', `v1=${hex(`${SECONDS}.{}`)}`, SECONDS, '{}', NOW + 5 * 60_000, true],
    ['longer ago', `v1=${hex(`${SECONDS}.{}`)}`, SECONDS, '{}', NOW + 5 * 60_000 + 1, false],
    ['from the future', `v1=${hex(`${SECONDS}.{}`)}`, SECONDS, '{}', NOW - 5 * 60_000 - 1, false],
  ])('made %s is taken or not', (_what, signature, time, text, now, expected) => {
    const headers = { 'x-holdfast-signature': signature, 'x-holdfast-timestamp': time };
    expect(readSignature('signed', SECRET, { headers, body: body(text) }, now).ok).toBe(expected);
  });
});
